import { reportUnhandled } from '../notify';
import { described } from '../../tensor/argument';

/** Asks an async iterable for its values. */
export interface Items<T> {
  readonly when: 'later';
  /** Asks for the next value. After the end, the iterable is gone through once more. */
  readonly next: () => Promise<IteratorResult<T, unknown>>;
  /** Ends the iteration, if one is under way. */
  readonly close: () => void;
}

/** Goes through an async iterable as `for await` does: an iterator that has failed, or is at its end, is not closed. */
export function itemsOf<T>(iterable: AsyncIterable<T>): Items<T> {
  let iterator: AsyncIterator<T, unknown> | null = null;
  return {
    when: 'later',
    next: async () => {
      iterator ??= iterable[Symbol.asyncIterator]();
      let isOver = true;
      try {
        const item = await iterator.next();
        // As `for await` does: values of an iterator that is none would have no end.
        if (Object(item) !== item)
          throw new TypeError(`the iterator's next() gave ${described(item)}; wanted { value, done }`);
        isOver = item.done === true;
        return item;
      } finally {
        if (isOver) iterator = null;
      }
    },
    close: () => {
      // Iterators written by hand may throw in return(), or give no promise.
      const closed = async (): Promise<unknown> => iterator?.return?.();
      closed().then(undefined, reportUnhandled);
    },
  };
}
