import { getBackend, sizeOf } from '../kernels';
import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { reference, type Reference, type ReferenceLike } from './reference';

/** How far a result may be from the exact one: |found − wanted| ≤ tolerance · max(1, |wanted|). */
export type Tolerance = number | { readonly cpu: number; readonly webgl: number };

/**
 * What each backend is held to where a spec states nothing else. CPU: a few roundings of float32. WebGL: GLSL ES 3.00 demands
 * no precision of its transcendental functions; drivers give four to five digits.
 */
export const TOLERANCE: Tolerance = { cpu: 1e-5, webgl: 1e-4 };

/** The tolerance on the backend in use. */
export function toleranceHere(tolerance: Tolerance): number {
  if (typeof tolerance === 'number') return tolerance;
  return getBackend() === 'webgl' ? tolerance.webgl : tolerance.cpu;
}

function isClose(found: number, wanted: number, tolerance: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(found);
  if (!Number.isFinite(wanted)) return found === wanted;
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}

function found(actual: Tensor | ArrayLike<number> | number): Reference {
  if (typeof actual === 'number') return { shape: [], values: [actual] };
  if (!(actual instanceof Tensor)) return { shape: [actual.length], values: Array.from(actual) };
  return { shape: actual.shape as number[], values: Array.from(actual.dataSync()) };
}

/** Where and how two arrays differ, or null where they do not. */
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
 * Expects shape and values, with NaN equal to NaN and ±∞ to itself. A tensor is read here and stays the caller's.
 *
 * @param context says which case it was
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

/** Expects shape and values to be equal to the last bit (as float32). */
export function expectExact(
  actual: Tensor | ArrayLike<number> | number,
  wanted: ReferenceLike,
  context = '',
): void {
  expectClose(actual, wanted, 0, context);
}
