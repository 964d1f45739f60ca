import { assertFunction } from './argument';
import { activeBackend, type Backend } from '../kernels';

/** Resolves when a backend is there to be used: at once. */
export function ready(): Promise<void> {
  activeBackend();
  return Promise.resolve();
}

/** The backend in use, for those who write kernels. */
export function backend(): Backend {
  return activeBackend();
}

/** Resolves with the next frame of the page; outside of a page, with the next turn of the event loop. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => resolve());
    else setTimeout(resolve);
  });
}

/** How long a function took, in milliseconds. */
export interface TimeInfo {
  /** On the device, without dispatching. NaN where the device cannot tell. */
  readonly kernelMs: number;
  /** From the call until the device was done. */
  readonly wallMs: number;
}

/**
 * Runs a function and tells how long it took.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { wallMs } = await dl.time(() => dl.tidy(() => void dl.ones([64, 64]).matMul(dl.ones([64, 64]))));
 * ```
 */
export async function time(work: () => void): Promise<TimeInfo> {
  assertFunction('time', 'work', work);
  const start = performance.now();
  const { kernelMs } = await activeBackend().time(work);
  await activeBackend().mark();
  return { kernelMs, wallMs: performance.now() - start };
}
