import { isIntegers, wrongArgument } from '../../argument';
import { formatShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { asRank, type TensorInput } from '../../tensor-like';

/** @throws unless the size is [height, width], two positive integers */
export function assertImageSize(name: string, argument: string, size: unknown): void {
  if (!isIntegers(size, 1, 2)) {
    throw wrongArgument(name, argument, size, '[height, width], two positive integers');
  }
}

/** Converts an argument to a batch of images [batch, height, width, channels]. @throws for another rank, or images without pixels */
export function asImages(name: string, argument: string, images: TensorInput): Tensor {
  const value = asRank(name, argument, images, 4);
  const [, height, width] = value.shape as [number, number, number, number];
  if (height * width === 0) {
    throw new Error(
      `${name}: argument '${argument}' has shape ${formatShape(value.shape)}; wanted images of at least one pixel`,
    );
  }
  return value;
}
