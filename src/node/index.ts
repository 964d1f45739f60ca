/**
 * Keeps checkpoints, models and downloads in files. For Node.
 *
 * @module rxtensor/node
 */
export { fileCache } from './file-cache';
export { fileStore } from './file-store';
export { modelFiles } from './model-files';
