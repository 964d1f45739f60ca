/** The kinds of steps: a table. */
import { optionChecks } from './checks';
import { dateReader, dateParts, type DatePart } from './dates';
import { hashOf } from './hash';
import { fitCounts, fitEach, fitVocabulary, leastAndMost, meanAndScale, quantiles } from './statistics';
import { assertNumbers, columnOf, type Column, type Columns, type Step, type StepKind } from './step';
import { weightsOf } from './weights';
import { wordsOf } from './words';

const notANumber = (): number => NaN;

/** A step that changes each column of numbers in its place: x becomes (x − shift) / scale + offset. */
function scaling(
  kind: Pick<StepKind, 'fit' | 'options' | 'lists' | 'order'>,
  of: (step: Step, column: number) => readonly [shift: number, scale: number, offset: number],
): StepKind {
  return {
    ...kind,
    takes: 'columns',
    missing: notANumber,
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

/** Adds a column. @throws where there is one of that name, which would be lost */
function addColumn(step: Step, columns: Columns, name: string, column: Column): void {
  if (columns.byName.has(name))
    throw new Error(`${step.kind}: there is a column '${name}' already; wanted another name for one of them`);
  columns.byName.set(name, column);
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
  const wordAt = wordsOf(step.kind, step.columns[0]!, columnOf(step, columns, step.columns[0]!));
  const index = indexOf(step);
  const numbers = new Int32Array(columns.rows);
  for (let row = 0; row < numbers.length; row++) numbers[row] = index.get(wordAt(row)) ?? unknown;
  return numbers;
}

const { with: by, value, range, most, into, buckets, seed, parts, period } = optionChecks;
/** What vocabulary and oneHotColumns share. */
const worded: Pick<StepKind, 'takes' | 'options' | 'fit' | 'lists'> = {
  takes: 'one column',
  options: { most },
  fit: fitVocabulary,
  lists: { words: 'texts' },
};

export const stepKinds: Readonly<Record<string, StepKind>> = {
  impute: {
    takes: 'columns',
    options: { with: by, value },
    missing: ({ options }) => (typeof options.value === 'string' ? '' : NaN),
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
    {
      options: {},
      fit: (step) => fitEach(step, meanAndScale),
      lists: { mean: 'numbers', scale: 'scales' },
    },
    (step, i) => [learned(step, 'mean', i), learned(step, 'scale', i), 0],
  ),
  minMax: scaling(
    {
      options: { range },
      fit: (step) => fitEach(step, leastAndMost),
      lists: { least: 'numbers', most: 'numbers' },
      order: ['least', 'most'],
    },
    (step, i) => {
      const [low, high] = step.options.range as readonly [number, number];
      const least = learned(step, 'least', i);
      return [least, orOne(learned(step, 'most', i) - least) / (high - low), low];
    },
  ),
  robust: scaling(
    {
      options: {},
      fit: (step) => fitEach(step, quantiles({ median: 0.5, lower: 0.25, upper: 0.75 })),
      lists: { median: 'numbers', lower: 'numbers', upper: 'numbers' },
      order: ['lower', 'upper'],
    },
    (step, i) => [
      learned(step, 'median', i),
      orOne(learned(step, 'upper', i) - learned(step, 'lower', i)),
      0,
    ],
  ),
  vocabulary: {
    ...worded,
    writes: ({ columns }) => columns,
    apply: (step, columns) => {
      const unknown = step.fitted!.words!.length;
      columns.byName.set(step.columns[0]!, { type: 'int32', values: numbersOfWords(step, columns, unknown) });
    },
  },
  oneHotColumns: {
    ...worded,
    writes: ({ columns: [name = ''], fitted }) =>
      fitted && [name, ...fitted.words!.map((word) => `${name}=${word}`)],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      const numbers = numbersOfWords(step, columns, -1);
      columns.byName.delete(name);
      (step.fitted!.words as readonly string[]).forEach((word, i) => {
        const values = Float32Array.from(numbers, (each) => Number(each === i));
        addColumn(step, columns, `${name}=${word}`, { type: 'float32', values });
      });
    },
  },
  classWeights: {
    takes: 'one column',
    options: { into, most },
    fit: fitCounts,
    lists: { words: 'texts', counts: 'counts' },
    writes: ({ options }) => [options.into as string],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      // A row that is to be predicted has no class yet, and needs no weight.
      const column = columns.byName.get(name);
      if (!column) return;
      const weights = weightsOf(step);
      const wordAt = wordsOf(step.kind, name, column);
      const values = Float32Array.from({ length: columns.rows }, (_, row) => weights.get(wordAt(row)) ?? 1);
      addColumn(step, columns, step.options.into as string, { type: 'float32', values });
    },
  },
  hashing: {
    takes: 'columns',
    options: { buckets, seed },
    lists: {},
    writes: ({ columns }) => columns,
    apply: (step, columns) =>
      step.columns.forEach((name) => {
        const wordAt = wordsOf(step.kind, name, columnOf(step, columns, name));
        const chosen = step.options as { readonly buckets: number; readonly seed: number };
        const hashed = new Int32Array(columns.rows);
        for (let row = 0; row < hashed.length; row++)
          hashed[row] = hashOf(wordAt(row), chosen.seed) % chosen.buckets;
        columns.byName.set(name, { type: 'int32', values: hashed });
      }),
  },
  dates: {
    takes: 'one column',
    options: { parts },
    lists: {},
    writes: ({ columns, options }) => [
      ...columns,
      ...(options.parts as string[]).map((part) => `${columns[0]!}.${part}`),
    ],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      const dateAt = dateReader(name, columnOf(step, columns, name));
      const found = Array.from({ length: columns.rows }, (_, row) => dateAt(row));
      columns.byName.delete(name);
      for (const part of step.options.parts as readonly DatePart[]) {
        const values = Float32Array.from(found, (date) => dateParts[part](date));
        addColumn(step, columns, `${name}.${part}`, { type: 'float32', values });
      }
    },
  },
  cyclic: {
    takes: 'one column',
    options: { period },
    lists: {},
    missing: notANumber,
    writes: ({ columns: [name = ''] }) => [name, `${name}.sin`, `${name}.cos`],
    apply: (step, columns) => {
      const [name] = step.columns as [string];
      const values = assertNumbers(step, name, columnOf(step, columns, name));
      const whole = step.options.period as number;
      const turned = (f: (angle: number) => number): Float32Array =>
        Float32Array.from({ length: columns.rows }, (_, row) => f((2 * Math.PI * values[row]!) / whole));
      columns.byName.delete(name);
      addColumn(step, columns, `${name}.sin`, { type: 'float32', values: turned(Math.sin) });
      addColumn(step, columns, `${name}.cos`, { type: 'float32', values: turned(Math.cos) });
    },
  },
};
