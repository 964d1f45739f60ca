import { assertFunction } from './argument';
import { activeBackend, type Backend, type BackendTiming } from '../kernels';
import { observeDevice } from './device-observers';

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
  const backend = activeBackend();
  const submitted = backend.submissions;
  let kernelWallMs = 0;
  const stop = observeDevice({ kernel: ({ wallMs }) => void (kernelWallMs += wallMs) });
  const start = performance.now();
  let timing: Promise<BackendTiming>;
  try {
    timing = backend.time(work);
  } finally {
    stop();
  }
  // Where nothing was submitted, kernels are done when they return: what `work` does between them is not their time.
  const isSynchronous = backend.submissions === submitted;
  const { kernelMs } = await timing;
  await backend.mark();
  return { kernelMs: isSynchronous ? kernelWallMs : kernelMs, wallMs: performance.now() - start };
}
