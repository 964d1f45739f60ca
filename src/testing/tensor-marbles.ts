import { map, type Observable } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { isPromise } from '../tensor/container';
import { plainValues } from './plain-values';
import { timelineDifference } from './timeline-difference';
import { TOLERANCE, toleranceHere } from './tolerance';

/** How exact numbers must be. */
export interface MarbleOptions {
  /**
   * How far a number may be from the wanted one: |found − wanted| ≤ tolerance · max(1, |wanted|). When left out, 1e-5 on the CPU and
   * 1e-4 on WebGL, whose drivers compute functions such as `exp` to four or five digits.
   */
  readonly tolerance?: number;
}

/** What a stream is expected to do. */
export interface TensorExpectation {
  /**
   * Compares the stream with a marble diagram.
   *
   * @param marbles the notifications and their times
   * @param values by the letters in the marbles: numbers for scalars, nested arrays for other tensors, or objects and arrays of those;
   *   the letters themselves where this is left out
   * @param error that of `#`; `'error'` when left out. Errors are the same when their messages are
   */
  readonly toBe: (marbles: string, values?: Readonly<Record<string, unknown>>, error?: unknown) => void;
}

/** RxJS's marble helpers, and one for tensors. */
export interface TensorMarbles extends RunHelpers {
  /** For operators that take a scheduler, and `examples(data, {scheduler})`. */
  readonly scheduler: TestScheduler;
  /**
   * As `expectObservable`, for streams with tensors in their values: each is read at the moment it is emitted, as a subscriber would, and
   * compared by its values.
   *
   * @param unsubscription marbles with `^` and `!`: when to subscribe and when to unsubscribe
   */
  readonly expectTensors: (stream: Observable<unknown>, unsubscription?: string | null) => TensorExpectation;
}

/**
 * Runs marble diagrams over streams of tensors, on RxJS's `TestScheduler`: in any test framework, since a mismatch is an error, which
 * shows both timelines as plain arrays. It is over when it returns: nothing is to be awaited.
 *
 * Virtual time passes in one go, and promises settle after it. For what waits for promises (`download`, `mapTensorAsync`, a source's
 * back-pressure on WebGL) there is {@link deviceMarbles}.
 *
 * @throws when the function returns a promise, and for the first expectation that does not hold
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { tensorMarbles } from 'rxtensor/testing';
 * tensorMarbles(({ cold, expectTensors }) => {
 *   const windows = cold('a-b-c-|', { a: 1, b: 2, c: 3 }).pipe(
 *     dl.mapTensor((x) => dl.scalar(x).square()),
 *     dl.slidingWindow(2),
 *   );
 *   expectTensors(windows).toBe('--y-z-|', { y: [1, 4], z: [4, 9] });
 * });
 * ```
 */
export function tensorMarbles(work: (helpers: TensorMarbles) => void, options: MarbleOptions = {}): void {
  const name = 'tensorMarbles';
  const scheduler = marbleScheduler(name, options);
  scheduler.run((helpers) => refuseLater(name, () => work(marbleHelpers(scheduler, helpers))));
}

/** A scheduler whose expectations are compared by value and throw errors. */
export function marbleScheduler(name: string, { tolerance }: MarbleOptions): TestScheduler {
  if (tolerance !== undefined && !(tolerance >= 0)) {
    throw new Error(`${name}: option 'tolerance' is ${tolerance}; wanted a number that is not negative`);
  }
  return new TestScheduler((found, wanted) => {
    const difference = timelineDifference(
      found as Parameters<typeof timelineDifference>[0],
      wanted as Parameters<typeof timelineDifference>[1],
      tolerance ?? toleranceHere(TOLERANCE),
    );
    if (difference !== null) throw new Error(`${name}: ${difference}`);
  });
}

export function marbleHelpers(scheduler: TestScheduler, helpers: RunHelpers): TensorMarbles {
  const expectTensors: TensorMarbles['expectTensors'] = (stream, unsubscription = null) =>
    helpers.expectObservable(stream.pipe(map(plainValues)), unsubscription);
  return { ...helpers, scheduler, expectTensors };
}

/** @throws when it returns a promise: the time of the marbles begins when the function has returned, and does not wait for it */
export function refuseLater(name: string, work: () => unknown): void {
  const result = work();
  if (!isPromise(result)) return;
  result.then(undefined, () => undefined); // the error below is the one to see
  throw new Error(
    `${name}: the function returned a promise; wanted nothing: virtual time begins when it has returned`,
  );
}
