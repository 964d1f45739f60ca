import type { Observable } from 'rxjs';
import type { Tensor3D } from 'rxtensor';
import {
  drawBodies,
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

/** 17 points of a body. The model looks at whole pictures, so nothing has to be detected first. */
export function body(
  frames$: Observable<Tensor3D>,
  { canvas, dropped }: Stage,
  { 'movenet-lightning': movenet }: Models<'movenet-lightning'>,
): Observable<Rates<Tracked>> {
  return frames$.pipe(
    track({ landmarks: landmarker(movenet, specs.movenet), minScore: 0.2 }),
    smooth({ minCutoff: 1, beta: 0.02 }),
    overlay(canvas, drawBodies),
    rates({ dropped }),
  );
}
