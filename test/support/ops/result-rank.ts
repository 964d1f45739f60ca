/**
 * What the compiler knows of the rank of an op's result. Each function takes the op whose type it is about, so that an op that forgets
 * the rank does not compile. Calls, and what comes out of them, are in src/types.spec.ts.
 */
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '../../../src/tensor/tensor';
import type { add } from '../../../src/tensor/ops';

declare const checked: unique symbol;
/** Made by the functions below alone. */
export type ResultRank = string & { readonly [checked]: true };

const rank = (of: string): ResultRank => of as ResultRank;

/** A function of a tensor of type T. */
export type From<T extends Tensor, Result = T> = (x: T, ...rest: never[]) => Result;
type Gives<Result> = (...args: never[]) => Result;

/** A tensor of any rank in, one of the same rank out. */
export const keepsRank = (_: From<Tensor2D>): ResultRank => rank('that of the tensor');

/** The same for images, alone or in a batch. */
export const keepsImageRank = (_: From<Tensor3D> & From<Tensor4D>): ResultRank => rank('that of the image');

/** Of two tensors, as `add`. */
export const likeAdd = (_: typeof add): ResultRank => rank('that of the operands');

/** The rank of the second tensor. */
export const keepsRankOfValues = (
  _: (sortedSequence: Tensor, values: Tensor2D, ...rest: never[]) => Tensor2D,
): ResultRank => rank('that of the values');

/** A list, a pair or a record of results, by what comes out for a tensor of type T. */
export const from = <T extends Tensor, Result>(_: From<T, Result>): ResultRank => rank('by the tensor');

/** Always this result, be it a tensor or not. */
export const gives = <Result>(_: Gives<Result>): ResultRank => rank('always the same');

/** No result at all. */
export const givesNothing = (_: (...args: never[]) => void): ResultRank => rank('none');

/**
 * The rank follows from a value: a type argument names it, as in TensorFlow.js (`x.sum<dl.Scalar>()`,
 * `dl.zeros<dl.Rank.R2>([2, 3])`).
 */
export const namedByCaller = (of: 'shape' | 'axes' | 'the larger operand'): ResultRank => rank(`by ${of}`);

/** The rank follows from a value, and the result is a `Tensor`, as in TensorFlow.js. */
export const notKnown = (of: string): ResultRank => rank(`not known: ${of}`);
