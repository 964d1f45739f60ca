// Comes before every spec: chooses the backend of this run, and fails each spec that leaves something behind.
import { getBackend, setBackend } from '../tensor';
import { setSeed } from '../tensor/random-state';
import { watchLeaks, type LeakWatch } from './leaks';

/** What scripts/run-jasmine.js and karma.conf.js tell about this run. */
interface TestRun {
  readonly backend: string;
}

const { backend } = (globalThis as unknown as { __RXTENSOR_TEST__: TestRun }).__RXTENSOR_TEST__;
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
