/** Where downloaded files are kept: bytes by key. */

/** Keeps bytes. A copy that it has lost is downloaded again. */
export interface FileCache {
  /** The bytes under a key; null if there are none. */
  readonly read: (key: string) => Promise<Uint8Array | null>;
  /** Replaces the bytes under a key. */
  readonly write: (key: string, bytes: Uint8Array) => Promise<void>;
  /** Removes what is kept under a key; nothing happens if there is none. */
  readonly remove: (key: string) => Promise<void>;
}

/** Keys of the Cache API are addresses, which are never asked for. */
const ADDRESS = 'https://rxtensor.invalid/';

/**
 * The browser's Cache API (https://w3c.github.io/ServiceWorker/#cache-interface): in pages and in workers, also without network. It is there
 * in secure contexts. (Workers alone may write into the private file system of an origin in all browsers.)
 *
 * @returns null where there is none
 */
export function browserCache(name: string): FileCache | null {
  if (typeof caches === 'undefined') return null;
  const opened = async (): Promise<Cache> => caches.open(name);
  const addressOf = (key: string): string => ADDRESS + encodeURIComponent(key);
  return {
    read: async (key) => {
      const found = await (await opened()).match(addressOf(key));
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    },
    write: async (key, bytes) => {
      await (await opened()).put(addressOf(key), new Response(bytes as Uint8Array<ArrayBuffer>));
    },
    remove: async (key) => {
      await (await opened()).delete(addressOf(key));
    },
  };
}
