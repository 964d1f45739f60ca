// The gradient of every op against finite differences, and its second derivatives too. The rows are in
// test/support/gradient-rows; an op without one fails the first spec.
import * as dl from 'rxtensor/tensor';
import { binaryFunctions, unaryFunctions } from '../../kernels';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { constants, gradientRows, type GradientRow } from '../../../test/support/gradient-rows';
import { opNames } from '../../../test/support/op-names';
import * as ops from '.';

const opOf = ([name, { op }]: [string, GradientRow]): string => op ?? name;

describe('the gradient table', () => {
  it('has a row for every op there is', () => {
    const known = new Set([...Object.entries(gradientRows).map(opOf), ...Object.values(constants).flat()]);
    // A form for one rank or shape is the op after a check, batchNormalization another order of arguments.
    const base = (name: string): string =>
      name.replace(/(Strict|[1-4]d)$/, '').replace('batchNormalization', 'batchNorm');
    const missing = opNames.filter((name) => !known.has(name) && !known.has(base(name)));
    expect(missing.join(' ')).toBe('');
    expect([...known].filter((name) => !opNames.includes(name)).join(' ')).toBe('');
  });

  it('has a row for every elementwise function', () => {
    const known = new Set([...Object.keys(gradientRows), ...Object.values(constants).flat()]);
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
