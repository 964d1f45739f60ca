// Runs before the specs: chooses the backend of this run, and makes every spec fail that leaves something behind.
import { createCpuBackend } from '../../src/kernels/cpu';
import { createWebGLBackend } from '../../src/kernels/webgl';
import { getBackend, registerBackend, removeBackend, setBackend } from '../../src/tensor';
import { setSeed } from '../../src/tensor/random-state';
import { watchLeaks, type LeakWatch } from '../../src/testing/leaks';
import type { TestRun } from './test-run';

const { backend, simd, maxTextureSize } = (globalThis as unknown as { __RXTENSOR_TEST__: TestRun })
  .__RXTENSOR_TEST__;

if (simd !== undefined) {
  removeBackend('cpu');
  registerBackend('cpu', () => createCpuBackend(simd), 1);
}
if (maxTextureSize !== undefined) {
  removeBackend('webgl');
  registerBackend('webgl', () => createWebGLBackend({ maxTextureSize }), 2);
}
setBackend(backend);

let watch: LeakWatch;

beforeEach(() => {
  setSeed(20180402);
  watch = watchLeaks();
});

afterEach(() => {
  const found = watch.leaks();
  watch.stop();
  if (getBackend() !== backend) {
    found.push(`the backend is ${getBackend()}; it was ${backend}`);
    setBackend(backend);
  }
  if (found.length > 0) throw new Error(`this spec left something behind:\n  ${found.join('\n  ')}`);
});
