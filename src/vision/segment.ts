import type { OperatorFunction } from 'rxjs';
import { mapTensorAsync } from '../streams/operators/map-tensor-async';
import { wrongGiven } from '../streams/checks/arguments';
import { assertOptionValues } from '../tensor/options';
import { formatShape } from '../tensor/shape';
import { Tensor, type Tensor2D, type Tensor3D } from '../tensor/tensor';
import { assertPicture } from './arguments';
import { replaceBackground } from './replace-background';
import { timeOfValue } from './tracked';

/** What {@link segment} puts behind the person. */
export interface SegmentOptions {
  /**
   * What is behind: 'blur', or an image, a tensor [height, width, channels] as pictures are, whose middle fills the picture; it stays yours. When left out, the
   * picture stays as it is.
   */
  readonly background?: 'blur' | Tensor3D;
  /** The standard deviation of the blur, in pixels of the picture; a fortieth of its greater side when left out. */
  readonly blur?: number;
}

/** A picture with another background, and the mask by which it has it. */
export interface Segmented {
  /** [height, width, channels], float32 from 0 to 1; as it came where no background is given. */
  readonly picture: Tensor3D;
  /** [height, width], from 0 for the background to 1. */
  readonly mask: Tensor2D;
  /** When the picture came, in milliseconds since 1970: when its frame was taken, where the source tells it. */
  readonly time: number;
}

/**
 * Finds the person on each picture, and blurs or replaces what is behind. All of it stays on the device. A frame waits for the one before, so a live source drops
 * frames meanwhile, and nothing piles up.
 *
 * ```text
 *  webcam()                        --a---b---c--|     pictures
 *  segment(find, { background })   ----A---B---C|     { picture, mask, time }, for overlay() or paint()
 * ```
 *
 * @param find gives the mask of a picture: what {@link segmenter} gives
 * @throws when an argument is wrong; as error notifications, for a value that is no picture, a background with another count of channels, and what `find`
 *   rejects with
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { segment } from 'rxtensor/vision';
 * // In place of a model: the right half is the person.
 * const find = (): Promise<dl.Tensor2D> => Promise.resolve(dl.tensor2d([[0, 1], [0, 1]]));
 * const forest = dl.ones([2, 2, 1]);
 * dl.examples([0.2, 0.4])
 *   .pipe(
 *     dl.mapTensor((shade) => dl.fill([2, 2, 1], shade) as dl.Tensor3D),
 *     segment(find, { background: forest }),
 *     dl.mapTensor(({ picture }) => picture.flatten()),
 *   )
 *   .subscribe({
 *     next: (picture) => picture.print(), // 1, 0.2, 1, 0.2, then 1, 0.4, 1, 0.4
 *     complete: () => forest.dispose(),
 *   });
 * ```
 */
export function segment(
  find: (picture: Tensor3D) => PromiseLike<Tensor2D>,
  options: SegmentOptions = {},
): OperatorFunction<Tensor3D, Segmented> {
  const name = 'segment';
  if (typeof find !== 'function')
    throw wrongGiven(name, "argument 'find'", find, 'a function, as segmenter() gives');
  assertOptionValues<SegmentOptions>(name, options, {
    background: [
      (value) => value === 'blur' || (value instanceof Tensor && value.rank === 3 && value.size > 0),
      "'blur', or an image, a tensor [height, width, channels]",
    ],
    blur: [
      (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
      'a positive number of pixels',
    ],
  });
  const { background, blur } = options;
  return mapTensorAsync(async (picture): Promise<Segmented> => {
    assertPicture(name, picture);
    const [height, width, channels] = picture.shape;
    if (background instanceof Tensor) {
      background.assertUsable(name, 'background');
      if (background.shape[2] !== channels)
        throw new Error(
          `${name}: option 'background' has shape ${formatShape(background.shape)} and the picture ${formatShape(picture.shape)}; wanted as many channels`,
        );
    }
    const time = timeOfValue();
    const mask = await find(picture);
    if (background === undefined) return { picture, mask, time };
    try {
      assertMask(name, mask, [height, width]);
      const behind = background === 'blur' ? (blur ?? Math.max(height, width) / 40) : background;
      return { picture: replaceBackground(picture, mask, behind), mask, time };
    } catch (error) {
      if (mask instanceof Tensor) mask.dispose();
      throw error;
    }
  });
}

function assertMask(name: string, mask: Tensor2D | undefined, size: readonly number[]): void {
  const shape = mask instanceof Tensor ? formatShape(mask.shape) : undefined;
  if (shape !== formatShape(size))
    throw new Error(
      `${name}: 'find' gives ${shape === undefined ? 'no tensor' : `a mask of shape ${shape}`}; wanted ${formatShape(size)}, as the picture, which segmenter() gives`,
    );
}
