import type { Observable } from 'rxjs';
import { iteratorsOf, type EachOptions } from './iterator';

/**
 * Goes through a stream by `for await`, with back-pressure. The loop gets a value when it asks for one, and the value is held until it asks for the next: the
 * tensors live in the whole body, whatever it awaits. Meanwhile sources wait, so that at most `inFlight` (2) values exist. `break`, `return` and an
 * error in the body unsubscribe, and free everything. Each loop is a subscription of its own.
 *
 * The tensors are constants. What the body makes belongs to the body: use `tidy` and `dispose` there. To have a value longer than one turn of the loop,
 * `clone()` it, or `keep()` it, and dispose it.
 *
 * ```text
 *  source      a b--------c--------d|     it waits while the body works
 *  the loop    [work on a][on b]   [on c] …
 * ```
 *
 * A source that cannot wait (`interval`, `fromEvent`, `from`, a subject) may be ahead by 64 values, or by the option `buffer`; one more is an error. Put `latest()`
 * at the end of the pipe to drop values that come too fast; take `examples(data)` in place of `from(data)`.
 *
 * @throws in the loop, after the values before it: the error of the stream; and when more than `buffer` values wait
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const rows$ = dl.examples([[1, 2], [3, 4], [5, 6]]).pipe(dl.mapTensor((row) => dl.tensor1d(row)));
 * for await (const row of dl.each(rows$)) {
 *   const sum = dl.tidy(() => row.sum());
 *   const [value] = await sum.data();
 *   sum.dispose();
 *   console.log(value); // 3, then 7
 *   if (value === 7) break;
 * }
 * ```
 */
export function each<T>(source: Observable<T>, options: EachOptions = {}): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: iteratorsOf('each', source, options) };
}
