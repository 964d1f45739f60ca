/**
 * `rxtensor/custom-kernels`: makes an op of a kernel of your own, for WebGL and the CPU.
 *
 * @packageDocumentation
 * @experimental
 */
export { customKernel, type CustomKernel, type CustomOp } from './custom-kernel';
