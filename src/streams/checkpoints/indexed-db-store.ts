import type { CheckpointStore } from './store';

const DATABASE = 'rxtensor';
const TABLE = 'checkpoints';

/**
 * Keeps a checkpoint in the browser's database (IndexedDB) under a key, so that it outlives the page. A write is one transaction: if the page is
 * closed during it, the previous checkpoint stays intact.
 *
 * @param key the name of the checkpoint; all pages of one origin share it
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { indexedDBStore } from 'rxtensor/checkpoints';
 * const store = indexedDBStore('digits');
 * store.load().then((bytes) => console.log(bytes ? 'there is a run to continue' : 'nothing yet'));
 * ```
 */
export function indexedDBStore(key: string): CheckpointStore {
  if (typeof key !== 'string' || key === '') {
    throw new Error(`indexedDBStore: argument 'key' is ${JSON.stringify(key)}; wanted a name`);
  }
  return {
    name: `IndexedDB '${key}'`,
    save: async (bytes) => {
      // Copy the bytes: a view of a larger buffer would be stored with the whole buffer.
      await transact('readwrite', (table) => table.put(bytes.slice(), key));
    },
    load: async () => {
      const found: unknown = await transact('readonly', (table) => table.get(key));
      return found === undefined ? null : (found as Uint8Array);
    },
  };
}

/** Runs one request in a transaction. Resolves with its result when the transaction is complete. */
async function transact<T>(
  mode: IDBTransactionMode,
  request: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase();
  try {
    return await new Promise<T>((resolve, reject) => {
      // 'strict': the transaction is complete when its data is on the disk.
      const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
      const made = request(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(made.result);
      transaction.onabort = () => reject(causeOf(transaction.error));
    });
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') {
      throw new Error('there is no IndexedDB here; wanted a browser');
    }
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(causeOf(opening.error));
  });
}

function causeOf(error: DOMException | null): Error {
  return error ?? new Error('the transaction was aborted');
}
