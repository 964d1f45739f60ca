import type { OperatorFunction } from 'rxjs';
import { assertOptionValues } from '../../tensor/options';
import { paintOptions, showImage, type PaintOptions } from '../../tensor/ops/show-picture';
import { Tensor, type Tensor2D, type Tensor3D } from '../../tensor/tensor';
import { operator } from '../operator';

/**
 * Draws each image on a canvas, and passes it on. On WebGL the image goes from its texture to the canvas, and nothing is read back, so that
 * the page does not wait. A source that pulls waits for the drawing, so that frames never queue.
 *
 * ```text
 *  images           --a----b----c--|
 *  paint(canvas)    --a----b----c--|     the canvas shows a, b, c
 * ```
 *
 * An image is [height, width] or [height, width, channels] with 1, 3 or 4 channels (the fourth is alpha), float32 from 0 to 1 or int32 from
 * 0 to 255. Values out of range are drawn as the nearest in it, and NaN as 0. The canvas takes the size of the image unless the option
 * `fit` says otherwise.
 *
 * To draw over a picture, paint twice: `paint(canvas), mapTensor(mask), paint(canvas, { over: true, alpha: 0.5, colormap: 'viridis' })`.
 *
 * @param canvas a canvas with a 2D context, or without a context; of the page, or in a worker
 * @throws when an option is invalid; as error notifications, when a value is not an image, or cannot be drawn so
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * document.body.innerHTML = '<canvas width="64" height="64"></canvas>';
 * const canvas = document.querySelector('canvas')!;
 * dl.examples([0, 0.5, 1])
 *   .pipe(
 *     dl.mapTensor((shade) => dl.fill([16, 16], shade)),
 *     dl.paint(canvas, { colormap: 'viridis', fit: 'letterbox' }),
 *   )
 *   .subscribe({ complete: () => console.log('painted') });
 * ```
 */
export function paint<T extends Tensor2D | Tensor3D>(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  options: PaintOptions = {},
): OperatorFunction<T, T> {
  const name = 'paint';
  if (typeof (canvas as Partial<HTMLCanvasElement> | undefined)?.getContext !== 'function') {
    throw new Error(`${name}: argument 'canvas' is ${typeof canvas}; wanted a canvas`);
  }
  assertOptionValues(name, options, paintOptions);
  return operator<T, T>(name, (output) => ({
    next: (image) => {
      output.emit(() => {
        if (!((image as unknown) instanceof Tensor)) {
          throw new Error(`${name}: the value is ${typeof image}; wanted an image, a tensor (see toPixels)`);
        }
        image.assertUsable(name, 'image');
        showImage(name, image, canvas, options);
        return image;
      });
    },
  }));
}
