/**
 * Everything of `rxtensor` but the WebGL backend, for a page that computes on the CPU and shall be small.
 *
 * @module rxtensor/cpu
 */
export * from '../tensor/api';
export * from '../streams/api';
