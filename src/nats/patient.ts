import { TimeoutError } from '@nats-io/nats-core';

const TRIES = 4;
/** How many ms one answer of JetStream may take. */
export const ANSWER_MS = 2000;

/** Makes a function that opens something once. After a failure it tries again at the next call. */
export function opener<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return async () => {
    try {
      return await (opened ??= open());
    } catch (error) {
      opened = null;
      throw error;
    }
  };
}

/** Repeats work that may be repeated when the server has not answered: it may restart. A request that was on its way then is lost. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TimeoutError) || tries === TRIES) throw error;
    }
  }
}
