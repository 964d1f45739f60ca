import { assertFunction, wrongArgument } from '../../tensor/argument';
import { assertOptions } from '../../tensor/options';
import { joinedBytes } from '../../tensor/joined-bytes';
import type { Fetch } from '../model-files';
import { browserCache, type FileCache } from './file-cache';
import {
  forget,
  forgetParts,
  lengthOf,
  partsOf,
  recordOf,
  writePart,
  writeRecord,
  type FileRecord,
} from './kept-file';

/** Options of {@link cachedFetch}. */
export interface CachedFetchOptions {
  /** What keeps the files: the name of a cache of the browser, or an object. 'rxtensor-models' by default. */
  readonly cache?: string | FileCache;
  /** Replaces the global `fetch`. It should send the headers that it is given. */
  readonly fetch?: (address: string, init?: RequestInit) => Promise<Response>;
}

/** So many bytes are kept at once: an interrupted download has lost fewer. */
const PART = 1 << 20;

type FetchInit = Parameters<Fetch>[1];

/** One file, and how it is asked for. */
interface Asked {
  readonly cache: FileCache;
  /** In full: a page elsewhere may ask for the same. */
  readonly address: string;
  readonly fetch: (headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

/**
 * A `fetch` that keeps what it downloads, for the option of that name of `loadGraphModel` and its like. A kept file is used again when the
 * server says that it is still the same (`ETag`, `Last-Modified`), or cannot be reached. A download that was interrupted goes on where it
 * was, where the server sends a strong `ETag` and `Accept-Ranges: bytes`.
 *
 * In browsers, files are kept by the Cache API, in pages and workers; elsewhere give an object, such as `fileCache(folder)` of
 * rxtensor/node. Where there is neither (pages without https), files are fetched, and not kept.
 *
 * @example
 * ```ts browser
 * import { cachedFetch, loadGraphModel } from 'rxtensor/models';
 *
 * // Stands for a server; without it, the page's own fetch is used.
 * const node = [{ name: 'x', op: 'Placeholder' }];
 * const file = JSON.stringify({ modelTopology: { node }, weightsManifest: [] });
 * const server = () => Promise.resolve(new Response(file, { headers: { etag: '"1"' } }));
 * const model = await loadGraphModel('/models/face/model.json', { fetch: cachedFetch({ fetch: server }) });
 * console.log(model.summary());
 * model.dispose();
 * ```
 */
export function cachedFetch(options: CachedFetchOptions = {}): Fetch {
  const operator = 'cachedFetch';
  assertOptions<CachedFetchOptions>(operator, options, { fetch: 'function', cache: 'any' });
  const { cache: given = 'rxtensor-models', fetch = globalThis.fetch } = options;
  assertFunction(operator, 'fetch', fetch);
  const isObject = typeof given === 'object' && (given as Partial<FileCache> | null)?.read !== undefined;
  if (typeof given !== 'string' && !isObject)
    throw wrongArgument(operator, 'cache', given, 'a name, or an object with read, write and remove');
  const cache = typeof given === 'string' ? browserCache(given) : given;
  return (address, init) => {
    const fetched = (headers?: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(address, { ...init, ...(headers && { headers }) });
    if (!cache) return fetched();
    return fetchKept({ cache, address: inFull(address), fetch: fetched }, init);
  };
}

function inFull(address: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  if (!URL.canParse(address, base)) return address;
  const url = new URL(address, base);
  url.hash = '';
  return url.href;
}

async function fetchKept(asked: Asked, init: FetchInit): Promise<Response> {
  const record = await recordOf(asked.cache, asked.address);
  const headers = record ? headersFor(record) : undefined;
  let response: Response;
  try {
    response = await asked.fetch(headers).catch((error: unknown) => {
      init?.signal?.throwIfAborted();
      // A server elsewhere may allow no headers.
      if (headers) return asked.fetch();
      throw error;
    });
  } catch (error) {
    init?.signal?.throwIfAborted();
    if (record?.isWhole) return keptResponse(asked, record);
    throw error;
  }
  if (record) {
    const { status } = response;
    const isSame = status === 304 || (status === 200 && isVersion(response, record));
    if (record.isWhole && (isSame || status >= 500)) {
      await response.body?.cancel();
      return keptResponse(asked, record);
    }
    if (status === 206 && goesOn(response, record)) return keptResponse(asked, record, response);
    if (status === 206 || status === 416 || status === 304) {
      // Not the bytes that are missing, or no more of them.
      await response.body?.cancel();
      await forget(asked.cache, asked.address, record);
      return keeping(asked, null, await asked.fetch());
    }
  }
  return keeping(asked, record, response);
}

/** What asks for the rest of a file, or whether it has changed: RFC 9110, sections 13 and 14. */
function headersFor({
  isWhole,
  etag,
  lastModified,
  ...rest
}: FileRecord): Record<string, string> | undefined {
  if (!isWhole)
    return isStrong(etag)
      ? { Range: `bytes=${lengthOf({ ...rest, isWhole, etag, lastModified })}-`, 'If-Range': etag }
      : undefined;
  if (etag !== null) return { 'If-None-Match': etag };
  return lastModified === null ? undefined : { 'If-Modified-Since': lastModified };
}

/** Bytes of two downloads fit together only under a strong validator. */
const isStrong = (etag: string | null): etag is string => etag?.startsWith('"') === true;

function isVersion({ headers }: Response, { etag, lastModified }: FileRecord): boolean {
  const found = headers.get('etag');
  if (etag !== null && found !== null) return etag === found;
  return lastModified !== null && headers.get('last-modified') === lastModified;
}

/** Whether a response has the bytes behind the kept ones. */
function goesOn({ headers }: Response, record: FileRecord): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  return Number(range?.[1] ?? NaN) === lengthOf(record) && headers.get('etag') === record.etag;
}

/** A response with the kept bytes, and those that come behind them. */
function keptResponse(asked: Asked, record: FileRecord, rest?: Response): Response {
  const total = rest ? record.total : lengthOf(record);
  const kept = partsOf(asked.cache, asked.address, record);
  return responseOf(total, kept, rest && { response: rest, writer: writerInParts(asked, record) });
}

/** A response that is kept while it is read. */
async function keeping(asked: Asked, old: FileRecord | null, response: Response): Promise<Response> {
  const { cache, address } = asked;
  const { headers, status, body } = response;
  if (status !== 200 || !body) return response;
  const isPlain = headers.get('content-encoding') === null;
  const promised = Number(headers.get('content-length') ?? NaN);
  const record: FileRecord = {
    id: crypto.randomUUID(),
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    total: isPlain && Number.isSafeInteger(promised) ? promised : null,
    parts: [],
    isWhole: false,
  };
  if (old && !old.isWhole) await forget(cache, address, old);
  // A whole copy of an old version is better than a part of the new one, until that is whole.
  const older = old?.isWhole ? old : null;
  const canGoOn = isPlain && isStrong(record.etag) && headers.get('accept-ranges') === 'bytes';
  const writer = canGoOn && !older ? writerInParts(asked, record) : writerAtEnd(asked, record, older);
  return responseOf(record.total, null, { response, writer });
}

/** Keeps bytes as they come. It never fails: a cache that is full keeps no more, and the download goes on. */
interface Writer {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** @param isWhole whether all have come */
  readonly close: (isWhole: boolean) => Promise<void>;
}

/** Whether the bytes that came are as many as the server promised. */
const isRight = ({ total }: FileRecord, found: number): boolean => total === null || total === found;

/** Keeps part by part, so that the download can go on after an interruption. The record is there before the first part, so that none is lost. */
function writerInParts({ cache, address }: Asked, started: FileRecord): Writer {
  let record = started;
  let waiting: Uint8Array[] = [];
  let length = 0;
  let isFull = false;
  const keep = async (isWhole: boolean): Promise<void> => {
    if (isFull) return;
    const bytes = joinedBytes(waiting);
    waiting = [];
    length = 0;
    const parts = bytes.length > 0 ? [...record.parts, bytes.length] : record.parts;
    try {
      if (record.parts.length === 0) await writeRecord(cache, address, record);
      if (parts !== record.parts) await writePart(cache, address, record, record.parts.length, bytes);
      record = { ...record, parts, isWhole };
      await writeRecord(cache, address, record);
    } catch {
      isFull = true;
      await forget(cache, address, { ...record, parts });
    }
  };
  return {
    write: async (bytes) => {
      waiting.push(bytes);
      length += bytes.length;
      if (length >= PART) await keep(false);
    },
    close: async (isWhole) => {
      if (!isWhole || isRight(record, lengthOf(record) + length)) await keep(isWhole);
      else await forget(cache, address, record);
    },
  };
}

/** Keeps all bytes when the last has come, in place of an older version. */
function writerAtEnd({ cache, address }: Asked, started: FileRecord, older: FileRecord | null): Writer {
  const all: Uint8Array[] = [];
  return {
    write: (bytes) => {
      all.push(bytes);
      return Promise.resolve();
    },
    close: async (isWhole) => {
      const bytes = joinedBytes(all);
      if (!isWhole || !isRight(started, bytes.length)) return;
      const record = { ...started, parts: bytes.length > 0 ? [bytes.length] : [], isWhole };
      try {
        if (bytes.length > 0) await writePart(cache, address, record, 0, bytes);
        await writeRecord(cache, address, record);
        if (older) await forgetParts(cache, address, older);
      } catch {
        await forgetParts(cache, address, record);
      }
    },
  };
}

interface Coming {
  readonly response: Response;
  readonly writer: Writer;
}

/** A response of bytes from a cache, and of those that are coming. */
function responseOf(
  total: number | null,
  kept: AsyncGenerator<Uint8Array> | null,
  coming?: Coming,
): Response {
  const bytes = joined(kept, coming);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const { done, value } = await bytes.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    cancel: async () => {
      await bytes.return(undefined);
    },
  });
  return new Response(body, total === null ? {} : { headers: { 'content-length': String(total) } });
}

async function* joined(
  kept: AsyncGenerator<Uint8Array> | null,
  coming?: Coming,
): AsyncGenerator<Uint8Array, undefined> {
  const reader = coming?.response.body?.getReader();
  let isWhole = false;
  try {
    if (kept) yield* kept;
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      await coming?.writer.write(value);
      yield value;
    }
    isWhole = true;
  } finally {
    if (!isWhole) await reader?.cancel().catch(() => undefined);
    await coming?.writer.close(isWhole);
  }
}
