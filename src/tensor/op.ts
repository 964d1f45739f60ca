import { withDefaults } from './defaults';
import { scoped } from './extent';
import { survivorsIn } from './scope';

/** Wraps a function so that null means the default for each parameter that has one. */
export function takingNull<F extends (...args: never[]) => unknown>(f: F): F {
  const first = f.length;
  return ((...args: never[]) => f(...withDefaults(first, args))) as F;
}

/** A copy of a record without the properties that are null. */
export function withoutNull<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as T;
}

/**
 * Makes a function an op: all tensors that it makes besides its result (from plain values, by casts, …) are freed when it returns, inside
 * of a tidy or not. null means the default for each parameter that has one.
 *
 * @param name the op's name in messages and profiles
 */
export function op<F extends (...args: never[]) => unknown>(name: string, f: F): F {
  return scoped(name, survivorsIn, f, f.length);
}
