/**
 * What a function of optional arguments is called with: null stands for a default too, as in programs written for TensorFlow.js.
 *
 * @param first the first parameter that has a default: the function's `length`, which engines are slow to read, so read it once
 */
export function withDefaults<A extends unknown[]>(first: number, args: A): A {
  for (let i = first; i < args.length; i++) if (args[i] === null) args[i] = undefined;
  return args;
}
