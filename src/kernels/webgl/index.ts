export { createWebGLBackend, type WebGLOptions } from './create';
