/** Merges the axes that a reduction runs over into one, and broadcasts gradients back over them. */
import { sizeOf, type AxisView, type KernelAttributes } from '../../kernels';
import type { GradientContext, GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { broadcastTo, reshape } from './reshape';
import { transpose } from './transpose';

/** Views x as [outer, extent, inner], where `extent` merges the reduced axes. If they are not neighbours, x is transposed first. */
export function asAxisView(x: Tensor, axes: readonly number[]): { x: Tensor; view: AxisView } {
  const neighbours = axes.every((axis, i) => i === 0 || axis === axes[i - 1]! + 1);
  if (!neighbours) {
    const kept = x.shape
      .map((_: number, axis: number) => axis)
      .filter((axis: number) => !axes.includes(axis));
    const moved = transpose(x, [...kept, ...axes]);
    const extent = sizeOf(axes.map((axis) => x.shape[axis]!));
    return {
      x: moved,
      view: { outer: sizeOf(kept.map((axis: number) => x.shape[axis]!)), extent, inner: 1 },
    };
  }
  const first = axes[0] ?? x.rank;
  const last = axes[axes.length - 1] ?? x.rank - 1;
  return {
    x,
    view: {
      outer: sizeOf(x.shape.slice(0, first)),
      extent: sizeOf(x.shape.slice(first, last + 1)),
      inner: sizeOf(x.shape.slice(last + 1)),
    },
  };
}

/** Broadcasts y, which has the reduction's result shape, back to the shape of its input. */
export function repeated(c: GradientContext<KernelAttributes['reduce']>, y: Tensor): Tensor {
  const { outer, extent, inner } = c.attributes;
  const column = reshape(y, [outer, 1, inner]);
  return reshape(broadcastTo(column, [outer, extent, inner]), c.inputShape(0) as number[]);
}

/** The gradient of a sum: each term gets dy. */
export const sumGradient: GradientRule<KernelAttributes['reduce']> = {
  gradients: (c) => [() => repeated(c, c.dy)],
};
