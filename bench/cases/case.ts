import type { Library, Tensor } from '../library';

export type PeerName = 'tfjs-wasm' | 'tfjs-webgl' | 'tfjs-cpu' | 'jax-js' | 'deeplearn';

/** What a case is, made ready on one library. */
export interface Prepared {
  /** The work, once; leaves nothing behind. */
  readonly run: () => void;
  /** The result as it is before any run, which must be the same for all. */
  readonly check: () => ArrayLike<number>;
  /** That result as a tensor, where it is one: for a device that cannot be read at once. */
  readonly result?: () => Tensor;
}

/** One line of the table: what is computed, against whom, and by how much we want to be faster. */
export interface Case {
  readonly name: string;
  readonly peer: PeerName;
  readonly must: number;
  readonly aim: number;
  /** The milliseconds that a run may take, where that is asked for rather than a ratio. */
  readonly limitMs?: number;
  /** Multiply-adds of one run, where that is the measure of the work. */
  readonly multiplyAdds?: number;
  /** How far results may be apart, relative to the greatest. */
  readonly tolerance?: number;
  readonly prepare: (lib: Library) => Prepared;
  /** The same for a peer that does not share our names. */
  readonly preparePeer?: () => Promise<Prepared>;
}

/** Of a function that gives a tensor. */
export function prepared(f: () => Tensor): Prepared {
  return {
    run: () => {
      f().dispose();
    },
    check: () => {
      const result = f();
      const found = result.dataSync();
      result.dispose();
      return found;
    },
    result: f,
  };
}

type Limits = Pick<Case, 'peer' | 'must' | 'aim'>;

/** A case on one tensor, made by `make`. */
export function onTensor(
  name: string,
  limits: Limits,
  make: (lib: Library) => Tensor,
  f: (lib: Library, x: Tensor) => Tensor,
): Case {
  return {
    name,
    ...limits,
    prepare: (lib) => {
      const x = make(lib);
      return prepared(() => f(lib, x));
    },
  };
}

/** A case on two tensors. */
export function onPair(
  name: string,
  limits: Limits,
  make: readonly [(lib: Library) => Tensor, (lib: Library) => Tensor],
  f: (lib: Library, a: Tensor, b: Tensor) => Tensor,
): Case {
  return {
    name,
    ...limits,
    prepare: (lib) => {
      const a = make[0](lib);
      const b = make[1](lib);
      return prepared(() => f(lib, a, b));
    },
  };
}

export function wasm(must: number, aim: number): Limits {
  return { peer: 'tfjs-wasm', must, aim };
}
