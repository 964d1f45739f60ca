// Pictures of a page go to the device as they are: every source gives the numbers of the plain bytes.
import * as dl from 'rxtensor';
import { findBackend } from '../../kernels';
import { expectClose } from '../../../test/support/close';

const [height, width] = [5, 7];
const isFirefox = navigator.userAgent.includes('Firefox');

/** The bytes of a picture on a 2D canvas. */
function copyOf(picture: CanvasImageSource, columns: number, rows: number): Uint8ClampedArray {
  const context = new OffscreenCanvas(columns, rows).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, columns, rows).data;
}

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

  it('shows frames as their video does: turned, mirrored, and with pixels that are not square', async () => {
    const pixels = picture();
    const plain = new VideoFrame(canvasWith(pixels), { timestamp: 0 });
    // A browser that knows neither (Firefox 153) shows them as they are.
    const knows = 'rotation' in VideoFrame.prototype;
    const [turned, mirrored] = [{ rotation: 90 }, { flip: true }].map(
      (how) => new VideoFrame(plain, how as VideoFrameInit),
    );
    const wide = new VideoFrame(pixels.data, {
      format: 'RGBA',
      codedWidth: width,
      codedHeight: height,
      displayWidth: 2 * width,
      displayHeight: height,
      timestamp: 0,
    });
    const here = dl.getBackend();
    try {
      for (const name of ['cpu', 'webgl']) {
        dl.setBackend(name);
        const valuesOf = async (source: dl.PixelSource, each?: dl.PixelOptions): Promise<number[]> => {
          const x = dl.fromPixels(source, each);
          const values = [...(await x.data())];
          x.dispose();
          return values;
        };
        expect(await valuesOf(turned!)).toEqual(await valuesOf(pixels, knows ? { rotate: 90 } : {}));
        expect(await valuesOf(mirrored!)).toEqual(await valuesOf(pixels, knows ? { mirror: true } : {}));
        const x = dl.fromPixels(wide, 1);
        expect(x.shape).toEqual([height, 2 * width, 1]);
        // The browser may smooth what it stretches, so only the ends are certain.
        const found = await x.array();
        x.dispose();
        const shades = (at: number): number[] => found.map((row) => row[at]![0]!);
        const column = (at: number): number[] =>
          [...pixels.data].filter((_, i) => i % (4 * width) === 4 * at);
        expect(shades(0)).toEqual(column(0));
        expect(shades(2 * width - 1)).toEqual(column(width - 1));
      }
    } finally {
      dl.setBackend(here);
      for (const frame of [plain, turned!, mirrored!, wide]) frame.close();
    }
  });

  it('turns a photograph as its EXIF data say, and shows drawings without a size of their own', async () => {
    const half = canvasWith(new ImageData(16, 8));
    const context = half.getContext('2d')!;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 16, 8);
    context.fillStyle = '#000';
    context.fillRect(8, 0, 8, 8);
    const jpeg = await new Promise<Blob | null>((resolve) => half.toBlob(resolve, 'image/jpeg', 1));
    // A segment APP1 with one entry: orientation (0x112) is 6, a quarter clockwise.
    const header = [0xff, 0xe1, 0, 34, ...new TextEncoder().encode('Exif\0\0MM\0*')];
    const entry = [0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const bytes = [...new Uint8Array(await jpeg!.arrayBuffer())];
    // One piece: Firefox makes no bitmap of a blob whose pieces are these.
    const photograph = new Blob([
      new Uint8Array([...bytes.slice(0, 2), ...header, ...entry, ...bytes.slice(2)]),
    ]);
    const image = new Image();
    image.src = URL.createObjectURL(photograph);
    await image.decode();
    URL.revokeObjectURL(image.src);
    const bitmap = await createImageBitmap(photograph);
    const drawing = new Image();
    const rectangle = '<rect width="2" height="1" fill="white"/>';
    drawing.src = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2">${rectangle}</svg>`)}`;
    await drawing.decode();
    const here = dl.getBackend();
    try {
      for (const name of ['cpu', 'webgl']) {
        dl.setBackend(name);
        for (const source of [image, bitmap, drawing]) {
          const x = dl.fromPixels(source, { channels: 1, size: [4, 1] });
          expectClose(x, { shape: [4, 1, 1], values: [255, 255, 0, 0] }, 2, name);
          x.dispose();
        }
      }
    } finally {
      dl.setBackend(here);
      bitmap.close();
    }
  });

  it('has no colours above 255 where a canvas has more light than alpha', async () => {
    const canvas = new OffscreenCanvas(1, 1);
    const gl = canvas.getContext('webgl2')!;
    gl.clearColor(1, 0.25, 0, 0.5);
    gl.clear(gl.COLOR_BUFFER_BIT);
    // On the CPU they are those of a 2D canvas: in Chromium the same, in Firefox 252 and 127.
    const wanted = isFirefox && dl.getBackend() === 'cpu' ? [...copyOf(canvas, 1, 1)] : [255, 128, 0, 128];
    const x = dl.fromPixels(canvas, 4);
    expect([...(await x.data())]).toEqual(wanted);
    x.dispose();
  });

  it('divides colours by alpha as getImageData does', async () => {
    const canvas = canvasWith(picture((pixel) => (pixel * 37) % 256));
    const inCanvas = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
    const { sources, close } = await sourcesOf(canvas);
    for (const source of sources) {
      // Firefox rounds each kind of source in its own way.
      const wanted = isFirefox ? copyOf(source as CanvasImageSource, width, height) : inCanvas;
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
