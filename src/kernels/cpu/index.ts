export { createCpuBackend } from './create';
export type { SimdLevel } from './simd';
