// In a page: a package on one library, on WebGL. The script is built by test/models/drop-in-packages.
import { packages, type Library } from '../../test/models/drop-in-calls';

/** What a page of a package offers. */
export interface PackagePage {
  /** Opens it, with the files at an address, and calls it once. */
  readonly open: (address: string) => Promise<void>;
  /** Milliseconds of a call. */
  readonly run: () => Promise<number>;
}

declare global {
  interface Window {
    packagePage: PackagePage;
  }
}

export function main(name: string, used: unknown, tf: Library): void {
  const { open } = packages.find((each) => each.name === name)!;
  let call: (() => Promise<unknown>) | undefined;
  window.packagePage = {
    open: async (address) => {
      tf.env().set('PROD', true);
      await tf.setBackend('webgl');
      call = await open(used as never, tf, address);
      await call();
    },
    run: async () => {
      const start = performance.now();
      await call!();
      return performance.now() - start;
    },
  };
}
