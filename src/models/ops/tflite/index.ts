/** The operators of TensorFlow Lite, by their names in its schema. Most do what an op of TensorFlow does, with options of the same names. */
import * as dl from '../../../tensor';
import type { Tensor, Tensor1D, Tensor2D } from '../../../tensor';
import { builtins } from '../../formats/tflite/schema';
import { elementwise } from '../elementwise';
import { reductions } from '../reductions';
import { gelu } from '../gelu';
import { rowsOf, unary, type NodeCall, type OpTable } from '../row';
import { shaping, spaceToDepth } from '../shaping';
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
  SPACE_TO_DEPTH: { run: spaceToDepth('block_size') },
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

/** Operators that TensorFlow names otherwise than by the rule. */
const otherNames: Readonly<Record<string, string>> = {
  LOGISTIC: 'Sigmoid', PADV2: 'PadV2', BATCH_TO_SPACE_ND: 'BatchToSpaceND', SPACE_TO_BATCH_ND: 'SpaceToBatchND',
}; // prettier-ignore

/** The name of an operator in TensorFlow: `GATHER_ND` is GatherNd, `REDUCE_MAX` is Max. */
const inTensorFlow = (name: string): string =>
  otherNames[name] ??
  name
    .replace('REDUCE_', '')
    .toLowerCase()
    .replace(/(?:^|_)(.)/g, (_, first: string) => first.toUpperCase());

/** The operators of the schema that do what an op of TensorFlow does; `own` has those that do more. */
function ofTensorFlow(): OpTable {
  const table = { ...elementwise, ...shaping, ...reductions };
  const names = builtins.split(' ').map((name) => [name, inTensorFlow(name)] as const);
  const shared = rowsOf(table, Object.fromEntries(names.filter(([, op]) => Object.hasOwn(table, op))));
  const activated = ['ADD', 'SUB', 'MUL', 'DIV'].map((name) => [name, withActivation(shared[name]!)]);
  return { ...shared, ...(Object.fromEntries(activated) as OpTable) };
}

/** The operators of TensorFlow Lite that are supported, and those of MediaPipe. */
export const tfliteOps: OpTable = /* @__PURE__ */ (() => ({
  ...ofTensorFlow(),
  ...layers,
  ...quantization,
  ...mediapipe,
  ...own,
}))();
