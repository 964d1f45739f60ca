import { activeBackend, type Backend } from '../kernels';

export { ContextLostError, contextLost, getBackend, onBackend, setBackend } from '../kernels';

/**
 * Returns the backend in use. Programs need it only to write backends.
 *
 * @throws while it is being opened
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * console.log(dl.backend().memory()); // what the device holds
 * ```
 */
export function backend(): Backend {
  return activeBackend();
}
