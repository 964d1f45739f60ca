import type { Wait, Waiter } from '../emission';

const PENDING = Symbol('pending');

async function isPending({ promise }: Wait): Promise<boolean> {
  // A promise that has settled wins the race.
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(PENDING)])) === PENDING;
}

/**
 * Makes the error for a source that waits for emissions that can never finish. Returns null when one of them has finished after all.
 *
 * @param unfinished for each emission, what it waits for
 */
export async function errorOfStuck(
  source: string,
  inFlight: number,
  unfinished: readonly (readonly Wait[])[],
): Promise<Error | null> {
  const counts = await heldBy(unfinished, () => true);
  return (
    counts &&
    new Error(
      `${source}: it cannot go on, and nothing is left to run: ${described(inFlight, unfinished.length, counts)}`,
    )
  );
}

/**
 * Makes the warning for a source that has waited long for its emissions. Returns null when one of them has finished, or waits for a promise
 * or the device, which may still settle. A warning is made only if all of them wait for further values.
 *
 * @param unfinished for each emission, what it waits for
 */
export async function warningOfStuck(
  source: string,
  inFlight: number,
  unfinished: readonly (readonly Wait[])[],
  seconds: number,
): Promise<string | null> {
  const counts = await heldBy(unfinished, ({ waitsForValues = false }) => waitsForValues);
  return (
    counts &&
    `${source} has not gone on for ${seconds} s, and may never: ${described(inFlight, unfinished.length, counts)}. Where such a wait is meant, all is well`
  );
}

function described(inFlight: number, unfinished: number, counts: ReadonlyMap<Waiter, number>): string {
  const held = [...counts].map(([{ by, cure }, count]) => `${by} holds ${count}, since ${cure}`);
  return (
    `${unfinished} of its emissions are unfinished, and it waits while there are ${inFlight} (its option inFlight). ` +
    held.join('; ')
  );
}

/** Counts the emissions that each waiter keeps unfinished. Returns null when one has finished, or has a waiter that `counting` rejects. */
async function heldBy(
  unfinished: readonly (readonly Wait[])[],
  counting: (waiter: Waiter) => boolean,
): Promise<ReadonlyMap<Waiter, number> | null> {
  const counts = new Map<Waiter, number>();
  for (const waits of unfinished) {
    const pending = await pendingOf(waits);
    if (pending.length === 0 || !pending.every(({ waiter }) => counting(waiter))) return null;
    for (const { waiter } of pending) counts.set(waiter, (counts.get(waiter) ?? 0) + 1);
  }
  return counts;
}

async function pendingOf(waits: readonly Wait[]): Promise<Wait[]> {
  const found: Wait[] = [];
  const seen = new Set<Waiter>();
  for (const wait of waits) {
    if (seen.has(wait.waiter) || !(await isPending(wait))) continue;
    seen.add(wait.waiter);
    found.push(wait);
  }
  return found;
}
