import { version as ours } from '../tensor';
import { warnOnce } from '../tensor/debug';

/** The version of TensorFlow.js whose names and meanings these are. */
const STANDS_FOR = '4.22.0';

/** The version of `@tensorflow/tfjs-core` that this entry stands for. */
export const version_core = STANDS_FOR;
/** The version of `@tensorflow/tfjs-converter` that this entry stands for. */
export const version_converter = STANDS_FOR;

/** The versions of TensorFlow.js's packages that this one stands for, and its own. */
export const version = {
  'tfjs-core': STANDS_FOR,
  'tfjs-converter': STANDS_FOR,
  'tfjs-layers': STANDS_FOR,
  tfjs: STANDS_FOR,
  rxtensor: ours,
};

/** There are no further checks to turn off: debug mode is off by default. */
export function enableProdMode(): void {
  return;
}

/** No deprecated name is here. */
export function disableDeprecationWarnings(): void {
  return;
}

/** Warns in the console, once. */
export function deprecationWarn(message: string): void {
  warnOnce(message);
}
