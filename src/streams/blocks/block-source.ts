/**
 * Sources whose rows come in blocks. For a subscriber, such a source is an observable that emits one row at a time. Operators of this library
 * that are applied to it directly find its blocks under a symbol, and pass on whole blocks.
 */
import type { Observable } from 'rxjs';
import { pulled, type PullOptions, type Supply } from '../pulling/pull';
import type { Run } from './columns';

/** Where one subscription gets its rows. */
export interface BlockSupply {
  /**
   * Returns the next rows: at least one and at most `limit`. Returns null if no row is ready, or if there are no more. The rows are valid
   * until the next call of `take` or `more`.
   *
   * @throws when reading fails or a row is malformed. Rows before it are returned first, except those that a shuffle or a batch holds
   */
  readonly take: (limit: number) => Run | null;
  /** Whether all rows have been taken. */
  readonly isOver: () => boolean;
  /** Loads more rows, or finds that there are none. */
  readonly more: () => Promise<void>;
  /** Called once, when the subscription has ended. */
  readonly close: () => void;
}

/** The block form of an observable of rows. */
export interface BlockSource {
  /** The name of the source, for messages. */
  readonly name: string;
  readonly options: PullOptions;
  readonly open: () => BlockSupply;
  /** Makes the value that a subscriber gets for a row; the innermost scope owns its tensors. */
  readonly rowOf: (run: Run) => unknown;
}

const BLOCKS = Symbol('blocks');
const BATCHES = Symbol('batches');

interface Marked {
  [BLOCKS]?: BlockSource;
  [BATCHES]?: BlockSource;
}

/** Returns the block form of an observable of rows, or null if it has none. */
export function blocksOf(rows: Observable<unknown>): BlockSource | null {
  return (rows as Marked)[BLOCKS] ?? null;
}

/** Attaches its block form to an observable of rows. */
export function withBlocks<T>(rows: Observable<T>, source: BlockSource): Observable<T> {
  (rows as Marked)[BLOCKS] = source;
  return rows;
}

/** Returns the block form of the rows in an observable of batches, or null if it has none. */
export function batchedBlocksOf(batches: Observable<unknown>): BlockSource | null {
  return (batches as Marked)[BATCHES] ?? null;
}

/** Attaches the block form of its rows to an observable of batches. */
export function withBatchedBlocks<T>(batches: Observable<T>, source: BlockSource): Observable<T> {
  (batches as Marked)[BATCHES] = source;
  return batches;
}

/** A pulling source that emits runs of at most `limit` rows. A run is valid during its emission only. */
export function runsOf({ name, options, open }: BlockSource, limit: number): Observable<Run> {
  return pulled(name, () => runSupply(open(), limit), options);
}

/** Turns a supply of blocks into a supply of values: `make` makes one value for each run. */
export function runSupply<T = Run>(
  blocks: BlockSupply,
  limit: number,
  make: (run: Run) => T = (run) => run as T,
): Supply<T> {
  const atHand = (): IteratorResult<T, undefined> | null => {
    const run = blocks.take(limit);
    if (run) return { done: false, value: make(run) };
    return blocks.isOver() ? { done: true, value: undefined } : null;
  };
  const later = async (): Promise<IteratorResult<T, undefined>> => {
    for (;;) {
      await blocks.more();
      const next = atHand();
      if (next) return next;
    }
  };
  return { when: 'later', next: () => atHand() ?? later(), close: blocks.close };
}
