/** What reads the files of a model. */

/** The longest path of a file that is asked for: the limit of Linux (PATH_MAX); addresses are shorter (RFC 9110, section 4.1). */
export const LONGEST_PATH = 4096;

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
  /** Whether each read gives new bytes, which the loader frees when the model has its weights; false if left out. */
  readonly givesBytes?: boolean;
}

/** A function such as the global `fetch`. */
export type Fetch = (address: string, init?: { readonly signal?: AbortSignal }) => Promise<Response>;

export interface Fetching {
  readonly operator: string;
  readonly fetch: Fetch;
  readonly signal?: AbortSignal | undefined;
}
