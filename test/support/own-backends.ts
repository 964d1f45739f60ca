import type { TestRun } from './test-run';

const { backend, maxTextureSize } = (globalThis as unknown as { __RXTENSOR_TEST__: TestRun })
  .__RXTENSOR_TEST__;

/**
 * `describe` for specs that open WebGL backends of their own, and so say the same whatever the backend of the run is: they belong to
 * the plain run on WebGL.
 */
export const describeOwnWebGL: (description: string, specs: () => void) => void =
  backend === 'webgl' && maxTextureSize === undefined ? describe : () => undefined;
