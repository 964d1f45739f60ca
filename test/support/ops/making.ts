import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import {
  beside,
  choice,
  dataType,
  extents,
  integer,
  number,
  plain,
  seed,
  type Argument,
} from '../wrong-arguments/argument';
import { noGradient, noMethod, type Family, type SampleCall } from './description';
import { gives, lengthOfShape } from './result-rank';

const anyNumber = 'any number';
const floats = 'the result is always float32, as in TensorFlow.js';
const atLeastOne = 'num must be at least 1';
const finite = [NaN, Infinity];
const shape = extents('shape', [2, 3], [[2, [3]]]);
const ragged = [[1, 2], [3]];
const raggedValues = [ragged, [[1], 2], [1, [2]], ['nonsense'], [1, 'nonsense'], [1, null], [[1, undefined]]];

function ofRank(rank: number): readonly Argument[] {
  const whole = new Array<number>(rank).fill(1);
  let nested: unknown = 1;
  for (let depth = 0; depth < rank; depth++) nested = [nested];
  const fitting = [whole.map((extent, i) => (i === 0 ? 2 : extent)), whole.slice(1)];
  return [
    plain('values', nested, [...raggedValues, [nested]]),
    ...(rank > 1 ? [beside(extents('shape', whole, fitting, 'optional'), 'values')] : []),
    dataType(),
  ];
}

function callsOfRank(
  make: (values: number[], shape: number[], dtype?: 'int32') => unknown,
  rank: number,
): SampleCall {
  const shapeOf = (first: number): number[] => [first, ...new Array<number>(rank - 1).fill(1)];
  return {
    call: () => make([1.5, 2], shapeOf(2)),
    int32: () => make([1, 2], shapeOf(2), 'int32'),
    empty: () => make([], shapeOf(0)),
  };
}

const drawn = (...parameters: Argument[]): readonly Argument[] => [shape, ...parameters, seed];
const normal = drawn(
  number('mean', 0, anyNumber, 'optional'),
  number('stdDev', 1, anyNumber, 'optional'),
  choice('dtype', 'float32'),
);
/** The generator to pass to `rand`. */
const half = (): number => 0.5;

/** Descriptions of ops that make tensors from plain values. */
export const making = {
  tensor: {
    args: [
      plain('values', [1, 2], raggedValues),
      beside(extents('shape', [2], [[3], [2, 2]], 'optional'), 'values'),
      dataType(),
    ],
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.tensor([1.5, 2]),
      int32: () => ops.tensor([1, 2], [2], 'int32'),
      empty: () => ops.tensor([]),
    },
  },
  scalar: {
    args: [plain('value', 1, [[1], [[1]]]), dataType()],
    rank: gives<Scalar>(ops.scalar),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.scalar(1.5),
      int32: () => ops.scalar(2, 'int32'),
      empty: 'a scalar always has one element',
    },
  },
  tensor1d: {
    args: ofRank(1),
    rank: gives<Tensor1D>(ops.tensor1d),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.tensor1d([1.5]),
      int32: () => ops.tensor1d([2], 'int32'),
      empty: () => ops.tensor1d([]),
    },
  },
  tensor2d: {
    args: ofRank(2),
    rank: gives<Tensor2D>(ops.tensor2d),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: callsOfRank(ops.tensor2d, 2),
  },
  tensor3d: {
    args: ofRank(3),
    rank: gives<Tensor3D>(ops.tensor3d),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: callsOfRank(ops.tensor3d, 3),
  },
  tensor4d: {
    args: ofRank(4),
    rank: gives<Tensor4D>(ops.tensor4d),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: callsOfRank(ops.tensor4d, 4),
  },
  tensor5d: {
    args: ofRank(5),
    rank: gives<Tensor5D>(ops.tensor5d),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: callsOfRank(ops.tensor5d, 5),
  },
  tensor6d: {
    args: ofRank(6),
    rank: gives<Tensor6D>(ops.tensor6d),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: callsOfRank(ops.tensor6d, 6),
  },
  fill: {
    args: [shape, number('value', 1, anyNumber), dataType()],
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.fill([2], 1.5),
      int32: () => ops.fill([2], 3, 'int32'),
      empty: () => ops.fill([0, 2], 1),
    },
  },
  zeros: {
    args: [shape, dataType()],
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: { call: () => ops.zeros([2]), int32: () => ops.zeros([2], 'int32'), empty: () => ops.zeros([0]) },
  },
  ones: {
    args: [shape, dataType()],
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: { call: () => ops.ones([2]), int32: () => ops.ones([2], 'int32'), empty: () => ops.ones([0]) },
  },
  eye: {
    args: [
      integer('numRows', 2, { least: 0 }),
      integer('numColumns', 3, { least: 0, presence: 'optional' }),
      extents('batchShape', [2], [], 'optional'),
      dataType(),
    ],
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.eye(2, 3, [2]),
      int32: () => ops.eye(2, 2, undefined, 'int32'),
      empty: () => ops.eye(0),
    },
  },
  linspace: {
    args: [number('start', 0, finite), number('stop', 1, finite), integer('num', 5, { least: 1 })],
    rank: gives<Tensor1D>(ops.linspace),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: { call: () => ops.linspace(0, 1, 5), int32: floats, empty: atLeastOne },
  },
  range: {
    args: [
      number('start', 0, finite),
      number('stop', 2, finite),
      number('step', 1, [0, ...finite], 'optional'),
      dataType(),
    ],
    rank: gives<Tensor1D>(ops.range),
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.range(0, 2, 0.5),
      int32: () => ops.range(0, 5, 2, 'int32'),
      empty: () => ops.range(1, 1),
    },
  },
  rand: {
    args: [shape, plain('randFunction', () => 0.5, 'any function'), dataType()],
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.rand([2], half),
      int32: () => ops.rand([2], half, 'int32'),
      empty: () => ops.rand([0], half),
    },
  },
  randomNormal: {
    args: normal,
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.randomNormal([4], 1, 2, 'float32', 7),
      int32: () => ops.randomNormal([4], 1, 200, 'int32', 7),
      empty: () => ops.randomNormal([0]),
    },
  },
  truncatedNormal: {
    args: normal,
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.truncatedNormal([4], 1, 2, 'float32', 7),
      int32: () => ops.truncatedNormal([4], 1, 200, 'int32', 7),
      empty: () => ops.truncatedNormal([0]),
    },
  },
  randomUniform: {
    args: drawn(
      number('minval', 0, anyNumber, 'optional'),
      number('maxval', 1, anyNumber, 'optional'),
      choice('dtype', 'float32'),
    ),
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.randomUniform([4], 1, 2, 'float32', 7),
      int32: () => ops.randomUniform([4], 1, 200, 'int32', 7),
      empty: () => ops.randomUniform([0]),
    },
  },
  randomUniformInt: {
    args: drawn(number('minval', 1, [NaN, 0.5, 9, 10]), number('maxval', 9, [NaN, 1.5, 1, 0])),
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.randomUniformInt([4], 1, 9, 7),
      int32: () => ops.randomUniformInt([4], 1, 9, 8),
      empty: () => ops.randomUniformInt([0], 1, 9),
    },
  },
  randomGamma: {
    args: drawn(
      number('alpha', 3, [0, -1, ...finite]),
      number('beta', 1, [0, -1, ...finite], 'optional'),
      choice('dtype', 'float32'),
    ),
    rank: lengthOfShape,
    noMethod: noMethod.makes,
    gradient: noGradient.makes,
    sample: {
      call: () => ops.randomGamma([4], 2, 1, 'float32', 7),
      int32: () => ops.randomGamma([4], 20, 1, 'int32', 7),
      empty: () => ops.randomGamma([0], 2),
    },
  },
} satisfies Family;
