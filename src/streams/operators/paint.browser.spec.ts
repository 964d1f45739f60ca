import * as dl from 'rxtensor';
import { concat, firstValueFrom, of, Subject, tap, throwError, type Observable } from 'rxjs';
import { until } from '../../../test/support/marbles';
import { far } from '../../../test/support/far-side';

function canvasOf(context: '2d' | 'webgl2' | 'bitmaprenderer' = '2d'): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.getContext(context);
  return canvas;
}

/** Red, green and blue of all pixels, and the width. */
function shown(canvas: HTMLCanvasElement): { width: number; colours: number[] } {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  return { width, colours: [...data].filter((_, i) => i % 4 < 3) };
}

/** Images of 2 × 1 gray pixels. */
const grays = (...shades: number[]): Observable<dl.Tensor2D> =>
  of(...shades).pipe(dl.mapTensor((shade) => dl.tensor2d([[shade, 255 - shade]], [1, 2], 'int32')));

function run(stream: Observable<unknown>): { count: number; ending: string; stop: () => void } {
  const result = { count: 0, ending: 'none', stop: (): void => subscription.unsubscribe() };
  const subscription = stream.subscribe({
    next: () => result.count++,
    error: (error: unknown) => (result.ending = String(error)),
    complete: () => (result.ending = 'complete'),
  });
  return result;
}

async function ended(result: { ending: string }): Promise<void> {
  await until(() => result.ending !== 'none');
}

/** All bytes of a canvas. */
function bytesOf(canvas: HTMLCanvasElement): number[] {
  return [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data];
}

/** Paints one image, and returns the bytes of the canvas. */
async function painted(
  make: () => dl.Tensor2D | dl.Tensor3D,
  options: dl.PaintOptions = {},
  canvas = canvasOf(),
): Promise<number[]> {
  const result = run(of(0).pipe(dl.mapTensor(make), dl.paint(canvas, options)));
  await ended(result);
  expect(result.ending).toBe('complete');
  return bytesOf(canvas);
}

function expectWithin(found: readonly number[], wanted: readonly number[], most: number): void {
  expect(found.length).toBe(wanted.length);
  expect(
    found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - wanted[i]!)), 0),
  ).toBeLessThanOrEqual(most);
}

const opaque = (...colours: number[][]): number[] => colours.flatMap((each) => [...each, 255]);

describe('paint', () => {
  it('draws each image and passes it on', async () => {
    const canvas = canvasOf();
    const seen: number[] = [];
    const result = run(
      grays(10, 200, 30).pipe(
        dl.paint(canvas),
        tap(() => seen.push(bytesOf(canvas)[0]!)),
      ),
    );
    await ended(result);
    expect([result.count, result.ending]).toEqual([3, 'complete']);
    expect(seen).toEqual([10, 200, 30]);
  });

  it('gives the canvas the size and the colours of the image', async () => {
    const canvas = canvasOf();
    const colours = [255, 0, 10, 0, 128, 20, 3, 2, 1, 200, 100, 50, 9, 99, 199, 255, 255, 255];
    const result = run(
      of(colours).pipe(
        dl.mapTensor((values) => dl.tensor3d(values, [2, 3, 3], 'int32')),
        dl.paint(canvas),
      ),
    );
    await ended(result);
    expect(result.ending).toBe('complete');
    expect(shown(canvas)).toEqual({ width: 3, colours });
  });

  it('draws images of different sizes one after the other, on different canvases too', async () => {
    for (const [height, width] of [
      [1, 1],
      [2, 3],
      [9, 5],
      [3, 4],
    ] as const) {
      const values = Array.from({ length: height * width }, (_, i) => (i * 53) % 256);
      const found = await painted(() => dl.tensor2d(values, [height, width], 'int32'));
      expect(found).toEqual(opaque(...values.map((shade) => [shade, shade, shade])));
    }
  });

  it('reads nothing from the device', async () => {
    const reads = [
      spyOn(WebGL2RenderingContext.prototype, 'readPixels').and.callThrough(),
      spyOn(WebGL2RenderingContext.prototype, 'getBufferSubData').and.callThrough(),
    ];
    await painted(() => dl.tensor2d([[0.5, 1]]).mul(0.5));
    for (const each of reads) expect(each).not.toHaveBeenCalled();
  });

  it('clamps what is out of range, and draws NaN as 0', async () => {
    const floats = [-1, 0.2, 1, 7, NaN, Infinity];
    expectWithin(await painted(() => dl.tensor3d(floats, [1, 2, 3])), opaque([0, 51, 255], [255, 0, 255]), 0);
    expect(await painted(() => dl.tensor2d([[-5, 300, 77]], [1, 3], 'int32'))).toEqual(
      opaque([0, 0, 0], [255, 255, 255], [77, 77, 77]),
    );
  });

  it('draws alpha, as putImageData does', async () => {
    const pixels = [100, 50, 200, 128, 1, 2, 3, 0, 255, 255, 0, 10, 9, 8, 7, 255];
    const wanted = canvasOf();
    wanted.width = 4;
    wanted.height = 1;
    wanted.getContext('2d')!.putImageData(new ImageData(Uint8ClampedArray.from(pixels), 4), 0, 0);
    const found = await painted(() => dl.tensor3d(pixels, [1, 4, 4], 'int32'));
    // One unit of the stored colour, which is multiplied by alpha.
    found.forEach((value, i) =>
      expect(Math.abs(value - bytesOf(wanted)[i]!)).toBeLessThanOrEqual(
        Math.ceil(255 / (pixels[i | 3]! || 255)),
      ),
    );
  });

  it('colours values by a map', async () => {
    const values = [0, 0.25, 0.5, 0.75, 1];
    const image = (): dl.Tensor3D => dl.tensor3d(values, [1, 5, 1]);
    // matplotlib's colours at these values; the polynomials are at most 3 away.
    const viridis = opaque([68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]);
    const plasma = opaque([13, 8, 135], [126, 3, 168], [204, 71, 120], [248, 149, 64], [240, 249, 33]);
    expectWithin(await painted(image, { colormap: 'viridis' }), viridis, 4);
    expectWithin(await painted(image, { colormap: 'plasma' }), plasma, 4);
    expect(await painted(image, { colormap: 'gray' })).toEqual(await painted(image));
  });

  it('shows the same on both backends', async () => {
    const here = dl.getBackend();
    const images = (): dl.Tensor2D =>
      dl.tensor2d(
        Array.from({ length: 63 }, (_, i) => i / 62),
        [7, 9],
      );
    try {
      for (const options of [
        {},
        { colormap: 'viridis' },
        { colormap: 'plasma', mirror: true },
        { fit: 'cover', alpha: 0.5 },
      ] as const) {
        dl.setBackend('cpu');
        const wanted = await painted(images, options);
        dl.setBackend('webgl');
        expectWithin(await painted(images, options), wanted, 2);
      }
    } finally {
      dl.setBackend(here);
    }
  });

  it('fits the image to a canvas that keeps its size', async () => {
    const image = (): dl.Tensor2D => dl.tensor2d([[0, 255]], [1, 2], 'int32');
    const at = (): HTMLCanvasElement => {
      const canvas = canvasOf();
      canvas.width = canvas.height = 4;
      canvas.getContext('2d')!.imageSmoothingEnabled = false;
      canvas.getContext('2d')!.fillRect(0, 0, 4, 4);
      return canvas;
    };
    const [black, white, clear] = [
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [0, 0, 0, 0],
    ];
    const row = [black, black, white, white].flat();
    const none = [clear, clear, clear, clear].flat();
    expect(await painted(image, { fit: 'fill' }, at())).toEqual([row, row, row, row].flat());
    expect(await painted(image, { fit: 'letterbox' }, at())).toEqual([none, row, row, none].flat());
    const cut = [black, black, white, white].flat();
    expect(await painted(image, { fit: 'cover' }, at())).toEqual([cut, cut, cut, cut].flat());
    const mirrored = [white, white, black, black].flat();
    expect(await painted(image, { fit: 'letterbox', mirror: true }, at())).toEqual(
      [none, mirrored, mirrored, none].flat(),
    );
  });

  it('lays an image over what the canvas shows', async () => {
    const canvas = canvasOf();
    const result = run(
      grays(100).pipe(
        dl.paint(canvas),
        dl.mapTensor(() => dl.tensor2d([[255, 255]], [1, 2], 'int32')),
        dl.paint(canvas, { over: true, alpha: 0.2, mirror: true }),
      ),
    );
    await ended(result);
    expectWithin(
      bytesOf(canvas),
      opaque([131, 131, 131], [175, 175, 175]).map((v, i) => (i < 3 ? v : i === 7 ? 255 : v)),
      1,
    );
  });

  it('stretches an image over a canvas of another size, unless told otherwise', async () => {
    const canvas = canvasOf();
    canvas.width = canvas.height = 2;
    const over = { over: true } as const;
    // What was painted before does not show at the edges, where the browser blends pixels.
    await painted(() => dl.zeros<dl.Rank.R2>([9, 9]));
    const white = await painted(() => dl.tensor2d([[255]], [1, 1], 'int32'), over, canvas);
    expect(white).toEqual(new Array<number>(16).fill(255));
  });

  it('refuses an image that is too large for a canvas of WebGL, and draws the next one', async () => {
    const here = dl.getBackend();
    const canvas = canvasOf();
    dl.setBackend('webgl');
    try {
      const result = run(
        of(0).pipe(
          dl.mapTensor(() => dl.zeros<dl.Rank.R2>([1, 70_000])),
          dl.paint(canvas),
        ),
      );
      await ended(result);
      expect(result.ending).toMatch(/paint: 1 × 70000 pixels are too many for a canvas of this device/);
      expect(await painted(() => dl.tensor2d([[7], [8]], [2, 1], 'int32'), {}, canvas)).toEqual(
        opaque([7, 7, 7], [8, 8, 8]),
      );
    } finally {
      dl.setBackend(here);
    }
  });

  it('works in a worker, without a document', async () => {
    const image = dl.tensor3d([10, 20, 30, 40, 50, 60], [1, 2, 3], 'int32');
    const values = await firstValueFrom(
      of(image).pipe(far<dl.Tensor3D, dl.Tensor3D>('painted'), dl.download()),
    );
    expect([...(values as unknown as Iterable<number>)]).toEqual([40, 50, 60, 10, 20, 30]);
    image.dispose();
  });

  it('holds nothing after 500 frames', async () => {
    const canvas = canvasOf();
    const before = dl.memory();
    let count = 0;
    await dl
      .examples(new Float32Array(500))
      .pipe(
        dl.mapTensor((shade) => dl.fill<dl.Rank.R2>([4, 4], shade)),
        dl.paint(canvas, { colormap: 'viridis' }),
      )
      .forEach(() => count++);
    const after = dl.memory();
    expect([count, after.numTensors, after.numBytes]).toEqual([500, before.numTensors, before.numBytes]);
  });

  it('draws what came before an error', async () => {
    const canvas = canvasOf();
    const failing = concat(
      grays(100),
      throwError(() => new Error('from above')),
    );
    const result = run(failing.pipe(dl.paint(canvas)));
    await ended(result);
    expect(result.ending).toBe('Error: from above');
    expect(shown(canvas).colours).toEqual([100, 100, 100, 155, 155, 155]);
  });

  it('draws nothing after it was unsubscribed from', () => {
    const canvas = canvasOf();
    const drawing = spyOn(canvas.getContext('2d')!, 'drawImage').and.callThrough();
    const subject = new Subject<number>();
    const result = run(
      subject.pipe(
        dl.mapTensor((shade) => dl.tensor2d([[shade]])),
        dl.paint(canvas),
      ),
    );
    subject.next(1);
    expect(result.count).toBe(1);
    result.stop();
    subject.next(0);
    expect(drawing).toHaveBeenCalledTimes(1);
    expect(subject.observed).toBeFalse();
  });

  it('makes an error of what it cannot draw', async () => {
    const errorOf = async (
      value: () => unknown,
      canvas = canvasOf(),
      options: dl.PaintOptions = {},
    ): Promise<string> => {
      const result = run(
        of(0).pipe(
          dl.mapTensor(() => value() as dl.Tensor2D),
          dl.paint(canvas, options),
        ),
      );
      await ended(result);
      return result.ending;
    };
    expect(await errorOf(() => dl.zeros([2, 2, 2]))).toMatch(/wanted 1, 3 or 4 channels/);
    expect(await errorOf(() => dl.zeros([2, 2], 'bool'))).toMatch(/img' is bool; wanted float32 or int32/);
    expect(await errorOf(() => dl.zeros([0, 2]))).toMatch(/has no pixels; wanted at least one/);
    expect(await errorOf(() => dl.zeros([1, 1, 3]), canvasOf(), { colormap: 'viridis' })).toBe(
      "Error: paint: argument 'img' has shape [1,1,3]; wanted one channel, since 'colormap' is given",
    );
    expect(await errorOf(() => 3)).toBe(
      'Error: paint: the value is number; wanted an image, a tensor (see toPixels)',
    );
    expect(await errorOf(() => dl.zeros([1, 1]), canvasOf('webgl2'))).toBe(
      "Error: paint: argument 'canvas' has a context other than '2d'; wanted a canvas without a context, or with a '2d' one",
    );
    const shown = canvasOf('bitmaprenderer');
    expect(await errorOf(() => dl.zeros([1, 1]), shown)).toMatch(/has a context other than '2d'/);
    expect(() => dl.paint({} as never)).toThrowError("paint: argument 'canvas' is object; wanted a canvas");
  });

  it('refuses wrong options at once', () => {
    const wrong: [object, string][] = [
      [{ colormap: 'jet' }, "paint: option 'colormap' is 'jet'; wanted one of 'gray', 'viridis', 'plasma'"],
      [{ fit: 'contain' }, "paint: option 'fit' is 'contain'; wanted one of 'fill', 'letterbox', 'cover'"],
      [{ alpha: 2 }, "paint: option 'alpha' is 2; wanted a number from 0 to 1"],
      [{ alpha: '1' }, "paint: option 'alpha' is '1'; wanted a number from 0 to 1"],
      [{ over: 1 }, "paint: option 'over' is 1; wanted one of true, false"],
    ];
    for (const [options, message] of wrong)
      expect(() => dl.paint(canvasOf(), options as dl.PaintOptions)).toThrowError(message);
  });
});
