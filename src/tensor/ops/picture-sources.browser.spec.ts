// Pictures of a page go to the device as they are: every source gives the numbers of the plain bytes.
import * as dl from 'rxtensor';
import { findBackend } from '../../kernels';
import { expectClose } from '../../../test/support/close';

const [height, width] = [5, 7];

function picture(alpha: (pixel: number) => number = () => 255): ImageData {
  const data = new Uint8ClampedArray(height * width * 4);
  data.forEach((_, i) => (data[i] = i % 4 === 3 ? alpha(i >> 2) : (i * 97 + (i >> 3) * 31) % 256));
  return new ImageData(data, width);
}

function canvasWith(pixels: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: pixels.width, height: pixels.height });
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  return canvas;
}

/** The canvas in every form that a page has for a picture. */
async function sourcesOf(
  canvas: HTMLCanvasElement,
): Promise<{ sources: dl.PixelSource[]; close: () => void }> {
  const bitmap = await createImageBitmap(canvas);
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  const image = new Image();
  image.src = canvas.toDataURL('image/png');
  await image.decode();
  const offscreen = new OffscreenCanvas(canvas.width, canvas.height);
  offscreen.getContext('2d', { willReadFrequently: true })!.drawImage(canvas, 0, 0);
  const close = (): void => {
    bitmap.close();
    frame.close();
  };
  return { sources: [canvas, offscreen, bitmap, frame, image], close };
}

const options: readonly dl.PixelOptions[] = [
  {},
  { channels: 1 },
  { channels: 4, rotate: 90 },
  { crop: [1, 2, 3, 4], mirror: true },
  { size: [3, 4], normalize: '-1..1' },
  { size: [2, 3], antialias: true, dtype: 'float32' },
  { size: [11, 13], rotate: 270, normalize: [0.5, 0.25] },
];

describe('fromPixels of pictures of a page', () => {
  it('gives the numbers of the bytes, whatever shows them, on both backends', async () => {
    const pixels = picture();
    const { sources, close } = await sourcesOf(canvasWith(pixels));
    const here = dl.getBackend();
    try {
      for (const each of options) {
        dl.setBackend('cpu');
        const wanted = dl.fromPixels(pixels, each);
        const reference = { shape: [...wanted.shape], values: [...(await wanted.data())] };
        wanted.dispose();
        for (const name of ['cpu', 'webgl']) {
          dl.setBackend(name);
          for (const source of [pixels, ...sources]) {
            const x = dl.fromPixels(source, each);
            // Of a scaled byte, at most one unit.
            expectClose(x, reference, 1e-3, `${name} ${JSON.stringify(each)}`);
            x.dispose();
          }
        }
      }
    } finally {
      dl.setBackend(here);
      close();
    }
  });

  it('divides colours by alpha as getImageData does', async () => {
    const canvas = canvasWith(picture((pixel) => (pixel * 37) % 256));
    const wanted = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
    const { sources, close } = await sourcesOf(canvas);
    for (const source of sources) {
      const x = dl.fromPixels(source, 4);
      const found = await x.data();
      x.dispose();
      wanted.forEach((value, i) => {
        expect(Math.abs(found[i]! - value))
          .withContext(`${source.constructor.name} ${i}`)
          .toBeLessThanOrEqual(i % 4 === 3 ? 0 : 1);
      });
    }
    close();
  });

  it('computes on the host where a picture is larger than a texture', async () => {
    const device = findBackend('webgl') as unknown as { maxTextureSize: number };
    const here = dl.getBackend();
    const { maxTextureSize } = device;
    const wanted = picture();
    try {
      dl.setBackend('webgl');
      device.maxTextureSize = 6;
      const x = dl.fromPixels(canvasWith(wanted), { channels: 4, crop: [0, 0, 2, 3] });
      expect([...(await x.data())].slice(0, 12)).toEqual([...wanted.data].slice(0, 12));
      x.dispose();
    } finally {
      device.maxTextureSize = maxTextureSize;
      dl.setBackend(here);
    }
  });

  it('leaves a VideoFrame open, and refuses one that is closed', () => {
    const frame = new VideoFrame(canvasWith(picture()), { timestamp: 0 });
    dl.fromPixels(frame).dispose();
    expect(frame.displayWidth).toBe(width);
    frame.close();
    expect(() => dl.fromPixels(frame)).toThrowError(
      "fromPixels: argument 'pixels' is 0 × 0 pixels; wanted an image that has been loaded, and is not closed",
    );
  });

  it('spoils no values that are uploaded afterwards', async () => {
    dl.fromPixels(canvasWith(picture())).dispose();
    const x = dl.tidy(() => dl.tensor1d([1, 2, 3, 0.5]).add(0));
    expect([...(await x.data())]).toEqual([1, 2, 3, 0.5]);
    x.dispose();
  });

  it('holds no memory after 500 frames', () => {
    const canvas = canvasWith(picture());
    const device = findBackend(dl.getBackend())!;
    const frame = (): void => dl.fromPixels(canvas, { size: [4, 4], normalize: '0..1' }).dispose();
    frame();
    const [before, reserved] = [dl.memory(), device.memory().reservedBytes];
    const made = spyOn(WebGL2RenderingContext.prototype, 'createTexture').and.callThrough();
    const deleted = spyOn(WebGL2RenderingContext.prototype, 'deleteTexture').and.callThrough();
    for (let i = 0; i < 500; i++) frame();
    const after = dl.memory();
    expect([after.numTensors, after.numBytes]).toEqual([before.numTensors, before.numBytes]);
    expect(device.memory().reservedBytes).toBe(reserved);
    expect(deleted.calls.count()).toBe(made.calls.count());
  });
});
