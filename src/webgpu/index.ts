/**
 * Adds the backend 'webgpu', which runs kernels as compute shaders: import it, then `await setBackend('webgpu')`. It has all ops but those that
 * need values at once; what it computes is read by `await x.data()`.
 *
 * @module rxtensor/webgpu
 * @experimental
 */
import { registerOwnBackend } from '../kernels';
import { createWebGPUBackend } from '../kernels/webgpu';

// Behind all others: it is used where a program asks for it.
registerOwnBackend('webgpu', createWebGPUBackend, 0);
