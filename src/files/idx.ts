import { Observable, switchMap } from 'rxjs';
import { isPlainObject } from '../tensor/container';
import type { DataType } from '../tensor';
import { elementTypeOf } from '../streams/data/element-type';
import { withEmittedNumbers } from '../streams/data/emitted-numbers';
import { isHostArray, type HostArray } from '../streams/data/host-array';
import { examples, examplesOptions, type ExamplesOptions } from '../streams/sources/examples';
import { nameOfFile, type FileReading } from '../streams/sources/fetched-file';
import { loadFile, type FileSource } from './file';
import { parseIdx, sizeOfIdx } from './idx-format';
import { assertOptions } from '../tensor/options';

/** Where an IDX file is. */
export type IdxSource = FileSource;

/** The type of one example from IDX files: a row of each file, or a number from a file of rank 1. */
export type IdxExample<S> = S extends IdxSource
  ? HostArray | number
  : { readonly [K in keyof S]: HostArray | number };

/**
 * Loads a file in IDX format and parses it; see {@link parseIdx}.
 *
 * @param source an address to fetch (relative ones are resolved against the page's), a Blob, or bytes
 * @param signal aborts the fetch
 * @throws (rejects) naming the file, when it cannot be read or is not a complete IDX file
 * @example
 * ```ts
 * import { loadIdx } from 'rxtensor/files';
 * loadIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 1])).then(({ values }) => console.log(values)); // 7, 1
 * ```
 */
export async function loadIdx(source: IdxSource, signal?: AbortSignal): Promise<HostArray> {
  return load(source, { operator: 'loadIdx', signal });
}

async function load(source: IdxSource, reading: FileReading): Promise<HostArray> {
  const name = nameOfFile(source);
  return parseIdx(await loadFile(source, reading, (head) => sizeOfIdx(head, name)), name);
}

/**
 * A source of examples from files in IDX format, the format of the MNIST digits. It loads the files, then works like {@link examples}. Each
 * subscription loads them again; unsubscribing aborts the loading. Files may be compressed with gzip, whatever their names. Integers are int32
 * in a `batch`.
 *
 * ```text
 *  idx({ xs, ys })    ----(loading)----e1--e2--e3|
 * ```
 *
 * @param sources one file, or one for each column, with as many rows in each
 * @param options as for {@link examples}
 * @throws (as error notifications) naming the file, when one cannot be read, is not a complete IDX file or has another number of rows; when
 *   an option is invalid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { idx } from 'rxtensor/files';
 * const labels = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
 * idx({ ys: labels }, { epochs: 2, shuffle: true })
 *   .pipe(dl.batch(3))
 *   .subscribe(({ ys }) => console.log(ys.shape)); // [3], twice
 * ```
 */
export function idx<S extends IdxSource | Readonly<Record<string, IdxSource>>>(
  sources: S,
  options: ExamplesOptions = {},
): Observable<IdxExample<S>> {
  assertOptions<ExamplesOptions>('idx', options, examplesOptions);
  /** The data type of numbers that are emitted by themselves; known when the file has been loaded. */
  let numbers: DataType = 'float32';
  const stream = loaded(sources).pipe(
    switchMap((data) => {
      if (isHostArray(data)) numbers = elementTypeOf(data.values) ?? numbers;
      return examples(data, options) as Observable<IdxExample<S>>;
    }),
  );
  return withEmittedNumbers(stream, () => numbers);
}

/** Loads the files and emits them once; unsubscribing aborts the loading. */
function loaded(
  sources: IdxSource | Readonly<Record<string, IdxSource>>,
): Observable<HostArray | Readonly<Record<string, HostArray>>> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    loadAll(sources, controller.signal).then(
      (data) => {
        subscriber.next(data);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort();
  });
}

async function loadAll(
  sources: IdxSource | Readonly<Record<string, IdxSource>>,
  signal: AbortSignal,
): Promise<HostArray | Readonly<Record<string, HostArray>>> {
  const reading = { operator: 'idx', signal };
  if (!isPlainObject(sources)) return load(sources, reading);
  const columns = Object.entries(sources);
  return Object.fromEntries(
    await Promise.all(columns.map(async ([key, source]) => [key, await load(source, reading)] as const)),
  );
}
