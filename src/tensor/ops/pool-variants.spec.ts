import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, toTensor, type Reference } from '../../../test/support/reference';
import { expectSums, sums } from '../../../test/support/sums';
import { slide, type Sliding } from '../../../test/support/windows';

/** f of the flat indices in x that each window covers inside the image. */
function overWindows(x: Reference, sliding: Sliding, f: (covered: readonly number[]) => number): Reference {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const { extents, taps } = slide(height, width, sliding);
  return build([batch, ...extents, channels], ([n, oy, ox, channel]) =>
    f(taps(oy!, ox!).map((tap) => ((n! * height + tap.y) * width + tap.x) * channels + channel!)),
  );
}

/** All values differ by more than a finite difference reaches. */
function distinct(shape: number[]): Reference {
  return build(shape, (index) => {
    const flat = index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
    const size = shape.reduce((a, b) => a * b, 1);
    return ((flat * 11) % size) / 4 - size / 8;
  });
}

describe('pool', () => {
  const slidings: (Sliding & { readonly shape: number[] })[] = [
    { shape: [1, 6, 7, 1], filter: [2, 2], pad: 'valid' },
    { shape: [2, 5, 5, 3], filter: [3, 2], pad: 'same', dilations: [2, 2] },
    { shape: [1, 7, 6, 4], filter: [2, 3], pad: 'valid', dilations: [3, 2] },
    { shape: [1, 6, 6, 4], filter: [2, 2], pad: 'same', strides: [2, 3] },
    { shape: [1, 5, 5, 2], filter: [2, 2], pad: 1, dilations: [2, 1] },
    {
      shape: [1, 5, 4, 2],
      filter: [2, 2],
      pad: [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    },
    { shape: [1, 6, 6, 1], filter: [3, 3], pad: 0, strides: [2, 2], rounding: 'floor' },
  ];

  for (const { shape, ...sliding } of slidings) {
    it(`[${shape}] ${JSON.stringify(sliding)}`, () => {
      const x = distinct(shape);
      const { filter, pad } = sliding;
      const pair = (value: readonly [number, number] = [1, 1]): [number, number] => [...value];
      const run = (t: dl.Tensor, type: 'avg' | 'max'): dl.Tensor =>
        dl.pool(t, pair(filter), type, pad, pair(sliding.dilations), pair(sliding.strides), sliding.rounding);
      const value = (i: number): number => x.values[i]!;
      dl.tidy(() => {
        expectExact(
          run(toTensor(x), 'max'),
          overWindows(x, sliding, (covered) => Math.max(...covered.map(value))),
        );
        const windows: (readonly number[])[] = [];
        const { shape: wanted } = overWindows(x, sliding, (covered) => windows.push(covered));
        const means = sums([windows.length], ([at], add) => {
          for (const i of windows[at!]!) add(value(i) / windows[at!]!.length);
        });
        expectSums(run(toTensor(x), 'avg'), means.reshape(wanted));
      });
      for (const type of ['avg', 'max'] as const) {
        expectGradients((t) => run(t, type), [x]);
        expectSecondGradients((t) => dl.square(run(t, type)), [x]);
      }
    });
  }

  it('has strides and dilations of 1 by default, and a chained form', () => {
    dl.tidy(() => {
      const x = toTensor(distinct([4, 4, 1])) as dl.Tensor3D;
      const wanted = dl.maxPool(x, 2, 1, 'valid');
      expectExact(dl.pool(x, 2, 'max', 'valid'), { shape: [3, 3, 1], values: [...wanted.dataSync()] });
      expectExact(x.pool(2, 'max', 'valid'), { shape: [3, 3, 1], values: [...wanted.dataSync()] });
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const x = dl.zeros<dl.Rank.R3>([4, 4, 1]);
      expect(() => dl.pool(x, 2, 'min' as never, 'valid')).toThrowError(
        /pool: argument 'poolingType' is 'min'; wanted 'avg' or 'max'/,
      );
      expect(() => dl.pool(x, 2, 'max', 'valid', 2, 2)).toThrowError(
        /pool: arguments 'strides' and 'dilations'/,
      );
      expect(() => dl.pool(x, 0, 'max', 'valid')).toThrowError(/pool: argument 'windowShape' is 0/);
      expect(() => dl.pool([1, 2], 2, 'max', 'valid')).toThrowError(/pool: argument 'input' has rank 1/);
    });
  });
});

describe('minPool', () => {
  it('gives the least of each window, NaN where one of them is', () => {
    dl.tidy(() => {
      const x = distinct([2, 5, 4, 3]);
      const sliding: Sliding = { filter: [3, 2], strides: [2, 1], pad: 'same' };
      const wanted = overWindows(x, sliding, (covered) => Math.min(...covered.map((i) => x.values[i]!)));
      expectExact(dl.minPool(toTensor(x), [3, 2], [2, 1], 'same'), wanted);
      expectExact(toTensor(x).minPool([3, 2], [2, 1], 'same'), wanted);
      expectExact(
        dl.minPool(
          [
            [[1], [NaN]],
            [[2], [3]],
          ],
          [2, 1],
          1,
          'valid',
        ),
        [[[1], [NaN]]],
      );
      expect(() => dl.minPool(dl.zeros([2, 2]), 2, 1, 'valid')).toThrowError(
        /minPool: argument 'x' has rank 2/,
      );
    });
    expectGradients((t) => dl.minPool(t, 2, 2, 'valid'), [distinct([1, 4, 4, 2])]);
  });
});

describe('maxPoolWithArgmax', () => {
  const x = distinct([2, 5, 4, 3]);
  const sliding: Sliding = { filter: [2, 3], strides: [2, 1], pad: 'same' };
  const where = overWindows(x, sliding, (covered) =>
    covered.reduce((best, i) => (x.values[i]! > x.values[best]! ? i : best), covered[0]!),
  );

  it('gives the greatest and where it is, in its image or in the batch', () => {
    dl.tidy(() => {
      const images = toTensor(x) as dl.Tensor4D;
      const { result, indexes } = dl.maxPoolWithArgmax(images, [2, 3], [2, 1], 'same');
      expectExact(result, { shape: where.shape, values: where.values.map((i) => x.values[i]!) });
      expectExact(
        indexes,
        build(where.shape, (index) => at(where, index) % (5 * 4 * 3)),
      );
      expect(indexes.dtype).toBe('int32');
      expectExact(images.maxPoolWithArgmax([2, 3], [2, 1], 'same', true).indexes, where);
    });
  });

  it('says −1 of a window in the padding', () => {
    dl.tidy(() => {
      const pad: dl.Padding = [
        [0, 0],
        [1, 0],
        [0, 0],
        [0, 0],
      ];
      const { result, indexes } = dl.maxPoolWithArgmax(dl.ones<dl.Rank.R4>([2, 1, 1, 1]), 1, 1, pad);
      expectExact(result, [
        [[[-Infinity]], [[1]]],
        [[[-Infinity]], [[1]]],
      ]);
      expectExact(indexes, [
        [[[-1]], [[0]]],
        [[[-1]], [[0]]],
      ]);
    });
  });

  it('has the gradient of maxPool', () => {
    expectGradients((t) => dl.maxPoolWithArgmax(t, 2, 2, 'valid').result, [distinct([2, 4, 4, 2])]);
    dl.tidy(() => {
      expect(() => dl.maxPoolWithArgmax([1], 2, 1, 'valid')).toThrowError(
        /maxPoolWithArgmax: argument 'x' has rank 1/,
      );
    });
  });
});

describe('pooling of int32', () => {
  it('is int32 where it chooses, and float32 where it averages', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([1, 2, 3, 4], [2, 2, 1], 'int32');
      const chosen = { greatest: dl.maxPool(x, 2, 1, 'valid'), least: dl.minPool(x, 2, 1, 'valid') };
      expect([chosen.greatest.dtype, chosen.least.dtype]).toEqual(['int32', 'int32']);
      expectExact(chosen.greatest.flatten(), [4]);
      expectExact(chosen.least.flatten(), [1]);
      expect(dl.pool(x, 2, 'max', 'valid').dtype).toBe('int32');
      expect(dl.maxPoolWithArgmax(x, 2, 1, 'valid').result.dtype).toBe('int32');
      expectExact(dl.avgPool(x, 2, 1, 'valid').flatten(), [2.5]);
    });
  });
});
