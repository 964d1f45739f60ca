/** The files of a model, from wherever they are. */
import { described, wrongArgument } from '../tensor/argument';

/** Hears of bytes as they come. `total` is null while the sizes of files are not known. */
export type BytesListener = (bytes: number, total: number | null) => void;

/** Reads the files of a model. */
export interface ModelFiles {
  /** For messages: the address or the name of the first file. */
  readonly name: string;
  /** Reads the file with which a format begins. */
  readonly readFirst: (onBytes?: BytesListener) => Promise<Uint8Array>;
  /** Reads another file by its path, which is relative to the first. */
  readonly read: (path: string, onBytes?: BytesListener) => Promise<Uint8Array>;
}

/** Where a model is: an address, the files that a person chose, or something that reads files. */
export type ModelSource = string | URL | readonly File[] | ModelFiles;

/** A function such as the global `fetch`. */
export type Fetch = (address: string, init?: { readonly signal?: AbortSignal }) => Promise<Response>;

export interface Fetching {
  readonly operator: string;
  readonly fetch: Fetch;
  readonly signal?: AbortSignal | undefined;
}

/** How often a file is asked for when the network fails, or the server is busy. */
const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 250;

/** @throws for something that is no source */
export function filesOf(source: ModelSource, fetching: Fetching): ModelFiles {
  const { operator } = fetching;
  if (typeof source === 'string' || source instanceof URL) return fetchedFiles(String(source), fetching);
  if (Array.isArray(source)) return chosenFiles(source as readonly File[], operator);
  if (typeof (source as Partial<ModelFiles> | null)?.readFirst === 'function') return source as ModelFiles;
  throw wrongArgument(operator, 'source', source, 'an address, files, or an object with readFirst and read');
}

function chosenFiles(files: readonly File[], operator: string): ModelFiles {
  const [first] = files;
  if (!first || !files.every((file: unknown) => file instanceof Blob))
    throw wrongArgument(operator, 'source', files, "files, the model's own first");
  const bytesOf = async (file: File, onBytes?: BytesListener): Promise<Uint8Array> => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    onBytes?.(bytes.length, bytes.length);
    return bytes;
  };
  return {
    name: first.name,
    readFirst: (onBytes) => bytesOf(first, onBytes),
    read: async (path, onBytes) => {
      const file = files.find(({ name }) => name === path.split('/').at(-1));
      if (file) return bytesOf(file, onBytes);
      throw new Error(
        `${operator}: the model needs the file '${path}'; wanted it among the ${files.length} given`,
      );
    },
  };
}

function fetchedFiles(address: string, fetching: Fetching): ModelFiles {
  return {
    name: address,
    readFirst: (onBytes) => fetchBytes(address, fetching, onBytes),
    read: (path, onBytes) => fetchBytes(resolved(path, address), fetching, onBytes),
  };
}

/** The address of a file beside the first one. It keeps the query of the first, which may sign the request. */
function resolved(path: string, first: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return path;
  const query = /\?[^#]*/.exec(first)?.[0] ?? '';
  // An address that is relative to the page has no origin yet.
  const [base] = path.startsWith('/')
    ? (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(first) ?? [''])
    : (/^[^?#]*\//.exec(first) ?? ['']);
  return base + path + query;
}

/** Fetches a file, and tries again where that may help. @throws (rejects) naming the file and what was found */
async function fetchBytes(address: string, fetching: Fetching, onBytes?: BytesListener): Promise<Uint8Array> {
  // Called alone: the browser's refuses to be a method of something else.
  const { operator, signal, fetch } = fetching;
  for (let tries = 1; ; tries++) {
    let problem: string;
    let cause: unknown;
    let heard = 0;
    const listen: BytesListener = (bytes, total) => {
      heard += bytes;
      onBytes?.(bytes, total);
    };
    try {
      const response = await fetch(address, signal ? { signal } : {});
      if (response.ok) return await bodyOf(response, listen);
      const status = `${response.status} ${response.statusText}`.trim();
      problem = `found status ${status}; wanted 200`;
      // The server is busy, or says to come back.
      if (response.status < 500 && ![408, 429].includes(response.status)) tries = MOST_TRIES;
    } catch (error) {
      problem = String(error);
      cause = error;
      // They are asked for again, and come again.
      if (heard > 0) onBytes?.(-heard, null);
    }
    if (signal?.aborted || tries >= MOST_TRIES)
      throw new Error(`${operator}: ${described(address)} could not be fetched: ${problem}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (tries - 1)));
  }
}

/** The bytes of a response, collected as they come: a server may promise any length. */
async function bodyOf(response: Response, onBytes?: BytesListener): Promise<Uint8Array> {
  // A compressed body is longer than its header says.
  const isPlain = !response.headers.get('content-encoding');
  const promised = Number(response.headers.get('content-length') ?? NaN);
  const total = isPlain && promised > 0 ? promised : null;
  const reader = response.body?.getReader();
  if (!reader) {
    const whole = new Uint8Array(await response.arrayBuffer());
    onBytes?.(whole.length, whole.length);
    return whole;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    onBytes?.(value.length, total);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
