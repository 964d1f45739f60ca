/**
 * Sources whose rows come in blocks. To everyone else such a source is an observable of rows, one an emission. Operators of ours that are
 * applied to it directly find its blocks under a symbol, and hand whole blocks on.
 */
import type { Observable } from 'rxjs';
import { pulled, type PullOptions, type Supply } from '../pull';
import type { Run } from './columns';

/** What one subscription gets its rows from. */
export interface BlockSupply {
  /**
   * The next rows that are at hand, one to `limit` of them, valid until the next call. Null: none is at hand, or there are no more.
   *
   * @throws when the rows before what is wrong have been taken
   */
  readonly take: (limit: number) => Run | null;
  /** Whether all rows have been taken. */
  readonly isOver: () => boolean;
  /** Gets more rows at hand, or learns that there are none. */
  readonly more: () => Promise<void>;
  /** Called once, when nothing more is wanted. */
  readonly close: () => void;
}

/** Where the rows of a stream come from. */
export interface BlockSource {
  /** The source at the top, for messages. */
  readonly name: string;
  readonly options: PullOptions;
  readonly open: () => BlockSupply;
  /** Makes what a subscriber sees of a row, in the innermost scope. */
  readonly rowOf: (run: Run) => unknown;
}

const BLOCKS = Symbol('blocks');
const BATCHES = Symbol('batches');

interface Marked {
  [BLOCKS]?: BlockSource;
  [BATCHES]?: BlockSource;
}

/** The blocks that an observable of rows is made of; null where it is another observable. */
export function blocksOf(rows: Observable<unknown>): BlockSource | null {
  return (rows as Marked)[BLOCKS] ?? null;
}

/** Notes the blocks that an observable of rows is made of. */
export function withBlocks<T>(rows: Observable<T>, source: BlockSource): Observable<T> {
  (rows as Marked)[BLOCKS] = source;
  return rows;
}

/** The rows of which an observable of batches is made, as blocks; null where it is another observable. */
export function batchedBlocksOf(batches: Observable<unknown>): BlockSource | null {
  return (batches as Marked)[BATCHES] ?? null;
}

/** Notes the rows of which an observable of batches is made. */
export function withBatchedBlocks<T>(batches: Observable<T>, source: BlockSource): Observable<T> {
  (batches as Marked)[BATCHES] = source;
  return batches;
}

/** An emission of the source at the top for each run of at most `limit` rows. The runs are to be used before it ends. */
export function runsOf({ name, options, open }: BlockSource, limit: number): Observable<Run> {
  return pulled(name, () => runSupply(open(), limit), options);
}

/** What `make` gives for each run. */
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
