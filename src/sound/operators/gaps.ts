import type { Trail } from '../../streams/trail';
import { warnOnce } from '../../tensor/debug';

/** A chunk that has come: its trail, and how many samples it has. */
export interface TimedChunk {
  readonly trail: Trail;
  readonly length: number;
}

/** Times are sums of rounded numbers: so many samples are no difference. */
const TOLERANCE = 1.5;
/** Rates that sound is recorded at. */
const USUAL_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
/** After so many gaps in a row, each of which such a rate would explain, it is the rate. */
const MANY = 3;

/**
 * Finds where samples are missing between two chunks, or a medium begins anew: by their times, where both have one.
 *
 * @param sampleRate samples a second; null where it is not known
 * @returns a function of each chunk, which throws when it begins within the one before it
 */
export function gapFinder(name: string, sampleRate: number | null): (chunk: TimedChunk) => boolean {
  let before: TimedChunk | null = null;
  /** How many gaps in a row another rate would explain, and which. */
  let row = 0;
  let other: number | undefined;
  const suspect = (apparent: number): void => {
    const found = USUAL_RATES.find((rate) => Math.abs(apparent / rate - 1) < 0.002);
    row = found !== undefined && (row === 0 || found === other) ? row + 1 : 0;
    other = found;
    if (row === MANY)
      warnOnce(
        `${name}: samples are missing behind each chunk, if there are ${sampleRate} a second; ${found} a second would leave no gap. Give the option 'sampleRate' of ${name} or of the source, or resample({ from: ${found}, to: ${sampleRate} }) before it`,
      );
  };
  return (chunk) => {
    const previous = before;
    before = chunk;
    if (!chunk.trail.time || !previous?.trail.time || sampleRate === null) return false;
    const distance = (chunk.trail.time.media - previous.trail.time.media) * sampleRate;
    if (Math.abs(distance - previous.length) <= TOLERANCE) {
      row = 0;
      return false;
    }
    if (distance > previous.length) suspect((sampleRate * previous.length) / distance);
    if (distance <= TOLERANCE || distance > previous.length) return true;
    throw new Error(
      `${name}: a chunk of ${previous.length} samples, ${sampleRate} a second, is followed after ${Math.round(distance)}; wanted chunks that do not overlap: ` +
        "a source without 'hop', and samples of that rate, as by its option 'sampleRate' or resample()",
    );
  };
}
