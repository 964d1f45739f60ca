import { wrongArgument } from './argument';
import { isTensor } from './container';

/** The names of the options of `O`, as keys: the compiler sees to it that none is missing, and none too much. */
export type OptionNames<O> = Readonly<Record<keyof O, 1>>;

/** @throws for options that are no object, and for one that is not known, naming the nearest that is */
export function assertOptions<O extends object>(
  caller: string,
  options: unknown,
  known: OptionNames<O>,
): asserts options is O {
  if (typeof options !== 'object' || options === null || isTensor(options))
    throw wrongArgument(caller, 'options', options, 'an object of options');
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (!names.includes(name))
      throw new Error(`${caller}: there is no option '${name}'; ${nearest(name, names)}`);
  }
}

/** The name that was meant, most likely, and all the others, for messages. */
export function nearest(name: string, known: readonly string[]): string {
  const steps = known.map((each) => distance(name.toLowerCase(), each.toLowerCase()));
  const found = known[steps.indexOf(Math.min(...steps))]!;
  const others = known.filter((each) => each !== found);
  return `the nearest is '${found}'${others.length > 0 ? ` (others: ${others.join(', ')})` : ''}`;
}

/** How many letters have to be put in, left out or replaced to make one of the other (Levenshtein 1966). */
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
