/* The second module: the kernels that gain from fused multiply-add, compiled with relaxed SIMD. */
export { matMul } from './matrix-product';
export { conv2d } from './conv2d';
export { conv2dFilterGradient } from './conv2d-filter-gradient';
export { conv2dInputGradient } from './conv2d-input-gradient';
