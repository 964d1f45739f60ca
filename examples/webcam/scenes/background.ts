import type { Observable } from 'rxjs';
import { image, mapTensor, mapTensorAsync, type Tensor2D, type Tensor3D } from 'rxtensor';
import { overlay, rates, segmenter, specs, type Rates } from 'rxtensor/vision';
import type { Models } from '../../page/public-models';
import type { Stage } from './scene';

/** The person stays sharp; what is behind is blurred. */
export function background(
  frames$: Observable<Tensor3D>,
  { canvas, dropped }: Stage,
  { selfie }: Models<'selfie'>,
): Observable<Rates<unknown>> {
  const person = segmenter(selfie, specs.selfie);
  const now = (): number => performance.timeOrigin + performance.now();
  return frames$.pipe(
    mapTensorAsync(async (picture) => ({ time: now(), picture, mask: await person(picture) })),
    mapTensor(({ time, picture, mask }) => ({ time, picture: mixed(mask, picture, blurred(picture)) })),
    overlay(canvas, () => undefined),
    rates({ dropped }),
  );
}

/** Where the mask is 1 the one picture, where it is 0 the other. */
function mixed(mask: Tensor2D, front: Tensor3D, back: Tensor3D): Tensor3D {
  return back.add(front.sub(back).mul(mask.expandDims(2)));
}

/** How many pixels become one before they are spread again. */
const COARSE = 12;

/** A picture without its details: made small, softened, and large again. */
function blurred(picture: Tensor3D): Tensor3D {
  const [height, width] = picture.shape;
  const small = picture.avgPool(COARSE, COARSE, 'same').avgPool(3, 1, 'same');
  return image.resizeBilinear(small, [height, width], false, true);
}
