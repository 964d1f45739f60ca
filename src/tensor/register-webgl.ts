import { registerOwnBackend } from '../kernels';
import { createWebGLBackend } from '../kernels/webgl';
import { env } from './environment';

registerOwnBackend(
  'webgl',
  () =>
    createWebGLBackend({
      maxTextureSize: env().get('WEBGL_MAX_TEXTURE_SIZE'),
      poolBytes: env().get('WEBGL_POOL_BYTES'),
    }),
  2,
);
