import type { createCpuBackend } from '../../src/kernels/cpu';

/** The options of this run, from scripts/run-jasmine.js or karma.conf.js: a backend, and the flags of a variant of it. */
export interface TestRun {
  readonly backend: string;
  /** For the CPU: 'none', 'simd' or 'relaxed' kernels instead of the fastest that the engine supports. */
  readonly simd?: Parameters<typeof createCpuBackend>[0];
  /** For WebGL: the longest side of a texture, so that large tensors are laid out as on a small device. */
  readonly maxTextureSize?: number;
  /** The seed of the run. */
  readonly seed?: number;
  /** The number of random broken checkpoints, and of random hostile messages. */
  readonly hostile?: number;
  /** The number of faults in runs of several processes. */
  readonly chaos?: number;
  /** The seconds that a microphone of a page is listened to. */
  readonly microphone?: number;
  /** Whether all examples of the documentation site are run, not some. */
  readonly site?: 'some' | 'all';
}

/** The options of this run. */
export function testRun(): TestRun {
  return (globalThis as unknown as { __RXTENSOR_TEST__: TestRun }).__RXTENSOR_TEST__;
}
