/** The operators of TensorFlow Lite, by their names in its schema. Most do what an op of TensorFlow does, with options of the same names. */
import * as dl from '../../../tensor';
import type { Tensor, Tensor1D, Tensor2D } from '../../../tensor';
import { elementwise } from '../elementwise';
import { reductions } from '../reductions';
import { gelu } from '../gelu';
import { rowsOf, unary, type NodeCall, type OpTable } from '../row';
import { shaping } from '../shaping';
import { withActivation } from './activation';
import { layers } from './layers';
import { mediapipe } from './mediapipe';
import { quantization } from './quantization';

/** The best boxes; all results have as many places as are asked for, and behind those that were found zeros. */
function nonMaxSuppression({ x, numbers }: NodeCall, sigma: number): Tensor[] {
  const size = numbers(2)[0]!;
  const { selectedIndices, selectedScores } = dl.image.nonMaxSuppressionWithScore(
    x[0] as Tensor2D,
    x[1] as Tensor1D,
    size,
    numbers(3)[0],
    numbers(4)[0],
    sigma,
  );
  const count = selectedIndices.size;
  const padded = (values: Tensor): Tensor => dl.pad(values, [[0, size - count]]);
  return [padded(selectedIndices), padded(selectedScores), dl.scalar(count, 'int32')];
}

const own: OpTable = /* @__PURE__ */ (() => ({
  CONCATENATION: withActivation({
    run: ({ x, attributes }) => dl.concat([...x], attributes.number('axis', 0)),
  }),
  RELU_N1_TO_1: unary((x) => dl.clipByValue(x, -1, 1)),
  RELU_0_TO_1: unary((x) => dl.clipByValue(x, 0, 1)),
  // Howard et al., "Searching for MobileNetV3", 2019, section 5.2.
  HARD_SWISH: unary((x) => dl.mul(x, dl.mul(dl.relu6(dl.add(x, 3)), 1 / 6))),
  GELU: { run: ({ x, attributes }) => gelu(x[0]!, attributes.flag('approximate')) },
  SOFTMAX: {
    run: ({ x, attributes }) => {
      const beta = attributes.number('beta', 1);
      return dl.softmax(beta === 1 ? x[0]! : dl.mul(x[0]!, beta));
    },
  },
  RESHAPE: {
    run: ({ x, numbers, attributes }) =>
      dl.reshape(x[0]!, [...(x.length > 1 ? numbers(1) : attributes.numbers('new_shape'))]),
    host: [1],
  },
  MIRROR_PAD: {
    run: ({ x, numbers, attributes }) => {
      const all = numbers(1);
      const pairs = x[0]!.shape.map((_, i) => [all[2 * i]!, all[2 * i + 1]!] as [number, number]);
      return dl.mirrorPad(x[0]!, pairs, attributes.number('mode', 0) === 0 ? 'reflect' : 'symmetric');
    },
    host: [1],
  },
  STRIDED_SLICE: {
    run: (call) => {
      if (!call.attributes.flag('offset')) return shaping.StridedSlice!.run(call);
      const { numbers } = call;
      const ends = (): readonly number[] => numbers(2).map((length, i) => numbers(1)[i]! + length);
      return shaping.StridedSlice!.run({ ...call, numbers: (i) => (i === 2 ? ends() : numbers(i)) });
    },
    host: [1, 2, 3],
  },
  SPLIT: {
    run: ({ x, numbers, attributes }) => dl.split(x[1]!, attributes.number('num_splits', 1), numbers(0)[0]),
    host: [0],
  },
  GATHER: {
    run: ({ x, attributes }) =>
      dl.gather(
        x[0]!,
        dl.cast(x[1]!, 'int32'),
        attributes.number('axis', 0),
        attributes.number('batch_dims', 0),
      ),
  },
  EMBEDDING_LOOKUP: { run: ({ x }) => dl.gather(x[1]!, dl.cast(x[0]!, 'int32')) },
  SCATTER_ND: { run: ({ x, numbers }) => dl.scatterND(x[0]!, x[1]!, [...numbers(2)]), host: [2] },
  ONE_HOT: {
    run: ({ x, numbers, attributes }) => {
      const y = dl.oneHot(dl.cast(x[0]!, 'int32'), numbers(1)[0]!, numbers(2)[0], numbers(3)[0], x[2]?.dtype);
      const axis = attributes.number('axis', -1);
      const last = y.rank - 1;
      if (axis < 0 || axis === last) return y;
      const order = y.shape.map((_, i) => (i < axis ? i : i === axis ? last : i - 1));
      return dl.transpose(y, order);
    },
    host: [1, 2, 3],
  },
  SPACE_TO_DEPTH: {
    run: ({ x, attributes }) => {
      const size = attributes.number('block_size', 1);
      const [batch, height, width, depth] = x[0]!.shape as [number, number, number, number];
      const cut = dl.reshape(x[0]!, [batch, height / size, size, width / size, size, depth]);
      const turned = dl.transpose(cut, [0, 1, 3, 2, 4, 5]);
      return dl.reshape(turned, [batch, height / size, width / size, size * size * depth]);
    },
  },
  TOPK_V2: {
    run: ({ x, numbers }) => {
      const { values, indices } = dl.topk(x[0]!, numbers(1)[0], true);
      return [values, indices];
    },
    host: [1],
  },
  NON_MAX_SUPPRESSION_V4: {
    run: (call) => {
      const [indices, , count] = nonMaxSuppression(call, 0);
      return [indices!, count!];
    },
    host: [2, 3, 4],
  },
  NON_MAX_SUPPRESSION_V5: {
    run: (call) => nonMaxSuppression(call, call.numbers(5)[0]!),
    host: [2, 3, 4, 5],
  },
}))();

/** Arithmetic with an activation. */
const activatedOps = { ADD: 'AddV2', SUB: 'Sub', MUL: 'Mul', DIV: 'RealDiv' };

const elements = {
  RELU: 'Relu', RELU6: 'Relu6', PRELU: 'Prelu', LEAKY_RELU: 'LeakyRelu', LOGISTIC: 'Sigmoid', TANH: 'Tanh', ELU: 'Elu',
  LOG_SOFTMAX: 'LogSoftmax', ABS: 'Abs', CEIL: 'Ceil', COS: 'Cos', EXP: 'Exp', FLOOR: 'Floor', LOG: 'Log', NEG: 'Neg', ROUND: 'Round',
  RSQRT: 'Rsqrt', SIGN: 'Sign', SIN: 'Sin', SQRT: 'Sqrt', SQUARE: 'Square', ZEROS_LIKE: 'ZerosLike', CAST: 'Cast', ADD_N: 'AddN',
  ATAN2: 'Atan2', MAXIMUM: 'Maximum', MINIMUM: 'Minimum', SQUARED_DIFFERENCE: 'SquaredDifference', POW: 'Pow',
  FLOOR_DIV: 'FloorDiv', FLOOR_MOD: 'FloorMod', EQUAL: 'Equal', NOT_EQUAL: 'NotEqual', GREATER: 'Greater',
  GREATER_EQUAL: 'GreaterEqual', LESS: 'Less', LESS_EQUAL: 'LessEqual', LOGICAL_AND: 'LogicalAnd', LOGICAL_OR: 'LogicalOr',
  LOGICAL_NOT: 'LogicalNot', SELECT: 'Select', SELECT_V2: 'SelectV2',
}; // prettier-ignore

const shapes = {
  EXPAND_DIMS: 'ExpandDims', SQUEEZE: 'Squeeze', SHAPE: 'Shape', RANK: 'Rank', PAD: 'Pad', PADV2: 'PadV2', PACK: 'Pack',
  UNPACK: 'Unpack', SPLIT_V: 'SplitV', SLICE: 'Slice', TRANSPOSE: 'Transpose', TILE: 'Tile', BROADCAST_TO: 'BroadcastTo',
  REVERSE_V2: 'ReverseV2', FILL: 'Fill', RANGE: 'Range', GATHER_ND: 'GatherNd', DEPTH_TO_SPACE: 'DepthToSpace',
  SPACE_TO_BATCH_ND: 'SpaceToBatchND', BATCH_TO_SPACE_ND: 'BatchToSpaceND', SPARSE_TO_DENSE: 'SparseToDense',
}; // prettier-ignore

const choices = {
  MEAN: 'Mean', SUM: 'Sum', REDUCE_MAX: 'Max', REDUCE_MIN: 'Min', REDUCE_PROD: 'Prod', REDUCE_ANY: 'Any', REDUCE_ALL: 'All',
  ARG_MAX: 'ArgMax', ARG_MIN: 'ArgMin', CUMSUM: 'Cumsum', RESIZE_BILINEAR: 'ResizeBilinear',
  RESIZE_NEAREST_NEIGHBOR: 'ResizeNearestNeighbor', WHERE: 'Where',
}; // prettier-ignore

/** The operators of TensorFlow Lite that are supported, and those of MediaPipe. */
export const tfliteOps: OpTable = /* @__PURE__ */ (() => ({
  ...layers,
  ...quantization,
  ...mediapipe,
  ...own,
  ...Object.fromEntries(
    Object.entries(rowsOf(elementwise, activatedOps)).map(([name, row]) => [name, withActivation(row)]),
  ),
  ...rowsOf(elementwise, elements),
  ...rowsOf(shaping, shapes),
  ...rowsOf(reductions, choices),
}))();
