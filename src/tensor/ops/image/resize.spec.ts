import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../../test/support/reference';

interface Options {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const variants: Readonly<Record<string, Options>> = {
  'the usual way': { alignCorners: false, halfPixelCenters: false },
  'with aligned corners': { alignCorners: true, halfPixelCenters: false },
  'with half-pixel centers': { alignCorners: false, halfPixelCenters: true },
};

/** Where element i lies in the original, as TensorFlow says: in float64. */
function place(
  i: number,
  extent: number,
  count: number,
  { alignCorners, halfPixelCenters }: Options,
): number {
  if (alignCorners && count > 1) return (i * (extent - 1)) / (count - 1);
  return halfPixelCenters ? ((i + 0.5) * extent) / count - 0.5 : (i * extent) / count;
}

function bilinear(x: Reference, [height, width]: readonly number[], options: Options): Reference {
  const [batch, h, w, channels] = x.shape as [number, number, number, number];
  return build([batch, height!, width!, channels], ([n, row, column, c]) => {
    const y = Math.min(Math.max(place(row!, h, height!, options), 0), h - 1);
    const v = Math.min(Math.max(place(column!, w, width!, options), 0), w - 1);
    const [top, left] = [Math.floor(y), Math.floor(v)];
    const corner = (down: number, across: number): number =>
      at(x, [n!, Math.min(top + down, h - 1), Math.min(left + across, w - 1), c!]);
    const [a, b] = [y - top, v - left];
    return (
      (1 - a) * ((1 - b) * corner(0, 0) + b * corner(0, 1)) + a * ((1 - b) * corner(1, 0) + b * corner(1, 1))
    );
  });
}

function nearest(x: Reference, [height, width]: readonly number[], options: Options): Reference {
  const [batch, h, w, channels] = x.shape as [number, number, number, number];
  // Rounded, with an eye to what float64 makes of quotients that are whole numbers.
  const index = (i: number, extent: number, count: number): number => {
    const exact =
      place(i, extent, count, options) + (options.halfPixelCenters || options.alignCorners ? 0.5 : 0);
    return Math.min(Math.floor(exact + 1e-9), extent - 1);
  };
  return build([batch, height!, width!, channels], ([n, row, column, c]) =>
    at(x, [n!, index(row!, h, height!), index(column!, w, width!), c!]),
  );
}

const cases: [shape: number[], size: [number, number]][] = [
  [
    [1, 2, 2, 1],
    [4, 4],
  ],
  [
    [2, 3, 4, 3],
    [7, 5],
  ],
  [
    [1, 5, 7, 4],
    [3, 2],
  ],
  [
    [1, 3, 3, 8],
    [1, 9],
  ],
  [
    [1, 1, 1, 2],
    [3, 2],
  ],
  [
    [1, 6, 1, 1],
    [6, 1],
  ],
  [
    [1, 49, 7, 1],
    [7, 49],
  ],
];

describe('resizing images', () => {
  for (const [variant, options] of Object.entries(variants)) {
    for (const [shape, size] of cases) {
      it(`of [${shape.join()}] to ${size.join(' × ')}, ${variant}, gives the pixels of the definition`, () => {
        const x = sample(shape, 3);
        const { alignCorners, halfPixelCenters } = options;
        dl.tidy(() => {
          const images = toTensor(x) as dl.Tensor4D;
          const smooth = dl.image.resizeBilinear(images, size, alignCorners, halfPixelCenters);
          expectClose(smooth, bilinear(x, size, options), { cpu: 1e-6, webgl: 1e-5 });
          const blocks = dl.image.resizeNearestNeighbor(images, size, alignCorners, halfPixelCenters);
          expectExact(blocks, nearest(x, size, options));
        });
      });
    }
  }

  it('is a method of one image too, and gives one image', () => {
    dl.tidy(() => {
      const x = dl.range(0, 12).reshape<dl.Rank.R3>([2, 2, 3]);
      const one: dl.Tensor3D = dl.image.resizeBilinear(x, [4, 2]);
      expect(one.shape).toEqual([4, 2, 3]);
      expectExact(x.resizeNearestNeighbor([1, 1]), [[[0, 1, 2]]]);
      expectExact(x.resizeBilinear([1, 2]), [
        [
          [0, 1, 2],
          [3, 4, 5],
        ],
      ]);
    });
  });

  it('keeps the dtype for the nearest pixel, and is float32 between pixels', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([16777217, 5], [1, 2, 1], 'int32');
      const blocks = dl.image.resizeNearestNeighbor(x, [1, 4]);
      expect(blocks.dtype).toBe('int32');
      expect([...blocks.dataSync()]).toEqual([16777217, 16777217, 5, 5]);
      expect(dl.image.resizeBilinear(x, [1, 4]).dtype).toBe('float32');
      expect(dl.image.resizeNearestNeighbor(x.cast('bool'), [2, 2]).dtype).toBe('bool');
    });
  });

  it('keeps infinities and NaN out of pixels that are not made of them', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([1, Infinity, 3, NaN, 5], [1, 5, 1]);
      expectExact(dl.image.resizeBilinear(x, [1, 5]).flatten(), [1, Infinity, 3, NaN, 5]);
      expectExact(dl.image.resizeBilinear(x, [1, 9], true).flatten(), [
        1,
        Infinity,
        Infinity,
        Infinity,
        3,
        NaN,
        NaN,
        NaN,
        5,
      ]);
    });
  });

  it('of no images gives no images', () => {
    dl.tidy(() => {
      expect(dl.image.resizeBilinear(dl.zeros<dl.Rank.R4>([0, 2, 2, 3]), [4, 4]).shape).toEqual([0, 4, 4, 3]);
      expect(dl.image.resizeNearestNeighbor(dl.zeros<dl.Rank.R4>([2, 0, 2, 0]), [4, 4]).shape).toEqual([
        2, 4, 4, 0,
      ]);
    });
  });

  it('gives back the gradient that TensorFlow gives', () => {
    dl.tidy(() => {
      const dx = dl.grad((x: dl.Tensor) => dl.image.resizeNearestNeighbor(x, [4, 4]).sum())(
        dl.zeros([1, 2, 2, 1]),
      );
      expectExact(dx.flatten(), [4, 4, 4, 4]);
      const smooth = dl.grad((x: dl.Tensor) => dl.image.resizeBilinear(x, [1, 4]).sum())(
        dl.zeros([1, 1, 2, 1]),
      );
      expectExact(smooth.flatten(), [1.5, 2.5]);
    });
  });

  it('refuses what it cannot resize', () => {
    const x = dl.zeros<dl.Rank.R3>([2, 2, 1]);
    for (const name of ['resizeBilinear', 'resizeNearestNeighbor'] as const) {
      const resize = dl.image[name];
      expect(() => resize([[1]], [2, 2])).toThrowError(
        `${name}: argument 'images' has rank 2 (shape [1,1]); wanted rank 3 or 4`,
      );
      expect(() => resize('cat' as never, [2, 2])).toThrowError(/argument 'images' is a string/);
      expect(() => resize(x, [0, 2])).toThrowError(/argument 'size' is \[0,2\]; wanted \[height, width\]/);
      expect(() => resize(x, [1.5, 2])).toThrowError(/two positive integers/);
      expect(() => resize(x, [1] as never)).toThrowError(/two positive integers/);
      expect(() => resize(x, [2, 2], true, true)).toThrowError(
        /arguments 'alignCorners' and 'halfPixelCenters' are both true/,
      );
      const empty = dl.zeros<dl.Rank.R3>([0, 2, 1]);
      expect(() => resize(empty, [2, 2])).toThrowError(/has shape \[0,2,1\]; wanted at least one pixel/);
      empty.dispose();
    }
    x.dispose();
  });
});
