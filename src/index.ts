/**
 * Tensors, automatic differentiation and training, as RxJS observables: everything that most programs need.
 *
 * @module rxtensor
 */
export * from './tensor';
export * from './streams';
