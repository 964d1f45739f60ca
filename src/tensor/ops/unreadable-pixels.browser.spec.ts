// Pictures that cannot be read: our errors with their cures, not those of the page.
import * as dl from 'rxtensor/tensor';

/** A canvas as after an image of another site was drawn on it: the page refuses to read it. */
function refuseToRead(): void {
  const refusal = new DOMException('The canvas has been tainted by cross-origin data.', 'SecurityError');
  spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').and.throwError(refusal);
  spyOn(WebGL2RenderingContext.prototype, 'texImage2D').and.throwError(refusal);
}

function allowToRead(): void {
  const spies = [
    OffscreenCanvasRenderingContext2D.prototype.getImageData,
    WebGL2RenderingContext.prototype.texImage2D,
  ];
  for (const spy of spies as unknown as jasmine.Spy[]) spy.and.callThrough();
}

function canvasOf(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement('canvas'), { width, height });
}

describe('pixels of another site', () => {
  const message =
    "argument 'pixels' shows something from another site, whose pixels may not be read; wanted what that site allows: its header " +
    "Access-Control-Allow-Origin, and here the attribute crossorigin='anonymous', set before 'src'";

  it('are refused with the cure', async () => {
    refuseToRead();
    const canvas = canvasOf(2, 2);
    canvas.getContext('2d');
    expect(() => dl.fromPixels(canvas)).toThrowError(`fromPixels: ${message}`);
    await expectAsync(dl.fromPixelsAsync(canvas)).toBeRejectedWithError(`fromPixelsAsync: ${message}`);
  });

  it('do not spoil the pictures that come after', () => {
    const canvas = canvasOf(1, 1);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#0a141e';
    context.fillRect(0, 0, 1, 1);
    refuseToRead();
    expect(() => dl.fromPixels(canvas)).toThrowError(/another site/);
    allowToRead();
    const x = dl.fromPixels(canvas);
    expect([...x.dataSync()]).toEqual([10, 20, 30]);
    x.dispose();
  });
});

describe('pictures of no pixels', () => {
  it('are refused by fromPixels', async () => {
    const empty = /argument 'pixels' is \d+ × \d+ pixels; wanted an image that has been loaded/;
    expect(() => dl.fromPixels(new Image())).toThrowError(empty);
    expect(() => dl.fromPixels(canvasOf(0, 0))).toThrowError(empty);
    expect(() => dl.fromPixels(canvasOf(3, 0))).toThrowError(empty);
    expect(() => dl.fromPixels(new OffscreenCanvas(0, 2))).toThrowError(empty);
    expect(() => dl.fromPixels(document.createElement('video'))).toThrowError(/a video without a frame yet/);
    await expectAsync(dl.fromPixelsAsync(canvasOf(0, 0))).toBeRejectedWithError(empty);
  });

  it('are refused by fromPixels where they could not be loaded', async () => {
    const broken = new Image(4, 4);
    broken.src = 'data:image/png;base64,nonsense';
    await new Promise((resolve) => broken.addEventListener('error', resolve, { once: true }));
    expect(() => dl.fromPixels(broken)).toThrowError(
      "fromPixels: argument 'pixels' is 0 × 0 pixels; wanted an image that has been loaded, and is not closed",
    );
    await expectAsync(dl.fromPixelsAsync(broken)).toBeRejectedWithError(
      /^fromPixelsAsync: argument 'pixels' is an image that cannot be loaded/,
    );
  });

  it('are refused by toPixels where there is a canvas to draw on', async () => {
    for (const shape of [
      [0, 0],
      [2, 0, 3],
      [0, 2, 4],
    ]) {
      const x = dl.zeros<dl.Rank.R3>(shape);
      await expectAsync(dl.toPixels(x, canvasOf(2, 2))).toBeRejectedWithError(
        "toPixels: argument 'img' has no pixels; wanted at least one, to draw on the canvas",
      );
      expect((await dl.toPixels(x)).length).toBe(0);
      x.dispose();
    }
  });
});
