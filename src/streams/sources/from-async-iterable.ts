import type { Observable } from 'rxjs';
import { wrongGiven } from '../checks/arguments';
import { itemsOf } from '../pulling/items';
import { pulled, pullOptions, type PullOptions } from '../pulling/pull';
import { assertOptions } from '../../tensor/options';

/**
 * A source of the values of an async iterable, such as an async generator. It asks for a value when earlier emissions are finished, one at a time; RxJS's `from` asks on and on, and
 * values pile up. The source owns the tensors that come, and frees them, except those that were given to {@link keep}.
 *
 * Unsubscribing ends the iteration, by the iterator's `return()`: a generator runs its `finally`. Each subscription asks for a new iterator. A
 * generator can be gone through once only: for `retry`, `repeat` and several subscribers, create it inside of RxJS's `defer`.
 *
 * ```text
 *  the generator               yields a   yields b         returns
 *  fromAsyncIterable(it)       -------a----------b--------|
 * ```
 *
 * @throws when an argument is wrong; as error notifications, what the iterable throws
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * async function* readings() {
 *   for (let i = 1; i <= 4; i++) {
 *     await new Promise((resolve) => setTimeout(resolve, 5));
 *     yield i;
 *   }
 * }
 * dl.fromAsyncIterable(readings())
 *   .pipe(dl.batch(2))
 *   .subscribe((pair) => pair.print()); // 1, 2 and 3, 4
 * ```
 */
export function fromAsyncIterable<T>(iterable: AsyncIterable<T>, options: PullOptions = {}): Observable<T> {
  const name = 'fromAsyncIterable';
  assertOptions<PullOptions>(name, options, pullOptions);
  if (typeof (iterable as Partial<AsyncIterable<T>> | null)?.[Symbol.asyncIterator] !== 'function')
    throw wrongGiven(
      name,
      "argument 'iterable'",
      iterable,
      'an async iterable; examples() takes arrays and other iterables',
    );
  return pulled(name, () => itemsOf(iterable), options);
}
