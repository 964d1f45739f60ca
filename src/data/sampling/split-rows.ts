import { isObservable, type Observable } from 'rxjs';
import { described } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import { assertOptions } from '../../tensor/options';
import { blocksOf, skipped } from '../../streams/blocks/block-source';
import { plainRow } from '../../streams/blocks/row-objects';
import { rowsOfBlocks } from '../../streams/blocks/rows-of-blocks';
import { assertSeed } from '../../streams/checks/arguments';
import { operator } from '../../streams/operator';
import { hashOf } from '../transforms/hash';
import { chosenRows } from './chosen-rows';
import { assertRowKey, keyOfRow, keysOfRun, type RowKey } from './row-key';

/** How {@link splitRows} and {@link partOf} tell rows apart. */
export interface SplitRowsOptions<T> {
  /**
   * What a row goes by: the name of a column, several names, or a function that gives a text or a number. Rows with the same key come into the same part, as all rows of
   * one person should. The whole row when left out. A number is the same in a file and in a plain row, as for {@link vocabulary}; from 2²⁴ on it must not be float32.
   */
  readonly by?: RowKey<T>;
  /** Another seed gives another split; 0 when left out. */
  readonly seed?: number;
}

/** The parts of a split, by name. */
export type Parts<T, K extends string> = Readonly<Record<K, Observable<T>>>;

/**
 * Splits rows into parts, as training, validation and test, by a hash of their keys (MurmurHash3): the same row comes into the same part in each run, on every machine,
 * and whatever rows are added, left out or put in another order. So the shares are those of keys, about: of n keys, a share p deviates by √(p(1−p)/n).
 *
 * Each part is an observable of its own, which subscribes to the rows: a file is read again for each, at the time when its part is needed (the test at the end), and
 * nothing is kept. To take all parts of rows that come once, give the rows `share()`, or use {@link partOf}.
 *
 * Directly below a source of rows in blocks (`csv`, `jsonLines`, `parquet`), the parts are in blocks too. With them, and below `examples()`, a run can be continued from a checkpoint: give the
 * part's source `startAt`, as without a split.
 *
 * ```text
 *  rows          --a--b--c--d--e--f--|
 *  splitRows.train   --a-----c--d--e-----|
 *  splitRows.test    -----b-----------f--|
 * ```
 *
 * @param shares the share of each part; together 1. The order counts: where a share grows, rows come from the next part
 * @throws when shares do not make up 1; as error notifications, when a row lacks the column
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { splitRows } from 'rxtensor/data';
 * import { csv } from 'rxtensor/files';
 * const rows = csv(new Blob(['id,x\n1,0.5\n2,1.5\n3,2.5\n4,3.5\n']), { columns: { id: 'int32', x: 'float32' } });
 * const { train, test } = splitRows(rows, { train: 0.75, test: 0.25 }, { by: 'id' });
 * train.pipe(dl.batch(4)).subscribe(({ x }) => x.print());
 * test.subscribe((row) => console.log(row)); // the rows that the training never sees
 * ```
 */
export function splitRows<T, K extends string>(
  rows: Observable<T>,
  shares: Readonly<Record<K, number>>,
  options: SplitRowsOptions<T> = {},
): Parts<T, K> {
  const name = 'splitRows';
  const splitter = splitterOf<T>(name, shares, options);
  if (!isObservable(rows))
    throw new Error(`${name}: argument 'rows' is ${described(rows)}; wanted an observable of rows`);
  return Object.fromEntries(
    splitter.parts.map((part, index) => [part, partOfRows(name, rows, splitter, index)]),
  ) as unknown as Parts<T, K>;
}

/**
 * A function that tells the part of a row: that of {@link splitRows} with the same arguments, for rows one by one, as with `groupBy`, or a single row that somebody asks about.
 *
 * @throws as {@link splitRows}
 * @example
 * ```ts
 * import { partOf } from 'rxtensor/data';
 * const part = partOf({ train: 0.8, test: 0.2 }, { by: 'user' });
 * console.log(part({ user: 'ann', x: 1 }) === part({ user: 'ann', x: 2 })); // true
 * ```
 */
export function partOf<K extends string, T = object>(
  shares: Readonly<Record<K, number>>,
  options: SplitRowsOptions<T> = {},
): (row: T) => K {
  const name = 'partOf';
  const { parts, indexOf } = splitterOf<T>(name, shares, options);
  return (row) => parts[indexOf(keyOfRow(name, options.by, row))] as K;
}

interface Splitter<T> {
  readonly parts: readonly string[];
  readonly by: RowKey<T> | undefined;
  /** The number of the part of a key. */
  readonly indexOf: (key: string) => number;
}

/** How much the sum of shares may differ from 1, which decimal fractions do not give exactly. */
const TOLERANCE = 1e-6;

function splitterOf<T>(
  name: string,
  shares: Readonly<Record<string, number>>,
  options: SplitRowsOptions<T>,
): Splitter<T> {
  assertOptions<SplitRowsOptions<T>>(name, options, { by: 1, seed: 1 });
  const { by, seed = 0 } = options;
  assertRowKey(name, "option 'by'", by);
  assertSeed(name, options.seed);
  const values: readonly unknown[] = isPlainObject(shares) ? Object.values(shares) : [];
  const areShares = (each: readonly unknown[]): each is readonly number[] =>
    each.length > 0 && each.every((share) => typeof share === 'number' && share > 0);
  const total = (each: readonly number[]): number => each.reduce((sum, share) => sum + share, 0);
  if (!areShares(values) || Math.abs(total(values) - 1) > TOLERANCE)
    throw new Error(
      `${name}: argument 'shares' is ${isPlainObject(shares) ? JSON.stringify(shares) : described(shares)}; wanted shares above 0 that make up 1, as {train: 0.8, test: 0.2}`,
    );
  let sum = 0;
  const ends = values.map((share) => (sum += share) * 2 ** 32);
  ends[ends.length - 1] = Infinity;
  return {
    parts: Object.keys(shares),
    by,
    indexOf: (key) => {
      const hash = hashOf(key, seed);
      return ends.findIndex((end) => hash < end);
    },
  };
}

function partOfRows<T>(
  name: string,
  rows: Observable<T>,
  { by, indexOf }: Splitter<T>,
  index: number,
): Observable<T> {
  const blocks = blocksOf(rows);
  if (blocks?.rowOf === plainRow && typeof by !== 'function')
    return rowsOfBlocks<T>(name, {
      ...blocks,
      open: (startAt) =>
        skipped(
          chosenRows(blocks.open(0), (run) => {
            const keyOf = keysOfRun(name, by, run);
            return (row) => Number(indexOf(keyOf(row)) === index);
          }),
          startAt,
        ),
    });
  return operator<T, T>(name, (output) => ({
    next: (row) => {
      if (indexOf(keyOfRow(name, by, row)) === index) output.emit(() => row);
    },
  }))(rows);
}
