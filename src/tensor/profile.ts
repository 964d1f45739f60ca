import { assertFunction } from './argument';
import { BYTES_PER_ELEMENT, storageMemory, type KernelName, type Shape } from '../kernels';
import type { TensorContainer } from './container';
import { observeKernels } from './kernel-observers';
import { numTensors } from './scope';

/** One kernel that ran. */
export interface KernelProfile {
  /** The op that called it. */
  readonly name: string;
  /** The kernel: several ops may share one. */
  readonly kernel: KernelName;
  /** Bytes of the storage that was allocated for its outputs. */
  readonly bytesAdded: number;
  /** How many bytes were alive when it had run. */
  readonly totalBytesSnapshot: number;
  /** How many tensors it added. */
  readonly tensorsAdded: number;
  /** How many tensors were alive when it had run. */
  readonly totalTensorsSnapshot: number;
  /** The shape of each input. */
  readonly inputShapes: readonly Shape[];
  /** The shape of each output. */
  readonly outputShapes: readonly Shape[];
  /** On the device; NaN where that cannot tell. */
  readonly kernelTimeMs: number;
  /** Between the call and its return. */
  readonly wallTimeMs: number;
}

/** What a function did. */
export interface ProfileInfo<T = TensorContainer> {
  /** Bytes that are alive now and were not before. */
  readonly newBytes: number;
  /** Tensors that are alive now and were not before. */
  readonly newTensors: number;
  /** The most bytes that were alive after any of its kernels. */
  readonly peakBytes: number;
  /** Every kernel that ran, in order. */
  readonly kernels: readonly KernelProfile[];
  /** The ops whose kernels ran, each once. */
  readonly kernelNames: readonly string[];
  /** What the function returned: the caller's to dispose. */
  readonly result: T;
}

/**
 * Runs a function and tells which kernels it ran, on what, for how long, and how much memory that took.
 *
 * @param f may return a promise: what runs until it has settled counts, from elsewhere too
 * @throws (the promise is rejected) what `f` throws
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { kernelNames, peakBytes, result } = await dl.profile(() => dl.tidy(() => dl.ones([3]).square().sum()));
 * console.log(kernelNames); // ['ones', 'square', 'sum']
 * console.log(peakBytes);
 * dl.dispose(result);
 * ```
 */
export async function profile<T = TensorContainer>(f: () => T | Promise<T>): Promise<ProfileInfo<T>> {
  assertFunction('profile', 'f', f);
  const before = { bytes: storageMemory().numBytes, tensors: numTensors() };
  const kernels: Promise<KernelProfile>[] = [];
  let peakBytes = before.bytes;
  const stop = observeKernels(
    ({ op, kernel, inputs, outputs, wallMs, deviceMs }) => {
      const row = {
        name: op,
        kernel,
        bytesAdded: outputs.reduce((bytes, { size }) => bytes + size * BYTES_PER_ELEMENT, 0),
        totalBytesSnapshot: storageMemory().numBytes,
        tensorsAdded: outputs.length,
        totalTensorsSnapshot: numTensors(),
        inputShapes: inputs.map(({ shape }) => shape),
        outputShapes: outputs.map(({ shape }) => shape),
        wallTimeMs: wallMs,
      };
      peakBytes = Math.max(peakBytes, row.totalBytesSnapshot);
      kernels.push(deviceMs.then((kernelTimeMs) => ({ ...row, kernelTimeMs })));
    },
    { timed: true },
  );
  let result: T;
  try {
    result = await f();
  } finally {
    stop();
  }
  const after = { bytes: storageMemory().numBytes, tensors: numTensors() };
  const rows = await Promise.all(kernels);
  return {
    newBytes: after.bytes - before.bytes,
    newTensors: after.tensors - before.tensors,
    peakBytes,
    kernels: rows,
    kernelNames: [...new Set(rows.map(({ name }) => name))],
    result,
  };
}
