import type { Observable } from 'rxjs';
import type { Tensor3D } from 'rxtensor';
import {
  detector,
  drawHands,
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

/** 21 points of each hand. */
export function hands(
  frames$: Observable<Tensor3D>,
  { canvas, dropped }: Stage,
  { handdetect, 'handlandmark-full': handlandmark }: Models<'handdetect' | 'handlandmark-full'>,
): Observable<Rates<Tracked>> {
  return frames$.pipe(
    track({
      detect: detector(handdetect, specs.handdetect),
      landmarks: landmarker(handlandmark, specs.handlandmark),
      every: 15,
    }),
    smooth({ minCutoff: 1, beta: 0.02 }),
    overlay(canvas, drawHands),
    rates({ dropped }),
  );
}
