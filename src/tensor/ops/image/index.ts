export * from '../host/non-max-suppression';
export * from './color';
export * from './resize';
export * from './warp';
