import { withDefaults } from './defaults';
import { scoped } from './extent';
import { survivorsIn } from './scope';

/** A function that takes null for each of its defaults. */
export function takingNull<F extends (...args: never[]) => unknown>(f: F): F {
  const first = f.length;
  return ((...args: never[]) => f(...withDefaults(first, args))) as F;
}

/** The arguments that a record holds; null leaves one out. */
export function withoutNull<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as T;
}

/**
 * Makes a function an op: whatever it makes on its way to its result (tensors from plain values, casts, intermediates) is freed
 * when it returns, inside of a tidy or not. Where it has a default, null stands for that.
 *
 * @param name for messages and profiles
 */
export function op<F extends (...args: never[]) => unknown>(name: string, f: F): F {
  return scoped(name, survivorsIn, f, f.length);
}
