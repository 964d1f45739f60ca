/** Converts pictures to tensors, for all sources of pictures. */
import { fromPixels } from '../../tensor/ops/pixels';
import { drawnPixels, type DrawableSource } from '../../tensor/scratch-canvas';
import type { Tensor3D } from '../../tensor/tensor';
import type { OptionNames } from '../../tensor/options';

/** The form of the tensor that is made of a picture. */
export interface FrameOptions {
  /** [height, width] in pixels to scale pictures to; their own size when left out. */
  readonly size?: readonly [height: number, width: number];
  /** The number of channels, from 1 to 4, in the order red, green, blue, alpha; 3 when left out. */
  readonly channels?: number;
}

export const frameOptions: OptionNames<FrameOptions> = { size: 1, channels: 1 };

/** @throws when an option is invalid */
export function assertFrameOptions(name: string, { size, channels = 3 }: FrameOptions): void {
  const isSize =
    Array.isArray(size) && size.length === 2 && size.every((each) => Number.isInteger(each) && each > 0);
  if (size !== undefined && !isSize) {
    throw new Error(
      `${name}: option 'size' is ${JSON.stringify(size)}; wanted [height, width], positive integers`,
    );
  }
  if (!Number.isInteger(channels) || channels < 1 || channels > 4) {
    throw new Error(`${name}: option 'channels' is ${channels}; wanted an integer from 1 to 4`);
  }
}

/**
 * Makes an int32 tensor [height, width, channels], from 0 to 255, of a picture.
 *
 * @param picture describes the picture in messages
 * @throws when the pixels may not be read
 */
export function frameTensor(
  name: string,
  picture: string,
  source: DrawableSource,
  { size, channels }: FrameOptions,
): Tensor3D {
  try {
    return fromPixels(size ? drawnPixels(name, source, size[1], size[0]) : source, channels);
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
