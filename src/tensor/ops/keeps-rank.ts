/** The type of ops whose result has the rank of their first argument. */
import type { Tensor } from '../tensor';
import type { TensorInput } from '../tensor-like';

/**
 * The form of an op that keeps the rank of x, for x of the type `Of` and with the arguments `Rest` behind it.
 *
 * There are two signatures, since the compiler reads a call inside of a call by what the outer one accepts: `relu(x.toFloat())` with one signature for
 * tensors and plain values would forget the rank of x.
 */
export interface KeepsRank<Of extends Tensor, Rest extends readonly unknown[] = []> {
  /** The result has the rank of x. */
  <T extends Of>(x: T, ...rest: Rest): T;
  /** Of plain values, or of a tensor of unknown rank. Name the type of the result, as in `relu<Tensor1D>([1, 2])`; otherwise it is `Of`. */
  <T extends Of>(x: TensorInput, ...rest: Rest): T;
}
