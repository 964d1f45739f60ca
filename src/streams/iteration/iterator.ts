import { isObservable, Subscription, type Observable } from 'rxjs';
import { emission, waitFor, type Waiter } from '../emission';
import { reportUnhandled, type Failure } from '../notify';
import { operator } from '../operator';
import { whenNothingIsLeft } from '../pulling/idle-event-loop';
import { hold } from '../ownership/held-values';
import { assertPositiveInteger, wrongGiven } from '../checks/arguments';
import { assertOptions } from '../../tensor/options';

/** How many values wait for a loop, if their source does not. */
export interface EachOptions {
  /**
   * How many values may wait for the loop when their source cannot wait for it, as `interval`, `fromEvent`, `from` and subjects cannot; 64 when
   * left out. One more is an error. It does not concern sources of this library, which wait themselves.
   */
  readonly buffer?: number;
}

/** An iterator that can also be ended while a value is awaited. */
export interface EndableIterator<T> extends AsyncIterableIterator<T, undefined> {
  readonly return: () => Promise<IteratorReturnResult<undefined>>;
}

/** A value that the iterator holds. */
interface Waiting<T> {
  readonly value: T;
  /** Frees its tensors, and lets its source go on. */
  readonly finish: () => void;
}

interface Pull<T> {
  readonly resolve: (item: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Checks the options, and returns a function that makes an iterator over the values of a stream. The iterator subscribes at its first pull. It holds
 * each value until the next pull; until then the value's emission is unfinished, and sources wait.
 *
 * @param name the function that iterates, for messages
 */
export function iteratorsOf<T>(
  name: string,
  source: Observable<T>,
  options: EachOptions,
): () => EndableIterator<T> {
  if (!isObservable(source)) throw wrongGiven(name, "argument 'source'", source, 'an observable');
  assertOptions<EachOptions>(name, options, { buffer: 1 });
  const { buffer = 64 } = options;
  assertPositiveInteger(name, "option 'buffer'", buffer, 'infinite too');
  const waiter: Waiter = {
    by: name,
    cure: 'nobody asks for the next value: go on with the loop, or end it (break, return(), cancel())',
  };
  return () => {
    const subscription = new Subscription();
    /** The values that nobody has asked for yet. */
    const waiting: Waiting<T>[] = [];
    /** The pulls that no value has answered yet. */
    const pulls: Pull<T>[] = [];
    /** Finishes the value that is in use. */
    let finish: (() => void) | null = null;
    let isBegun = false;
    let isOver = false;
    let failure: Failure | null = null;
    /** Call this when somebody has seen the failure. */
    let seen = (): void => undefined;

    const answer = (): void => {
      while (pulls.length > 0 && (waiting.length > 0 || isOver)) {
        const { resolve, reject } = pulls.shift()!;
        const next = waiting.shift();
        finish?.();
        finish = next?.finish ?? null;
        if (next) resolve({ done: false, value: next.value });
        else if (failure) reject(failure.error);
        else resolve({ done: true, value: undefined });
        if (next) continue;
        failure = null;
        seen();
      }
    };
    const end = (reason: Failure | null): void => {
      isOver = true;
      failure = reason;
      seen();
      if (reason) seen = unlessSeen(reason.error);
      answer();
    };
    const take = operator<T, never>(name, () => ({
      next: (value) => {
        const held = hold(name, value, 'cut off');
        let settle = (): void => undefined;
        const finished = new Promise<void>((resolve) => (settle = resolve));
        const isWaitedFor = waitFor(waiter, finished);
        waiting.push({
          value: held.value,
          finish: () => {
            // The end of an emission: a tensor that is used later says so, and one that was given to keep() lives on.
            emission(name, held.handOver);
            settle();
          },
        });
        answer();
        if (!isWaitedFor && waiting.length > buffer) throw tooMany(name, buffer);
      },
    }));
    const iterator: EndableIterator<T> = {
      next: () =>
        new Promise((resolve, reject) => {
          finish?.();
          finish = null;
          pulls.push({ resolve, reject });
          answer();
          if (isBegun || isOver) return;
          isBegun = true;
          subscription.add(
            source.pipe(take).subscribe({ error: (error) => end({ error }), complete: () => end(null) }),
          );
        }),
      return: () => {
        subscription.unsubscribe();
        for (const each of waiting.splice(0)) each.finish();
        finish?.();
        finish = null;
        end(null);
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  };
}

/** Reports an error if the program of Node ends before anybody has seen it. Returns a function that says that somebody has. */
function unlessSeen(error: unknown): () => void {
  const calledOff = whenNothingIsLeft(() => {
    calledOff();
    reportUnhandled(error);
  });
  // It may have come when nothing was left to run: another turn has another end.
  setTimeout(() => undefined);
  return calledOff;
}

function tooMany(name: string, buffer: number): Error {
  return new Error(
    `${name}: more than ${buffer} values wait for the loop (its option buffer), since their source does not wait; wanted a source that does, as ` +
      'examples(data) in place of from(data), or latest() at the end of the pipe, which drops values that come too fast',
  );
}
