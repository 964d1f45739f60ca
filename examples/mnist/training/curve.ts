import type { RunEvent } from './run-event';

/** The data of the chart: one row for each step, in columns. */
export interface Curve {
  readonly step: number[];
  readonly loss: (number | null)[];
  readonly meanLoss: (number | null)[];
  readonly accuracy: (number | null)[];
  readonly rate: (number | null)[];
}

/** A curve with a row for step 0, before which nothing is known. */
export function emptyCurve(): Curve {
  return { step: [0], loss: [null], meanLoss: [null], accuracy: [null], rate: [null] };
}

/** Adds what an event says. The columns of a run grow in place: copying them at every step would cost more and more. */
export function extend(curve: Curve, event: RunEvent): Curve {
  switch (event.kind) {
    case 'loading':
      return emptyCurve();
    case 'step':
      curve.step.push(event.step);
      curve.loss.push(event.loss);
      curve.meanLoss.push(event.meanLoss);
      curve.accuracy.push(null);
      curve.rate.push(event.rate);
      return curve;
    case 'reading':
    case 'finished':
      curve.accuracy[curve.accuracy.length - 1] = event.accuracy;
      return curve;
    default:
      return curve;
  }
}
