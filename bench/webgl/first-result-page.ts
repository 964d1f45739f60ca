import type { Library } from '../library';
import { separableNetwork } from './network';

declare global {
  interface Window {
    /** Milliseconds from the navigation to the first result in the program's hands. */
    firstResult?: number;
  }
}

export function reportFirstResult(lib: Library): void {
  separableNetwork(lib)().dataSync();
  window.firstResult = performance.now();
}
