/**
 * Replaces null by undefined in the arguments of parameters with defaults, so that null means the default, as in TensorFlow.js. Changes
 * `args` in place.
 *
 * @param first the index of the first parameter with a default: the function's `length`. Read that once: engines are slow to read it
 */
export function withDefaults<A extends unknown[]>(first: number, args: A): A {
  for (let i = first; i < args.length; i++) if (args[i] === null) args[i] = undefined;
  return args;
}
