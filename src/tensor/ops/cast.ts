import type { DataType } from '../../kernels';
import { dispatchOne, view } from '../dispatch';
import { assertDataType } from '../dtype';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { op } from '../op';
import type { KeepsRank } from './keeps-rank';

const identity: GradientRule<undefined> = { gradients: ({ dy }) => [() => dy] };

/** {@link cast} for use inside ops: returns x itself if it already has the dtype, rather than a new handle. */
export function castTo(x: Tensor, dtype: DataType): Tensor {
  return x.dtype === dtype ? x : dispatchOne('cast', 'cast', [x], x.shape, dtype, {});
}

/**
 * Converts x to another dtype. float32 to int32 truncates towards zero; to bool, every value but 0 becomes true. If x already has the
 * dtype, no value is copied.
 *
 * @throws for an unknown dtype
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.cast([-1.5, 0, 2.5], 'int32').print(); // -1, 0, 2
 * ```
 */
export const cast = op('cast', function cast<T extends Tensor>(x: T | TensorInput, dtype: DataType): T {
  assertDataType('cast', dtype);
  const value = asTensor('cast', 'x', x);
  return (value.dtype === dtype ? view('cast', value, value.shape, identity) : castTo(value, dtype)) as T;
}) as KeepsRank<Tensor, [dtype: DataType]>;

/**
 * Makes another tensor of the same values, without copying them. Either can be disposed without affecting the other. Gradients flow through it.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).clone().print()); // 1, 2
 * ```
 */
export const clone = op('clone', function clone<T extends Tensor>(x: T | TensorInput): T {
  const value = asTensor('clone', 'x', x);
  return view('clone', value, value.shape, identity) as T;
}) as KeepsRank<Tensor>;
