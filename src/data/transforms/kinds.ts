/** The kinds of steps: a table. */
import { dateParts, type DatePart } from './dates';
import { hashOf } from './hash';
import { instantOf } from './instant';
import { weightsOf } from './class-weights';
import {
  fitCounts,
  fitEach,
  fitVocabulary,
  leastAndMost,
  meanAndScale,
  quantiles,
  wordOf,
} from './statistics';
import { assertNumbers, columnOf, type Columns, type Step, type StepKind } from './step';

/** A step that changes each column of numbers in its place: x becomes (x − shift) / scale + offset. */
function scaling(
  fit: StepKind['fit'],
  lists: StepKind['lists'],
  of: (step: Step, column: number) => readonly [shift: number, scale: number, offset: number],
): StepKind {
  return {
    fit,
    lists,
    writes: ({ columns }) => columns,
    apply: (step, columns) =>
      step.columns.forEach((name, i) => {
        const values = assertNumbers(step, name, columnOf(step, columns, name));
        const [shift, scale, offset] = of(step, i);
        const scaled = new Float32Array(columns.rows);
        for (let row = 0; row < scaled.length; row++) scaled[row] = (values[row]! - shift) / scale + offset;
        columns.byName.set(name, { type: 'float32', values: scaled });
      }),
  };
}

const learned = (step: Step, list: string, i: number): number => step.fitted![list]![i] as number;
/** Columns without spread are not scaled. */
const orOne = (scale: number): number => scale || 1;
const median = quantiles({ value: 0.5 });

function replaceMissing(step: Step, columns: Columns): void {
  step.columns.forEach((name, i) => {
    const { type, values } = columnOf(step, columns, name);
    const by = step.options.with === 'constant' ? step.options.value : step.fitted!.value![i]!;
    if (type === 'string') {
      if (typeof by !== 'string')
        throw new Error(`${step.kind}: the column '${name}' is text; wanted a text as the option 'value'`);
      columns.byName.set(name, {
        type,
        values: Array.from(values as string[], (each) => (each === '' ? by : each)),
      });
      return;
    }
    if (typeof by !== 'number')
      throw new Error(
        `${step.kind}: the column '${name}' has numbers; wanted a number as the option 'value'`,
      );
    const full = Float32Array.from(values as ArrayLike<number>);
    for (let row = 0; row < full.length; row++) if (Number.isNaN(full[row]!)) full[row] = by;
    columns.byName.set(name, { type: 'float32', values: full });
  });
}

/** The numbers of words, by what a step has learned. */
const indices = new WeakMap<object, ReadonlyMap<string, number>>();

function indexOf(step: Step): ReadonlyMap<string, number> {
  const words = step.fitted!.words as readonly string[];
  let index = indices.get(words);
  if (!index) indices.set(words, (index = new Map(words.map((word, i) => [word, i]))));
  return index;
}

/** The number of each row's word; `unknown` for words that are not known. */
function numbersOfWords(step: Step, columns: Columns, unknown: number): Int32Array {
  const { type, values } = columnOf(step, columns, step.columns[0]!);
  const index = indexOf(step);
  const numbers = new Int32Array(columns.rows);
  for (let row = 0; row < numbers.length; row++)
    numbers[row] = index.get(wordOf(values[row]!, type)) ?? unknown;
  return numbers;
}

export const stepKinds: Readonly<Record<string, StepKind>> = {
  impute: {
    fit: (step) =>
      fitEach(
        step,
        step.options.with === 'mean'
          ? () => {
              const { add, end } = meanAndScale();
              return { add, end: () => ({ value: end().mean! }) };
            }
          : median,
      ),
    lists: { value: 'numbers' },
    writes: ({ columns }) => columns,
    apply: replaceMissing,
  },
  standardise: scaling(
    (step) => fitEach(step, meanAndScale),
    { mean: 'numbers', scale: 'numbers' },
    (step, i) => [learned(step, 'mean', i), orOne(learned(step, 'scale', i)), 0],
  ),
  minMax: scaling(
    (step) => fitEach(step, leastAndMost),
    { least: 'numbers', most: 'numbers' },
    (step, i) => {
      const [low, high] = step.options.range as readonly [number, number];
      const least = learned(step, 'least', i);
      return [least, orOne(learned(step, 'most', i) - least) / (high - low), low];
    },
  ),
  robust: scaling(
    (step) => fitEach(step, quantiles({ median: 0.5, lower: 0.25, upper: 0.75 })),
    { median: 'numbers', lower: 'numbers', upper: 'numbers' },
    (step, i) => [
      learned(step, 'median', i),
      orOne(learned(step, 'upper', i) - learned(step, 'lower', i)),
      0,
    ],
  ),
  vocabulary: {
    fit: fitVocabulary,
    lists: { words: 'texts' },
    writes: ({ columns }) => columns,
    apply: (step, columns) => {
      const unknown = step.fitted!.words!.length;
      columns.byName.set(step.columns[0]!, { type: 'int32', values: numbersOfWords(step, columns, unknown) });
    },
  },
  oneHotColumns: {
    fit: fitVocabulary,
    lists: { words: 'texts' },
    writes: ({ columns }) => columns,
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      const numbers = numbersOfWords(step, columns, -1);
      columns.byName.delete(name);
      (step.fitted!.words as readonly string[]).forEach((word, i) => {
        const values = Float32Array.from(numbers, (each) => Number(each === i));
        columns.byName.set(`${name}=${word}`, { type: 'float32', values });
      });
    },
  },
  classWeights: {
    fit: fitCounts,
    lists: { words: 'texts', counts: 'counts' },
    writes: ({ options }) => [options.into as string],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      // A row that is to be predicted has no class yet, and needs no weight.
      const column = columns.byName.get(name);
      if (!column) return;
      const weights = weightsOf(step);
      const values = Float32Array.from(
        { length: columns.rows },
        (_, row) => weights.get(wordOf(column.values[row]!, column.type)) ?? 1,
      );
      columns.byName.set(step.options.into as string, { type: 'float32', values });
    },
  },
  hashing: {
    lists: {},
    writes: ({ columns }) => columns,
    apply: (step, columns) =>
      step.columns.forEach((name) => {
        const { type, values } = columnOf(step, columns, name);
        const { buckets, seed } = step.options as { readonly buckets: number; readonly seed: number };
        const hashed = new Int32Array(columns.rows);
        for (let row = 0; row < hashed.length; row++)
          hashed[row] = hashOf(wordOf(values[row]!, type), seed) % buckets;
        columns.byName.set(name, { type: 'int32', values: hashed });
      }),
  },
  dates: {
    lists: {},
    writes: ({ columns, options }) => [
      ...columns,
      ...(options.parts as string[]).map((part) => `${columns[0]!}.${part}`),
    ],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      const column = columnOf(step, columns, name);
      columns.byName.delete(name);
      for (const part of step.options.parts as readonly DatePart[]) {
        const values = new Float32Array(columns.rows);
        for (let row = 0; row < values.length; row++)
          values[row] = dateParts[part](dateOf(name, column.values[row]!));
        columns.byName.set(`${name}.${part}`, { type: 'float32', values });
      }
    },
  },
  cyclic: {
    lists: {},
    writes: ({ columns: [name = ''] }) => [name, `${name}.sin`, `${name}.cos`],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      const values = assertNumbers(step, name, columnOf(step, columns, name));
      const period = step.options.period as number;
      const turned = (f: (angle: number) => number): Float32Array =>
        Float32Array.from({ length: columns.rows }, (_, row) => f((2 * Math.PI * values[row]!) / period));
      columns.byName.delete(name);
      columns.byName.set(`${name}.sin`, { type: 'float32', values: turned(Math.sin) });
      columns.byName.set(`${name}.cos`, { type: 'float32', values: turned(Math.cos) });
    },
  },
};

/** A date in a text, or in seconds since 1970. */
function dateOf(name: string, value: number | string): Date {
  const date = new Date(typeof value === 'string' ? instantOf(value) : value * 1000);
  if (!Number.isNaN(date.getTime())) return date;
  throw new Error(
    `dates: the column '${name}' has ${JSON.stringify(value)}; wanted a date as 2026-01-31T12:00:00Z, or seconds since 1970`,
  );
}
