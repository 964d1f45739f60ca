import { assertFunction } from './argument';
import { activeBackend, BYTES_PER_ELEMENT, type KernelName, type Shape } from '../kernels';
import type { TensorContainer } from './container';
import { storageMemory } from './device';
import { observeDevice } from './device-observers';
import { living } from './tensor-count';

/** One kernel run. */
export interface KernelProfile {
  /** The op that called the kernel. */
  readonly name: string;
  /** The kernel's name. Several ops may share a kernel. */
  readonly kernel: KernelName;
  /** Bytes of its outputs. */
  readonly bytesAdded: number;
  /** Bytes alive after it had run. */
  readonly totalBytesSnapshot: number;
  /** Number of its outputs. */
  readonly tensorsAdded: number;
  /** Tensors alive after it had run. */
  readonly totalTensorsSnapshot: number;
  /** The shape of each input. */
  readonly inputShapes: readonly Shape[];
  /** The shape of each output. */
  readonly outputShapes: readonly Shape[];
  /** Milliseconds on the device; NaN if the device cannot measure them. */
  readonly kernelTimeMs: number;
  /** Milliseconds between the call and its return. */
  readonly wallTimeMs: number;
}

/** The memory and the kernels that a function used. */
export interface ProfileInfo<T = TensorContainer> {
  /** Bytes alive after the function, less those alive before. */
  readonly newBytes: number;
  /** Tensors alive after the function, less those alive before. */
  readonly newTensors: number;
  /** The greatest number of bytes alive after one of its kernels. */
  readonly peakBytes: number;
  /** The number of programs that the backend has compiled meanwhile. */
  readonly newPrograms: number;
  /** Milliseconds that the thread has spent on compiling them, waits included; see {@link warmUp}. */
  readonly compileMs: number;
  /** Its kernel runs, in order. */
  readonly kernels: readonly KernelProfile[];
  /** The names of the ops whose kernels ran, each once. */
  readonly kernelNames: readonly string[];
  /** The function's result. The caller disposes it. */
  readonly result: T;
}

/**
 * Runs a function and records its kernels, with their shapes and times, and the memory that it used.
 *
 * @param f the function. If it returns a promise, all kernels that run before the promise settles are recorded, those of other code too
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
  const backend = activeBackend();
  const before = { bytes: storageMemory().numBytes, tensors: living.tensors, ...backend.memory() };
  const kernels: Promise<KernelProfile>[] = [];
  let peakBytes = before.bytes;
  const stop = observeDevice({
    timed: true,
    kernel: ({ op, kernel, inputs, outputs, wallMs, deviceMs }) => {
      const row = {
        name: op,
        kernel,
        bytesAdded: outputs.reduce((bytes, { size }) => bytes + size * BYTES_PER_ELEMENT, 0),
        totalBytesSnapshot: storageMemory().numBytes,
        tensorsAdded: outputs.length,
        totalTensorsSnapshot: living.tensors,
        inputShapes: inputs.map(({ shape }) => shape),
        outputShapes: outputs.map(({ shape }) => shape),
        wallTimeMs: wallMs,
      };
      peakBytes = Math.max(peakBytes, row.totalBytesSnapshot);
      kernels.push(deviceMs.then((kernelTimeMs) => ({ ...row, kernelTimeMs })));
    },
  });
  let result: T;
  try {
    result = await f();
  } finally {
    stop();
  }
  const after = { bytes: storageMemory().numBytes, tensors: living.tensors, ...backend.memory() };
  const rows = await Promise.all(kernels);
  return {
    newBytes: after.bytes - before.bytes,
    newTensors: after.tensors - before.tensors,
    peakBytes,
    newPrograms: (after.programs ?? 0) - (before.programs ?? 0),
    compileMs: (after.compileMs ?? 0) - (before.compileMs ?? 0),
    kernels: rows,
    kernelNames: [...new Set(rows.map(({ name }) => name))],
    result,
  };
}
