/** The layers, as programs make them. Names and defaults are those of Keras. */
export * from './functions/core';
export * from './functions/convolutions';
export * from './functions/pooling';
export * from './functions/normalization';
export * from './functions/merging';
export * from './functions/images';
export * from './functions/recurrent';
export * from './functions/wrappers';
export * from './functions/attention';
