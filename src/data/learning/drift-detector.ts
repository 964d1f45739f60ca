import { isPlainObject } from '../../tensor/container';
import { wrongGiven } from '../../streams/checks/arguments';

/** Finds changes of the mean of a sequence of numbers, such as the errors of a model. */
export interface DriftDetector {
  /** For messages. */
  readonly name: string;
  /** Adds a number. Returns whether the mean has changed. */
  readonly update: (value: number) => boolean;
  /** The mean of the numbers since the last change. */
  readonly mean: () => number;
  /** The state as plain data, for `JSON.stringify`. A detector made with it as the option `state` continues from there. */
  readonly toJSON: () => Readonly<Record<string, unknown>>;
}

/** @throws for a number that is not finite: it would spoil all means after it */
export function assertFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw wrongGiven(name, "argument 'value'", value, 'a finite number');
}

/** @throws unless a number is within the bounds; `above` and `below` themselves are not */
export function assertBetween(
  name: string,
  option: string,
  value: unknown,
  [above, below]: readonly [above: number, below: number],
): void {
  if (typeof value === 'number' && value > above && value < below) return;
  const wanted = below === Infinity ? `a number above ${above}` : `a number between ${above} and ${below}`;
  throw wrongGiven(name, `option '${option}'`, value, wanted);
}

/**
 * The fields of a saved state.
 *
 * @throws unless it has each field as a number, or as numbers in a list, or in lists within it, as `like` has it
 */
export function savedState<S extends object>(name: string, state: unknown, like: S): S {
  const found: Readonly<Record<string, unknown>> = isPlainObject(state) ? state : {};
  const isLike = Object.entries(like).every(([key, field]) => {
    const value = Object.hasOwn(found, key) ? found[key] : undefined;
    return typeof field === 'number' ? typeof value === 'number' : isNumbers(value);
  });
  if (!isLike)
    throw wrongGiven(name, "option 'state'", state, 'what toJSON() of a detector of its kind gave');
  return found as unknown as S;
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Number.isFinite(each) || isNumbers(each));
}
