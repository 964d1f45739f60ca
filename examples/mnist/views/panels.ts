import type { Curve } from '../training/curve';
import { formatLoss, formatPercent, formatRate } from '../../page/numbers';

/** One panel of the chart: a quantity over the steps. The panels stand on one another and share the axis of steps. */
export interface Panel {
  readonly name: 'loss' | 'accuracy' | 'rate';
  readonly title: string;
  /** The columns drawn, faint ones first; the last is the one whose value is shown. */
  readonly columns: readonly (keyof Curve)[];
  /** Drawn as a staircase: the value holds until the next one. */
  readonly holds: boolean;
  readonly format: (value: number) => string;
  readonly ticks: readonly number[];
  readonly formatTick: (value: number) => string;
  /** Equal distances of this are equal distances on the axis, … */
  readonly spread: (value: number) => number;
  /** … and this is its inverse. */
  readonly unspread: (spread: number) => number;
  /** The values at the ends of the axis. */
  readonly range: (curve: Curve) => readonly [low: number, high: number];
}

const decades = { spread: Math.log10, unspread: (spread: number) => 10 ** spread };

/** What stays between the last tick and 100%, where the scale of the errors has no end. */
const FLOOR = 0.006;

export const panels: readonly Panel[] = [
  {
    name: 'loss',
    title: 'Loss',
    columns: ['loss', 'meanLoss'],
    holds: false,
    format: formatLoss,
    ticks: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    formatTick: String,
    ...decades,
    range: ({ meanLoss }: Curve): [number, number] => {
      const known = meanLoss.filter(
        (value) => value !== null && value > 0 && Number.isFinite(value),
      ) as number[];
      const low = known.reduce((a, b) => Math.min(a, b), 1);
      const high = known.reduce((a, b) => Math.max(a, b), 2.5);
      // Single steps lie well below the mean.
      return [Math.max(low * 0.3, 1e-4), high * 1.25];
    },
  },
  {
    name: 'accuracy',
    title: 'Accuracy on unseen digits',
    columns: ['accuracy'],
    holds: false,
    format: (value) => formatPercent(value),
    ticks: [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99],
    formatTick: (value) => `${Math.round(100 * value)}%`,
    // By the logarithm of the errors: from 98 to 99% is as far as halving them was before.
    spread: (value) => -Math.log10(1 + FLOOR - value),
    unspread: (spread) => 1 + FLOOR - 10 ** -spread,
    range: () => [0, 1],
  },
  {
    name: 'rate',
    title: 'Learning rate',
    columns: ['rate'],
    holds: true,
    format: formatRate,
    ticks: [0.0001, 0.001, 0.01, 0.1],
    formatTick: String,
    ...decades,
    range: () => [0.00007, 0.14],
  },
];
