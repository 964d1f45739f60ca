import { sizeOf, type KernelAttributes } from '../../kernels';
import { bringKernel } from '../../kernels/webgl/bring-kernel';
import { dispatchOne } from '../../tensor/dispatch';
import { add, cast, div, equal, mul, reshape } from '../../tensor/ops';
import { gatherFlat, scatterAdd } from '../../tensor/ops/gather';
import type { GradientContext, GradientRule } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';
import { cpuSegmentExtreme } from '../kernels/cpu-segment-extreme';
import { webglSegmentExtreme } from '../kernels/webgl-segment-extreme';

type Attributes = KernelAttributes['segmentExtreme'];

/**
 * The gradient of a place is divided equally among all that have its value, as in TensorFlow (`_UnsortedSegmentMinOrMaxGrad` and `_TensorScatterMinOrMaxGrad` of
 * its math_grad.py and array_grad.py). A NaN equals nothing, so that a place that is NaN gives no gradient.
 */
const rule: GradientRule<Attributes> = {
  inputs: 'all',
  outputs: [0],
  gradients: (c) => [() => gradientOf(c, 0), null, () => gradientOf(c, 2)],
};

function gradientOf(c: GradientContext<Attributes>, input: 0 | 2): Tensor {
  const { extent, inner } = c.attributes;
  const [values, indices, y] = [c.input(0), c.input(1), c.output(0)];
  const hasInitial = c.inputCount > 2;
  const places = [extent, inner];
  const view = { outer: 1, extent, inner };
  const atRows = (x: Tensor): Tensor => gatherFlat('gather', x, indices, [indices.size, inner], view);
  const isExtreme = cast(equal(values, atRows(y)), 'float32');
  const counted = scatterAdd(isExtreme, indices, places, view);
  const isInitial = hasInitial ? cast(equal(c.input(2), y), 'float32') : null;
  // Where the count is 0, nothing takes the quotient.
  const count = isInitial ? add(counted, isInitial) : counted;
  const share = div(c.dy, add(count, cast(equal(count, 0), 'float32')));
  return input === 0 ? mul(isExtreme, atRows(share)) : mul(isInitial!, share);
}

/**
 * The greatest or the least of the slices that share an index.
 *
 * @param values [rows, …inner]
 * @param indices int32, [rows]
 * @param initial counts as a further slice of each place; null: a place without slices is `empty`
 * @returns [extent, …inner], in the values' dtype
 */
export function segmentExtreme(
  op: string,
  name: 'max' | 'min',
  values: Tensor,
  indices: Tensor,
  { extent, inner, initial, empty }: { extent: number; inner: readonly number[]; initial: Tensor | null; empty: number }, // prettier-ignore
): Tensor {
  bringKernel('segmentExtreme', cpuSegmentExtreme, webglSegmentExtreme);
  const size = sizeOf(inner);
  const rows = reshape(values, [indices.size, size]);
  const inputs = initial ? [rows, indices, reshape(initial, [extent, size])] : [rows, indices];
  const attributes = { name, extent, inner: size, empty };
  const found = dispatchOne(op, 'segmentExtreme', inputs, [extent, size], values.dtype, attributes, rule);
  return reshape(found, [extent, ...inner]);
}
