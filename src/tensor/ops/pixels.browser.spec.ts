import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';

/** Opaque, so that no canvas changes the colours. */
const colours = [
  [255, 0, 10],
  [0, 128, 20],
  [3, 2, 1],
  [200, 100, 50],
  [9, 99, 199],
  [255, 255, 255],
];
const [width, height] = [3, 2];
const wanted = { shape: [height, width, 3], values: colours.flat() };

function imageData(): ImageData {
  return new ImageData(new Uint8ClampedArray(colours.flatMap((each) => [...each, 255])), width, height);
}

function canvas(): HTMLCanvasElement {
  const element = document.createElement('canvas');
  Object.assign(element, { width, height });
  element.getContext('2d')!.putImageData(imageData(), 0, 0);
  return element;
}

function expectColours(source: dl.PixelSource): void {
  const x = dl.fromPixels(source);
  expectExact(x, wanted);
  x.dispose();
}

describe('fromPixels of a page', () => {
  it('reads ImageData and canvases, alone and on the page', () => {
    expectColours(imageData());
    expectColours(canvas());
    const offscreen = new OffscreenCanvas(width, height);
    offscreen.getContext('2d')!.putImageData(imageData(), 0, 0);
    expectColours(offscreen);
  });

  it('reads one picture after another without a trace of the first', () => {
    const clear = document.createElement('canvas');
    Object.assign(clear, { width: 2, height: 1 });
    expectColours(canvas());
    const x = dl.fromPixels(clear, 4);
    expectExact(x, { shape: [1, 2, 4], values: new Array<number>(8).fill(0) });
    x.dispose();
  });

  it('reads an ImageBitmap and a VideoFrame', async () => {
    const bitmap = await createImageBitmap(canvas());
    expectColours(bitmap);
    bitmap.close();
    const frame = new VideoFrame(canvas(), { timestamp: 0 });
    expectColours(frame);
    frame.close();
  });

  it('reads an image, and waits for one that loads', async () => {
    const image = new Image();
    image.src = canvas().toDataURL('image/png');
    const x = await dl.browser.fromPixelsAsync(image);
    expectExact(x, wanted);
    x.dispose();
    expectColours(image);
  });

  it('refuses an image that is not there', async () => {
    const image = new Image();
    expect(() => dl.fromPixels(image)).toThrowError(/is 0 × 0 pixels; wanted an image that has been loaded/);
    image.src = 'data:image/png;base64,AAAA';
    await expectAsync(dl.fromPixelsAsync(image)).toBeRejected();
  });

  it('reads a video once it has a frame', async () => {
    const video = document.createElement('video');
    video.muted = true;
    expect(() => dl.fromPixels(video)).toThrowError(
      /a video without a frame yet; wanted one after its 'loadeddata' event/,
    );
    const source = canvas();
    const stream = source.captureStream(30);
    video.srcObject = stream;
    void video.play();
    const painting = setInterval(() => source.getContext('2d')!.putImageData(imageData(), 0, 0), 20);
    const x = await dl.fromPixelsAsync(video);
    clearInterval(painting);
    expect(x.shape).toEqual([height, width, 3]);
    x.dispose();
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  });
});

describe('toPixels on a page', () => {
  it('draws on a canvas, which takes the size', async () => {
    for (const target of [document.createElement('canvas'), new OffscreenCanvas(1, 1)]) {
      const x = dl.tensor3d(colours.flat(), [height, width, 3], 'int32');
      const bytes = await dl.toPixels(x, target);
      expect([...bytes]).toEqual(colours.flatMap((each) => [...each, 255]));
      expect([target.width, target.height]).toEqual([width, height]);
      expectColours(target);
      x.dispose();
    }
  });

  it('refuses a canvas that is drawn on otherwise', async () => {
    const target = document.createElement('canvas');
    target.getContext('webgl2');
    await expectAsync(dl.toPixels([[1]], target)).toBeRejectedWithError(/has a context other than '2d'/);
  });
});
