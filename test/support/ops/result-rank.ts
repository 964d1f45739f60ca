/**
 * What the type of an op tells about the rank of its result. Each function takes the op and restricts its type, so that an op whose type
 * loses the rank does not compile. src/types.spec.ts checks calls and their results.
 */
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '../../../src/tensor/tensor';
import type { add } from '../../../src/tensor/ops';

declare const checked: unique symbol;
/** A text that only the functions below make. */
export type ResultRank = string & { readonly [checked]: true };

const rank = (of: string): ResultRank => of as ResultRank;

/** A function of a tensor of type T. */
export type From<T extends Tensor, Result = T> = (x: T, ...rest: never[]) => Result;
type Gives<Result> = (...args: never[]) => Result;

/** The result has the rank of the tensor. */
export const keepsRank = (_: From<Tensor2D>): ResultRank => rank('that of the tensor');

/** The result has the rank of the image: 3, or 4 for a batch. */
export const keepsImageRank = (_: From<Tensor3D> & From<Tensor4D>): ResultRank => rank('that of the image');

/** The op has the type of `add`. */
export const likeAdd = (_: typeof add): ResultRank => rank('that of the operands');

/** The result has the rank of the second tensor. */
export const keepsRankOfValues = (
  _: (sortedSequence: Tensor, values: Tensor2D, ...rest: never[]) => Tensor2D,
): ResultRank => rank('that of the values');

/** For a tensor of type T, the op returns a `Result`, such as a list or a record of tensors. */
export const from = <T extends Tensor, Result>(_: From<T, Result>): ResultRank => rank('by the tensor');

/** The op always returns a `Result`. */
export const gives = <Result>(_: Gives<Result>): ResultRank => rank('always the same');

/** The op returns nothing. */
export const givesNothing = (_: (...args: never[]) => void): ResultRank => rank('none');

/**
 * The rank depends on a value. The caller names it by a type argument, as in TensorFlow.js (`x.sum<dl.Scalar>()`,
 * `dl.zeros<dl.Rank.R2>([2, 3])`).
 */
export const namedByCaller = (of: 'shape' | 'axes' | 'the larger operand'): ResultRank => rank(`by ${of}`);

/** The rank depends on a value, and the type of the result is `Tensor`, as in TensorFlow.js. */
export const notKnown = (of: string): ResultRank => rank(`not known: ${of}`);
