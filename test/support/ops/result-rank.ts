/**
 * What the type of an op says about the rank of its result. Each function below takes the op and restricts its type. If the type of the op
 * loses the rank, the call does not compile. src/types.spec.ts checks calls and their results.
 */
import type { Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D } from '../../../src/tensor/tensor';
import type { add } from '../../../src/tensor/ops';

declare const checked: unique symbol;
/** A text about the rank of a result. Only the functions below can make one. */
export type ResultRank = string & { readonly [checked]: true };

const rank = (of: string): ResultRank => of as ResultRank;

/** A function of a tensor of type T. */
export type From<T extends Tensor, Result = T> = (x: T, ...rest: never[]) => Result;
type Gives<Result> = (...args: never[]) => Result;

/** The result has the rank of the tensor. */
export const keepsRank = (_: From<Tensor2D>): ResultRank => rank('the rank of the tensor');

/** The result has the rank of the image: 3, or 4 for a batch. */
export const keepsImageRank = (_: From<Tensor3D> & From<Tensor4D>): ResultRank =>
  rank('the rank of the image');

/** The op has the type of `add`. */
export const likeAdd = (_: typeof add): ResultRank => rank('the rank of the operands');

/** The result has the rank of the second tensor. */
export const keepsRankOfValues = (
  _: (sortedSequence: Tensor, values: Tensor2D, ...rest: never[]) => Tensor2D,
): ResultRank => rank('the rank of the values');

/** For a tensor of type T, the op returns a `Result`, such as a list or a record of tensors. */
export const from = <T extends Tensor, Result>(_: From<T, Result>): ResultRank =>
  rank('follows from the type of the tensor');

/** The op always returns a `Result`. */
export const gives = <Result>(_: Gives<Result>): ResultRank => rank('fixed by the type of the op');

/** The op returns nothing. */
export const givesNothing = (_: (...args: never[]) => void): ResultRank => rank('no result');

/** The result is a scalar, unless an argument says otherwise. */
export const scalarUnless = (_: Gives<Scalar>, otherwise: string): ResultRank =>
  rank(`0, or not known where ${otherwise}`);

/** The rank is the length of the shape, where the compiler knows it; elsewhere the caller may name it (`dl.zeros<dl.Rank.R2>(shape)`). */
export const lengthOfShape = rank('the length of the shape');

/** The rank depends on a value. The caller names the type of the result, as in TensorFlow.js (`x.sum<dl.Tensor1D>(0)`). */
export const namedByCaller = (of: 'axes' | 'the larger operand'): ResultRank =>
  rank(`named by the caller, depends on ${of}`);

/** The rank depends on a value, and the type of the result is `Tensor`, as in TensorFlow.js. */
export const notKnown = (of: string): ResultRank => rank(`not known, depends on ${of}`);
