/** Complex values: tensors whose last axis has two elements, the real and the imaginary part. */
import { op } from '../tensor/op';
import { atan2, cast, equal, mul, onesLike, slice, stack, where, zerosLike } from '../tensor/ops';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { asTensor, type TensorInput } from '../tensor/tensor-like';

/** @throws unless x has a last axis of two */
export function asPairs(name: string, argument: string, x: TensorInput): Tensor {
  const value = asFloats(name, argument, x);
  if (value.rank > 0 && value.shape.at(-1) === 2) return value;
  throw new Error(
    `${name}: argument '${argument}' has shape ${formatShape(value.shape)}; wanted complex values, with a last axis of two: make them with complex(real, imaginary)`,
  );
}

/** x as float32. */
export function asFloats(name: string, argument: string, x: TensorInput): Tensor {
  return cast(asTensor(name, argument, x), 'float32');
}

function part(x: Tensor, index: 0 | 1): Tensor {
  const outer = x.shape.slice(0, -1);
  return slice(x, [...outer.map(() => 0), index], [...outer, 1]).reshape(outer);
}

/** The real parts of what is known to be pairs. */
export const realParts = (x: Tensor): Tensor => part(x, 0);
/** Its imaginary parts. */
export const imaginaryParts = (x: Tensor): Tensor => part(x, 1);

/**
 * Makes complex values of their parts.
 *
 * @param real the real parts
 * @param imaginary the imaginary parts, in the same shape; zeros when left out
 * @returns float32 […, 2]
 * @throws when the shapes differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complex } from 'rxtensor/sound';
 * dl.tidy(() => complex([1, 2], [3, 4]).print()); // [[1, 3], [2, 4]]
 * ```
 */
export const complex = op('complex', (real: TensorInput, imaginary: TensorInput | null = null): Tensor => {
  const re = asFloats('complex', 'real', real);
  const im = imaginary === null ? zerosLike(re) : asFloats('complex', 'imaginary', imaginary);
  if (formatShape(re.shape) !== formatShape(im.shape))
    throw new Error(
      `complex: argument 'imaginary' has shape ${formatShape(im.shape)}; wanted that of 'real', ${formatShape(re.shape)}`,
    );
  return stack([re, im], -1);
});

/**
 * The real parts of complex values.
 *
 * @param x complex values […, 2]
 * @returns float32 […]
 * @throws unless the last axis has two elements
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { real } from 'rxtensor/sound';
 * dl.tidy(() => real([[1, 3], [2, 4]]).print()); // 1, 2
 * ```
 */
export const real = op('real', (x: TensorInput): Tensor => realParts(asPairs('real', 'x', x)));

/**
 * The imaginary parts of complex values. See {@link real}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { imag } from 'rxtensor/sound';
 * dl.tidy(() => imag([[1, 3], [2, 4]]).print()); // 3, 4
 * ```
 */
export const imag = op('imag', (x: TensorInput): Tensor => imaginaryParts(asPairs('imag', 'x', x)));

/**
 * The magnitudes of complex values, √(real² + imaginary²). They do not overflow where the squares would; the gradient at 0 is 0.
 *
 * The root has the name `abs`.
 *
 * @param x complex values […, 2]
 * @returns float32 […]
 * @throws unless the last axis has two elements
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complexAbs } from 'rxtensor/sound';
 * dl.tidy(() => complexAbs([[3, 4]]).print()); // 5
 * ```
 */
export const complexAbs = op('complexAbs', (x: TensorInput): Tensor => {
  const pairs = asPairs('complexAbs', 'x', x);
  const largest = pairs.abs().max(-1, true);
  // The scale is a constant of the gradient: the magnitude does not depend on it.
  const scale = where(equal(largest, 0), onesLike(largest), largest);
  const scaled = pairs.div(scale);
  const squares = mul(scaled, scaled).sum(-1);
  // √0 has no slope; the square of 1 takes its place, and 0 the place of its root.
  const isZero = equal(squares, 0);
  const roots = where(isZero, onesLike(squares), squares).sqrt();
  return where(isZero, zerosLike(squares), mul(roots, scale.reshape(squares.shape)));
});

/**
 * The angles of complex values, atan2(imaginary, real), from −π to π.
 *
 * @param x complex values […, 2]
 * @returns float32 […], in radians
 * @throws unless the last axis has two elements
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { angle } from 'rxtensor/sound';
 * dl.tidy(() => angle([[0, 1]]).print()); // π/2
 * ```
 */
export const angle = op('angle', (x: TensorInput): Tensor => {
  const pairs = asPairs('angle', 'x', x);
  return atan2(imaginaryParts(pairs), realParts(pairs));
});
