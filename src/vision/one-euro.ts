/** The One Euro filter: G. Casiez, N. Roussel, D. Vogel. 1€ filter: a simple speed-based low-pass filter for noisy input. CHI 2012. */

/** How a filter weighs calm against delay. */
export interface OneEuroOptions {
  /** The cutoff frequency of what stands still, in Hz: less of it trembles less; 1 when left out. */
  readonly minCutoff?: number;
  /** By how much the cutoff frequency grows with each unit of speed, in Hz: more of it follows faster; 0 when left out. */
  readonly beta?: number;
  /** The cutoff frequency of the speed, in Hz; 1 when left out. */
  readonly derivativeCutoff?: number;
}

/** How much of a new value a low-pass filter of that cutoff takes after so many seconds. */
function weight(cutoff: number, seconds: number): number {
  const constant = 1 / (2 * Math.PI * cutoff);
  return seconds / (seconds + constant);
}

/** A filter for several numbers that are measured together. It keeps what it has given last. */
export function oneEuro({
  minCutoff = 1,
  beta = 0,
  derivativeCutoff = 1,
}: OneEuroOptions): (values: ArrayLike<number>, milliseconds: number) => Float64Array {
  let smoothed: Float64Array | null = null;
  let speeds = new Float64Array(0);
  let last = 0;
  return (values, milliseconds) => {
    const seconds = (milliseconds - last) / 1000;
    // It begins with the first values, and anew where time goes back, as in a clip that is repeated.
    if (smoothed?.length !== values.length || seconds < 0) {
      smoothed = Float64Array.from(values);
      speeds = new Float64Array(values.length);
    } else if (seconds > 0) {
      for (let i = 0; i < values.length; i++) {
        const before = smoothed[i]!;
        speeds[i]! += weight(derivativeCutoff, seconds) * ((values[i]! - before) / seconds - speeds[i]!);
        const cutoff = minCutoff + beta * Math.abs(speeds[i]!);
        smoothed[i] = before + weight(cutoff, seconds) * (values[i]! - before);
      }
    }
    last = milliseconds;
    return smoothed;
  };
}
