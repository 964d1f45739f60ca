import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

const cases: [shape: number[], indexShape: number[], indices: number[]][] = [
  [[4], [3, 1], [3, 0, 3]],
  [
    [3, 4],
    [2, 1],
    [2, 0],
  ],
  [
    [3, 4],
    [3, 2],
    [0, 3, 2, 1, 0, 3],
  ],
  [
    [2, 3, 4],
    [2, 2, 2],
    [0, 0, 1, 2, 1, 0, 1, 2],
  ],
  [
    [2, 3, 2, 2],
    [2, 3],
    [1, 2, 0, 0, 0, 1],
  ],
  [
    [3, 2],
    [4, 1],
    [0, -1, 3, 2],
  ],
  [
    [2, 3],
    [3, 2],
    [0, 3, 1, -1, 1, 2],
  ],
  [[2, 3], [0, 2], []],
  [[2, 3], [2, 0], []],
  [
    [2, 1, 2, 2, 1, 2],
    [2, 5],
    [1, 0, 1, 0, 0, 0, 0, 0, 1, 0],
  ],
];

/** The place that row `k` of the indices names, or null outside. */
function placeOf(
  shape: readonly number[],
  indexShape: readonly number[],
  indices: readonly number[],
  k: number,
): number[] | null {
  const depth = indexShape[indexShape.length - 1]!;
  const place = indices.slice(k * depth, (k + 1) * depth);
  return place.every((each, axis) => each >= 0 && each < shape[axis]!) ? place : null;
}

interface Case {
  readonly batch: number[];
  readonly count: number;
  readonly inner: number[];
  readonly numberOf: (index: readonly number[]) => number;
}

function dissect(shape: number[], indexShape: number[]): Case {
  const batch = indexShape.slice(0, -1);
  const inner = shape.slice(indexShape[indexShape.length - 1]);
  const numberOf = (index: readonly number[]): number =>
    batch.reduce((position, extent, axis) => position * extent + index[axis]!, 0);
  return { batch, count: batch.reduce((product, each) => product * each, 1), inner, numberOf };
}

/** What lands at each place, in order. */
function landing(
  updates: Reference,
  [shape, indexShape, indices]: (typeof cases)[number],
  index: readonly number[],
): number[] {
  const { batch, count, inner } = dissect(shape, indexShape);
  const depth = shape.length - inner.length;
  const found: number[] = [];
  for (let k = 0; k < count; k++) {
    const place = placeOf(shape, indexShape, indices, k);
    if (place?.every((each, axis) => each === index[axis])) {
      const strides = batch.map((_, axis) =>
        batch.slice(axis + 1).reduce((product, each) => product * each, 1),
      );
      const where = batch.map((extent, axis) => Math.floor(k / strides[axis]!) % extent);
      found.push(at(updates, [...where, ...index.slice(depth)]));
    }
  }
  return found;
}

describe('indices along several axes', () => {
  for (const each of cases) {
    const [shape, indexShape, indices] = each;
    const { batch, inner, numberOf } = dissect(shape, indexShape);
    const title = `[${indices.join()}] of shape [${indexShape.join()}] into [${shape.join()}]`;

    it(`${title}: gatherND takes`, () => {
      const x = sample(shape, 2);
      const wanted = build([...batch, ...inner], (index) => {
        const place = placeOf(shape, indexShape, indices, numberOf(index));
        return place ? at(x, [...place, ...index.slice(batch.length)]) : 0;
      });
      dl.tidy(() => expectExact(dl.gatherND(toTensor(x), dl.tensor(indices, indexShape, 'int32')), wanted));
    });

    it(`${title}: scatterND adds and tensorScatterUpdate replaces`, () => {
      const updates = sample([...batch, ...inner], 3);
      const x = sample(shape, 4);
      dl.tidy(() => {
        const where = dl.tensor(indices, indexShape, 'int32');
        const summed = build(shape, (index) =>
          landing(updates, each, index).reduce((sum, value) => sum + value, 0),
        );
        expectExact(dl.scatterND(where, toTensor(updates), shape), summed);
        const replaced = build(shape, (index) => landing(updates, each, index).pop() ?? at(x, index));
        expectExact(dl.tensorScatterUpdate(toTensor(x), where, toTensor(updates)), replaced);
      });
    });
  }

  it('keep dtypes and integers exact', () => {
    dl.tidy(() => {
      const where = dl.tensor2d([1, 1], [2, 1], 'int32');
      const x = dl.tensor1d([16777217, 2, 3], 'int32');
      const taken = x.gatherND(dl.tensor2d([0], [1, 1], 'int32'));
      expect(taken.dtype).toBe('int32');
      expectExact(taken, [16777217]);
      const sum = where.scatterND(dl.tensor1d([16777216, 1], 'int32'), [3]);
      expect(sum.dtype).toBe('int32');
      expectExact(sum, [0, 16777217, 0]);
      const updated = x.tensorScatterUpdate(where, dl.tensor1d([7, 16777219], 'int32'));
      expect(updated.dtype).toBe('int32');
      expectExact(updated, [16777217, 16777219, 3]);
      expect(dl.scatterND(where, [true, true], [2]).dtype).toBe('bool');
      expect([...dl.scatterND(where, [true, true], [2]).dataSync()]).toEqual([0, 1]);
    });
  });

  it('that fall on one place give the gradient to the one that is seen', () => {
    dl.tidy(() => {
      const where = dl.tensor2d([1, 1], [2, 1], 'int32');
      const f = (x: dl.Tensor, y: dl.Tensor): dl.Tensor => dl.tensorScatterUpdate(x, where, y).mul([1, 2, 3]);
      const [dx, dy] = dl.grads(f)([dl.zeros([3]), dl.zeros([2])]);
      expectExact(dx!, [1, 0, 3]);
      expectExact(dy!, [0, 2]);
    });
  });

  it('refuse what does not fit', () => {
    dl.tidy(() => {
      const x = dl.zeros([2, 3]);
      const where = dl.tensor2d([0, 1], [2, 1], 'int32');
      expect(() => dl.gatherND(x, dl.tensor2d([[0.5]]))).toThrowError(
        "gatherND: argument 'indices' is float32; wanted int32",
      );
      expect(() => dl.gatherND(x, dl.scalar(0, 'int32'))).toThrowError(
        /argument 'indices' has shape \[\]; wanted a last axis/,
      );
      expect(() => dl.gatherND(x, dl.zeros([1, 3], 'int32'))).toThrowError(/wanted a last axis of at most 2/);
      expect(() => dl.gatherND('x' as never, where)).toThrowError(/argument 'x' is a string/);
      expect(() => dl.scatterND(where, dl.zeros([2, 2]), [2, 3])).toThrowError(
        "scatterND: argument 'updates' has shape [2,2]; wanted [2,3], one slice for each of the argument 'indices'",
      );
      expect(() => dl.scatterND(where, dl.zeros([2]), [-1])).toThrowError(/argument 'shape' is \[-1\]/);
      expect(() => dl.tensorScatterUpdate(x, where, [1, 2])).toThrowError(
        /wanted \[2,3\], one slice for each of the argument 'indices'/,
      );
    });
  });
});
