import { TimeoutError } from '@nats-io/nats-core';

const TRIES = 4;
/** How many ms one answer of JetStream may take. */
export const ANSWER_MS = 2000;

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
