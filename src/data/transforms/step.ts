/** A preparation of rows is a list of steps, and a step is plain data: JSON, a clone and a checkpoint keep it as it is. */
import type { ColumnType, ColumnValues } from '../../streams/blocks/columns';

/** One step of a preparation: what it does, with which columns, and what it has learned of the data. */
export interface Step {
  /** What it does: the name of the function that makes it. */
  readonly kind: string;
  /** The columns that it works on. */
  readonly columns: readonly string[];
  /** What was chosen, by name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What it has learned of the data; null until it is fitted, and for kinds that learn nothing. */
  readonly fitted: Readonly<Record<string, readonly (number | string)[]>> | null;
}

/** The rows of a block, column by column. */
export interface Column {
  readonly type: ColumnType;
  /** Numbers of a plain row are in a Float64Array, as they are: nothing has rounded them. */
  readonly values: ColumnValues | Float64Array;
}

/** Some columns, by name, all of `rows` rows. */
export interface Columns {
  readonly rows: number;
  readonly byName: Map<string, Column>;
}

/** Learns of the data for one step. */
export interface Fitting {
  readonly add: (columns: readonly Column[], rows: number) => void;
  readonly end: () => NonNullable<Step['fitted']>;
}

/** Tells what an option is to be, where it is something else; null where it is right. */
export type OptionCheck = (value: unknown, options: Readonly<Record<string, unknown>>) => string | null;

/** What a kind of step does. */
export interface StepKind {
  /** How many columns it takes. */
  readonly takes: 'one column' | 'columns';
  /** The options that it has. Steps come from files too, so they are checked where they are used as well. */
  readonly options: Readonly<Record<string, OptionCheck>>;
  /** Begins to learn; left out where there is nothing to learn. */
  readonly fit?: (step: Step) => Fitting;
  /** What it learns, by name. */
  readonly lists: Readonly<Record<string, StepList>>;
  /** Two of the lists; no number of the first is greater than that of the second. */
  readonly order?: readonly [lower: string, upper: string];
  /** The names of the columns that it writes. Null where they depend on what it has yet to learn, beside its own. */
  readonly writes: (step: Step) => readonly string[] | null;
  /** Changes the columns. */
  readonly apply: (step: Step, columns: Columns) => void;
  /** What stands for a value that is null in a plain row: NaN, or the empty text. Undefined where a null has no meaning. */
  readonly missing?: (step: Step) => number | string;
}

/** A list that a step has learned: a number for each column (positive ones are scales), different texts, or how often each of its `words` was found. */
export type StepList = 'numbers' | 'scales' | 'texts' | 'counts';

/** @throws unless the column is there */
export function columnOf(step: Step, columns: Columns, name: string): Column {
  const found = columns.byName.get(name);
  if (found) return found;
  throw new Error(
    `${step.kind}: there is no column '${name}'; found ${[...columns.byName.keys()].map((each) => `'${each}'`).join(', ')}`,
  );
}

/** @throws for a column of text */
export function assertNumbers(step: Step, name: string, column: Column): ArrayLike<number> {
  if (column.type !== 'string') return column.values as ArrayLike<number>;
  throw new Error(`${step.kind}: the column '${name}' is text; wanted numbers`);
}
