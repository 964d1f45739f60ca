import { getBackend } from '../kernels';

/** How far a result may be from the exact one: |found − wanted| ≤ tolerance · max(1, |wanted|). */
export type Tolerance = number | { readonly cpu: number; readonly webgl: number };

/**
 * What each backend is held to where nothing else is stated. CPU: a few roundings of float32. WebGL: GLSL ES 3.00 demands no precision
 * of its transcendental functions; drivers give four to five digits. WebGPU is held to the same.
 */
export const TOLERANCE: Tolerance = { cpu: 1e-5, webgl: 1e-4 };

/** The tolerance on the backend in use. */
export function toleranceHere(tolerance: Tolerance): number {
  if (typeof tolerance === 'number') return tolerance;
  return getBackend().startsWith('webg') ? tolerance.webgl : tolerance.cpu;
}

/** Whether a number is close enough; NaN is close to NaN, and ±∞ to itself. */
export function isClose(found: number, wanted: number, tolerance: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(found);
  if (!Number.isFinite(wanted)) return found === wanted;
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}
