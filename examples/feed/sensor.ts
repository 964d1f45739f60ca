import { integerSequence } from './random';

/** A row of the feed: what a machine's sensors read, and the power that it used. */
export interface Reading {
  /** Counts from 0. */
  readonly id: number;
  readonly x: Float32Array;
  readonly y: number;
}

/** The machine behaves in another way after every so many rows. */
export const DRIFT_EVERY = 4000;
export const FEATURES = 4;
const NOISE = 0.1;

/** The row with a number: always the same one. A real feed would be read from a broker at this offset. */
export function reading(id: number, seed: number): Reading {
  const random = integerSequence(seed * 2_147_483_647 + id);
  const unit = (): number => random(2 ** 30) / 2 ** 29 - 1;
  const x = Float32Array.from({ length: FEATURES }, unit);
  const [a = 0, b = 0, c = 0, d = 0] = x;
  const isOld = Math.floor(id / DRIFT_EVERY) % 2 === 0;
  const clean = isOld ? 2 * a - b + c * d : 1.5 - a + 2 * b * c - d;
  return { id, x, y: clean + NOISE * unit() };
}

/** Rows from a number on, so many a second. */
export async function* feed(from: number, seed: number, perSecond: number): AsyncGenerator<Reading> {
  const began = performance.now();
  for (let id = from; ; id++) {
    const due = began + (1000 * (id - from)) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    yield reading(id, seed);
  }
}
