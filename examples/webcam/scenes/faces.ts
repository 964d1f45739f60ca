import type { Observable } from 'rxjs';
import {
  detector,
  drawFaces,
  landmarker,
  overlay,
  rates,
  smooth,
  specs,
  track,
  type OverlayCanvas,
  type Picture,
  type Rates,
  type Tracked,
} from 'rxtensor/vision';
import type { Models } from '../../page/public-models';
import type { Stage } from './scene';

/** Where it is shown: also in a worker. */
interface FaceStage extends Pick<Stage, 'dropped'> {
  readonly canvas: OverlayCanvas;
}

/** 468 points of each face, on tensors or on frames that were not read. */
export function faces<P extends Picture>(
  frames$: Observable<P>,
  { canvas, dropped }: FaceStage,
  { blazeface, facemesh }: Models<'blazeface' | 'facemesh'>,
): Observable<Rates<Tracked<P>>> {
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
