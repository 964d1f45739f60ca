import { binaryFunctions, unaryFunctions, type BinaryName, type UnaryName } from '../../../src/kernels';
import type { Tensor } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { mapped, sample, toTensor, type ReferenceLike } from '../reference';
import { dataType, flag, number, tensor, tensors, type Argument } from '../wrong-arguments/argument';
import {
  callsOf,
  noGradient,
  noMethod,
  ofEach,
  type Family,
  type GradientRow,
  type GradientRows,
  type OpDescription,
  type OpName,
} from './description';
import { noRows } from './inputs';
import { curved, ofInfinity, reciprocal, summed, vanishing, type NaNDecisions } from './nan-decisions';
import { givesNothing, keepsRank, likeAdd, namedByCaller } from './result-rank';

const shape = [2, 3];
const x = tensor('x', shape);
const anyNumber = 'any number';

const around = [-2.25, -1.5, -0.75, -0.25, 0.25, 0.5, 1.25, 2.5];
const positive = [0.5, 0.75, 1, 1.5, 2, 3.25];
const inside = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75];
const numbers = [-2, 0, 0.5, 3];
const others = [1, 0, -0.5, 3];

/** The parameters of unary functions, besides x. */
const parameters: Partial<Record<UnaryName, readonly Argument[]>> = {
  leakyRelu: [number('alpha', 0.2, anyNumber, 'optional')],
  step: [number('alpha', 0, anyNumber, 'optional')],
  clipByValue: [number('clipValueMin', 0, anyNumber), number('clipValueMax', 1, anyNumber)],
};

/** The points at which unary functions are differentiated. A function without an entry uses points around 0. */
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

const unaryNaN: Partial<Record<UnaryName, NaNDecisions>> = {
  erf: curved,
  atan: curved,
  asinh: curved,
  acosh: {
    'second derivative': {
      ordinary: 'at 1 the second derivative is −∞, but the rule multiplies −∞ by x − 1, which is 0',
      infinite: vanishing,
    },
  },
};

type Unary = (x: Tensor, ...parameters: number[]) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

function unary(name: UnaryName): OpDescription {
  const f = ops[name] as Unary;
  const described = { args: [x, ...(parameters[name] ?? [])], rank: keepsRank(ops[name]) };
  if (unaryFunctions[name].result === 'bool') {
    const call = (each: Tensor): Tensor => f(name === 'logicalNot' ? each.cast('bool') : each);
    return { ...described, gradient: noGradient.isBoolOrPlace, sample: callsOf(call, [numbers]) };
  }
  const gradient: GradientRow = {
    f: name === 'clipByValue' ? (each) => f(each, -1.25, 1.5) : (each) => f(each),
    at: [unaryPoints[name] ?? around],
    nan: unaryNaN[name],
  };
  return { ...described, gradient };
}

/** Pairs in which a is far from b and from every multiple of b. */
const a = [1.25, 2.75, -1.25, 0.75, -2.5, 3.25];
const b = [2, -0.75, -2, 2.5, 1.75, 1.5];
const binaryPoints: Partial<Record<BinaryName, [ReferenceLike, ReferenceLike]>> = {
  pow: [positive, [2, -1.5, 0.5, 3, 1.25, -0.75]],
  atan2: [a, b],
  prelu: [a, b],
};

const binaryNaN: Partial<Record<BinaryName, NaNDecisions>> = {
  pow: {
    gradient: { infinite: ofInfinity },
    'second derivative': { tiny: reciprocal, infinite: ofInfinity },
  },
  atan2: {
    gradient: { infinite: 'the rule divides both numbers by the greater one, which gives ∞ / ∞' },
    'second derivative': { tiny: reciprocal, infinite: ofInfinity },
  },
};

/** More test cases for binary functions: broadcasting and special points. */
const binaryRows: Partial<Record<BinaryName, GradientRows>> = {
  add: { 'add, broadcast': { f: (x, y) => ops.add(x, y), at: [sample([2, 3], 1), sample([3], 2)] } },
  mul: {
    'mul, broadcast both ways': { f: (x, y) => ops.mul(x, y), at: [sample([2, 1, 3], 1), sample([4, 1], 2)] },
    'mul of a tensor by itself': { f: (x) => ops.mul(x, x), at: [[1, 2, 3]] },
  },
  div: {
    'div by a scalar': {
      f: (x, y) => ops.div(x, y),
      at: [sample([2, 2], 1), 2.5],
      nan: { gradient: { ordinary: summed, tiny: summed } },
    },
  },
  pow: {
    'pow with an exponent of 0, 1 and 2': {
      f: (x) => ops.pow(x, ops.tensor1d([0, 1, 2])),
      at: [[-1.5, -2, 2.5]],
      nan: { 'second derivative': { tiny: reciprocal } },
    },
  },
};

/** Two operands. If their shapes do not match, the error message may name either. */
function operands(...misfits: number[][]): readonly Argument[] {
  return [tensor('a', shape, { shapes: misfits }), tensor('b', shape, { shapes: misfits })];
}
const unlike = [
  [2, 4],
  [2, 2, 4],
];
const integers = { dtype: 'int32', dtypes: ['int32'], shapes: unlike } as const;

function binaryRow(name: BinaryName): GradientRow {
  const f = ops[name] as Binary;
  return { f: (x, y) => f(x, y), at: binaryPoints[name] ?? [a, b], nan: binaryNaN[name] };
}

function binary(name: BinaryName): OpDescription {
  const f = ops[name] as Binary;
  const described = { args: operands(...unlike), rank: likeAdd(ops[name]) };
  if (binaryFunctions[name].result === 'bool') {
    const call: Binary = (x, y) => (name.startsWith('logical') ? f(x.cast('bool'), y.cast('bool')) : f(x, y));
    return { ...described, gradient: noGradient.isBoolOrPlace, sample: callsOf(call, [numbers, others]) };
  }
  return { ...described, gradient: { [name]: binaryRow(name), ...binaryRows[name] } };
}

type StrictName = Extract<OpName, `${string}Strict`>;
const strictNames = Object.keys(ops).filter((name): name is StrictName => name.endsWith('Strict'));

/** The description of `addStrict` and similar ops. They work like `add`, but both operands must have the same shape. */
function strict(name: StrictName): OpDescription {
  const base = name.replace('Strict', '') as BinaryName;
  const f = ops[name] as Binary;
  const described = { args: operands(...unlike, [3], [1, 3], []), rank: likeAdd(ops[name]) };
  if (binaryFunctions[base].result === 'bool') {
    const sample = callsOf(f, [
      [1, 2, 3],
      [3, 2, 1],
    ]);
    return { ...described, gradient: noGradient.isBoolOrPlace, sample };
  }
  return { ...described, gradient: { ...binaryRow(base), f: (x, y) => f(x, y) } };
}

const condition = mapped(sample([2, 3], 9), (v) => Number(v > 0));
const holds = (): Tensor => ops.tensor([...condition.values], [2, 3], 'bool');

/** Descriptions of elementwise ops: one for each function in the kernel tables, and a few more. */
export const elementwise = {
  ...ofEach(Object.keys(unaryFunctions) as UnaryName[], unary),
  ...ofEach(Object.keys(binaryFunctions) as BinaryName[], binary),
  ...ofEach(strictNames, strict),
  bitwiseAnd: {
    args: [tensor('a', shape, integers), tensor('b', shape, integers)],
    rank: likeAdd(ops.bitwiseAnd),
    gradient: noGradient.isBoolOrPlace,
    sample: callsOf(
      (x, y) => ops.bitwiseAnd(x.cast('int32'), y.cast('int32')),
      [
        [5, 6],
        [3, 12],
      ],
    ),
  },
  logSigmoid: {
    args: [x],
    rank: keepsRank(ops.logSigmoid),
    gradient: { f: (x) => ops.logSigmoid(x), at: [around] },
  },
  where: {
    // The condition is broadcast with the other two arguments, so the error message for a wrong shape may name it.
    args: [
      tensor('condition', shape, { dtype: 'bool', dtypes: ['bool'], shapes: [[2, 4]] }),
      ...operands(...unlike),
    ],
    rank: namedByCaller('the larger operand'),
    gradient: {
      f: (x, y) => ops.where(holds(), x.square(), y),
      at: [sample([2, 3], 1), sample([1, 3], 2)],
      nan: {
        gradient: {
          huge: 'this case squares x also where y is chosen: the derivative overflows, and 0 · ∞ stays NaN, as documented',
          infinite: 'as for huge values, but the derivative is infinite itself',
        },
      },
    },
    sample: { empty: () => ops.where(ops.zeros([0, 3], 'bool'), noRows(), noRows()) },
  },
  addN: {
    args: [tensors('tensors', shape, { dtypes: ['float32'], shapes: [[3, 2], [3]] })],
    rank: namedByCaller('the larger operand'),
    noMethod: noMethod.takesList,
    gradient: { f: (x, y) => ops.addN([x, y, x.square()]), at: [sample([2, 3], 1), sample([2, 3], 2)] },
  },
  cast: {
    args: [x, dataType('required')],
    rank: keepsRank(ops.cast),
    gradient: { f: (x) => ops.cast(x, 'float32'), at: [[1, 2]] },
  },
  clone: { args: [x], rank: keepsRank(ops.clone), gradient: { f: (x) => ops.clone(x), at: [[1, 2]] } },
  zerosLike: {
    args: [x],
    rank: keepsRank(ops.zerosLike),
    gradient: noGradient.ofShape,
    sample: callsOf((x) => ops.zerosLike(x), [sample([2, 3])]),
  },
  onesLike: {
    args: [x],
    rank: keepsRank(ops.onesLike),
    gradient: noGradient.ofShape,
    sample: callsOf((x) => ops.onesLike(x), [sample([2, 3])]),
  },
  print: {
    args: [x, flag('verbose')],
    rank: givesNothing(ops.print),
    gradient: noGradient.givesNothing,
    sample: callsOf((x) => ops.print(x), [numbers], {
      empty: () => ops.print(toTensor({ shape: [0, 2], values: [] })),
    }),
  },
} satisfies Family;
