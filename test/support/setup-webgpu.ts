// Runs before setup.ts where the run is on WebGPU: a device opens asynchronously, and specs are described on an open backend.
import '../../src/webgpu';
import { backend, setBackend } from '../../src/tensor';
import { testRun } from './test-run';

interface Karma {
  loaded: () => void;
  start?: () => void;
}

const karma = (globalThis as { __karma__?: Karma }).__karma__;
// Karma begins when the page is loaded, which does not wait for a module that waits.
if (karma) karma.loaded = () => undefined;

if (testRun().backend === 'webgpu') {
  await setBackend('webgpu');
  const isRefusal = (error: unknown): boolean =>
    /reads asynchronously only|the backend has no kernel/.test((error as Error | undefined)?.message ?? '');

  /** Whether a spec has asked for values at once, even if it caught the error. */
  let isRefused = false;
  Object.defineProperty(backend(), 'readSync', {
    get: () => {
      // `readsNow` only asks whether it could.
      isRefused ||= /readValuesNow|moveTo|valuesOfOperand/.test(new Error().stack ?? '');
      return undefined;
    },
  });

  const plain = globalThis.it;
  /** A spec that needs values at once, or a kernel that is missing, is pending here. */
  const patient = (name: string, work?: jasmine.ImplementationCallback, timeout?: number): void =>
    plain(
      name,
      work &&
        (async () => {
          isRefused = false;
          try {
            await (work as () => unknown)();
          } catch (error) {
            if (!isRefusal(error)) throw error;
            isRefused = true;
          }
          if (isRefused) pending('it reads values at once, or needs a kernel that is missing');
        }),
      timeout,
    );
  globalThis.it = patient as typeof it;
}
