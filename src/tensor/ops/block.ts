/** A block cut out of a tensor, and a tensor put as a block among a constant. Each is the gradient of the other, so they stand together. */
import type { KernelAttributes, Shape } from '../../kernels';
import { dispatchOne } from '../dispatch';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { reshape } from './reshape';

/** Where a block begins along each axis, and how far apart its elements lie there. */
export type BlockAttributes = KernelAttributes['slice'];

const cutGradient: GradientRule<BlockAttributes> = {
  gradients: (c) => [() => putBack(c.dy, c.inputShape(0), c.attributes)],
};

const surroundGradient: GradientRule<KernelAttributes['pad']> = {
  gradients: (c) => [() => cutOut(c.dy, c.attributes.before, c.inputShape(0))],
};

/**
 * The elements begin + i·strides of x for i within `shape`. For ops: it checks nothing.
 *
 * @param name the op, for messages and the tape
 */
export function cutStrided(name: string, x: Tensor, shape: Shape, attributes: BlockAttributes): Tensor {
  return dispatchOne(name, 'slice', [x], shape, x.dtype, attributes, cutGradient);
}

/** The block of x that begins at `begin` and has the shape `shape`. For ops: it checks nothing. */
export function cutOut(x: Tensor, begin: readonly number[], shape: Shape): Tensor {
  return cutStrided('slice', x, shape, { begin, strides: shape.map(() => 1) });
}

/** x from the index `before` on in a tensor of shape `shape`, whose other elements are `value`. For ops: it checks nothing. */
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

/** The gradient of a cut: dy in its places among zeros, reversed where a stride is negative, spread where it is not 1. */
function putBack(dy: Tensor, shape: Shape, { begin, strides }: BlockAttributes): Tensor {
  let spread = dy;
  const first = [...begin];
  strides.forEach((stride, axis) => {
    const count = dy.shape[axis]!;
    if (count === 0) {
      // Nothing lies anywhere: a reversed axis would begin behind it.
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

/** Zeros between the elements along an axis, none behind the last. */
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
