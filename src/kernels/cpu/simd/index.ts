export { loadSimdModule, type SimdLevel, type SimdModule } from './load';
export { simdKernels } from './kernels';
