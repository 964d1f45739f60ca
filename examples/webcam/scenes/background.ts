import type { Observable } from 'rxjs';
import type { Tensor3D } from 'rxtensor';
import { overlay, rates, segment, segmenter, specs, type Rates, type Segmented } from 'rxtensor/vision';
import type { Models } from '../../page/public-models';
import type { Stage } from './scene';

/** The person stays sharp; what is behind is blurred. */
export function background(
  frames$: Observable<Tensor3D>,
  { canvas, dropped }: Stage,
  { selfie }: Models<'selfie'>,
): Observable<Rates<Segmented>> {
  return frames$.pipe(
    segment(segmenter(selfie, specs.selfie), { background: 'blur' }),
    overlay(canvas, () => undefined),
    rates({ dropped }),
  );
}
