import { binaryFunctions, unaryFunctions, type BinaryName, type UnaryName } from '../../../src/kernels';
import * as ops from '../../../src/tensor/ops';
import {
  axes,
  beside,
  axis,
  choice,
  dataType,
  flag,
  number,
  plain,
  tensor,
  tensors,
  type Argument,
  type Rows,
} from './argument';

const shape = [2, 3];
const x = tensor('x', shape);
const anyNumber = 'any number';

const parameters: Partial<Record<UnaryName, readonly Argument[]>> = {
  leakyRelu: [number('alpha', 0.2, anyNumber, 'optional')],
  step: [number('alpha', 0, anyNumber, 'optional')],
  clipByValue: [number('clipValueMin', 0, anyNumber), number('clipValueMax', 1, anyNumber)],
};

const unary = Object.fromEntries(
  (Object.keys(unaryFunctions) as UnaryName[]).map((name) => [name, [x, ...(parameters[name] ?? [])]]),
);

/** Two operands: that they do not fit is said of the second as well as of the first. */
function operands(...others: number[][]): readonly Argument[] {
  return [tensor('a', shape, { shapes: others }), tensor('b', shape, { shapes: others })];
}
const unlike = [
  [2, 4],
  [2, 2, 4],
];
const binary = Object.fromEntries(
  (Object.keys(binaryFunctions) as BinaryName[]).map((name) => [name, operands(...unlike)]),
);
const integers = { dtype: 'int32', dtypes: ['int32'], shapes: unlike } as const;
const strict = Object.fromEntries(
  Object.keys(ops)
    .filter((name) => name.endsWith('Strict'))
    .map((name) => [name, operands(...unlike, [3], [1, 3], [])]),
);

const reductions = Object.fromEntries(
  ['sum', 'mean', 'prod', 'max', 'min', 'logSumExp', 'moments'].map((name) => [
    name,
    [x, axes('axis', 2), flag('keepDims')],
  ]),
);
const truths = Object.fromEntries(
  ['all', 'any'].map((name) => [
    name,
    [tensor('x', shape, { dtype: 'bool', dtypes: ['bool'] }), axes('axis', 2), flag('keepDims')],
  ]),
);
const places = Object.fromEntries(
  ['argMax', 'argMin'].map((name) => [name, [tensor('x', shape, { shapes: [[0, 3]] }), axis('axis', 0, 2)]]),
);
const likes = Object.fromEntries(['logSigmoid', 'clone', 'zerosLike', 'onesLike'].map((name) => [name, [x]]));
const scans = Object.fromEntries(
  ['cumsum', 'cumprod'].map((name) => [
    name,
    [
      beside(tensor('x', [2, 3], { ranks: [1, 2, 3, 4, 5, 6] }), 'axis'),
      axis('axis', 0, 2),
      flag('exclusive'),
      flag('reverse'),
    ],
  ]),
);
const softmaxes = Object.fromEntries(
  ['softmax', 'logSoftmax'].map((name) => [
    name,
    [tensor('logits', shape), number('axis', -1, [NaN, 0.5, 0, 2, -3], 'optional')],
  ]),
);

/** Elementwise ops, reductions and scans. */
export const elementwiseRows: Rows = {
  ...unary,
  ...binary,
  bitwiseAnd: [tensor('a', shape, integers), tensor('b', shape, integers)],
  ...strict,
  ...reductions,
  ...truths,
  ...places,
  ...likes,
  ...scans,
  ...softmaxes,
  // The message names the condition in its shape's error: it is broadcast with the other two.
  where: [
    tensor('condition', shape, { dtype: 'bool', dtypes: ['bool'], shapes: [[2, 4]] }),
    tensor('a', shape, { shapes: unlike }),
    tensor('b', shape, { shapes: unlike }),
  ],
  addN: [tensors('tensors', shape, { dtypes: ['float32'], shapes: [[3, 2], [3]] })],
  cast: [x, dataType('required')],
  print: [x, flag('verbose')],
  norm: [x, plain('ord', 2, [NaN, 3, 'nonsense'], 'optional'), axes('axis', 2), flag('keepDims')],
  euclideanNorm: [x, axes('axis', 2), flag('keepDims')],
  movingAverage: [
    tensor('v', [3], { dtypes: ['float32'], shapes: [[4], [1, 3]] }),
    tensor('x', [3], { dtypes: ['float32'], shapes: [[4], [1, 3]] }),
    tensor('decay', [], { shapes: [[4], [2, 2]] }),
    tensor('step', [], { shapes: [[4], [2, 2]] }),
    { ...flag('zeroDebias'), valid: () => true },
  ],
  dropout: [
    x,
    number('rate', 0.5, [NaN, -0.1, 1]),
    plain('noiseShape', [2, 1], [[2], [2, 2], [2, 3, 1], ['nonsense', 3], [0.5, 3]], 'optional'),
    number('seed', 7, [NaN, Infinity], 'optional'),
  ],
  multinomial: [
    tensor('logits', [2, 3], { ranks: [1, 2], shapes: [[2, 1], [0]] }),
    number('numSamples', 3, [NaN, -1, 0.5]),
    number('seed', 7, [NaN, Infinity], 'optional'),
    flag('normalized'),
  ],
  einsum: [
    plain('equation', 'ij,jk->ik', [
      'nonsense',
      'ij,jk,kl',
      'ij->i',
      'ij,jk->il',
      'ij,jk->i->k',
      'i1,jk->ik',
    ]),
    tensor('tensors', [2, 3], { ranks: [2], shapes: [[2, 4]] }),
    tensor('tensors', [3, 2], { ranks: [2], shapes: [[4, 2]] }),
  ],
  'image.threshold': [
    tensor('image', [2, 2, 3], { ranks: [3], shapes: [[2, 2, 2]] }),
    choice('method', 'binary'),
    flag('inverted'),
    number('threshValue', 0.5, [NaN, -0.1, 1.1], 'optional'),
  ],
};
