import type { Observable } from 'rxjs';
import { itemsOf } from '../pulling/items';
import { pulled, pullOptions, type PullOptions, type Supply } from '../pulling/pull';
import { assertOptions } from '../../tensor/options';

/**
 * A source of the chunks of a stream: a web `ReadableStream`, a readable stream of Node (any async iterable), or the bytes of a Blob or a response, decompressed if they begin as gzip. (`fileBytes` of
 * `rxtensor/files` also opens addresses and paths, and decompresses streams.) It requests a chunk when earlier
 * emissions are finished, so that back-pressure reaches the producer of the stream; nothing is dropped. The source owns the tensors in a chunk
 * and frees them.
 *
 * Unsubscribing cancels the stream. A stream can be read once only: for `retry` and `repeat`, create it inside of RxJS's `defer`.
 *
 * ```text
 *  stream                  --a--b-----c--|
 *  fromReadable(stream)    --a--b-----c--|
 * ```
 *
 * @throws (as error notifications) the error of the stream; and when another reader has locked it, or has read it
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const numbers = new ReadableStream<number>({
 *   start: (controller) => {
 *     for (const x of [1, 2, 3, 4]) controller.enqueue(x);
 *     controller.close();
 *   },
 * });
 * dl.fromReadable(numbers)
 *   .pipe(dl.batch(2))
 *   .subscribe((pair) => pair.print()); // 1, 2 and 3, 4
 * ```
 */
export function fromReadable(stream: Blob | Response, options?: PullOptions): Observable<Uint8Array>;
export function fromReadable<T>(
  stream: ReadableStream<T> | AsyncIterable<T>,
  options?: PullOptions,
): Observable<T>;
export function fromReadable(
  given: Blob | Response | ReadableStream<unknown> | AsyncIterable<unknown>,
  options: PullOptions = {},
): Observable<unknown> {
  const name = 'fromReadable';
  assertOptions<PullOptions>(name, options, pullOptions);
  const body = given instanceof Response ? given.body : null;
  if (body || given instanceof Blob)
    return pulled(name, () => chunksOf(name, body ?? (given as Blob).stream(), unzipped), options);
  if (isWebStream(given)) return pulled(name, () => chunksOf(name, given), options);
  if (typeof (given as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] !== 'function') {
    throw new Error(
      `${name}: argument 'stream' is ${given === null ? 'null' : typeof given}; wanted a ReadableStream, an async iterable, a Blob or a Response`,
    );
  }
  return pulled(name, () => itemsOf(given as AsyncIterable<unknown>), options);
}

function isWebStream<T>(stream: unknown): stream is ReadableStream<T> {
  return typeof ReadableStream === 'function' && stream instanceof ReadableStream;
}

/** Reads by a reader, since Safari has no async iterator of streams. */
function chunksOf<T>(name: string, stream: ReadableStream<T>, open?: Opening<T>): Supply<T> {
  let reader: ReadableStreamDefaultReader<T> | null = null;
  return {
    when: 'later',
    next: () => {
      if (reader) return reader.read();
      if (stream.locked)
        throw new Error(
          `${name}: argument 'stream' has a reader already; wanted one without, or one of its tee()`,
        );
      reader = stream.getReader();
      return open ? open(reader, (rest) => (reader = rest)) : reader.read();
    },
    close: () => {
      // For a stream that has ended or failed this does nothing; its result is ignored.
      if (reader) reader.cancel().then(undefined, () => undefined);
      else if (!stream.locked) stream.cancel().then(undefined, () => undefined);
    },
  };
}

/** Reads the first chunk, and tells what reads the others, if that is another reader. */
type Opening<T> = (
  reader: ReadableStreamDefaultReader<T>,
  goOn: (rest: ReadableStreamDefaultReader<T>) => ReadableStreamDefaultReader<T>,
) => Promise<ReadableStreamReadResult<T>>;

/** Decompresses bytes that begin as gzip (RFC 1952, section 2.3.1). */
const unzipped: Opening<Uint8Array<ArrayBuffer>> = async (reader, goOn) => {
  const first = await reader.read();
  const head = first.value;
  // A first chunk of one byte tells less: text does not begin with it.
  if (head?.[0] !== 0x1f || (head[1] ?? 0x8b) !== 0x8b) return first;
  const whole = new ReadableStream<typeof head>({
    start: (controller) => controller.enqueue(head),
    pull: async (controller) => {
      const { value } = await reader.read();
      if (value) controller.enqueue(value);
      else controller.close();
    },
    cancel: () => reader.cancel(),
  });
  return goOn(whole.pipeThrough(new DecompressionStream('gzip')).getReader()).read();
};
