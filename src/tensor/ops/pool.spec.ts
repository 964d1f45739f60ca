import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, sample, toTensor, type Reference } from '../../../test/support/reference';
import { expectSums, sums, type Sums } from '../../../test/support/sums';

interface Case {
  readonly x: [number, number, number, number];
  readonly filter: [number, number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly rounding?: dl.RoundingMode;
}

const cases: Case[] = [
  { x: [1, 4, 4, 1], filter: [2, 2], strides: [2, 2], pad: 'valid' },
  { x: [2, 5, 5, 3], filter: [2, 2], strides: [2, 2], pad: 'same' },
  { x: [1, 5, 6, 4], filter: [3, 2], strides: [1, 1], pad: 'valid' },
  { x: [1, 5, 6, 2], filter: [3, 3], strides: [1, 2], pad: 'same' },
  { x: [2, 7, 7, 2], filter: [3, 3], strides: [2, 2], pad: 1 },
  { x: [1, 6, 6, 1], filter: [3, 3], strides: [2, 2], pad: 0, rounding: 'floor' },
  { x: [1, 3, 3, 2], filter: [1, 1], strides: [2, 2], pad: 'valid' },
  { x: [1, 3, 3, 8], filter: [3, 3], strides: [1, 1], pad: 'valid' },
];

/** Of the elements of each window that lie inside the image, the sum of what f makes of them. */
function pooled(x: Reference, c: Case, f: (values: readonly number[]) => readonly number[]): Sums {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const extent = (input: number, filter: number, stride: number): [number, number] => {
    if (c.pad === 'same') {
      const out = Math.ceil(input / stride);
      return [out, Math.floor(Math.max((out - 1) * stride + filter - input, 0) / 2)];
    }
    const pad = c.pad === 'valid' ? 0 : c.pad;
    return [Math.floor((input + 2 * pad - filter) / stride) + 1, pad];
  };
  const [outHeight, top] = extent(height, c.filter[0], c.strides[0]);
  const [outWidth, left] = extent(width, c.filter[1], c.strides[1]);
  return sums([batch, outHeight, outWidth, channels], ([n, oy, ox, channel], add) => {
    const values: number[] = [];
    for (let fy = 0; fy < c.filter[0]; fy++) {
      for (let fx = 0; fx < c.filter[1]; fx++) {
        const y = oy! * c.strides[0] - top + fy;
        const column = ox! * c.strides[1] - left + fx;
        if (y >= 0 && y < height && column >= 0 && column < width)
          values.push(at(x, [n!, y, column, channel!]));
      }
    }
    f(values).forEach(add);
  });
}

const greatest = (values: readonly number[]): readonly number[] => [Math.max(...values)];
const average = (values: readonly number[]): readonly number[] =>
  values.map((value) => value / values.length);

describe('maxPool and avgPool', () => {
  for (const c of cases) {
    it(`[${c.x}] by [${c.filter}], strides [${c.strides}], pad ${c.pad}`, () => {
      const x = sample(c.x, 1, -4, -1);
      dl.tidy(() => {
        const t = toTensor(x) as dl.Tensor4D;
        expectExact(dl.maxPool(t, c.filter, c.strides, c.pad, c.rounding), pooled(x, c, greatest));
        expectSums(dl.avgPool(t, c.filter, c.strides, c.pad, c.rounding), pooled(x, c, average));
      });
    });
  }

  it('take one image, and numbers for pairs', () => {
    dl.tidy(() => {
      const image = dl.range(0, 16).reshape<dl.Rank.R3>([4, 4, 1]);
      expectExact(dl.maxPool(image, 2, 2, 'valid'), { shape: [2, 2, 1], values: [5, 7, 13, 15] });
      expectExact(image.avgPool(2, 2, 'valid'), { shape: [2, 2, 1], values: [2.5, 4.5, 10.5, 12.5] });
    });
  });

  it('carry NaN', () => {
    dl.tidy(() => {
      const image = dl.tensor3d([1, NaN, 3, 4], [2, 2, 1]);
      expectExact(dl.maxPool(image, 2, 1, 'valid'), { shape: [1, 1, 1], values: [NaN] });
      expectExact(dl.avgPool(image, 2, 1, 'valid'), { shape: [1, 1, 1], values: [NaN] });
      expectExact(dl.maxPool(dl.fill<dl.Rank.R3>([2, 2, 1], -Infinity), 2, 1, 'same'), {
        shape: [2, 2, 1],
        values: [-Infinity, -Infinity, -Infinity, -Infinity],
      });
    });
  });

  it('name what does not fit', () => {
    dl.tidy(() => {
      const x = dl.ones<dl.Rank.R4>([1, 4, 4, 1]);
      for (const name of ['maxPool', 'avgPool'] as const) {
        expect(() => dl[name](x, 0, 1, 'same')).toThrowError(
          `${name}: argument 'filterSize' is 0; wanted a positive integer, or two of them`,
        );
        expect(() => dl[name](x, 2, [1, 0], 'same')).toThrowError(
          new RegExp(`${name}: argument 'strides' is \\[1,0\\]`),
        );
        expect(() => dl[name](dl.ones([4, 4]) as never, 2, 1, 'same')).toThrowError(
          new RegExp(`${name}: argument 'x' has rank 2`),
        );
        expect(() => dl[name](x, 2, 1, 'all' as never)).toThrowError(
          new RegExp(`${name}: argument 'pad' is 'all'`),
        );
      }
    });
  });
});

describe('the gradient of maxPool', () => {
  it('goes to the first greatest of each window, added up where windows overlap', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([5, 5, 1, 5, 9, 2, 0, 3, 9], [3, 3, 1]);
      const dx = dl.grad((each) => dl.maxPool(each, 2, 1, 'valid'))(x);
      expectExact(dx, { shape: [3, 3, 1], values: [0, 0, 0, 0, 4, 0, 0, 0, 0] });
      const flat = dl.grad((each) => dl.maxPool(each, 2, 2, 'same'))(x);
      expectExact(flat, { shape: [3, 3, 1], values: [0, 0, 0, 0, 1, 1, 0, 1, 1] });
    });
  });
});
