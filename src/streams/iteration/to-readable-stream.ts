import type { Observable } from 'rxjs';
import { iteratorsOf, type EachOptions } from './iterator';

/**
 * Makes a web `ReadableStream` of a stream, with back-pressure: it subscribes at the first read, and a source makes values as they are read. A chunk is held until
 * the next read: its tensors live until then. Where chunks may wait in a queue behind it (a `tee()`, a strategy of more than one chunk), put `download()` above.
 * `cancel()` unsubscribes, and frees everything.
 *
 * ```text
 *  source                      --a--b--c--|
 *  toReadableStream(source)    --a--b--c--|     each when it is read
 * ```
 *
 * @param options for sources that cannot wait, as for {@link each}
 * @returns a stream that keeps nothing in a queue of its own
 * @throws (rejects a read, after the chunks before it) the error of the stream; and when more than `buffer` values wait
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { map } from 'rxjs';
 * const lines$ = dl.examples([1, 2, 3]).pipe(
 *   dl.mapTensor((x) => dl.scalar(x).square()),
 *   dl.download(),
 *   map((square) => `${square}\n`),
 * );
 * const body = dl.toReadableStream(lines$).pipeThrough(new TextEncoderStream());
 * console.log(await new Response(body).text()); // 1, 4, 9
 * ```
 */
export function toReadableStream<T>(source: Observable<T>, options: EachOptions = {}): ReadableStream<T> {
  const iterator = iteratorsOf('toReadableStream', source, options)();
  return new ReadableStream<T>(
    {
      pull: async (controller) => {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await iterator.return();
      },
    },
    { highWaterMark: 0 },
  );
}
