/**
 * `rxtensor/node`: keeps checkpoints and models in files.
 *
 * @packageDocumentation
 */
export { fileCache } from './file-cache';
export { fileStore } from './file-store';
export { modelFiles } from './model-files';
