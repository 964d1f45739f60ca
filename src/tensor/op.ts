import { freeEnded, openScope, scopes, survivorsIn, type Survivors } from './scope';

/**
 * Makes a function an op: whatever it makes on its way to its result (tensors from plain values, casts, intermediates) is freed
 * when it returns, inside of a tidy or not.
 *
 * @param name for messages and profiles
 */
export function op<F extends (...args: never[]) => unknown>(name: string, f: F): F {
  return ((...args: never[]) => {
    const scope = openScope('tidy', name);
    let survivors: Survivors = null;
    try {
      const result = f(...args);
      survivors = survivorsIn(result);
      return result;
    } finally {
      scopes.innermost = scope.parent;
      scope.endedBefore = scopes.ended;
      scopes.ended = scope;
      freeEnded(survivors);
    }
  }) as F;
}
