/** Fetches the files of a model. */
import { described } from '../tensor/argument';
import { joinedBytes } from '../tensor/joined-bytes';
import type { BytesListener, Fetching, ModelFiles } from './model-files';

/** How often a file is asked for when the network fails, or the server is busy. */
const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 250;

/** The files of a model on a server. */
export function fetchedFiles(address: string, fetching: Fetching): ModelFiles {
  return {
    givesBytes: true,
    name: address,
    readFirst: (onBytes) => fetchBytes(address, fetching, onBytes),
    read: (path, onBytes) => fetchBytes(resolved(path, address), fetching, onBytes),
  };
}

/** Whether an address has no origin, and there is no page that gives it one. */
function isPath(address: string): boolean {
  return typeof location === 'undefined' && !URL.canParse(address);
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
      throw new Error(
        `${operator}: ${described(address)} could not be fetched: ${problem}${fetch === globalThis.fetch && isPath(address) ? '; for a file in Node, give modelFiles(path) of rxtensor/node' : ''}`,
        { cause },
      );
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
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    onBytes?.(value.length, total);
  }
  // A single one may belong to who sends the response.
  return chunks.length === 1 ? chunks[0]!.slice() : joinedBytes(chunks);
}
