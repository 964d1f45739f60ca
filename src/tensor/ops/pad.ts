import { assertNumber, assertOneOf, isPairs, wrongArgument } from '../argument';
import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { surround } from './block';

type Mirroring = 'reflect' | 'symmetric';

const mirrorGradient: GradientRule<KernelAttributes['pad']> = {
  gradients: (c) => [
    () => {
      const { before, mode } = c.attributes;
      // Mirroring two axes is mirroring one after the other: the gradient folds them back one after the other.
      return c
        .inputShape(0)
        .reduce((dy, extent, axis) => foldMirror(dy, axis, extent, before[axis]!, mode as Mirroring), c.dy);
    },
  ],
};

/** Sums, along one axis, the places of a mirrored padding that show the same element. */
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

/** Mirrors one axis so that the shape becomes the one given. */
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
  // For a vector the pair itself is what pad1d was given.
  const given: unknown = name === 'pad1d' ? paddings[0] : paddings;
  throw wrongArgument(
    name,
    'paddings',
    given,
    `${x.rank} pairs of non-negative integers [before, after], one for each axis`,
  );
}

/** How much stands before each axis, and the shape with all of it. */
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
 * x with `paddings[axis] = [before, after]` elements of a constant around it.
 *
 * @throws unless there is a pair of non-negative integers for each axis
 */
export const pad = op('pad', function pad<
  T extends Tensor,
>(x: T | TensorInput, paddings: readonly (readonly [number, number])[], constantValue = 0): T {
  return padded('pad', asTensor('pad', 'x', x), paddings, constantValue) as T;
});

/** {@link pad} for ops. */
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

/** As {@link pad}, with x's own elements mirrored at its border: without the border itself ('reflect') or with it ('symmetric'). */
export const mirrorPad = op('mirrorPad', function mirrorPad<
  T extends Tensor,
>(x: T | TensorInput, paddings: readonly (readonly [number, number])[], mode: 'reflect' | 'symmetric'): T {
  const value = asTensor('mirrorPad', 'x', x);
  assertPaddings('mirrorPad', value, paddings);
  assertOneOf('mirrorPad', 'mode', mode, ['reflect', 'symmetric']);
  value.shape.forEach((extent: number, axis: number) => {
    // An empty axis has nothing to mirror, but it may be left as it is.
    const most = mode === 'reflect' ? Math.max(0, extent - 1) : extent;
    if (Math.max(...paddings[axis]!) > most) {
      throw new Error(
        `mirrorPad: argument 'paddings' asks for [${String(paddings[axis])}] at axis ${axis} of extent ${extent}; wanted at most ${most}`,
      );
    }
  });
  const { before, shape } = extended(value, paddings);
  return mirrored(value, before, shape, mode) as T;
});
