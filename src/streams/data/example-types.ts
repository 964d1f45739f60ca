/** The types of data that examples come from, and the type of one example of each. */
import type { Rank } from '../../tensor/rank';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '../../tensor/tensor';
import type { TypedArrayLike } from '../../tensor/tensor-like';
import type { HostArray } from './host-array';

/** A host array as a literal: its type lets the compiler count the axes of the shape. */
interface CountedHostArray extends HostArray {
  readonly shape: readonly number[] | [];
}

/** A column of a table: each of its rows belongs to one example. */
export type ExampleColumn = TypedArrayLike | HostArray | CountedHostArray | Tensor | readonly unknown[];

/** Columns of the same length, by name; tables may be nested. */
export interface ExampleTable {
  /** A column, or a table with as many rows. */
  readonly [name: string]: ExampleColumn | ExampleTable;
}

/** Data that examples come from. */
export type ExampleData = ExampleColumn | ExampleTable | Iterable<unknown> | AsyncIterable<unknown>;

/** Like {@link ExampleData}, and also accepts a table whose type is an interface. */
export type ExampleDataLike<D> = ExampleData | { readonly [K in keyof D]: ExampleColumn | ExampleTable };

/** A tensor type with one axis less. */
export type TensorRow<R extends Rank> = Rank extends R
  ? Tensor
  : { R0: never; R1: Scalar; R2: Tensor1D; R3: Tensor2D; R4: Tensor3D; R5: Tensor4D; R6: Tensor5D }[R];

type HostRow<H extends HostArray> = H['shape'] extends readonly [number]
  ? number
  : H['shape'] extends readonly [number, ...infer Rest extends readonly number[]]
    ? { readonly values: H['values']; readonly shape: Rest }
    : HostArray | number;

/** The type of one example of such data. */
export type Example<D> =
  D extends Tensor<infer R>
    ? TensorRow<R>
    : D extends HostArray
      ? HostRow<D>
      : D extends TypedArrayLike
        ? number
        : D extends Iterable<infer T> | AsyncIterable<infer T>
          ? T
          : { [K in keyof D]: Example<D[K]> };
