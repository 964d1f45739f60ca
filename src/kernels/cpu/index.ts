export { createCpuBackend } from './create';
