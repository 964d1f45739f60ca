import * as dl from 'rxtensor/tensor';
import { cross, inTopK, kron, ravelIndex, roll, sparseToDense, tril, triu, unravelIndex } from 'rxtensor/ops';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/arrays.json';

const { plane } = known;
const int32 = (values: number[], shape: number[]): dl.Tensor => dl.tensor(values, shape, 'int32');

describe('ops over arrays', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('tril and triu give what NumPy gives', () => {
    dl.tidy(() => {
      for (const { k, lower, upper } of known.triangles) {
        expectExact(tril(plane, k), lower);
        expectExact(triu(plane, k), upper);
      }
      expectExact(tril(plane, 1e12), plane);
      const whole = triu(int32([1, 2, 3, 4], [2, 2]));
      expect(whole.dtype).toBe('int32');
      expectExact(whole, [
        [1, 2],
        [0, 4],
      ]);
      expect(tril([[true, true]]).dtype).toBe('bool');
      expect(tril(dl.zeros([2, 0, 3])).shape).toEqual([2, 0, 3]);
      // What is not kept may be anything.
      expectExact(
        tril(
          [
            [1, NaN],
            [2, Infinity],
          ],
          -1,
        ),
        [
          [0, 0],
          [2, 0],
        ],
      );
    });
    expectGradients((x) => tril(x, 1), [plane]);
    expectGradients((x) => triu(x, 1), [plane]);
    expectSameWhenRecorded((x) => triu(x), [plane]);
    expect(() => tril([1])).toThrowError(
      "tril: argument 'x' has shape [1]; wanted matrices over the last two axes",
    );
    expect(() => triu([[1]], 0.5)).toThrowError("triu: argument 'diagonal' is 0.5; wanted an integer");
  });

  it('roll gives what NumPy gives', () => {
    dl.tidy(() => {
      for (const { shift, axis, rolled } of known.rolls) expectExact(roll(plane, shift, axis), rolled);
      const flags = roll([true, false, false], -1);
      expect(flags.dtype).toBe('bool');
      expectExact(flags, [0, 0, 1]);
      expect(roll(dl.zeros([2, 0]), 3, 1).shape).toEqual([2, 0]);
      expect(roll([], 3).shape).toEqual([0]);
      expectExact(roll(5, 1), { shape: [], values: [5] });
    });
    expectGradients((x) => roll(x, [1, -1], [0, 2]), [plane]);
    expectSameWhenRecorded((x) => roll(x, 2, 1), [plane]);
    expect(() => roll([1], [1, 2], 0)).toThrowError(
      "roll: argument 'shift' is [1,2]; wanted an integer, or 1 of them, one for each axis",
    );
    expect(() => roll([1], 0.5)).toThrowError(/^roll: argument 'shift' is 0.5/);
    expect(() => roll([1], 1, 1)).toThrowError(/^roll: argument 'axis' is 1/);
  });

  it('kron and cross give what NumPy gives', () => {
    dl.tidy(() => {
      for (const { a, b, product } of [known.kron, known.kronOfRanks]) expectClose(kron(a, b), product, 1e-6);
      expectClose(cross(known.cross.a, known.cross.b), known.cross.product, 1e-6);
      expectClose(cross(known.crossOfAxis.a, known.crossOfAxis.b, 0), known.crossOfAxis.product, 1e-6);
      expect(kron(int32([1, 2], [2]), [true]).dtype).toBe('int32');
      expect(cross([true, false, true], [true, true, false]).dtype).toBe('int32');
      expectExact(kron(3, 4), { shape: [], values: [12] });
      expect(kron(dl.zeros([0, 2]), dl.ones([3, 1])).shape).toEqual([0, 2]);
      expect(cross(dl.zeros([0, 3]), dl.ones([3])).shape).toEqual([0, 3]);
      expectExact(cross(int32([1, 0, 0], [3]), int32([0, 1, 0], [3])), [0, 0, 1]);
    });
    expectGradients(kron, [known.kron.a, known.kron.b]);
    expectSecondGradients(kron, [known.kron.a, known.kron.b], { tolerance: 4e-3 });
    expectGradients((a, b) => cross(a, b), [known.cross.a, known.cross.b]);
    expectGradients((a, b) => cross(a, b, 0), [known.crossOfAxis.a, known.crossOfAxis.b]);
    expectSecondGradients((a, b) => cross(a, b), [known.cross.a, known.cross.b], { tolerance: 4e-3 });
    expectSameWhenRecorded(kron, [known.kron.a, known.kron.b]);
    expectSameWhenRecorded((a, b) => cross(a, b), [known.cross.a, known.cross.b]);
    expect(() => cross([1, 2], [1, 2])).toThrowError(
      "cross: argument 'a' has shape [2]; wanted 3 elements along the axis -1",
    );
    expect(() => cross([1, 2, 3], [1])).toThrowError(/^cross: argument 'b' has shape \[1\]/);
    expect(() => cross([1, 2, 3], [1, 2])).toThrowError(/^cross: arguments 'a' and 'b' have shapes/);
  });

  it('unravelIndex and ravelIndex give what NumPy gives, and −1 outside', () => {
    dl.tidy(() => {
      const places = dl.tensor(known.places, [2, 5], 'int32');
      const found = unravelIndex(places, [2, 3, 4]);
      expect(found.map(({ dtype }) => dtype)).toEqual(['int32', 'int32', 'int32']);
      found.forEach((each, axis) => expectExact(each, known.unraveled[axis]!));
      expectExact(ravelIndex(found, [2, 3, 4]), known.places);
      for (const each of unravelIndex([-1, 6, 100], [2, 3])) expectExact(each, [-1, -1, -1]);
      const outside = ravelIndex([int32([0, 2, -1], [3]), int32([3, 0, 1], [3])], [2, 3]);
      expectExact(outside, [-1, -1, -1]);
      expectExact(unravelIndex(2, [4])[0]!, { shape: [], values: [2] });
      expectExact(unravelIndex([2 ** 24 + 1], [2 ** 13, 2 ** 13])[1]!, [1]);
      expect(unravelIndex([], [2, 3]).map(({ shape }) => shape)).toEqual([[0], [0]]);
    });
    expect(() =>
      unravelIndex(
        dl.tidy(() => [0.5]),
        [],
      ),
    ).toThrowError("unravelIndex: argument 'shape' is []; wanted the extents of one axis or more");
    expect(() => ravelIndex([[1]], [2, 2])).toThrowError(
      "ravelIndex: argument 'coordinates' has the shapes [1]; wanted 2 of one shape, one for each axis of [2,2]",
    );
    expect(() => ravelIndex([[1], [1, 2]], [2, 2])).toThrowError(/has the shapes \[1\], \[2\]/);
    // Positions beyond int32 would come back as others.
    for (const shape of [
      [1e5, 1e5],
      [2 ** 16, 2 ** 15],
      [0, 3e9],
    ]) {
      const wanted = `argument 'shape' is [${shape.join()}]; wanted at most 2³¹ − 1 elements, whose positions are int32`;
      expect(() => unravelIndex([1], shape)).toThrowError(`unravelIndex: ${wanted}`);
      expect(() => ravelIndex([[1], [1]], shape)).toThrowError(`ravelIndex: ${wanted}`);
    }
    dl.tidy(() => {
      const last = 2 ** 31 - 2;
      expectExact(unravelIndex([last], [last + 1])[0]!, [last]);
      expectExact(ravelIndex([[last]], [last + 1]), [last]);
      expect(() => unravelIndex(dl.tensor1d([0.5]), [2])).toThrowError(
        "unravelIndex: argument 'indices' is float32; wanted int32",
      );
    });
  });

  it('sparseToDense puts values at places', () => {
    dl.tidy(() => {
      expectExact(sparseToDense([1, 3], [10, 30], [5], -1), [-1, 10, -1, 30, -1]);
      expectExact(sparseToDense(2, 7, [4]), [0, 0, 7, 0]);
      const places = int32([0, 1, 1, 0], [2, 2]);
      expectExact(sparseToDense(places, [5, 6], [2, 2]), [
        [0, 5],
        [6, 0],
      ]);
      expectExact(sparseToDense(places, 9, [2, 2], 1), [
        [1, 9],
        [9, 1],
      ]);
      // The last one stays, and what lies outside is ignored.
      expectExact(sparseToDense([1, 1, 7, -1], [1, 2, 3, 4], [3]), [0, 2, 0]);
      const whole = sparseToDense([0], dl.tensor1d([1], 'int32'), [2], -1.5);
      expect(whole.dtype).toBe('int32');
      expectExact(whole, [1, -1]);
      const flags = sparseToDense([0], [true], [2], false);
      expect(flags.dtype).toBe('bool');
      expectExact(flags, [1, 0]);
      expectExact(sparseToDense(int32([], [0, 2]), [], [2, 2]), [
        [0, 0],
        [0, 0],
      ]);
      expect(sparseToDense(int32([], [0, 1]), [], [0]).shape).toEqual([0]);
    });
    expectGradients((values) => sparseToDense([2, 0], values, [4], 1), [[3, 4]]);
    expectGradients((value) => sparseToDense([2, 0], value, [4], 1), [{ shape: [], values: [2] }]);
    expectSameWhenRecorded((values) => sparseToDense([2, 0], values, [4]), [[3, 4]]);
    expect(() => sparseToDense([1, 2], [1, 2], [2, 2])).toThrowError(
      "sparseToDense: argument 'sparseIndices' has shape [2]; wanted [n,2], for 'outputShape' [2,2]",
    );
    expect(() => sparseToDense([1, 2], [1], [4])).toThrowError(
      "sparseToDense: argument 'sparseValues' has shape [1]; wanted [2], one for each place, or a scalar",
    );
    expect(() => sparseToDense([1], [1], [4], [0])).toThrowError(
      "sparseToDense: argument 'defaultValue' has shape [1]; wanted a scalar",
    );
  });

  it('inTopK counts the greater ones', () => {
    dl.tidy(() => {
      const predictions = dl.tensor2d([
        [0.1, 0.7, 0.2],
        [0.6, 0.1, 0.3],
        [0.5, 0.5, 0],
        [NaN, 1, 0],
        [1, 0, -Infinity],
        [1, 2, 3],
        [1, 2, 3],
      ]);
      const targets = dl.tensor1d([2, 1, 1, 1, 0, 3, -1], 'int32');
      const found = inTopK(predictions, targets, 2);
      expect(found.dtype).toBe('bool');
      expectExact(found, [1, 0, 1, 0, 0, 0, 0]);
      // Both of two that are equal are the first.
      expectExact(inTopK(predictions, targets), [0, 0, 1, 0, 0, 0, 0]);
      expectExact(inTopK(predictions, targets, 3), [1, 1, 1, 0, 0, 0, 0]);
      expectExact(inTopK(dl.tensor([1, 2, 3, 4], [2, 1, 2]), dl.tensor2d([[0], [1]], [2, 1], 'int32')), [
        [0],
        [1],
      ]);
      expectExact(inTopK([1, 2], 1), { shape: [], values: [1] });
      expectExact(inTopK(int32([1, 2], [2]), 0), { shape: [], values: [0] });
      expect(inTopK(dl.zeros([0, 3]), int32([], [0])).shape).toEqual([0]);
    });
    expect(() => inTopK([1, 2], [1])).toThrowError(
      "inTopK: argument 'targets' has shape [1]; wanted that of 'predictions', [2], without the last axis",
    );
    expect(() => inTopK([[], []], [0, 0])).toThrowError(
      "inTopK: argument 'predictions' has shape [2,0]; wanted one class or more along the last axis",
    );
    expect(() => inTopK([1, 2], 1, 3)).toThrowError(
      "inTopK: argument 'k' is 3; wanted an integer from 1 to 2",
    );
    expectSameWhenRecorded(
      (x) => inTopK(x, dl.tensor1d([0, 1, 3], 'int32'), 2).cast('float32'),
      [plane[0]!.slice(0, 3)],
    );
  });
});
