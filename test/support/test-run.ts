import type { createCpuBackend } from '../../src/kernels/cpu';

/** What scripts/run-jasmine.js and karma.conf.js tell about this run: a backend, and the flags of a variant of it. */
export interface TestRun {
  readonly backend: string;
  /** CPU: 'none', 'simd' or 'relaxed' kernels instead of the fastest that the engine accepts. */
  readonly simd?: Parameters<typeof createCpuBackend>[0];
  /** WebGL: no texture longer than this, so that large tensors are laid out as on a small device. */
  readonly maxTextureSize?: number;
  /** Of the run. */
  readonly seed?: number;
  /** How many broken checkpoints, and how many hostile messages, are drawn at random. */
  readonly hostile?: number;
}

/** What this run was told. */
export function testRun(): TestRun {
  return (globalThis as unknown as { __RXTENSOR_TEST__: TestRun }).__RXTENSOR_TEST__;
}
