import type { OperatorFunction } from 'rxjs';
import { wrongGiven } from '../streams/checks/arguments';
import { operator } from '../streams/operator';
import { described } from '../tensor/argument';
import { assertOptionValues, isOneOf } from '../tensor/options';
import { showImage } from '../tensor/ops/show-picture';
import type { Size } from './geometry';
import { isFrame, sizeOfPicture, type Frame, type Picture } from './picture';
import { showerOnCpu } from './show-on-cpu';

/** A canvas of a page or of a worker. */
export type OverlayCanvas = HTMLCanvasElement | OffscreenCanvas;

/** What {@link overlay} draws with. Its coordinates are pixels of the picture. */
export type OverlayContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** How {@link overlay} shows a picture. */
export interface OverlayOptions {
  /** Whether left and right are swapped, as a mirror does, of the picture and of what is drawn; false when left out. */
  readonly mirror?: boolean;
}

/**
 * Shows the picture of each value on a canvas, draws over it what was found on that very picture, and passes the value on. The canvas takes the size of the
 * picture. On WebGL a tensor goes from its texture to the canvas, and nothing is read; a {@link Frame} is drawn as it is.
 *
 * @param canvas a canvas with a 2D context, or without a context
 * @param draw draws in pixels of the picture, such as {@link drawFaces}; the context is restored after it
 * @throws when an argument is wrong; as error notifications, for a value without a picture, and what `draw` throws
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { overlay } from 'rxtensor/vision';
 * document.body.innerHTML = '<canvas></canvas>';
 * const canvas = document.querySelector('canvas')!;
 * dl.examples([0.2, 0.8])
 *   .pipe(
 *     dl.mapTensor((shade) => ({ picture: dl.fill([48, 64, 3], shade), x: 10 })),
 *     overlay(canvas, (context, { x }) => context.fillRect(x, 10, 8, 8)),
 *   )
 *   .subscribe({ complete: () => console.log(canvas.width, canvas.height) }); // 64 48
 * ```
 */
export function overlay<T extends { readonly picture: Picture }>(
  canvas: OverlayCanvas,
  // The values of the stream say what T is: what a drawing function reads of them says less.
  draw: (context: OverlayContext, value: NoInfer<T>) => void,
  options: OverlayOptions = {},
): OperatorFunction<T, T> {
  const name = 'overlay';
  if (typeof (canvas as Partial<HTMLCanvasElement> | undefined)?.getContext !== 'function')
    throw wrongGiven(name, "argument 'canvas'", canvas, 'a canvas');
  if (typeof draw !== 'function')
    throw wrongGiven(name, "argument 'draw'", draw, 'a function, such as drawFaces');
  assertOptionValues<OverlayOptions>(name, options, { mirror: isOneOf([true, false]) });
  const { mirror = false } = options;
  return operator<T, T>(name, (output) => {
    const showOnCpu = showerOnCpu();
    const show = (picture: Picture): void => {
      const size = sizeOfPicture(name, picture);
      const context = (canvas as HTMLCanvasElement).getContext('2d');
      if (isFrame(picture)) showFrame(name, picture, size, canvas, mirror);
      else if (!context || !showOnCpu(picture, context, mirror)) showImage(name, picture, canvas, { mirror });
    };
    return {
      next: (value) =>
        output.emit(() => {
          if (typeof value !== 'object' || value === null || !('picture' in value))
            throw new Error(
              `${name}: the value is ${described(value)}; wanted { picture, … }, as track() gives`,
            );
          show(value.picture);
          const context = (canvas as HTMLCanvasElement).getContext('2d')!;
          context.save();
          try {
            context.setTransform(mirror ? -1 : 1, 0, 0, 1, mirror ? canvas.width : 0, 0);
            draw(context, value);
          } finally {
            context.restore();
          }
          return value;
        }),
    };
  });
}

/** The browser draws what it has. */
function showFrame(
  name: string,
  frame: Frame,
  [height, width]: Size,
  canvas: OverlayCanvas,
  mirror: boolean,
): void {
  const context = (canvas as HTMLCanvasElement).getContext('2d');
  if (!context)
    throw new Error(
      `${name}: argument 'canvas' has a context other than '2d'; wanted a canvas without a context, or with a '2d' one`,
    );
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.save();
  context.setTransform(mirror ? -1 : 1, 0, 0, 1, mirror ? width : 0, 0);
  context.globalCompositeOperation = 'copy';
  context.drawImage(frame, 0, 0);
  context.restore();
}
