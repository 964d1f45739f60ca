export { createWebGPUBackend } from './create';
