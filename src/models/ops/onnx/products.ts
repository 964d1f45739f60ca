import { sizeOf } from '../../../kernels';
import * as dl from '../../../tensor';
import type { Tensor, Tensor4D } from '../../../tensor';
import type { NodeCall, OpRow, OpTable } from '../row';
import { alongLast, axisFrom, given, opsetOf, placeOf } from './call';
import { spaceOf } from './windows';

/** The product of matrices, of which either may be a vector. */
export function product(a: Tensor, b: Tensor): Tensor {
  const first = a.rank === 1 ? dl.expandDims(a, 0) : a;
  const second = b.rank === 1 ? dl.expandDims(b, 1) : b;
  const y = dl.matMul(first, second);
  const gone = [...(a.rank === 1 ? [y.rank - 2] : []), ...(b.rank === 1 ? [y.rank - 1] : [])];
  return gone.length > 0 ? dl.squeeze(y, gone) : y;
}

function gemm(call: NodeCall): Tensor {
  const { x, attributes } = call;
  const [alpha, beta] = [attributes.number('alpha', 1), attributes.number('beta', 1)];
  const transposeA = attributes.number('transA', 0) !== 0;
  const transposeB = attributes.number('transB', 0) !== 0;
  const bias = given(call, 2);
  const [a, b] = [x[0]!, x[1]!];
  if (bias?.rank === 1 && alpha === 1 && beta === 1 && a.dtype === 'float32')
    return dl.fused.matMul({ a, b, bias, transposeA, transposeB });
  const y = dl.matMul(a, b, transposeA, transposeB);
  const scaled = alpha === 1 ? y : dl.mul(y, alpha);
  if (!bias) return scaled;
  return dl.add(scaled, beta === 1 ? bias : dl.mul(bias, beta));
}

/** Softmax along an axis; before version 13, over this axis and all behind it. */
const softmax =
  (f: (x: Tensor) => Tensor): OpRow['run'] =>
  (call) => {
    const [x] = call.x as [Tensor];
    const isNew = opsetOf(call) >= 13;
    const axis = axisFrom(call.attributes.number('axis', isNew ? -1 : 1), x.rank);
    const axes = isNew ? [axis] : x.shape.map((_, i) => i).slice(axis);
    const places = axes.map((each) => placeOf(call, each, x.rank));
    // Axes of extent 1 change nothing.
    const long = places.filter((place) => x.shape[place]! !== 1);
    const isLast = long.length === 0 || (long.length === 1 && long[0] === x.rank - 1);
    return isLast && x.shape.at(-1) !== undefined && (long.length > 0 || x.shape.at(-1) === 1)
      ? f(x)
      : alongLast(x, places, f);
  };

/** (x − mean) / √(variance + epsilon) over some axes. */
function normalized(x: Tensor, axes: number[], epsilon: number): Tensor {
  const { mean, variance } = dl.moments(x, axes, true);
  return dl.mul(dl.sub(x, mean), dl.rsqrt(dl.add(variance, epsilon)));
}

const scaledBy = (x: Tensor, scale: Tensor, bias: Tensor | undefined): Tensor => {
  const y = dl.mul(x, scale);
  return bias ? dl.add(y, bias) : y;
};

const epsilonOf = ({ attributes }: NodeCall): number => attributes.number('epsilon', 1e-5);

function groupNormalization(call: NodeCall): Tensor {
  const [x, scale, bias] = call.x as [Tensor, Tensor, Tensor];
  const groups = call.attributes.number('num_groups', 1);
  const channels = x.shape.at(-1)!;
  const space = sizeOf(spaceOf(x).map((axis) => x.shape[axis]!));
  const parts = dl.reshape(x, [x.shape[0]!, space, groups, channels / groups]);
  const y = normalized(parts, [1, 3], epsilonOf(call));
  // Before version 21 there is a scale for each group, from then on one for each channel.
  const perGroup = (each: Tensor): Tensor => dl.reshape(each, [groups, -1]);
  return dl.reshape(scaledBy(y, perGroup(scale), perGroup(bias)), [...x.shape]);
}

/** Matrix products, Softmax, and normalizations. */
export const products = (): OpTable => ({
  MatMul: { run: ({ x }) => product(x[0]!, x[1]!) },
  Gemm: { run: gemm },
  Einsum: {
    run: ({ x, attributes }) => dl.einsum(attributes.text('equation', '').replaceAll(' ', ''), ...x),
  },
  Softmax: { run: softmax((x) => dl.softmax(x)) },
  LogSoftmax: { run: softmax((x) => dl.logSoftmax(x)) },
  BatchNormalization: {
    // x, scale, offset, mean, variance.
    run: (call) => {
      const { x, attributes } = call;
      if (attributes.number('training_mode', 0) !== 0)
        throw new Error("attribute 'training_mode' is 1; wanted a model that was exported for inference");
      return dl.batchNorm(x[0]!, x[3]!, x[4]!, x[2], x[1], epsilonOf(call));
    },
  },
  InstanceNormalization: {
    run: (call) =>
      scaledBy(normalized(call.x[0]!, spaceOf(call.x[0]!), epsilonOf(call)), call.x[1]!, call.x[2]),
  },
  GroupNormalization: { run: groupNormalization },
  LayerNormalization: {
    run: (call) => {
      const x = call.x[0]!;
      const from = axisFrom(call.attributes.number('axis', -1), x.rank);
      const axes = x.shape.map((_, axis) => axis).slice(from);
      return scaledBy(normalized(x, axes, epsilonOf(call)), call.x[1]!, given(call, 2));
    },
  },
  RMSNormalization: {
    run: (call) => {
      const x = call.x[0]!;
      const from = axisFrom(call.attributes.number('axis', -1), x.rank);
      const axes = x.shape.map((_, axis) => axis).slice(from);
      const power = dl.mean(dl.square(x), axes, true);
      return dl.mul(dl.mul(x, dl.rsqrt(dl.add(power, epsilonOf(call)))), call.x[1]!);
    },
  },
  LRN: {
    run: ({ x, attributes }) => {
      const size = attributes.number('size', 1);
      if (size % 2 === 0) throw new Error(`attribute 'size' is ${size}; wanted an odd number`);
      return dl.localResponseNormalization(
        x[0] as Tensor4D,
        (size - 1) / 2,
        attributes.number('bias', 1),
        attributes.number('alpha', 1e-4) / size,
        attributes.number('beta', 0.75),
      );
    },
  },
});
