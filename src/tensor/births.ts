import { openScopes } from './extent';
import type { Tensor } from './tensor';

/** Where a tensor was made. */
export interface Birth {
  // Weak, so that the collector can take a tensor that the program has lost, in debug mode too.
  readonly tensor: WeakRef<Tensor>;
  /** The labels of the scopes that were open, outermost first: `train step > matMul`. */
  readonly madeIn: string;
  /** The stack trace, innermost call first, in the engine's format. */
  readonly stack: string;
}

let births: Map<number, Birth> | null = null;

/** Begins or stops to note where tensors are made. */
export function watchBirths(on: boolean): void {
  births = on ? (births ?? new Map<number, Birth>()) : null;
}

/** The births of living tensors by tensor id; null unless they are watched. */
export function watchedBirths(): Map<number, Birth> | null {
  return births;
}

/** Notes a tensor that has just been made. */
export function noteBirth(tensor: Tensor): void {
  if (births === null) return;
  const madeIn = openScopes()
    .map(({ label }) => label)
    .join(' > ');
  // The first lines are the error itself, this function and the constructor.
  const stack = (new Error().stack ?? '').split('\n').slice(3).join('\n');
  births.set(tensor.id, { tensor: new WeakRef(tensor), madeIn, stack });
}

/** Forgets a tensor that has been freed. */
export function noteDeath(tensor: Tensor): void {
  births?.delete(tensor.id);
}
