import { inScope } from './extent';
import { survivorsIn } from './scope';

/**
 * What a function of optional arguments is called with: null stands for a default too, as in programs written for TensorFlow.js.
 *
 * @param first the first parameter that has a default: the function's `length`, which engines are slow to read, so read it once
 */
export function withDefaults<A extends unknown[]>(first: number, args: A): A {
  for (let i = first; i < args.length; i++) if (args[i] === null) args[i] = undefined;
  return args;
}

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
  const first = f.length;
  return ((...args: never[]) => inScope('tidy', name, survivorsIn, f, withDefaults(first, args))) as F;
}
