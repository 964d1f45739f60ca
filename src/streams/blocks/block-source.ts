/**
 * Sources whose rows come in blocks. For a subscriber, such a source is an observable that emits one row at a time. Operators of this library
 * that are applied to it directly find its blocks under a symbol, and pass on whole blocks.
 */
import type { Observable } from 'rxjs';
import { pulled, type PullOptions, type Supply } from '../pulling/pull';
import { newIdentity } from '../identity';
import type { Place } from '../trail';
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
  /** How much there is, as far as it is known: see {@link Place}. */
  readonly extent: () => Pick<Place, 'length' | 'epochs' | 'fraction'>;
  /** Called once, when the subscription has ended. */
  readonly close: () => void;
}

/** The block form of an observable of rows. */
export interface BlockSource {
  /** The name of the source, for messages. */
  readonly name: string;
  readonly options: PullOptions;
  /** How many rows to leave out, counted as they come out of the last operator on blocks. */
  readonly startAt: number;
  /** Why no later run can begin in the middle; null when one can: the same rows come again, in the same order. */
  readonly obstacle: string | null;
  /** Opens the rows, without the first `startAt` of them. */
  readonly open: (startAt: number) => BlockSupply;
  /** Makes the value that a subscriber gets for a row; the innermost scope owns its tensors. */
  readonly rowOf: (run: Run) => unknown;
  /** What operators on rows do with blocks. The source brings it along, so that programs that read no files do not load it. */
  readonly operators: BlockOperators;
}

/** Operators on rows, for rows in blocks. Each gives what the operator gives for the rows one by one. */
export interface BlockOperators {
  /** @param order `drawing` makes the random integers of a subscription; `obstacle`: why no run can begin in the middle of this order */
  readonly shuffled: <T>(
    name: string,
    source: BlockSource,
    order: {
      readonly buffer: number;
      readonly obstacle: string | null;
      readonly drawing: () => (bound: number) => number;
    },
  ) => Observable<T>;
  readonly batched: <T>(
    name: string,
    source: BlockSource,
    batches: { readonly size: number; readonly dropRemainder: boolean },
  ) => Observable<T>;
  readonly unbatched: <T>(name: string, source: BlockSource) => Observable<T>;
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
export function runsOf(source: BlockSource, limit: number): Observable<Run> {
  return pulled(source.name, () => runSupply(source, limit), source.options);
}

/** Opens a source of blocks as a supply of values: `make` makes one value for each run. */
export function runSupply<T = Run>(
  { open, startAt, obstacle }: BlockSource,
  limit: number,
  make: (run: Run) => T = (run) => run as T,
): Supply<T> {
  const blocks = open(startAt);
  const source = newIdentity();
  let position = startAt;
  const atHand = (): IteratorResult<T, undefined> | null => {
    const run = blocks.take(limit);
    if (run) {
      position += run.to - run.from;
      return { done: false, value: make(run) };
    }
    return blocks.isOver() ? { done: true, value: undefined } : null;
  };
  const later = async (): Promise<IteratorResult<T, undefined>> => {
    for (;;) {
      await blocks.more();
      const next = atHand();
      if (next) return next;
    }
  };
  const origin = (): { place: Place } => ({
    place: { source, position, obstacle, ...blocks.extent() },
  });
  return { when: 'later', next: () => atHand() ?? later(), origin, close: blocks.close };
}

/** How many rows are skipped at once. */
const SKIPPED = 4096;

/** The same rows without the first `count`. */
export function skipped(blocks: BlockSupply, count: number): BlockSupply {
  let left = count;
  return {
    ...blocks,
    take: (limit) => {
      while (left > 0) {
        const run = blocks.take(Math.min(left, SKIPPED));
        if (!run) return null;
        left -= run.to - run.from;
      }
      return blocks.take(limit);
    },
  };
}
