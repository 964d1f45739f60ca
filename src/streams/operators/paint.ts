import type { OperatorFunction } from 'rxjs';
import { putPixels, toPixels } from '../../tensor/ops/pixels';
import { Tensor, type Tensor2D, type Tensor3D } from '../../tensor/tensor';
import { waitUntil } from '../emission';
import { inOrderFor } from './parts/in-order';
import { operator } from '../operator';

/**
 * Draws each image on a canvas, and passes it on. The pixels are read while the image lives and drawn as soon as they are there, in order,
 * without blocking; completion and errors wait for what is still to be drawn, unsubscription drops it. A source that pulls waits
 * for the drawing too, so that frames never queue.
 *
 * ```text
 *  images           --a----b----c--|
 *  paint(canvas)    --a----b----c----|     the canvas shows a, b, c a little later
 * ```
 *
 * The canvas is resized to the image. An image is [height, width] or [height, width, channels] with 1, 3 or 4 channels, float32 from 0 to 1 or
 * int32 from 0 to 255; see {@link toPixels}.
 *
 * @param canvas a canvas with a 2D context, or without a context
 * @throws (as error notifications) when a value is not an image, is out of range, or cannot be read from the device
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * const canvas = document.querySelector('canvas')!;
 * dl.examples([0, 0.5, 1])
 *   .pipe(dl.mapTensor((shade) => dl.fill([16, 16], shade) as dl.Tensor2D), dl.paint(canvas))
 *   .subscribe();
 * ```
 */
export function paint<T extends Tensor2D | Tensor3D>(
  canvas: HTMLCanvasElement | OffscreenCanvas,
): OperatorFunction<T, T> {
  const name = 'paint';
  if (typeof (canvas as Partial<HTMLCanvasElement> | undefined)?.getContext !== 'function') {
    throw new Error(`${name}: argument 'canvas' is ${typeof canvas}; wanted a canvas`);
  }
  return operator<T, T>(name, (output) => {
    const inOrder = inOrderFor(output);
    return {
      next: (image) => {
        output.emit(() => {
          assertImage(name, image);
          const width = image.shape[1];
          const reading = toPixels(image);
          // A failure is handled in its turn, after the reads before it.
          reading.catch(() => undefined);
          const drawn = inOrder.add(async () => {
            const bytes = await reading;
            if (output.isOpen()) putPixels(name, canvas, bytes, width);
          });
          waitUntil(drawn);
          return image;
        });
      },
      error: (error) => void inOrder.add(() => output.error(error)),
      complete: () => void inOrder.add(output.complete),
    };
  });
}

function assertImage(name: string, image: unknown): asserts image is Tensor {
  if (!(image instanceof Tensor)) {
    throw new Error(`${name}: the value is ${typeof image}; wanted an image, a tensor (see toPixels)`);
  }
  image.assertUsable(name, 'image');
}
