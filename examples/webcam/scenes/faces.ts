import type { Observable } from 'rxjs';
import type { Tensor3D } from 'rxtensor';
import {
  detector,
  drawFaces,
  landmarker,
  overlay,
  rates,
  smooth,
  specs,
  track,
  type Rates,
  type Tracked,
} from 'rxtensor/vision';
import type { Models } from '../../page/public-models';
import type { Stage } from './scene';

/** 468 points of each face. */
export function faces(
  frames$: Observable<Tensor3D>,
  { canvas, dropped }: Stage,
  { blazeface, facemesh }: Models<'blazeface' | 'facemesh'>,
): Observable<Rates<Tracked>> {
  return frames$.pipe(
    track({
      detect: detector(blazeface, specs.blazeface),
      landmarks: landmarker(facemesh, specs.facemesh),
      every: 15,
    }),
    smooth({ minCutoff: 1, beta: 0.02 }),
    overlay(canvas, drawFaces),
    rates({ dropped }),
  );
}
