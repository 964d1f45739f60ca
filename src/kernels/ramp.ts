import type { TypedArray } from './dtype';
import type { KernelAttributes } from './kernel-table';

/**
 * Fills an array with start, start + step, …, each computed from its index in float64: the error of a running sum would grow with the
 * length, and so would that of a product in float32. Every backend takes its numbers from here, so that they are the same bits.
 */
export function fillRamp(values: TypedArray, { start, step, last }: KernelAttributes['ramp']): void {
  for (let i = 0; i < values.length; i++) values[i] = start + i * step;
  if (last === undefined) return;
  // (last − start) / n · n is not always last − start: the end is what was asked for, and nothing lies beyond it.
  const [low, high] = step < 0 ? [last, start] : [start, last];
  for (let i = 1; i < values.length; i++) values[i] = Math.min(Math.max(values[i]!, low), high);
  if (values.length > 1) values[values.length - 1] = last;
}
