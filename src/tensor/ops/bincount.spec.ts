import { begunAnew } from '../../../test/support/begun-anew';
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { at, build, numbers, sample, toTensor } from '../../../test/support/reference';

const next = begunAnew(() => numbers(3));
const integers = (count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, () => Math.floor(low + (high - low) * next()));

describe('bincount', () => {
  const x = integers(50, -1, 8);
  const weights = sample([50], 4).values;

  it('counts, or sums weights', () => {
    dl.tidy(() => {
      const numbersOf = (size: number): number[] => Array.from({ length: size }, (_, n) => n);
      const counts = numbersOf(6).map((n) => x.filter((each) => each === n).length);
      expectExact(dl.bincount(x, [], 6), counts);
      const sums = numbersOf(6).map((n) =>
        x.reduce((sum, each, i) => (each === n ? sum + weights[i]! : sum), 0),
      );
      expectClose(dl.bincount(x, weights, 6), sums, 1e-5);
      expect(dl.bincount(x, dl.zeros([0], 'int32'), 6).dtype).toBe('int32');
      expect(dl.tensor1d(x, 'int32').bincount(dl.ones([50], 'bool'), 6).dtype).toBe('int32');
      expectExact(dl.bincount(dl.zeros([0], 'int32'), [], 3), [0, 0, 0]);
      expect(dl.bincount(x, [], 0).shape).toEqual([0]);
    });
  });

  it('denseBincount counts each row, and may say only whether', () => {
    dl.tidy(() => {
      const rows = integers(30, 0, 5);
      const tensor = dl.tensor2d(rows, [3, 10], 'int32');
      const w = sample([3, 10], 9);
      const row = (r: number): number[] => rows.slice(r * 10, r * 10 + 10);
      const counts = build([3, 4], ([r, n]) => row(r!).filter((each) => each === n).length);
      expectExact(dl.denseBincount(tensor, [], 4), counts);
      expectExact(dl.denseBincount(tensor, [], 4, true), {
        shape: [3, 4],
        values: counts.values.map((count) => Math.min(count, 1)),
      });
      const sums = build([3, 4], ([r, n]) =>
        row(r!).reduce((sum, each, i) => (each === n ? sum + at(w, [r!, i]) : sum), 0),
      );
      expectClose(dl.denseBincount(tensor, toTensor(w), 4), sums, 1e-5);
      expectExact(dl.denseBincount([1, 1, 0], [], 3), [1, 2, 0]);
      expect(dl.denseBincount(dl.zeros([0, 4], 'int32'), [], 3).shape).toEqual([0, 3]);
    });
  });

  it('refuses what it cannot count', () => {
    expect(() => dl.bincount([1], [], -1)).toThrowError(
      "bincount: argument 'size' is -1; wanted a non-negative integer",
    );
    expect(() => dl.bincount([[1]], [], 2)).toThrowError(/argument 'x' has rank 2/);
    dl.tidy(() => {
      // Plain values are read as integers; a tensor of float32 says that they may be none.
      expectExact(dl.bincount(new Float32Array([1]), [], 2), [0, 1]);
      expect(() => dl.bincount(dl.tensor1d([1]), [], 2)).toThrowError(
        /argument 'x' is float32; wanted int32/,
      );
      expect(() => dl.bincount([1, 2], [1], 2)).toThrowError(
        /argument 'weights' has shape \[1\]; wanted \[2\]/,
      );
      expect(() => dl.denseBincount([[[1]]], [], 2)).toThrowError(/wanted rank 1 or 2/);
    });
  });
});

describe('unsortedSegmentSum', () => {
  it('sums the slices of each number', () => {
    for (const shape of [[7], [7, 4], [7, 2, 3], [7, 1, 2, 1, 2, 2]]) {
      const x = sample(shape, 6);
      const ids = [2, 0, 2, -1, 5, 0, 2];
      const wanted = build([4, ...shape.slice(1)], ([number, ...rest]) =>
        ids.reduce((sum, id, i) => (id === number ? sum + at(x, [i, ...rest]) : sum), 0),
      );
      dl.tidy(() => expectClose(dl.unsortedSegmentSum(toTensor(x), ids, 4), wanted, 1e-6));
    }
    dl.tidy(() => {
      const exact = dl.tensor1d([16777216, 1], 'int32').unsortedSegmentSum([0, 0], 1);
      expectExact(exact, [16777217]);
      expect(exact.dtype).toBe('int32');
      expectExact(dl.unsortedSegmentSum(dl.zeros([0, 2]), dl.zeros([0], 'int32'), 2), [
        [0, 0],
        [0, 0],
      ]);
    });
  });

  it('wants a number for each slice', () => {
    expect(() => dl.unsortedSegmentSum([1, 2], [0], 1)).toThrowError(
      /argument 'segmentIds' has shape \[1\]; wanted one for each slice/,
    );
    expect(() => dl.unsortedSegmentSum(1, [0], 1)).toThrowError(/wanted one for each slice/);
    expect(() => dl.unsortedSegmentSum([1], [0], 1.5)).toThrowError(/argument 'numSegments' is 1.5/);
  });
});

describe('confusionMatrix', () => {
  it('counts what was predicted for each class', () => {
    const labels = integers(40, 0, 4);
    const predictions = integers(40, -1, 5);
    const wanted = build(
      [4, 4],
      ([r, c]) => labels.filter((label, i) => label === r && predictions[i] === c).length,
    );
    dl.tidy(() => {
      const matrix: dl.Tensor2D = dl.confusionMatrix(labels, predictions, 4);
      expect(matrix.dtype).toBe('int32');
      expectExact(matrix, wanted);
      expectExact(dl.math.confusionMatrix(dl.tensor1d(labels), dl.tensor1d(predictions, 'int32'), 4), wanted);
    });
  });

  it('refuses lists of different length', () => {
    expect(() => dl.confusionMatrix([1], [1, 0], 2)).toThrowError(
      /argument 'predictions' has 2 elements; wanted 1/,
    );
    expect(() => dl.confusionMatrix([1], [1], 0)).toThrowError(/argument 'numClasses' is 0/);
    expect(() => dl.confusionMatrix([[1]], [1], 2)).toThrowError(/argument 'labels' has rank 2/);
  });
});
