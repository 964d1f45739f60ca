/**
 * Makes an op of a kernel that you write, in GLSL for WebGL and as a function for the CPU.
 *
 * @module rxtensor/custom-kernels
 * @experimental
 */
export { customKernel, type CustomKernel, type CustomOp } from './custom-kernel';
