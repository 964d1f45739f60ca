// What dist/rxtensor.min.js offers: a page that loads one classic script cannot import an entry of its own.
export * from './index';
export * from './checkpoints';
export * from './workers';
export * from './files';
