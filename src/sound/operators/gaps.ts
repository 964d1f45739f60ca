import type { Trail } from '../../streams/trail';

/** A chunk that has come: its trail, and how many samples it has. */
export interface TimedChunk {
  readonly trail: Trail;
  readonly length: number;
}

/** Times are sums of rounded numbers: so many samples are no difference. */
const TOLERANCE = 1.5;

/**
 * Whether samples are missing between two chunks, or a medium begins anew: by their times, where both have one.
 *
 * @param sampleRate samples a second; null where it is not known
 * @throws when the later chunk begins within the one before it
 */
export function isBehindGap(
  name: string,
  trail: Trail,
  before: TimedChunk | null,
  sampleRate: number | null,
): boolean {
  if (!trail.time || !before?.trail.time || sampleRate === null) return false;
  const distance = (trail.time.media - before.trail.time.media) * sampleRate;
  if (Math.abs(distance - before.length) <= TOLERANCE) return false;
  if (distance <= TOLERANCE || distance > before.length) return true;
  throw new Error(
    `${name}: a chunk of ${before.length} samples, ${sampleRate} a second, is followed after ${Math.round(distance)}; wanted chunks that do not overlap: ` +
      "a source without 'hop', and samples of that rate, as by its option 'sampleRate' or resample()",
  );
}
