import * as dl from 'rxtensor';
import { overlay } from 'rxtensor/vision';
import { lastValueFrom, map } from 'rxjs';
import { showerOnCpu } from './show-on-cpu';

const [HEIGHT, WIDTH] = [5, 7];

type Values = (i: number) => number;
const inRange: Readonly<Record<'float32' | 'int32', Values>> = {
  float32: (i) => ((i * 37) % 101) / 100,
  int32: (i) => (i * 37) % 256,
};
const outOfRange: Readonly<Record<'float32' | 'int32', Values>> = {
  float32: (i) => [-0.5, 1.5, NaN, 0.5, Infinity, 1, -Infinity, 0.25][i % 8]!,
  int32: (i) => [-5, 300, 0, 255, 128, 256, -1, 2 ** 30][i % 8]!,
};

const picture = (
  dtype: 'float32' | 'int32',
  values: Values,
  shape: [number, number, number] = [HEIGHT, WIDTH, 3],
): dl.Tensor3D =>
  dl.tensor3d(
    Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => values(i)),
    shape,
    dtype,
  );

/** A canvas of another size than the pictures, on which something is. */
function usedCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [20, 4];
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#12ab34';
  context.fillRect(0, 0, 20, 4);
  return canvas;
}

function bytesOn(canvas: HTMLCanvasElement | OffscreenCanvas): number[] {
  const context = (canvas as HTMLCanvasElement).getContext('2d')!;
  return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
}

/** Shows pictures by `overlay`, one after the other, and disposes them. */
async function shown(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  make: readonly (() => dl.Tensor3D)[],
  mirror = false,
): Promise<void> {
  const pictures$ = dl.examples(make.map((_, i) => i)).pipe(
    dl.mapTensor((i) => ({ picture: make[i]!() })),
    overlay(canvas, () => undefined, { mirror }),
    map(() => 0),
  );
  await lastValueFrom(pictures$);
}

/** What `paint` shows of a picture. */
async function painted(make: () => dl.Tensor3D, mirror = false): Promise<number[]> {
  const canvas = document.createElement('canvas');
  const pictures$ = dl.examples([0]).pipe(
    dl.mapTensor(make),
    dl.paint(canvas, { mirror }),
    map(() => 0),
  );
  await lastValueFrom(pictures$);
  expect([canvas.width, canvas.height]).toEqual([WIDTH, HEIGHT]);
  return bytesOn(canvas);
}

describe('overlay of pictures on the CPU', () => {
  /** Pictures lie on the CPU here, whatever backend the specs run on. */
  let here: string;
  beforeEach(async () => {
    here = dl.getBackend();
    await dl.setBackend('cpu');
  });
  afterEach(() => dl.setBackend(here));

  for (const dtype of ['float32', 'int32'] as const) {
    for (const mirror of [false, true])
      it(`shows ${dtype} as paint does${mirror ? ', mirrored' : ''}, and gives the canvas their size`, async () => {
        for (const values of [inRange[dtype], outOfRange[dtype]]) {
          const canvas = usedCanvas();
          await shown(canvas, [() => picture(dtype, values)], mirror);
          expect([canvas.width, canvas.height]).toEqual([WIDTH, HEIGHT]);
          expect(bytesOn(canvas)).toEqual(await painted(() => picture(dtype, values), mirror));
        }
      });

    it(`shows the bytes that toPixels gives of ${dtype}`, async () => {
      const canvas = usedCanvas();
      await shown(canvas, [() => picture(dtype, inRange[dtype])]);
      const image = picture(dtype, inRange[dtype]);
      const wanted = await dl.toPixels(image);
      image.dispose();
      expect(bytesOn(canvas)).toEqual([...wanted]);
    });

    it(`shows ${dtype} of one channel and with alpha as paint does`, async () => {
      for (const channels of [1, 4]) {
        const make = (): dl.Tensor3D => picture(dtype, inRange[dtype], [HEIGHT, WIDTH, channels]);
        const canvas = usedCanvas();
        await shown(canvas, [make]);
        expect(bytesOn(canvas)).toEqual(await painted(make));
      }
    });
  }

  it('leaves no trace of the picture before, whatever its size and its channels', async () => {
    const canvas = usedCanvas();
    const last = (): dl.Tensor3D => picture('int32', inRange.int32);
    await shown(canvas, [
      () => picture('float32', outOfRange.float32),
      () => picture('int32', inRange.int32, [9, 3, 3]),
      () => picture('float32', inRange.float32, [HEIGHT, WIDTH, 4]),
      () => picture('float32', inRange.float32, [HEIGHT, WIDTH, 1]),
      last,
    ]);
    expect(bytesOn(canvas)).toEqual(await painted(last));
  });

  it('shows them on a canvas that is on no page', async () => {
    const canvas = new OffscreenCanvas(2, 2);
    const make = (): dl.Tensor3D => picture('float32', inRange.float32);
    await shown(canvas, [make], true);
    expect(bytesOn(canvas)).toEqual(await painted(make, true));
  });

  it('leaves pictures of other channels and other backends to paint', async () => {
    const show = showerOnCpu();
    const context = usedCanvas().getContext('2d')!;
    const before = bytesOn(context.canvas);
    const [grey, alpha, colours] = [1, 4, 3].map((channels) =>
      picture('float32', inRange.float32, [HEIGHT, WIDTH, channels]),
    ) as [dl.Tensor3D, dl.Tensor3D, dl.Tensor3D];
    expect([show(grey, context, false), show(alpha, context, false)]).toEqual([false, false]);
    await dl.setBackend(here);
    const result = colours.add<dl.Tensor3D>(0);
    if (here !== 'cpu') expect(show(result, context, false)).toBeFalse();
    expect(bytesOn(context.canvas)).toEqual(before);
    await dl.setBackend('cpu');
    const own = picture('float32', inRange.float32);
    expect(show(own, context, false)).toBeTrue();
    expect(bytesOn(context.canvas)).toEqual(await painted(() => picture('float32', inRange.float32)));
    dl.dispose([grey, alpha, colours, result, own]);
  });
});
