import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { numbers, sample, toTensor, type Reference } from '../../../test/support/reference';

/** Indices of the greatest, by sorting all of a row. */
function ordered(row: readonly number[], k: number): number[] {
  const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  const before = (i: number, j: number): number => {
    const [a, b] = [row[i]!, row[j]!];
    if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? -1 : 1;
    return rank(a) === rank(b) ? i - j : rank(b) - rank(a);
  };
  return row
    .map((_, i) => i)
    .sort(before)
    .slice(0, k);
}

function rowsOf({ shape, values }: Reference): number[][] {
  const extent = shape[shape.length - 1]!;
  return Array.from({ length: values.length / extent }, (_, i) => values.slice(i * extent, (i + 1) * extent));
}

describe('topk', () => {
  for (const [shape, k] of [
    [[1], 1],
    [[7], 3],
    [[8], 8],
    [[3, 5], 2],
    [[2, 3, 33], 33],
    [[4, 100], 10],
    [[2, 1, 2, 9], 1],
    [[2, 1, 1, 1, 3, 4], 4],
  ] as [number[], number][]) {
    it(`gives the ${k} greatest of each row of [${shape.join()}], of equals the first`, () => {
      const next = numbers(k);
      // Few different values: many are equal.
      const x = { shape, values: sample(shape).values.map(() => Math.floor(next() * 12) - 6) };
      const wanted = rowsOf(x).map((row) => ordered(row, k));
      dl.tidy(() => {
        const { values, indices } = dl.topk(toTensor(x), k);
        const result = [...shape.slice(0, -1), k];
        expectExact(indices, { shape: result, values: wanted.flat() });
        expectExact(values, {
          shape: result,
          values: rowsOf(x).flatMap((row, r) => wanted[r]!.map((i) => row[i]!)),
        });
        expect(indices.dtype).toBe('int32');
      });
    });
  }

  it('puts NaN first and −∞ last', () => {
    dl.tidy(() => {
      const { values, indices } = dl.tensor1d([1, NaN, -Infinity, Infinity, NaN]).topk(5);
      expectExact(indices, [1, 4, 3, 0, 2]);
      expectExact(values, [NaN, NaN, Infinity, 1, -Infinity]);
    });
  });

  it('keeps integers exact, and takes one where none is asked for', () => {
    dl.tidy(() => {
      const { values, indices } = dl.topk(dl.tensor1d([16777216, 16777217, -5], 'int32'));
      expect(values.dtype).toBe('int32');
      expectExact(values, [16777217]);
      expectExact(indices, [1]);
      expect([...dl.topk([false, true], 2).values.dataSync()]).toEqual([1, 0]);
    });
  });

  it('of nothing is nothing', () => {
    dl.tidy(() => {
      expect(dl.topk(dl.zeros([0, 3]), 2).values.shape).toEqual([0, 2]);
      expect(dl.topk(dl.zeros([2, 3]), 0).indices.shape).toEqual([2, 0]);
    });
  });

  it('refuses a k that is not there', () => {
    expect(() => dl.topk([1, 2], 3)).toThrowError("topk: argument 'k' is 3; wanted an integer from 0 to 2");
    expect(() => dl.topk([1, 2], 1.5)).toThrowError(/argument 'k' is 1.5/);
    expect(() => dl.topk(5)).toThrowError(/argument 'x' is a scalar/);
    expect(() => dl.topk([1], 1, 'yes' as never)).toThrowError(/argument 'sorted' is 'yes'/);
    expect(() => dl.topk(undefined as never)).toThrowError(/argument 'x' is undefined/);
  });
});

describe('searchSorted', () => {
  const sequence = [
    [-2, -1, 0, 0, 0, 3, 7],
    [-9, -9, 1, 1, 2, 2, 2],
  ];
  const values = [
    [-3, -2, 0, 0.5, 7, 8],
    [-9, 1, 1.5, 2, 3, -10],
  ];
  it('counts the elements before each value', () => {
    dl.tidy(() => {
      const left = sequence.map((row, r) =>
        values[r]!.map((value) => row.filter((each) => each < value).length),
      );
      const right = sequence.map((row, r) =>
        values[r]!.map((value) => row.filter((each) => each <= value).length),
      );
      expectExact(dl.searchSorted(sequence, values), left);
      expectExact(dl.lowerBound(sequence, values), left);
      expectExact(dl.searchSorted(sequence, values, 'right'), right);
      expectExact(dl.upperBound(sequence, values), right);
      expectExact(dl.tensor1d([1, 3, 5]).upperBound([5, 0]), [3, 0]);
      expect(dl.lowerBound(sequence, values).dtype).toBe('int32');
    });
  });

  it('compares integers exactly, and int32 with float32', () => {
    dl.tidy(() => {
      const big = dl.tensor1d([16777216, 16777217], 'int32');
      expectExact(dl.lowerBound(big, dl.tensor1d([16777217], 'int32')), [1]);
      expectExact(dl.lowerBound(dl.tensor1d([1, 2], 'int32'), [1.5]), [1]);
    });
  });

  it('searches nothing', () => {
    dl.tidy(() => {
      expect(dl.searchSorted([1, 2], []).shape).toEqual([0]);
      expectExact(dl.searchSorted([], [4, 5]), [0, 0]);
    });
  });

  it('refuses rows that do not go together', () => {
    expect(() => dl.searchSorted([1, 2], [[1], [2]])).toThrowError(
      /have shapes \[2\] and \[2,1\]; wanted the same number of rows in both/,
    );
    expect(() => dl.searchSorted(1, [1])).toThrowError(/wanted the same number of rows in both/);
    expect(() => dl.searchSorted([1], [1], 'middle' as never)).toThrowError(/argument 'side' is 'middle'/);
  });
});
