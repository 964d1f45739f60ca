/* The second module: the functions that fused multiply-add makes faster, compiled with relaxed SIMD. */
export { matMul } from './matrix-product';
export { conv2d } from './conv2d';
export { conv2dFilterGradient } from './conv2d-filter-gradient';
export { conv2dInputGradient } from './conv2d-input-gradient';
export { sparseFilterGradient } from './sparse-filter-gradient';
export { sparseInputGradient } from './sparse-input-gradient';
export { depthwise } from './depthwise';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise-gradient';
export {
  unary_elu, unary_erf, unary_exp, unary_expm1, unary_log, unary_log1p, unary_selu, unary_sigmoid, unary_softplus, unary_tanh,
} from './elementwise/unary';
export { logSoftmax, logSoftmaxGradient, softmax } from './softmax';
