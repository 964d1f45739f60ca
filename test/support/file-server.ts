/** A server of one file, as RFC 9110 has it: what it answers to a request. */

export interface ServedFile {
  bytes: Uint8Array;
  etag?: string;
  lastModified?: string;
  /** Whether it sends parts of the file. */
  ranges?: boolean;
  /** The connection breaks behind so many bytes of an answer. */
  breaksAfter?: number;
  /** The status of all answers; none if the network is down. */
  status?: number | 'down';
  /** Sent beside the others. */
  headers?: Readonly<Record<string, string>>;
  /** A server that reads no conditions. */
  isSimple?: boolean;
}

export interface Request {
  readonly range: string | null;
  readonly condition: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly isBroken: boolean;
}

/** The answer to a request with these headers; null if the network is down. Each request is added to `asked`. */
export function answerOf(file: ServedFile, given: Headers, asked: Request[]): Answer | null {
  const condition = given.get('if-none-match') ?? given.get('if-modified-since');
  const range = given.get('range');
  asked.push({ range, condition });
  const { bytes, etag, lastModified, ranges, breaksAfter = Infinity, status = 200 } = file;
  if (status === 'down') return null;
  const headers = {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { 'last-modified': lastModified }),
    ...(ranges && { 'accept-ranges': 'bytes' }),
    ...file.headers,
  };
  const none = new Uint8Array();
  if (status !== 200) return { status, headers, body: none, isBroken: false };
  if (!file.isSimple && condition !== null && [etag, lastModified].includes(condition))
    return { status: 304, headers, body: none, isBroken: false };
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? NaN);
  const isPart = ranges && from >= 0 && given.get('if-range') === etag;
  if (isPart && from >= bytes.length)
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${bytes.length}` },
      body: none,
      isBroken: false,
    };
  const body = isPart ? bytes.subarray(from) : bytes;
  return {
    status: isPart ? 206 : 200,
    headers: {
      'content-length': String(body.length),
      ...headers,
      ...(isPart && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    },
    body: body.subarray(0, breaksAfter),
    isBroken: body.length > breaksAfter,
  };
}

const CHUNK = 1 << 18;

/** A `fetch` that asks the server of a file. */
export function fetchFrom(
  file: ServedFile,
  asked: Request[] = [],
): (address: string, init?: RequestInit) => Promise<Response> {
  return (_address, init) => {
    init?.signal?.throwIfAborted();
    const answer = answerOf(file, new Headers(init?.headers), asked);
    if (!answer) return Promise.reject(new TypeError('fetch failed'));
    const { status, headers, body, isBroken } = answer;
    let at = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (init?.signal?.aborted) controller.error(init.signal.reason);
        else if (at < body.length) controller.enqueue(body.slice(at, (at += CHUNK)));
        else if (isBroken) controller.error(new TypeError('the connection broke'));
        else controller.close();
      },
    });
    return Promise.resolve(new Response(status === 304 ? null : stream, { status, headers }));
  };
}

/** Bytes that differ from place to place. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + (i >> 8) * seed + seed;
  return bytes;
}

/** Whether they are the same: a matcher would compare megabytes one by one. */
export function sameBytes(found: unknown, wanted: Uint8Array): boolean {
  if (!(found instanceof Uint8Array) || found.length !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (found[i] !== wanted[i]) return false;
  return true;
}
