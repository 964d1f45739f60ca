import type { TypedArray } from './dtype';
import type { KernelAttributes } from './kernel-table';

/**
 * Fills an array with start, start + step, …. Each number is computed as start + i·step in float64, since the error of a running sum would
 * grow with the length. Every backend takes its numbers from here, so that all have the same bits.
 */
export function fillRamp(values: TypedArray, { start, step, last }: KernelAttributes['ramp']): void {
  for (let i = 0; i < values.length; i++) values[i] = start + i * step;
  if (last === undefined) return;
  // Rounding may miss `last` or go beyond it.
  const [low, high] = step < 0 ? [last, start] : [start, last];
  for (let i = 1; i < values.length; i++) values[i] = Math.min(Math.max(values[i]!, low), high);
  if (values.length > 1) values[values.length - 1] = last;
}
