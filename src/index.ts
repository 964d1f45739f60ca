/**
 * `rxtensor`: tensors, automatic differentiation and optimizers (`rxtensor/tensor`), and the sources and operators of streams (`rxtensor/streams`).
 *
 * @packageDocumentation
 */
export * from './tensor';
export * from './streams';
