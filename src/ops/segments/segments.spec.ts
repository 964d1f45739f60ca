import * as dl from 'rxtensor/tensor';
import {
  tensorScatterMax,
  tensorScatterMin,
  unsortedSegmentMax,
  unsortedSegmentMean,
  unsortedSegmentMin,
} from 'rxtensor/ops';
import { recorded } from 'rxtensor/programs';
import { onAsynchronousBackend } from '../../../test/support/asynchronous-backend';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, numbers, sample, toTensor, type Reference } from '../../../test/support/reference';

const FLOAT_MOST = Math.fround(3.4028234663852886e38);

const int32 = (values: readonly number[]): dl.Tensor1D => dl.tensor1d([...values], 'int32');

/** What f makes of the slices of each segment, element by element. */
function reduced(
  x: Reference,
  ids: readonly number[],
  count: number,
  f: (values: number[]) => number,
): Reference {
  const rows = Array.from({ length: count }, (): number[] => []);
  ids.forEach((id, row) => rows[id]?.push(row));
  return build([count, ...x.shape.slice(1)], ([segment, ...rest]) =>
    f(rows[segment!]!.map((row) => at(x, [row, ...rest]))),
  );
}

const ops = {
  unsortedSegmentMax: {
    run: unsortedSegmentMax,
    of: (values: number[]) => (values.length === 0 ? -FLOAT_MOST : Math.max(...values)),
  },
  unsortedSegmentMin: {
    run: unsortedSegmentMin,
    of: (values: number[]) => (values.length === 0 ? FLOAT_MOST : Math.min(...values)),
  },
  unsortedSegmentMean: {
    run: unsortedSegmentMean,
    of: (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length),
  },
};

/** Values no two of which are near to each other. */
function apart(shape: readonly number[]): Reference {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Array.from({ length: size }, (_, i) => ((i * 37) % size) - size / 2) };
}

for (const [name, { run, of }] of Object.entries(ops)) {
  describe(name, () => {
    it('reduces the slices of each segment, in any order', () => {
      for (const [shape, ids, count] of [
        [[5], [0, 2, 0, 7, -1], 4],
        [[4, 3], [1, 1, 0, 1], 3],
        [[6, 2, 2], [2, 0, 2, 5, 0, 2], 6],
        [[1, 4], [0], 1],
      ] as const) {
        const x = sample([...shape], 3);
        dl.tidy(() => {
          const wanted = reduced(x, ids, count, of);
          expectClose(run(toTensor(x), int32(ids), count), wanted);
          expectClose(run(dl.tensor(x.values.slice(), [...shape]), [...ids], count), wanted);
        });
      }
    });

    it('is right for many slices and segments', async () => {
      // On WebGL they are sorted.
      const [rows, inner, count] = [5000, 4, 4000];
      const next = numbers(5);
      const ids = Array.from({ length: rows }, () => Math.floor(next() * (count + 2)) - 1);
      const x = build([rows, inner], () => Math.floor(next() * 1000) - 500);
      const found = dl.tidy(() => run(toTensor(x), int32(ids), count));
      expectClose(await found.data(), [...reduced(x, ids, count, of).values]);
      found.dispose();
    });

    it('has gradients', () => {
      // No segment is empty: its value would be the greatest of all numbers, beside which a sum loses the others.
      const ids = [1, 0, 1, 2, 1, -1, 0];
      expectGradients((x) => run(x, int32(ids), 3), [apart([7, 2])]);
      if (name === 'unsortedSegmentMean')
        expectSecondGradients((x) => run(x.square(), int32(ids), 5), [sample([7])]);
    });

    it('carries NaN, and takes infinities', () => {
      dl.tidy(() => {
        expectExact(run([NaN, 1, 2, NaN], int32([0, 0, 1, 2]), 3), [NaN, 2, NaN]);
        expectExact(run([1, NaN, 2], int32([0, 0, 0]), 1), [NaN]);
        expectExact(run([-Infinity, Infinity], int32([0, 1]), 2), [-Infinity, Infinity]);
      });
    });

    it('takes empty tensors', () => {
      dl.tidy(() => {
        expect(run(dl.zeros([0, 3]), int32([]), 2).shape).toEqual([2, 3]);
        expectExact(run(dl.zeros([0]), int32([]), 2), [of([]), of([])]);
        expect(run(dl.zeros([2, 0]), int32([0, 1]), 2).shape).toEqual([2, 0]);
        expect(run(dl.zeros([2]), int32([0, 1]), 0).shape).toEqual([0]);
      });
    });

    it('is the same in a recorded program, and where a backend lacks the kernel', async () => {
      const program = recorded((x: dl.Tensor, ids: dl.Tensor) => run(x, ids, 3));
      dl.tidy(() => {
        for (const seed of [1, 2, 3]) {
          const x = sample([4, 2], seed);
          expectClose(
            program(toTensor(x), int32([0, 2, 2, seed - 1])),
            reduced(x, [0, 2, 2, seed - 1], 3, of),
          );
        }
      });
      program.dispose();
      await onAsynchronousBackend({ lacks: ['segmentExtreme'] }, async () => {
        const found = dl.tidy(() => run([3, 1, 2], int32([0, 1, 0]), 2));
        expectClose(await found.data(), [of([3, 2]), of([1])]);
        found.dispose();
      });
    });

    it('names what does not fit', () => {
      dl.tidy(() => {
        expect(() => run([1, 2], int32([0]), 1)).toThrowError(
          `${name}: argument 'segmentIds' has shape [1]; wanted one for each slice of 'x', whose shape is [2]`,
        );
        expect(() => run([1], dl.tensor1d([0]), 1)).toThrowError(
          `${name}: argument 'segmentIds' is float32; wanted int32`,
        );
        expect(() => run([1], int32([0]), -1)).toThrowError(
          `${name}: argument 'numSegments' is -1; wanted a non-negative integer`,
        );
      });
    });
  });
}

describe('segments of integers', () => {
  it('are int32 in the extremes, float32 in the mean', () => {
    dl.tidy(() => {
      const x = int32([5, -2147483648, 2147483647, 7]);
      const ids = int32([0, 0, 2, 2]);
      const [max, min] = [unsortedSegmentMax(x, ids, 3), unsortedSegmentMin(x, ids, 3)];
      expect([max.dtype, min.dtype]).toEqual(['int32', 'int32']);
      expectExact(max, [5, -2147483648, 2147483647]);
      expectExact(min, [-2147483648, 2147483647, 7]);
      const flags = unsortedSegmentMax(dl.tensor1d([true, false, false], 'bool'), int32([0, 0, 1]), 2);
      expect(flags.dtype).toBe('int32');
      expectExact(flags, [1, 0]);
      const mean = unsortedSegmentMean(int32([1, 2]), int32([0, 0]), 1);
      expect(mean.dtype).toBe('float32');
      expectExact(mean, [1.5]);
    });
  });
});

describe('the gradient of a segment', () => {
  it('is divided among equals, and a NaN gets none', () => {
    dl.tidy(() => {
      const ids = int32([0, 0, 0, 1, 2, 2]);
      const gradient = dl.grad((x) => unsortedSegmentMax(x, ids, 4))(
        [3, 1, 3, 0, NaN, 1],
        [1, 10, 100, 1000],
      );
      expectExact(gradient, [0.5, 0, 0.5, 10, 0, 0]);
      // An id that is out of range takes nothing, even where x is what such an index reads.
      expectExact(dl.grad((x) => unsortedSegmentMax(x, int32([0, 5]), 1))([2, 0]), [1, 0]);
    });
  });
});

describe('tensorScatterMax and tensorScatterMin', () => {
  it('keep the greater or the less of all that has a place', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([1, 5, 3, 0, -2, 4], [3, 2]);
      const at = dl.tensor2d([[0], [2], [0], [9]], [4, 1], 'int32');
      const updates = dl.tensor2d([2, 2, 7, 1, -3, 9, 50, 50], [4, 2]);
      expectExact(tensorScatterMax(x, at, updates), [[2, 9], [3, 0], [7, 4]]); // prettier-ignore
      expectExact(tensorScatterMin(x, at, updates), [[-3, 2], [3, 0], [-2, 1]]); // prettier-ignore
      const single = dl.tensor2d([[1, 1], [0, 0]], [2, 2], 'int32'); // prettier-ignore
      expectExact(tensorScatterMax(x, single, [8, 0]), [[1, 5], [3, 8], [-2, 4]]); // prettier-ignore
      expectExact(tensorScatterMax([1, 2, 3], int32([2, 0]), [9, 0]), [1, 2, 9]);
      expectExact(tensorScatterMax([1, 2], int32([0]), [NaN]), [NaN, 2]);
      expectExact(tensorScatterMin([NaN, 2], int32([0]), [1]), [NaN, 2]);
    });
  });

  it('have gradients for x and the updates, divided among equals', () => {
    const at = (): dl.Tensor => dl.tensor2d([[0], [2], [0]], [3, 1], 'int32');
    for (const run of [tensorScatterMax, tensorScatterMin]) {
      const all = apart([6, 2]).values;
      expectGradients(
        (x, updates) => run(x, at(), updates),
        [
          { shape: [3, 2], values: all.slice(0, 6) },
          { shape: [3, 2], values: all.slice(6) },
        ],
      );
    }
    dl.tidy(() => {
      const [dx, du] = dl.grads((x, updates) => tensorScatterMax(x, at(), updates))([
        [4, 1, 0],
        [4, 2, 4],
      ]);
      expectClose(dx!, [1 / 3, 1, 0]);
      expectClose(du!, [1 / 3, 1, 1 / 3]);
    });
  });

  it('take the common dtype, and empty updates', () => {
    dl.tidy(() => {
      const whole = tensorScatterMax(int32([1, 2]), int32([0]), int32([5]));
      expect(whole.dtype).toBe('int32');
      expectExact(whole, [5, 2]);
      expect(tensorScatterMax(int32([1, 2]), int32([0]), [0.5]).dtype).toBe('float32');
      const flags = tensorScatterMax(
        dl.tensor1d([true, false], 'bool'),
        int32([1]),
        dl.tensor1d([true], 'bool'),
      );
      expect(flags.dtype).toBe('bool');
      expectExact(flags, [1, 1]);
      expectExact(tensorScatterMax([1, 2], dl.zeros([0, 1], 'int32'), []), [1, 2]);
      expect(tensorScatterMax(dl.zeros([0, 2]), dl.zeros([0, 1], 'int32'), dl.zeros([0, 2])).shape).toEqual([
        0, 2,
      ]);
    });
  });

  it('name what does not fit', () => {
    dl.tidy(() => {
      expect(() => tensorScatterMax([1, 2], int32([0]), [[1, 2]])).toThrowError(
        /^tensorScatterMax: argument 'updates' has shape/,
      );
      expect(() => tensorScatterMin([1, 2], dl.tensor2d([[0]]), [1])).toThrowError(
        "tensorScatterMin: argument 'indices' is float32; wanted int32",
      );
    });
  });
});
