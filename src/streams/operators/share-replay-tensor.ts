import { share, Subject, type MonoTypeOperatorFunction, type Observer, type SubjectLike } from 'rxjs';
import { emission, subscribing } from '../emission';
import { assertPositiveInteger } from '../checks/arguments';
import { hold, type Held } from '../ownership/held-values';
import { operator } from '../operator';

/**
 * RxJS's `shareReplay` (with `refCount`) for tensors: all subscribers share one subscription to the source, and later subscribers first get the
 * last `size` values. It owns the values that it replays. They are freed when the last subscriber leaves or the source ends; the next
 * subscriber then subscribes to the source again.
 *
 * ```text
 *  source                  --a-----b-----c--|
 *  first subscriber        --a-----b-----c--|
 *  second subscriber            a--b-----c--|     gets a as it subscribes
 * ```
 *
 * @param size how many values are replayed; 1 when left out
 * @throws (as error notification) for a tensor on the tape: gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const frame$ = dl.examples([1, 2, 3]).pipe(dl.mapTensor((x) => dl.scalar(x)), dl.shareReplayTensor());
 * frame$.subscribe((frame) => frame.print());
 * setTimeout(() => frame$.subscribe((frame) => frame.print()));
 * ```
 */
export function shareReplayTensor<T>(size = 1): MonoTypeOperatorFunction<T> {
  const name = 'shareReplayTensor';
  assertPositiveInteger(name, "argument 'size'", size, 'infinite too');
  return (source) => {
    let held: Held<T>[] = [];
    const remember = operator<T, T>(name, (output) => {
      const own: Held<T>[] = (held = []);
      return {
        next: (value) => {
          own.push(output.hold(value));
          if (own.length > size) own.shift()!.release();
          output.emit(() => value);
        },
        teardown: () => {
          for (const each of own.splice(0)) each.release();
        },
      };
    });
    const replay = (observer: Partial<Observer<T>> & { readonly closed?: boolean }): void => {
      // Held anew: what is emitted meanwhile may push out what has not been replayed.
      for (const { trail, again } of held.map((each) => ({
        trail: each.trail,
        again: hold(name, each.value),
      }))) {
        if (!observer.closed)
          subscribing(() => emission(name, () => observer.next?.(again.handOver()), trail));
        again.release();
      }
    };
    const connector = (): SubjectLike<T> => {
      held = [];
      const subject = new Subject<T>();
      return {
        next: (value) => subject.next(value),
        error: (error) => subject.error(error),
        complete: () => subject.complete(),
        subscribe: (observer) => {
          // First, so that nothing is missed that the source emits while it is being replayed to.
          const subscription = subject.subscribe(observer);
          replay(observer);
          return subscription;
        },
      };
    };
    return source.pipe(remember, share({ connector }));
  };
}
