import * as dl from 'rxtensor/tensor';
import { axesOf, cases, reduced, type Fold } from '../../../test/support/axes';
import { expectClose, expectExact, type Tolerance } from '../../../test/support/close';
import { mapped, sample, toTensor } from '../../../test/support/reference';

const tolerance: Tolerance = { cpu: 1e-6, webgl: 1e-5 };

const folds = {
  sum: (v: readonly number[]) => v.reduce((a, b) => a + b, 0),
  mean: (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length,
  prod: (v: readonly number[]) => v.reduce((a, b) => a * b, 1),
  max: (v: readonly number[]) => v.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (v: readonly number[]) => v.reduce((a, b) => Math.min(a, b), Infinity),
  logSumExp: (v: readonly number[]) => Math.log(v.reduce((a, b) => a + Math.exp(b), 0)),
} satisfies Record<string, Fold>;
const logic = {
  all: (v: readonly number[]) => Number(v.every((each) => each !== 0)),
  any: (v: readonly number[]) => Number(v.some((each) => each !== 0)),
} satisfies Record<string, Fold>;

type Reduction = (x: dl.TensorInput, axis?: number | number[] | null, keepDims?: boolean) => dl.Tensor;
const ops = dl as unknown as Record<keyof typeof folds | keyof typeof logic, Reduction>;

describe('reductions', () => {
  for (const name of Object.keys(folds) as (keyof typeof folds)[]) {
    it(`${name} over any axes, with and without keepDims`, () => {
      for (const [shape, axis] of cases) {
        const x = sample(shape, 2, 0.25, 1.75);
        for (const keepDims of [false, true]) {
          dl.tidy(() => {
            const wanted = reduced(x, axesOf(shape.length, axis), keepDims, folds[name]);
            expectClose(
              ops[name](toTensor(x), axis, keepDims),
              wanted,
              name === 'logSumExp' ? undefined : tolerance,
              `[${shape}] over ${JSON.stringify(axis)}`,
            );
          });
        }
      }
    });

    it(`${name} of negative numbers and of zeros`, () => {
      dl.tidy(() => {
        const x = sample([4, 9], 3, -2, -0.5);
        expectClose(
          ops[name](toTensor(x), 1),
          reduced(x, [1], false, folds[name]),
          name === 'logSumExp' ? undefined : tolerance,
        );
        expectClose(ops[name](dl.zeros([3])), folds[name]([0, 0, 0]));
      });
    });

    it(`${name} carries NaN`, () => {
      dl.tidy(() => {
        for (const values of [
          [NaN, 1, 2],
          [1, NaN, 2],
          [1, 2, NaN],
        ])
          expectExact(ops[name](values), NaN);
        expectExact(
          ops[name](
            [
              [1, NaN],
              [1, 1],
            ],
            1,
          ).isNaN(),
          [1, 0],
        );
      });
    });
  }

  for (const name of Object.keys(logic) as (keyof typeof logic)[]) {
    it(`${name} over any axes`, () => {
      for (const [shape, axis] of cases) {
        const x = mapped(sample(shape, 5), (v) => Number(name === 'all' ? v > -1.5 : v > 1.5));
        dl.tidy(() => {
          const y = ops[name](toTensor(x, 'bool'), axis);
          expect(y.dtype).toBe('bool');
          expectExact(
            y,
            reduced(x, axesOf(shape.length, axis), false, logic[name]),
            `[${shape}] over ${JSON.stringify(axis)}`,
          );
        });
      }
    });

    it(`${name} wants bool`, () => {
      dl.tidy(() => {
        expect(() => ops[name](dl.ones([2]))).toThrowError(`${name}: argument 'x' is float32; wanted bool`);
        expectExact(ops[name]([true, true]), 1);
      });
    });
  }

  it('of infinities', () => {
    dl.tidy(() => {
      const x = [1, Infinity, -Infinity];
      expectExact(dl.sum(x), NaN);
      expectExact(dl.max(x), Infinity);
      expectExact(dl.min(x), -Infinity);
      expectExact(dl.sum([1, Infinity]), Infinity);
      expectExact(dl.prod([0, Infinity]), NaN);
    });
  });

  it('of nothing give what they start from', () => {
    dl.tidy(() => {
      const wanted = { sum: 0, mean: NaN, prod: 1, max: -Infinity, min: Infinity } as const;
      for (const [name, value] of Object.entries(wanted)) {
        expectExact(ops[name as 'sum'](dl.zeros([0])), value, name);
        expectExact(ops[name as 'sum'](dl.zeros([2, 0]), 1), [value, value], name);
        expectExact(ops[name as 'sum'](dl.zeros([2, 0]), 0), [], name);
      }
      expectExact(dl.all(dl.zeros([0], 'bool')), 1);
      expectExact(dl.any(dl.zeros([0], 'bool')), 0);
    });
  });

  it('keep int32 exact; bool is counted, the mean is float32', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([16777217, 1, -3], 'int32');
      for (const [name, value] of [
        ['sum', 16777215],
        ['prod', -50331651],
        ['max', 16777217],
        ['min', -3],
      ] as const) {
        const y = ops[name](x);
        expect(y.dtype).withContext(name).toBe('int32');
        expectExact(y, value, name);
      }
      expect(dl.mean(x).dtype).toBe('float32');
      const flags = dl.tensor1d([true, false, true]);
      expect(flags.sum().dtype).toBe('int32');
      expectExact(flags.sum(), 2);
      expectClose(flags.mean(), 2 / 3);
      expectExact(flags.max(), 1);
    });
  });

  it('sum many numbers without losing them', () => {
    dl.tidy(() => {
      // One long chain of float32 additions would be off by several tenths of a percent. (The least texture size that the suite runs
      // with holds 262,144 elements.)
      expectClose(dl.fill([262_144], 0.1).sum(), 26_214.4, 1e-5);
      expectClose(dl.fill([200_000], 0.1).mean(), 0.1, 1e-6);
    });
  });

  it('refuse other axes', () => {
    for (const name of [...Object.keys(folds), ...Object.keys(logic)] as (keyof typeof ops)[]) {
      dl.tidy(() => {
        const x = name === 'all' || name === 'any' ? dl.ones([2, 2], 'bool') : dl.ones([2, 2]);
        expect(() => ops[name](x, 2)).toThrowError(
          new RegExp(`${name}: argument 'axis' is 2; wanted an integer in \\[-2, 1\\]`),
        );
        expect(() => ops[name](x, [0, 0])).toThrowError(
          new RegExp(`${name}: argument 'axis' names axis 0 twice`),
        );
        expect(() => ops[name](null as never)).toThrowError(new RegExp(`${name}: argument 'x' is null`));
      });
    }
  });
});

describe('argMax and argMin', () => {
  it('give the first index along an axis, by default the first axis', () => {
    for (const [shape, axis] of [
      [[5], 0],
      [[3, 4], 0],
      [[3, 4], 1],
      [[2, 3, 4], -2],
      [[2, 1, 3, 2, 1, 3], 2],
      [[2, 70], 1],
    ] as [number[], number][]) {
      const x = mapped(sample(shape, 6), (v) => Math.round(2 * v));
      const along = axis < 0 ? axis + shape.length : axis;
      dl.tidy(() => {
        const most = dl.argMax(toTensor(x), axis);
        expect(most.dtype).toBe('int32');
        expectExact(
          most,
          reduced(x, [along], false, (v) => v.indexOf(Math.max(...v))),
          `argMax [${shape}] ${axis}`,
        );
        expectExact(
          dl.argMin(toTensor(x), axis),
          reduced(x, [along], false, (v) => v.indexOf(Math.min(...v))),
          `argMin [${shape}] ${axis}`,
        );
      });
    }
    dl.tidy(() =>
      expectExact(
        dl.argMax([
          [1, 9],
          [5, 2],
        ]),
        [1, 0],
      ),
    );
  });

  it('read NaN as the greatest and the least', () => {
    dl.tidy(() => {
      expectExact(dl.argMax([1, NaN, 3, NaN]), 1);
      expectExact(dl.argMin([1, NaN, -3]), 1);
      expectExact(dl.argMax([-Infinity, -Infinity]), 0);
      expectExact(dl.argMin([Infinity, Infinity]), 0);
    });
  });

  it('find the first NaN of long rows and columns', () => {
    for (const count of [400, 601]) {
      dl.tidy(() => {
        const row = Float32Array.from({ length: count }, (_, i) => (i === 333 || i === 350 ? NaN : i % 7));
        const x = dl.tensor2d(row, [1, count]);
        expectExact(dl.argMax(x, 1), [333]);
        expectExact(dl.argMin(dl.tile(x, [5, 1]), 1), [333, 333, 333, 333, 333]);
        for (const width of [3, 4]) {
          expectExact(dl.argMax(dl.tile(dl.transpose(x), [1, width]), 0), Array(width).fill(333));
        }
      });
    }
  });

  it('compare int32 exactly', () => {
    dl.tidy(() => expectExact(dl.argMax(dl.tensor1d([16777216, 16777217], 'int32')), 1));
  });

  it('refuse an empty axis', () => {
    dl.tidy(() => {
      expect(() => dl.argMax(dl.zeros([0, 2]))).toThrowError(
        /argMax: argument 'x' has shape \[0,2\], so axis 0 is empty; wanted at least one element/,
      );
      expect(() => dl.argMin([1], 1)).toThrowError(/argMin: argument 'axis' is 1/);
      expect(() => dl.argMin(1)).toThrowError(/argMin: argument 'axis' is 0; wanted none/);
    });
  });
});
