// Runs before setup.ts where the run is on WebGPU: a device opens asynchronously, and specs are described on an open backend.
import '../../src/webgpu';
import { config } from 'rxjs';
import { WebGPUBackend } from '../../src/kernels/webgpu/backend';
import { Tensor, backend, setBackend } from '../../src/tensor';
import { Storage } from '../../src/tensor/device';
import { Lack, lack, takeUnmet } from './needs';
import { testRun } from './test-run';

interface Karma {
  loaded: () => void;
  start?: () => void;
}

const karma = (globalThis as { __karma__?: Karma }).__karma__;
// Karma begins when the page is loaded, which does not wait for a module that waits.
if (karma) karma.loaded = () => undefined;

/** Methods of tensors that read values at once: a spec that calls one needs that, and says so by the call. */
const readers = ['dataSync', 'arraySync', 'bufferSync', 'toString'] as const;

if (testRun().backend === 'webgpu') {
  await setBackend('webgpu');
  const methods = Tensor.prototype as unknown as Record<
    string,
    (this: Tensor, ...given: unknown[]) => unknown
  >;
  for (const name of readers) {
    const plain = methods[name]!;
    methods[name] = function (...given) {
      if (!this.isDisposed && this.storage.backend instanceof WebGPUBackend) throw lack('synchronous reads');
      return plain.apply(this, given);
    };
  }
  const { moveTo } = Storage.prototype;
  Storage.prototype.moveTo = function (to, op) {
    if (to !== this.backend && this.backend instanceof WebGPUBackend) throw lack('synchronous reads');
    moveTo.call(this, to, op);
  };
  const { run } = WebGPUBackend.prototype;
  WebGPUBackend.prototype.run = function (name, ...given) {
    if (this === backend() && !(name in this.kernels)) throw lack(`the kernel '${name}'`);
    run.call(this, name, ...given);
  };

  // A subscriber that reads at once throws into RxJS, which would report it outside of the spec.
  config.onUnhandledError = (error: unknown) => {
    if (error instanceof Lack) return;
    setTimeout(() => {
      throw error;
    });
  };

  const plain = globalThis.it;
  /** A spec that needs what this backend lacks is pending, and says what. */
  const patient = (name: string, work?: jasmine.ImplementationCallback, timeout?: number): void =>
    plain(
      name,
      work &&
        (async () => {
          takeUnmet();
          let failure: { readonly error: unknown } | null = null;
          try {
            await (work as () => unknown)();
          } catch (error) {
            failure = { error };
          }
          const need = takeUnmet();
          if (need) pending(`it needs ${need}`);
          if (failure) throw failure.error;
        }),
      timeout,
    );
  globalThis.it = patient as typeof it;
}
