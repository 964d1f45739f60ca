import { Observable, switchMap } from 'rxjs';
import { isPlainObject } from '../../tensor/container';
import type { HostArray } from '../host-array';
import { examples, type ExamplesOptions } from './examples';
import { parseIdx } from './idx-format';

/** Where an IDX file is: an address, a file that a person chose, or its bytes. Any of them may be compressed with gzip. */
export type IdxSource = string | URL | Blob | ArrayBuffer | Uint8Array;

/** One example from IDX files: a row of each; a number from a file of rank 1. */
export type IdxExample<S> = S extends IdxSource
  ? HostArray | number
  : { readonly [K in keyof S]: HostArray | number };

/**
 * Loads an IDX file; see {@link parseIdx}.
 *
 * @param source an address is fetched; one that is not absolute is taken from the page's
 * @param signal aborts the fetch
 * @throws (rejects) naming the file, when it cannot be had or is no whole IDX file
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.loadIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 1])).then(({ values }) => console.log(values)); // 7, 1
 * ```
 */
export async function loadIdx(source: IdxSource, signal?: AbortSignal): Promise<HostArray> {
  const name = nameOf(source);
  const bytes = await bytesOf(source, name, signal);
  return parseIdx(isGzip(bytes) ? await decompress(bytes, name) : bytes, name);
}

/**
 * A source of examples from IDX files, the format of the MNIST digits: loads them, then does as {@link examples}.
 * Each subscription loads anew; unsubscribing aborts it.
 *
 * ```text
 *  idx({ xs, ys })    ----(loading)----e1--e2--e3|
 * ```
 *
 * @param sources one file, or one for each column, with as many rows in each
 * @param options as those of `examples`
 * @throws (as error notifications) naming the file, when one cannot be had, is no whole IDX file or differs in its
 *   rows; when an option is impossible
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const labels = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
 * dl.idx({ ys: labels }, { epochs: 2, shuffle: true })
 *   .pipe(dl.batch(3))
 *   .subscribe(({ ys }) => console.log(ys.shape)); // [3], twice
 * ```
 */
export function idx<S extends IdxSource | Readonly<Record<string, IdxSource>>>(
  sources: S,
  options: ExamplesOptions = {},
): Observable<IdxExample<S>> {
  return loaded(sources).pipe(switchMap((data) => examples(data, options) as Observable<IdxExample<S>>));
}

/** The files, once; unsubscribing aborts what is under way. */
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
  if (!isPlainObject(sources)) return loadIdx(sources, signal);
  const columns = Object.entries(sources);
  return Object.fromEntries(
    await Promise.all(columns.map(async ([key, source]) => [key, await loadIdx(source, signal)] as const)),
  );
}

/** For messages. */
function nameOf(source: IdxSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.href;
  return typeof File === 'function' && source instanceof File ? source.name : 'the data';
}

async function bytesOf(
  source: IdxSource,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new Error(`loadIdx: argument 'source' is ${String(source)}; wanted an address, a Blob or bytes`);
  }
  let response: Response;
  try {
    response = await fetch(source, signal ? { signal } : {});
  } catch (cause) {
    throw new Error(`loadIdx: ${name} could not be fetched: ${String(cause)}`, { cause });
  }
  if (!response.ok) {
    throw new Error(
      `loadIdx: ${name} could not be fetched: found status ${`${response.status} ${response.statusText}`.trim()}; wanted 200`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** The first two bytes of the format (RFC 1952, section 2.3.1), which begin no IDX file. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function decompress(bytes: Uint8Array, name: string): Promise<ArrayBuffer> {
  const compressed = new Response(bytes as Uint8Array<ArrayBuffer>).body;
  try {
    return await new Response(compressed?.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  } catch (cause) {
    throw new Error(`loadIdx: ${name} cannot be decompressed, though it begins as gzip: ${String(cause)}`, {
      cause,
    });
  }
}
