import * as dl from '../../../src/tensor';
import { binaryFunctions, unaryFunctions, type BinaryName, type UnaryName } from '../../../src/kernels';
import * as ops from '../../../src/tensor/ops';
import { mapped, sample, type ReferenceLike } from '../reference';
import type { GradientRow, GradientRows } from './row';

const around = [-2.25, -1.5, -0.75, -0.25, 0.25, 0.5, 1.25, 2.5];
const positive = [0.5, 0.75, 1, 1.5, 2, 3.25];
const inside = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75];

const unaryPoints: Partial<Record<UnaryName, number[]>> = {
  reciprocal: positive,
  sqrt: positive,
  rsqrt: positive,
  log: positive,
  log1p: [-0.5, ...positive],
  acosh: [1.5, 2, 3.25],
  asin: inside,
  acos: inside,
  atanh: inside,
  round: [-2.25, -0.75, 0.25, 1.25],
  tan: [-1, -0.5, 0.25, 0.75, 1],
  relu6: [-1, 0.5, 3, 5.5, 7],
  clipByValue: [-2, -0.5, 0.5, 1, 2],
};

type Unary = (x: dl.Tensor, ...parameters: number[]) => dl.Tensor;
type Binary = (a: dl.Tensor, b: dl.Tensor) => dl.Tensor;

const unaryRows = Object.fromEntries(
  (Object.keys(unaryFunctions) as UnaryName[])
    .filter((name) => unaryFunctions[name].result !== 'bool')
    .map((name): [string, GradientRow] => {
      const f = (ops as unknown as Record<UnaryName, Unary>)[name];
      return [
        name,
        {
          f: name === 'clipByValue' ? (x) => f(x, -1.25, 1.5) : (x) => f(x),
          at: [unaryPoints[name] ?? around],
        },
      ];
    }),
);

/** Pairs that are far from a = b and from the multiples of b. */
const a = [1.25, 2.75, -1.25, 0.75, -2.5, 3.25];
const b = [2, -0.75, -2, 2.5, 1.75, 1.5];
const binaryPoints: Partial<Record<BinaryName, [ReferenceLike, ReferenceLike]>> = {
  pow: [positive, [2, -1.5, 0.5, 3, 1.25, -0.75]],
  atan2: [a, b],
  prelu: [a, b],
};

const binaryRows = Object.fromEntries(
  (Object.keys(binaryFunctions) as BinaryName[])
    .filter((name) => binaryFunctions[name].result !== 'bool' && name !== 'bitwiseAnd')
    .map((name): [string, GradientRow] => {
      const f = (ops as unknown as Record<BinaryName, Binary>)[name];
      return [
        name,
        {
          f: (x, y) => f(x, y),
          at: binaryPoints[name] ?? [a, b],
        },
      ];
    }),
);

const condition = mapped(sample([2, 3], 9), (v) => Number(v > 0));
const holds = (): dl.Tensor => dl.tensor([...condition.values], [2, 3], 'bool');
/** Elementwise ops: a row for each function of the table, and for broadcasting. */
export const elementwiseRows: GradientRows = {
  ...unaryRows,
  ...binaryRows,
  logSigmoid: { f: (x) => ops.logSigmoid(x), at: [around] },
  'add, broadcast': {
    op: 'add',
    f: (x, y) => ops.add(x, y),
    at: [sample([2, 3], 1), sample([3], 2)],
  },
  'mul, broadcast both ways': {
    op: 'mul',
    f: (x, y) => ops.mul(x, y),
    at: [sample([2, 1, 3], 1), sample([4, 1], 2)],
  },
  'div by a scalar': { op: 'div', f: (x, y) => ops.div(x, y), at: [sample([2, 2], 1), 2.5] },
  'mul of a tensor by itself': { op: 'mul', f: (x) => ops.mul(x, x), at: [[1, 2, 3]] },
  'pow with an exponent of 0, 1 and 2': {
    op: 'pow',
    f: (x) => ops.pow(x, dl.tensor1d([0, 1, 2])),
    at: [[-1.5, -2, 2.5]],
  },
  cast: { f: (x) => ops.cast(x, 'float32'), at: [[1, 2]] },
  clone: { f: (x) => ops.clone(x), at: [[1, 2]] },
  where: { f: (x, y) => ops.where(holds(), x.square(), y), at: [sample([2, 3], 1), sample([1, 3], 2)] },
  addN: { f: (x, y) => ops.addN([x, y, x.square()]), at: [sample([2, 3], 1), sample([2, 3], 2)] },
};
