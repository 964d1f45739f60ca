// Comes before every spec: chooses the backend of this run, and fails each spec that leaves something behind.
import { createCpuBackend } from '../kernels/cpu';
import { createWebGLBackend } from '../kernels/webgl';
import { getBackend, registerBackend, removeBackend, setBackend } from '../tensor';
import { setSeed } from '../tensor/random-state';
import { watchLeaks, type LeakWatch } from './leaks';

/** What scripts/run-jasmine.js and karma.conf.js tell about this run: a backend, and the flags of a variant of it. */
interface TestRun {
  readonly backend: string;
  /** CPU: 'none', 'simd' or 'relaxed' kernels instead of the fastest that the engine accepts. */
  readonly simd?: Parameters<typeof createCpuBackend>[0];
  /** WebGL: no texture longer than this, so that large tensors are laid out as on a small device. */
  readonly maxTextureSize?: number;
}

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
