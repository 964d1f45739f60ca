import type { Tensor } from '../../tensor';

/** A tensor while a plan is made. */
export interface Value {
  readonly slot: number;
  readonly tensor: Tensor;
  /** Whether it is the same in every run. */
  readonly isConstant: boolean;
  /** Whether its shape is. */
  readonly hasFixedShape: boolean;
}

/** A list of tensors, in TensorFlow's loops. It exists only while a plan is made. */
export interface TensorArray {
  readonly items: (Value | undefined)[];
}

/** What passes from node to node; null only says that a node has run. */
export type Token = Value | TensorArray | null;

/** The outputs of a node that has run; undefined at the side of a Switch that was not taken. */
export type Outputs = readonly (Token | undefined)[];

/** Work that may have to wait for the device: it yields what it waits for. */
export type Waiting<T> = Generator<PromiseLike<unknown>, T, unknown>;

export function isArray(token: Token | undefined): token is TensorArray {
  return typeof token === 'object' && token !== null && 'items' in token;
}
