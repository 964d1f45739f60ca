import { isMarked } from '../kernels/copies';
import { described, wrongArgument } from './argument';

/** The names of the options of `O`, as keys. The compiler checks that none is missing, and that there are no others. */
export type OptionNames<O> = Readonly<Record<keyof O, unknown>>;

type OptionRule<O> = readonly [fits: (value: unknown, options: O) => boolean, wanted: string];

/** For each option of `O`: whether a value fits, and what is wanted otherwise. */
export type OptionRules<O> = Readonly<Record<keyof O, OptionRule<O>>>;

/** The rule of an option that has one of these values. */
export function isOneOf(
  values: readonly unknown[],
  wanted = `one of ${values.map((value) => described(value)).join(', ')}`,
): OptionRule<object> {
  return [(value) => values.includes(value), wanted];
}

/** @throws unless `options` is an object with known options only, and every option that is given fits its rule, if it has one */
export function assertOptionValues<O extends object>(
  caller: string,
  options: O,
  rules: OptionRules<O>,
  known: OptionNames<O> = rules,
): void {
  assertOptions<O>(caller, options, known);
  for (const name in rules) {
    const value: unknown = options[name];
    const [fits, wanted] = rules[name];
    if (value !== undefined && !fits(value, options))
      throw new Error(`${caller}: option '${name}' is ${described(value)}; wanted ${wanted}`);
  }
}

/** @throws unless `options` is an object with known options only; the message names the most similar known option */
export function assertOptions<O extends object>(
  caller: string,
  options: unknown,
  known: OptionNames<O>,
): asserts options is O {
  if (typeof options !== 'object' || options === null || isMarked(options))
    throw wrongArgument(caller, 'options', options, 'an object of options');
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (!names.includes(name))
      throw new Error(`${caller}: there is no option '${name}'; ${nearest(name, names)}`);
  }
}

/** For messages: the known name that is most similar to `name`, and all others. */
export function nearest(name: string, known: readonly string[]): string {
  const steps = known.map((each) => distance(name.toLowerCase(), each.toLowerCase()));
  const found = known[steps.indexOf(Math.min(...steps))]!;
  const others = known.filter((each) => each !== found);
  return `the nearest is '${found}'${others.length > 0 ? ` (others: ${others.join(', ')})` : ''}`;
}

/** The edit distance of two texts: how many letters to insert, delete or replace (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
