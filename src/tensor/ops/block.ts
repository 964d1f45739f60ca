/** Cutting a block out of a tensor, and padding a tensor with a constant. Each is the gradient of the other, so both are in this file. */
import type { KernelAttributes, Shape } from '../../kernels';
import { dispatchOne } from '../dispatch';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { reshape } from './reshape';

/** Where a block begins along each axis, and the distance between its elements. */
export type BlockAttributes = KernelAttributes['slice'];

const cutGradient: GradientRule<BlockAttributes> = {
  gradients: (c) => [() => putBack(c.dy, c.inputShape(0), c.attributes)],
};

const surroundGradient: GradientRule<KernelAttributes['pad']> = {
  gradients: (c) => [() => cutOut(c.dy, c.attributes.before, c.inputShape(0))],
};

/**
 * Gathers the elements begin + i·strides of x, for each index i within `shape`. It does not check its arguments.
 *
 * @param name the op that calls it, for messages and the tape
 */
export function cutStrided(name: string, x: Tensor, shape: Shape, attributes: BlockAttributes): Tensor {
  return dispatchOne(name, 'slice', [x], shape, x.dtype, attributes, cutGradient);
}

/** Cuts out the block of x that begins at `begin` and has the given shape. It does not check its arguments. */
export function cutOut(x: Tensor, begin: readonly number[], shape: Shape): Tensor {
  return cutStrided('slice', x, shape, { begin, strides: shape.map(() => 1) });
}

/** Pads x to the given shape: x begins at the index `before`, all other elements are `value`. It does not check its arguments. */
export function surround(
  name: string,
  x: Tensor,
  before: readonly number[],
  shape: Shape,
  value: number,
): Tensor {
  const attributes: KernelAttributes['pad'] = { before, mode: 'constant', value };
  return dispatchOne(name, 'pad', [x], shape, x.dtype, attributes, surroundGradient);
}

/** The gradient of cutting: puts dy back where it was cut from, among zeros. Negative strides reverse it, others than ±1 spread it out. */
function putBack(dy: Tensor, shape: Shape, { begin, strides }: BlockAttributes): Tensor {
  let spread = dy;
  const first = [...begin];
  strides.forEach((stride, axis) => {
    const count = dy.shape[axis]!;
    if (count === 0) {
      // There are no elements to place; with a negative stride, `begin` could be out of range.
      first[axis] = 0;
      return;
    }
    if (stride < 0) {
      spread = reverseAxis(spread, axis);
      first[axis] = begin[axis]! + (count - 1) * stride;
    }
    if (Math.abs(stride) > 1) spread = dilate(spread, axis, Math.abs(stride));
  });
  return surround('pad', spread, first, shape, 0);
}

function reverseAxis(x: Tensor, axis: number): Tensor {
  return cutStrided('reverse', x, x.shape, {
    begin: x.shape.map((extent: number, i: number) => (i === axis ? extent - 1 : 0)),
    strides: x.shape.map((_: number, i: number) => (i === axis ? -1 : 1)),
  });
}

/** Puts stride − 1 zeros between neighbouring elements along an axis. */
function dilate(x: Tensor, axis: number, stride: number): Tensor {
  const none = new Array<number>(x.rank).fill(0);
  const shape = [...x.shape] as number[];
  const count = shape[axis]!;
  const [outer, inner] = [shape.slice(0, axis + 1), shape.slice(axis + 1)];
  const apart = reshape(x, [...outer, 1, ...inner]);
  const spaced = surround('pad', apart, [...none, 0], [...outer, stride, ...inner], 0);
  shape[axis] = count * stride;
  const spread = reshape(spaced, shape);
  shape[axis] = (count - 1) * stride + 1;
  return cutOut(spread, none, shape);
}
