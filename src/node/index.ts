export { fileCache } from './file-cache';
export { fileStore } from './file-store';
export { modelFiles } from './model-files';
