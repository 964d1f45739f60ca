import type { Digits } from './digits';
import type { Reading } from './reading';

/** A digit that was taken for another one. */
export interface Mistake {
  /** Which of the test digits. */
  readonly index: number;
  /** What it is. */
  readonly label: number;
  /** What it was taken for. */
  readonly reading: Reading;
}

/** The misread digits, those first that the model was most sure of. */
export function mistakesOf(readings: readonly Reading[], { ys }: Digits): Mistake[] {
  return readings
    .map((reading, index) => ({ index, label: ys.values[index] ?? NaN, reading }))
    .filter(({ label, reading }) => reading.digit !== label)
    .sort((a, b) => b.reading.sureness - a.reading.sureness);
}

/** The share of digits that were read right, 0 to 1; null where not all of them were read. */
export function accuracyOf(readings: readonly Reading[], test: Digits): number | null {
  const digits = test.ys.values.length;
  return readings.length === digits ? (digits - mistakesOf(readings, test).length) / digits : null;
}
