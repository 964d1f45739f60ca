export { customKernel, type CustomKernel, type CustomOp } from './custom-kernel';
