import { assertFunction } from './argument';
import { activeBackend, type BackendTiming } from '../kernels';
import { observeDevice } from './device-observers';

/** How long a function took, in milliseconds. */
export interface TimeInfo {
  /** Milliseconds on the device, without the time to dispatch kernels. NaN where the device cannot measure them. */
  readonly kernelMs: number;
  /** Milliseconds from the call until the device was done. */
  readonly wallMs: number;
}

/**
 * Runs a function and measures how long it takes, also on the device.
 *
 * @throws (rejects) what `work` throws
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
  // If nothing was submitted, kernels are synchronous: their time is the sum of their calls, without the rest of `work`.
  const isSynchronous = backend.submissions === submitted;
  const { kernelMs } = await timing;
  await backend.mark();
  return { kernelMs: isSynchronous ? kernelWallMs : kernelMs, wallMs: performance.now() - start };
}
