import { binaryFunctions, unaryFunctions, type BinaryName, type UnaryName } from '../../src/kernels';
import type { Tensor, Tensor1D, Tensor2D } from '../../src/tensor';
import * as ops from '../../src/tensor/ops';
import { constants } from '../../test/support/gradient-rows';
import { sample, toTensor, type ReferenceLike } from '../../test/support/reference';
import { callOf, type Overrides, type SampleCall } from './sample-call';

const places = (...values: number[]): Tensor1D => ops.tensor1d(values, 'int32');
const boxes: ReferenceLike = [
  [0, 0, 1, 1],
  [0, 0.125, 1, 1],
  [2, 2, 3, 3],
];
const scores: ReferenceLike = [0.5, 0.75, 0.25];

/** Why an op has no gradient, by the table that the gradient specs read too. */
export function reasonOfConstant(name: string): string | undefined {
  const found = Object.entries(constants).find(([, names]) => names.includes(name));
  return found && `of the ops that ${found[0]}`;
}

function constant(
  name: string,
  f: (...inputs: Tensor[]) => unknown,
  at: readonly ReferenceLike[],
  overrides: Overrides = {},
): [string, SampleCall] {
  return [name, callOf(f, at, { gradient: reasonOfConstant(name) ?? '', ...overrides })];
}

const numbers = [-2, 0, 0.5, 3];
const others = [1, 0, -0.5, 3];
type OfTensors = (...inputs: Tensor[]) => unknown;
const functions = ops as unknown as Record<string, OfTensors>;

const predicates = [
  ...(Object.keys(unaryFunctions) as UnaryName[])
    .filter((name) => unaryFunctions[name].result === 'bool')
    .map((name) =>
      constant(name, (x) => functions[name]!(name === 'logicalNot' ? x.cast('bool') : x), [numbers]),
    ),
  ...(Object.keys(binaryFunctions) as BinaryName[])
    .filter((name) => binaryFunctions[name].result === 'bool')
    .map((name) =>
      constant(
        name,
        (a, b) =>
          functions[name]!(...(name.startsWith('logical') ? [a.cast('bool'), b.cast('bool')] : [a, b])),
        [numbers, others],
      ),
    ),
  ...(['all', 'any'] as const).map((name) =>
    constant(name, (x) => ops[name](x.cast('bool'), 0), [
      [
        [1, 0],
        [1, 1],
      ],
    ]),
  ),
];

const suppressions = (['', 'WithScore', 'Padded'] as const).flatMap((form) =>
  (['', 'Async'] as const).map((ending) =>
    constant(
      `image.nonMaxSuppression${form}${ending}`,
      (b, s) => ops.image[`nonMaxSuppression${form}${ending}`](b, s, 2),
      [boxes, scores],
    ),
  ),
);

/** Ops whose results are constants: no gradient goes through them, so that they have no row among the gradients'. */
export const constantCalls: Readonly<Record<string, SampleCall>> = Object.fromEntries([
  ...predicates,
  ...suppressions,
  ...(['argMax', 'argMin'] as const).map((name) => constant(name, (x) => ops[name](x, 1), [sample([2, 3])])),
  ...(['zerosLike', 'onesLike'] as const).map((name) =>
    constant(name, (x) => ops[name](x), [sample([2, 3])]),
  ),
  ...(['searchSorted', 'lowerBound', 'upperBound'] as const).map((name) =>
    constant(name, (row, x) => ops[name](row, x), [
      [1, 3, 5],
      [0, 3, 9],
    ]),
  ),
  constant('bitwiseAnd', (a, b) => ops.bitwiseAnd(a.cast('int32'), b.cast('int32')), [
    [5, 6],
    [3, 12],
  ]),
  constant('oneHot', (x) => ops.oneHot(x.cast('int32'), 3), [[0, 2, 1]]),
  constant('multinomial', (x) => ops.multinomial(x as Tensor2D, 3, 7), [[[0.25, 0.5, 0.25]]], {
    empty: () => ops.multinomial(ops.zeros([0, 3]), 3, 7),
  }),
  ...(['confusionMatrix', 'math.confusionMatrix'] as const).map((name) =>
    constant(name, (a, b) => ops.confusionMatrix(a.cast('int32'), b.cast('int32'), 2), [
      [0, 1, 1],
      [1, 1, 0],
    ]),
  ),
  constant('image.threshold', (x) => ops.image.threshold(x, 'otsu'), [sample([2, 3, 1], 1, 0, 255)]),
  constant('unique', (x) => ops.unique(x), [[1, 3, 1]]),
  constant('setdiff1dAsync', (x, y) => ops.setdiff1dAsync(x, y), [
    [1, 2, 3],
    [2, 5],
  ]),
  constant('whereAsync', (x) => ops.whereAsync(x.cast('bool')), [
    [
      [1, 0],
      [1, 1],
    ],
  ]),
  constant('booleanMaskAsync', (x, mask) => ops.booleanMaskAsync(x, mask.cast('bool')), [
    sample([3, 2]),
    [1, 0, 1],
  ]),
  constant('broadcastArgs', (a, b) => ops.broadcastArgs(a.cast('int32'), b.cast('int32')), [[2, 1], [3]], {
    empty: () => ops.broadcastArgs(places(), places()),
  }),
  constant('print', (x) => ops.print(x), [numbers], {
    empty: () => ops.print(toTensor({ shape: [0, 2], values: [] })),
  }),
]);
