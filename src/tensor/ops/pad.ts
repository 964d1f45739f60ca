import { assertNumber, assertOneOf, isPairs, wrongArgument } from '../argument';
import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { surround } from './block';
import type { KeepsRank } from './keeps-rank';

type Mirroring = 'reflect' | 'symmetric';

const mirrorGradient: GradientRule<KernelAttributes['pad']> = {
  gradients: (c) => [
    () => {
      const { before, mode } = c.attributes;
      // Axes are mirrored independently, so the gradient folds them back one after the other.
      return c
        .inputShape(0)
        .reduce((dy, extent, axis) => foldMirror(dy, axis, extent, before[axis]!, mode as Mirroring), c.dy);
    },
  ],
};

/** The gradient of mirroring one axis: sums all places that are copies of the same element. */
function foldMirror(dy: Tensor, axis: number, extent: number, before: number, mode: Mirroring): Tensor {
  if (dy.shape[axis] === extent) return dy;
  const outer = dy.shape.slice(0, axis);
  const inner = dy.shape.slice(axis + 1);
  const attributes = { outer: sizeOf(outer), extent, inner: sizeOf(inner), before, mode };
  const shape = [...outer, extent, ...inner];
  return dispatchOne('mirrorPadGradient', 'mirrorPadGradient', [dy], shape, 'float32', attributes, {
    gradients: (c) => [() => unfoldMirror(c.dy, axis, c.inputShape(0), before, mode)],
  });
}

/** Mirrors one axis of x, to the given shape. */
function unfoldMirror(
  x: Tensor,
  axis: number,
  shape: readonly number[],
  before: number,
  mode: Mirroring,
): Tensor {
  return mirrored(
    x,
    shape.map((_, i) => (i === axis ? before : 0)),
    shape,
    mode,
  );
}

function mirrored(x: Tensor, before: readonly number[], shape: readonly number[], mode: Mirroring): Tensor {
  const attributes = { before, mode, value: 0 };
  return dispatchOne('mirrorPad', 'pad', [x], shape, x.dtype, attributes, mirrorGradient);
}

function assertPaddings(name: string, x: Tensor, paddings: readonly (readonly [number, number])[]): void {
  if (isPairs(paddings, x.rank)) return;
  // pad1d takes the pair itself, not a list of pairs.
  const given: unknown = name === 'pad1d' ? paddings[0] : paddings;
  throw wrongArgument(
    name,
    'paddings',
    given,
    `${x.rank} pairs of non-negative integers [before, after], one for each axis`,
  );
}

/** The padding before each axis, and the padded shape. */
function extended(
  { shape }: Tensor,
  paddings: readonly (readonly [number, number])[],
): { before: number[]; shape: number[] } {
  return {
    before: paddings.map(([before]) => before),
    shape: shape.map((extent: number, axis: number) => paddings[axis]![0] + extent + paddings[axis]![1]),
  };
}

/**
 * Pads x with a constant: `paddings[axis]` is the number of elements [before, after] along each axis.
 *
 * @param constantValue 0 by default
 * @throws unless there is a pair of non-negative integers for each axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.pad([1, 2], [[1, 2]]).print(); // 0, 1, 2, 0, 0
 * ```
 */
export const pad = op('pad', function pad<
  T extends Tensor,
>(x: T | TensorInput, paddings: readonly (readonly [number, number])[], constantValue = 0): T {
  return padded('pad', asTensor('pad', 'x', x), paddings, constantValue) as T;
}) as KeepsRank<Tensor, [paddings: readonly (readonly [number, number])[], constantValue?: number]>;

/** {@link pad} of a tensor, for use inside ops. `name` is the op that calls it. */
export function padded(
  name: string,
  x: Tensor,
  paddings: readonly (readonly [number, number])[],
  constantValue = 0,
): Tensor {
  assertPaddings(name, x, paddings);
  assertNumber(name, 'constantValue', constantValue);
  const { before, shape } = extended(x, paddings);
  return surround(name, x, before, shape, constantValue);
}

/**
 * Pads x with its own elements, mirrored at the border. The border element itself is not repeated ('reflect') or is ('symmetric').
 *
 * @param paddings the number of elements [before, after] along each axis
 * @throws unless there is a pair for each axis, and no padding is greater than the extent ('symmetric') or the extent − 1 ('reflect')
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.mirrorPad([1, 2, 3], [[2, 1]], 'reflect').print(); // 3, 2, 1, 2, 3, 2
 * ```
 */
export const mirrorPad = op('mirrorPad', function mirrorPad<
  T extends Tensor,
>(x: T | TensorInput, paddings: readonly (readonly [number, number])[], mode: 'reflect' | 'symmetric'): T {
  const value = asTensor('mirrorPad', 'x', x);
  assertPaddings('mirrorPad', value, paddings);
  assertOneOf('mirrorPad', 'mode', mode, ['reflect', 'symmetric']);
  value.shape.forEach((extent: number, axis: number) => {
    // An empty axis has nothing to mirror, but a padding of 0 is allowed.
    const most = mode === 'reflect' ? Math.max(0, extent - 1) : extent;
    if (Math.max(...paddings[axis]!) > most) {
      throw new Error(
        `mirrorPad: argument 'paddings' asks for [${String(paddings[axis])}] at axis ${axis} of extent ${extent}; wanted at most ${most}`,
      );
    }
  });
  const { before, shape } = extended(value, paddings);
  return mirrored(value, before, shape, mode) as T;
}) as KeepsRank<Tensor, [paddings: readonly (readonly [number, number])[], mode: 'reflect' | 'symmetric']>;
