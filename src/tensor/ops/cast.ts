import type { DataType } from '../../kernels';
import { dispatchOne, view } from '../dispatch';
import { assertDataType } from '../dtype';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { op } from '../op';

const identity: GradientRule<undefined> = { gradients: ({ dy }) => [() => dy] };

/** x itself where it has that type already, else the result of {@link cast}: for ops, which need no handle of their own. */
export function castTo(x: Tensor, dtype: DataType): Tensor {
  return x.dtype === dtype ? x : dispatchOne('cast', 'cast', [x], x.shape, dtype, {});
}

/**
 * The same values in another element type: to int32 they are truncated towards zero, to bool they become `≠ 0`. Costs nothing where x
 * has that type.
 *
 * @throws for an unknown type
 */
export const cast = op('cast', function cast<T extends Tensor>(x: T | TensorInput, dtype: DataType): T {
  assertDataType('cast', dtype);
  const value = asTensor('cast', 'x', x);
  return (value.dtype === dtype ? view('cast', value, value.shape, identity) : castTo(value, dtype)) as T;
});

/** Another handle on the same values; disposing one leaves the other. The gradient flows through. */
export const clone = op('clone', function clone<T extends Tensor>(x: T | TensorInput): T {
  const value = asTensor('clone', 'x', x);
  return view('clone', value, value.shape, identity) as T;
});
