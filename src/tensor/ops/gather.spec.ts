import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';
import { scatterAdd } from './gather';

describe('gather', () => {
  const cases: [number[], number[], number[], number][] = [
    [[5], [3], [4, 0, 4], 0],
    [[3, 2], [2], [2, 0], 0],
    [[3, 4], [3], [3, 3, 1], 1],
    [[2, 3, 2], [2], [1, 1], -2],
    [[2, 3, 2, 2], [1], [0], 3],
    [[3, 2], [2, 2], [0, 1, 2, 0], 0],
    [[2, 3], [], [2], 1],
    [[3, 2], [0], [], 0],
    [[1, 2, 1, 3, 1], [2], [2, 0], 3],
  ];
  for (const [shape, indexShape, indices, axis] of cases) {
    it(`takes [${indices}] of axis ${axis} of [${shape}]`, () => {
      dl.tidy(() => {
        const x = sample(shape);
        const along = axis < 0 ? axis + shape.length : axis;
        const result = [...shape.slice(0, along), ...indexShape, ...shape.slice(along + 1)];
        const which = { shape: indexShape, values: indices };
        const wanted = build(result, (index) => {
          const chosen = at(which, index.slice(along, along + indexShape.length));
          return at(x, [...index.slice(0, along), chosen, ...index.slice(along + indexShape.length)]);
        });
        expectExact(dl.gather(toTensor(x), toTensor(which, 'int32'), axis), wanted);
      });
    });
  }

  it('gives zeros for an index outside', () => {
    dl.tidy(() =>
      expectExact(
        dl.gather(
          [
            [1, 2],
            [3, 4],
          ],
          [-1, 1, 2],
        ),
        [
          [0, 0],
          [3, 4],
          [0, 0],
        ],
      ),
    );
  });

  it('keeps the dtype', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([16777217, 5], 'int32').gather([0]);
      expect(x.dtype).toBe('int32');
      expectExact(x, [16777217]);
      expect(dl.tensor1d([true, false]).gather([1, 0]).dataSync()).toEqual(new Uint8Array([0, 1]));
    });
  });

  it('refuses other indices and axes', () => {
    dl.tidy(() => {
      expect(() => dl.gather([1, 2], dl.tensor1d([0.5]))).toThrowError(
        /gather: argument 'indices' is float32; wanted int32/,
      );
      expect(() => dl.gather([1, 2], [0], 1)).toThrowError(/gather: argument 'axis' is 1/);
      expect(() => dl.gather(3, [0])).toThrowError(/gather: argument 'axis' is 0; wanted none/);
    });
  });
});

describe('gather with batches', () => {
  const cases: [shape: number[], indexShape: number[], indices: number[], axis: number, batchDims: number][] =
    [
      [[2, 4], [2, 3], [3, 0, 3, 1, 1, 2], 1, 1],
      [[2, 4, 3], [2, 2], [3, 0, 1, -1], 1, 1],
      [[2, 3, 4, 2], [2, 2, 1], [3, 0, 1, 4], 2, 1],
      [[2, 2, 3], [2, 2], [2, 0, 1, 1], 2, 2],
      [[2, 2, 3, 4], [2, 2, 1], [2, 0, 1, 1], -2, 2],
      [[2, 4], [2, 3], [3, 0, 3, 1, 1, 2], 1, -1],
    ];
  for (const [shape, indexShape, indices, axis, batchDims] of cases) {
    it(`takes [${indices.join()}] of axis ${axis} of [${shape.join()}], ${batchDims} axes at a time`, () => {
      const x = sample(shape, 2);
      const along = axis < 0 ? axis + shape.length : axis;
      const shared = batchDims < 0 ? batchDims + indexShape.length : batchDims;
      const chosen = indexShape.slice(shared);
      const which = { shape: indexShape, values: indices };
      const wanted = build([...shape.slice(0, along), ...chosen, ...shape.slice(along + 1)], (index) => {
        const place = [...index.slice(0, shared), ...index.slice(along, along + chosen.length)];
        const at0 = at(which, place);
        if (at0 < 0 || at0 >= shape[along]!) return 0;
        return at(x, [...index.slice(0, along), at0, ...index.slice(along + chosen.length)]);
      });
      dl.tidy(() => {
        expectExact(dl.gather(toTensor(x), toTensor(which, 'int32'), axis, batchDims), wanted);
      });
    });
  }

  it('refuses batches that do not agree', () => {
    dl.tidy(() => {
      const x = dl.zeros([2, 3, 4]);
      expect(() => x.gather(dl.zeros([3, 1], 'int32'), 1, 1)).toThrowError(
        "gather: argument 'indices' has shape [3,1]; wanted it to begin with [2], the first 1 axes of x",
      );
      expect(() => x.gather(dl.zeros([2, 1], 'int32'), 1, 2)).toThrowError(
        /argument 'batchDims' is 2; wanted an integer in \[0, 1\]/,
      );
    });
  });
});

describe('scatterAdd', () => {
  it('adds what falls on one index and passes over what is outside', () => {
    dl.tidy(() => {
      const view = { outer: 1, extent: 3, inner: 2 };
      const values = toTensor([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ]);
      expectExact(scatterAdd(values, toTensor([2, 0, 2, 5], 'int32'), [3, 2], view), [
        [3, 4],
        [0, 0],
        [6, 8],
      ]);
    });
  });

  it('works along an inner axis', () => {
    dl.tidy(() => {
      const values = sample([2, 4]);
      const indices = [1, 0, 1, 1];
      const wanted = build([2, 3], ([row, column]) =>
        indices.reduce((sum, each, i) => sum + (each === column ? at(values, [row!, i]) : 0), 0),
      );
      expectExact(
        scatterAdd(toTensor(values), toTensor(indices, 'int32'), [2, 3], { outer: 2, extent: 3, inner: 1 }),
        wanted,
      );
    });
  });
});
