import { openScopes } from './extent';
import type { Tensor } from './tensor';

/** Where a tensor was made. */
export interface Birth {
  // Whoever forgets a tensor altogether leaves it to the collector, in debug mode too.
  readonly tensor: WeakRef<Tensor>;
  /** The labels of the scopes that were open, outermost first: `train step > matMul`. */
  readonly madeIn: string;
  /** The calls that led there, innermost first, as the engine writes them. */
  readonly stack: string;
}

let births: Map<number, Birth> | null = null;

/** Begins, or ends, to note where tensors are made. */
export function watchBirths(on: boolean): void {
  births = on ? (births ?? new Map<number, Birth>()) : null;
}

/** The births of living tensors, by their ids; null unless they are watched. */
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
