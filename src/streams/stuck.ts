import type { Wait } from './emission';

const PENDING = Symbol('pending');

async function isPending({ promise }: Wait): Promise<boolean> {
  // A promise that has settled comes first.
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(PENDING)])) === PENDING;
}

/**
 * The error of a source that waits for its emissions, where nothing will ever finish them; null where one of them is finished after all.
 *
 * @param unfinished what each emission waits for
 */
export async function errorOfStuck(
  source: string,
  inFlight: number,
  unfinished: readonly (readonly Wait[])[],
): Promise<Error | null> {
  const counts = new Map<Wait['waiter'], number>();
  for (const waits of unfinished) {
    const pending = await pendingOf(waits);
    if (pending.length === 0) return null;
    for (const { waiter } of pending) counts.set(waiter, (counts.get(waiter) ?? 0) + 1);
  }
  const held = [...counts].map(([{ by, cure }, count]) => `${by} holds ${count}, since ${cure}`);
  return new Error(
    `${source}: it cannot go on, and nothing is left to run: ${unfinished.length} of its emissions are unfinished, and it waits while there ` +
      `are ${inFlight} (its option inFlight). ${held.join('; ')}`,
  );
}

async function pendingOf(waits: readonly Wait[]): Promise<Wait[]> {
  const found: Wait[] = [];
  const seen = new Set<Wait['waiter']>();
  for (const wait of waits) {
    if (seen.has(wait.waiter) || !(await isPending(wait))) continue;
    seen.add(wait.waiter);
    found.push(wait);
  }
  return found;
}
