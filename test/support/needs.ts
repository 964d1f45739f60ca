import { backend } from '../../src/tensor';

/** What a spec may need, and some backends do not have. */
export type Need = 'synchronous reads' | `the kernel '${string}'`;

/** Stops a spec that needs what the backend of the run lacks. */
export class Lack extends Error {
  constructor(readonly need: Need) {
    super(`this spec needs ${need}, which the backend of the run does not have`);
  }
}

let unmet: Need | null = null;

/** Notes the need, for a spec that catches the error. */
export function lack(need: Need): Lack {
  unmet ??= need;
  return new Lack(need);
}

/** The first need of the spec in work that was not met. Forgets it. */
export function takeUnmet(): Need | null {
  const found = unmet;
  unmet = null;
  return found;
}

/**
 * To be called first by a spec, or a helper of specs, that needs more than every backend has. Where the backend lacks it, the spec is pending and says
 * so.
 */
export function needs(need: Need): void {
  const { has, readSync } = backend();
  const kernel = /'(.+)'/.exec(need)?.[1];
  const isMet = kernel === undefined ? readSync !== undefined : has?.(kernel as never) !== false;
  if (!isMet) throw lack(need);
}
