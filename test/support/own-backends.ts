import type { TestRun } from './test-run';

const { backend, maxTextureSize } = (globalThis as unknown as { __RXTENSOR_TEST__: TestRun })
  .__RXTENSOR_TEST__;

/**
 * `describe` for specs that open WebGL backends themselves, so that the backend of the run does not matter. They run only in the plain
 * run on WebGL.
 */
export const describeOwnWebGL: (description: string, specs: () => void) => void =
  backend === 'webgl' && maxTextureSize === undefined ? describe : () => undefined;

/** `describe` for specs that open WebGPU devices themselves. They run only in the run on WebGPU. */
export const describeOwnWebGPU: (description: string, specs: () => void) => void =
  backend === 'webgpu' ? describe : () => undefined;
