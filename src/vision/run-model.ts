import { withOutputs } from '../models/given-model';
import { add } from '../tensor/ops/arithmetic';
import { dispose, tidy } from '../tensor/scope';
import { castTo } from '../tensor/ops/cast';
import { transpose } from '../tensor/ops/transpose';
import type { Tensor } from '../tensor/tensor';
import { cropFrame } from './crop-frame';
import { cropPicture } from './crop-on-cpu';
import type { Affine } from './geometry';
import { normalize } from './normalize';
import { isFrame, type Picture } from './picture';
import type { VisionInput, VisionModel } from './spec';

/** Cuts out what a model takes of a picture. */
function prepared(
  picture: Picture,
  toPicture: Affine,
  { size, range, dtype, isChannelsFirst }: VisionInput,
): Tensor {
  return tidy(() => {
    const crop = isFrame(picture)
      ? cropFrame(picture, toPicture, size)
      : cropPicture(picture, toPicture, size);
    const image: Tensor = normalize(crop, range);
    // Rounded, as pixels are.
    const typed = dtype === 'int32' ? castTo(add(image, 0.5), 'int32') : image;
    return isChannelsFirst ? transpose(typed, [0, 3, 1, 2]) : typed;
  });
}

/** Runs a model on a part of a picture; `use` gets the outputs, which are freed when its promise has settled. */
export async function runModel<R>(
  model: VisionModel,
  picture: Picture,
  toPicture: Affine,
  input: VisionInput,
  names: readonly string[],
  use: (outputs: Tensor[]) => Promise<R> | R,
): Promise<R> {
  const image = prepared(picture, toPicture, input);
  try {
    return await withOutputs(model, image, names, use);
  } finally {
    dispose(image);
  }
}
