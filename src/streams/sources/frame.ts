/** Converts pictures to tensors, for all sources of pictures. */
import { pixelsOf, type PixelSource } from '../../tensor/ops/pixels';
import type { PixelOptions } from '../../tensor/ops/pixel-options';
import type { Tensor3D } from '../../tensor/tensor';

/**
 * Makes a tensor [height, width, channels] of a picture.
 *
 * @param picture describes the picture in messages
 * @throws when the pixels may not be read
 */
export function frameTensor(
  name: string,
  picture: string,
  source: PixelSource,
  options: PixelOptions,
): Tensor3D {
  try {
    return pixelsOf(name, source, options);
  } catch (cause) {
    // The browser's error is the cause of the error of fromPixels.
    if (((cause as Error).cause as Error | undefined)?.name !== 'SecurityError') throw cause;
    throw new Error(
      `${name}: the pixels of ${picture} may not be read, since it shows something from another site; wanted what that site ` +
        "allows (its header Access-Control-Allow-Origin, and the attribute crossorigin='anonymous' here)",
      { cause },
    );
  }
}
