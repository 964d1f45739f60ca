/**
 * The parts of large payloads that listeners without a stream may still ask for. Nobody may ever ask, so what a connection holds is bounded: the oldest
 * payloads are forgotten, as a listener that is slow drops messages.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Offered } from '../parts';

/** What a connection holds at most, in bytes: two of the largest payloads that `fromNats` reads by default. The newest one is held whatever its size. */
export const MOST_HELD_BYTES = 128 * 1024 * 1024;
/** No payload is held longer, in ms. */
const LONGEST_MS = 120_000;

interface Held {
  readonly bytes: number;
  readonly release: () => void;
}

const heldBy = new WeakMap<NatsConnection, Set<Held>>();

/** Holds a payload that was offered, and forgets old ones. */
export function hold(connection: NatsConnection, bytes: number, { release }: Offered): void {
  const all = heldBy.get(connection) ?? new Set();
  heldBy.set(connection, all);
  const forget = (each: Held): void => {
    all.delete(each);
    each.release();
  };
  const timer = setTimeout(() => {
    forget(held);
  }, LONGEST_MS);
  // It must not keep the program alive. (Timers of pages are numbers.)
  (timer as { unref?: () => void }).unref?.();
  const held: Held = {
    bytes,
    release: () => {
      clearTimeout(timer);
      release();
    },
  };
  all.add(held);
  let sum = 0;
  for (const each of all) sum += each.bytes;
  // A set keeps the order in which they came.
  for (const each of all) {
    if (sum <= MOST_HELD_BYTES || each === held) return;
    sum -= each.bytes;
    forget(each);
  }
}
