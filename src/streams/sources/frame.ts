/** What the sources of pictures have in common: a picture becomes a tensor. */
import { fromPixels } from '../../tensor/ops/pixels';
import { drawnPixels, type DrawableSource } from '../../tensor/scratch-canvas';
import type { Tensor3D } from '../../tensor/tensor';
import type { OptionNames } from '../../tensor/options';

/** What tensor a picture becomes. */
export interface FrameOptions {
  /** Height and width in pixels that a picture is scaled to; its own when left out. */
  readonly size?: readonly [height: number, width: number];
  /** How many of red, green, blue and alpha: 1 to 4; 3 when left out. */
  readonly channels?: number;
}

export const frameOptions: OptionNames<FrameOptions> = { size: 1, channels: 1 };

/** @throws naming the option that is impossible */
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
 * A picture as a tensor [height, width, channels] of int32 from 0 to 255.
 *
 * @param picture what it is, for messages
 * @throws when its pixels may not be read
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
    // The page's own error stands behind that of fromPixels.
    if (((cause as Error).cause as Error | undefined)?.name !== 'SecurityError') throw cause;
    throw new Error(
      `${name}: the pixels of ${picture} may not be read, since it shows something from another site; wanted what that site ` +
        "allows (its header Access-Control-Allow-Origin, and the attribute crossorigin='anonymous' here)",
      { cause },
    );
  }
}
