// The gradient of every op against finite differences, and its second derivatives too. The rows are in
// test/support/ops; an op without one does not compile.
import * as dl from 'rxtensor/tensor';
import { binaryFunctions, unaryFunctions } from '../../kernels';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { opNames } from '../../../test/support/op-names';
import { gradientOf, gradientRows } from '../../../test/support/ops';
import * as ops from '.';

describe('the gradient table', () => {
  it('has a row for every op there is, or the reason why it has no gradient', () => {
    expect(opNames.filter((name) => gradientOf(name).length === 0)).toEqual([]);
  });

  it('has as many rows as are described: no two of one name', () => {
    const described = opNames.map((name) => gradientOf(name)).filter((each) => typeof each !== 'string');
    expect(Object.keys(gradientRows).length).toBe(described.flat().length);
  });

  it('has a row for every elementwise function', () => {
    const known = new Set([
      ...Object.keys(gradientRows),
      ...opNames.filter((name) => typeof gradientOf(name) === 'string'),
    ]);
    expect(
      [...Object.keys(unaryFunctions), ...Object.keys(binaryFunctions)].filter((name) => !known.has(name)),
    ).toEqual([]);
  });

  it('knows only ops without a gradient as constants', () => {
    const x = dl.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    for (const name of ['isNaN', 'isInf', 'isFinite', 'logicalNot', 'argMax', 'argMin'] as const) {
      expect(() =>
        dl.grad((each) => (ops[name] as (x: dl.Tensor) => dl.Tensor)(each).cast('float32'))(x),
      ).toThrowError(/does not depend on its argument 0/);
    }
    x.dispose();
  });
});

describe('the gradient of', () => {
  for (const [name, { f, at }] of Object.entries(gradientRows)) {
    it(`${name} agrees with finite differences`, () => expectGradients(f, at));
    it(`${name} can be differentiated again`, () => expectSecondGradients(f, at));
  }
});

describe('gradients where a function has no derivative', () => {
  const gradient = (f: (x: dl.Tensor) => dl.Tensor, ...x: number[]): number[] =>
    dl.tidy(() => [...dl.grad(f)(dl.tensor1d(x)).dataSync()]);

  it('follow the conventions of the field', () => {
    expect(gradient((x) => x.relu(), -1, 0, 1)).toEqual([0, 0, 1]);
    expect(gradient((x) => x.abs(), -1, 0, 1)).toEqual([-1, 0, 1]);
    expect(gradient((x) => x.clipByValue(0, 1), 0, 1, 2)).toEqual([1, 1, 0]);
    expect(gradient((x) => x.maximum(1), 0, 1, 2)).toEqual([0, 1, 1]);
    expect(gradient((x) => x.max(), 2, 1, 2)).toEqual([0.5, 0, 0.5]);
    expect(gradient((x) => x.pow(2), -3, 0, 3)).toEqual([-6, 0, 6]);
    expect(gradient((x) => dl.pow(2, x), 0)[0]).toBeCloseTo(Math.LN2, 5);
    expect(gradient((x) => dl.pow(dl.scalar(-2), x), 2)).toEqual([0]);
    expect(gradient((x) => x.divNoNan(0), 3)).toEqual([0]);
  });

  it('carry NaN', () => {
    expect(gradient((x) => x.square(), NaN, 1)).toEqual([NaN, 2]);
    expect(gradient((x) => x.relu(), NaN, 1)).toEqual([NaN, 1]);
  });

  it('are empty for tensors of no elements', () => {
    expect(gradient((x) => x.square().sum())).toEqual([]);
    expect(gradient((x) => x.mul([]).add(1))).toEqual([]);
    expect(gradient((x) => x.reverse())).toEqual([]);
    expect(gradient((x) => x.cumprod())).toEqual([]);
    expect(gradient((x) => x.cumprod(0, true, true))).toEqual([]);
  });
});
