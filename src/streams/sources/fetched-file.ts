/** Fetches files, and names them in messages. */

/** The reader of a file: the operator, and a signal that aborts the reading. */
export interface FileReading {
  /** For messages. */
  readonly operator: string;
  /** Aborts the fetch, and whatever is being read. */
  readonly signal?: AbortSignal | undefined;
}

/** For messages. */
export function nameOfFile(source: unknown): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.href;
  return typeof File === 'function' && source instanceof File ? source.name : 'the data';
}

/**
 * Fetches a file.
 *
 * @throws (rejects) naming the file, when the request fails or its status is not a success
 */
export async function fetchFile(address: string | URL, { operator, signal }: FileReading): Promise<Response> {
  const name = nameOfFile(address);
  let response: Response;
  try {
    response = await fetch(address, { signal: signal ?? null });
  } catch (cause) {
    throw new Error(`${operator}: ${name} could not be fetched: ${String(cause)}`, { cause });
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new Error(`${operator}: ${name} could not be fetched: found status ${status}; wanted 200`);
  }
  return response;
}
