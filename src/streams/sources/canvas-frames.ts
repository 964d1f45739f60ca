import type { Observable } from 'rxjs';
import type { Tensor3D } from '../../tensor/tensor';
import { live } from '../pulling/live';
import { pixelsOf } from '../../tensor/ops/pixels';
import { assertFramesOptions, type FramesOptions } from './video-frames';

/**
 * A source of the pictures on a canvas, one for each frame of the page (`requestAnimationFrame`), as int32 tensors [height, width, channels]
 * from 0 to 255, or as the options say. It is live: it drops pictures while earlier emissions are unfinished. It never completes.
 *
 * ```text
 *  pictures of the page    a--b--c--d--e--
 *  work on a               [=======]
 *  canvasFrames(canvas)    a--------d--e--     b and c are dropped
 * ```
 *
 * A canvas of WebGL or WebGPU is empty once the page has been shown: draw on it in `requestAnimationFrame`, or give it
 * `preserveDrawingBuffer`.
 *
 * @param canvas its content must not come from another site, unless that site allows it (CORS)
 * @throws when an option is invalid; as an error notification, when the pixels may not be read or there are none
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { map, take } from 'rxjs';
 * document.body.innerHTML = '<canvas></canvas> <canvas></canvas>';
 * const [game, small] = document.querySelectorAll('canvas');
 * game!.getContext('2d')!.fillRect(10, 10, 99, 50); // a game would draw again and again
 * dl.canvasFrames(game!, { size: [60, 80] })
 *   .pipe(map((picture) => picture.reverse(1)), dl.paint(small!), take(5))
 *   .subscribe({ complete: () => console.log('turned round five times') });
 * ```
 */
export function canvasFrames(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  options: FramesOptions = {},
): Observable<Tensor3D> {
  const name = 'canvasFrames';
  if (typeof (canvas as Partial<HTMLCanvasElement> | undefined)?.getContext !== 'function') {
    throw new Error(`${name}: argument 'canvas' is ${typeof canvas}; wanted a canvas`);
  }
  assertFramesOptions(name, options);
  return live(
    name,
    ({ frame }) => {
      const look = (now: number): void => {
        handle = requestAnimationFrame(look);
        frame({ media: now / 1000, capture: performance.timeOrigin + now });
      };
      let handle = requestAnimationFrame(look);
      return {
        grab: () => pixelsOf(name, canvas, options, 'the canvas'),
        keepsFrame: false,
        release: () => cancelAnimationFrame(handle),
      };
    },
    options,
  );
}
