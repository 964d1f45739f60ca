import * as dl from 'rxtensor';
import { take } from 'rxjs';
import { deferred, settle } from '../../../test/support/marbles';

function canvasOf(colour: string, width = 3, height = 2): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  return canvas;
}

describe('canvasFrames', () => {
  it('emits what a canvas shows, once for each picture of the page', async () => {
    const canvas = canvasOf('red', 1, 1);
    const seen: unknown[] = [];
    await dl
      .canvasFrames(canvas)
      .pipe(take(2))
      .forEach((frame) => {
        seen.push(frame.shape, [...frame.dataSync()]);
        canvas.getContext('2d')!.clearRect(0, 0, 1, 1);
      });
    expect(seen).toEqual([
      [1, 1, 3],
      [255, 0, 0],
      [1, 1, 3],
      [0, 0, 0],
    ]);
  });

  it('takes an OffscreenCanvas, scales, and gives the channels that are wanted', async () => {
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d');
    const shapes: unknown[] = [];
    await dl
      .canvasFrames(canvas, { size: [2, 4], channels: 4 })
      .pipe(take(1))
      .forEach((frame) => shapes.push(frame.shape));
    expect(shapes).toEqual([[2, 4, 4]]);
  });

  it('drops pictures while an emission is unfinished, and stops when it is left', async () => {
    const enough = deferred();
    let seen = 0;
    const ask = spyOn(globalThis, 'requestAnimationFrame').and.callThrough();
    const subscription = dl
      .canvasFrames(canvasOf('red'), { inFlight: 1, onDrop: (count) => count === 2 && enough.resolve() })
      .subscribe(() => {
        seen++;
        dl.waitUntil(new Promise(() => undefined));
      });
    await enough.promise;
    expect(seen).toBe(1);
    subscription.unsubscribe();
    const asked = ask.calls.count();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ask.calls.count()).toBe(asked);
  });

  it('makes an error of a canvas whose pixels may not be read, or that has none', async () => {
    const run = (canvas: HTMLCanvasElement): Promise<void> =>
      dl.canvasFrames(canvas).forEach(() => undefined);
    await expectAsync(run(canvasOf('red', 0, 0))).toBeRejectedWithError(/is 0 × 0 pixels/);
    const refusal = new DOMException('tainted', 'SecurityError');
    spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').and.throwError(refusal);
    spyOn(WebGL2RenderingContext.prototype, 'texImage2D').and.throwError(refusal);
    await expectAsync(run(canvasOf('red'))).toBeRejectedWithError(
      /^canvasFrames: the canvas shows something from another site, whose pixels may not be read; wanted/,
    );
    await settle();
  });

  it('refuses what is no canvas, and impossible options', () => {
    expect(() => dl.canvasFrames({} as never)).toThrowError(
      "canvasFrames: argument 'canvas' is object; wanted a canvas",
    );
    expect(() => dl.canvasFrames(canvasOf('red'), { size: [1.5, 2] })).toThrowError(
      /option 'size' is \[1.5,2\]/,
    );
  });
});
