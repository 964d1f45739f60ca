import { sizeOf } from '../../src/kernels';
import { formatShape } from '../../src/tensor/shape';
import { Tensor } from '../../src/tensor/tensor';
import { reference, type Reference, type ReferenceLike } from './reference';
import { isClose, TOLERANCE, toleranceHere, type Tolerance } from '../../src/testing/tolerance';

export { TOLERANCE, toleranceHere, type Tolerance } from '../../src/testing/tolerance';

function found(actual: Tensor | ArrayLike<number> | number): Reference {
  if (typeof actual === 'number') return { shape: [], values: [actual] };
  if (!(actual instanceof Tensor)) return { shape: [actual.length], values: Array.from(actual) };
  return { shape: actual.shape as number[], values: Array.from(actual.dataSync()) };
}

/** A text that says where and how two arrays differ; null if they do not. */
export function difference(actual: Reference, wanted: Reference, tolerance: number): string | null {
  if (formatShape(actual.shape) !== formatShape(wanted.shape)) {
    return `found shape ${formatShape(actual.shape)}; wanted ${formatShape(wanted.shape)}`;
  }
  if (actual.values.length !== sizeOf(wanted.shape)) {
    return `found ${actual.values.length} values; wanted ${sizeOf(wanted.shape)}`;
  }
  const wrong: string[] = [];
  wanted.values.forEach((value, i) => {
    if (!isClose(actual.values[i]!, value, tolerance)) wrong.push(`[${i}] ${actual.values[i]} for ${value}`);
  });
  if (wrong.length === 0) return null;
  const shown = wrong.slice(0, 5).join(', ') + (wrong.length > 5 ? ', …' : '');
  return `${wrong.length} of ${wanted.values.length} values differ by more than ${tolerance}: ${shown}`;
}

/**
 * Expects a shape and values, within a tolerance. NaN equals NaN, and ±∞ equals itself. A tensor stays the caller's.
 *
 * @param context the case, for the message
 */
export function expectClose(
  actual: Tensor | ArrayLike<number> | number,
  wanted: ReferenceLike,
  tolerance: Tolerance = TOLERANCE,
  context = '',
): void {
  expect(difference(found(actual), reference(wanted), toleranceHere(tolerance)))
    .withContext(context)
    .toBeNull();
}

/** Expects a shape and values, equal to the last bit (as float32). */
export function expectExact(
  actual: Tensor | ArrayLike<number> | number,
  wanted: ReferenceLike,
  context = '',
): void {
  expectClose(actual, wanted, 0, context);
}
