import type { WindowGeometry } from '../../convolution';
import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** The numbers of a geometry in the order in which the compiled pooling functions take them. */
function windowArguments(g: WindowGeometry) {
  return [
    g.batch,
    g.inHeight,
    g.inWidth,
    g.inChannels,
    g.outHeight,
    g.outWidth,
    g.filterHeight,
    g.filterWidth,
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padTop,
    g.padLeft,
  ] as const;
}

export const pool: SimdKernel<'pool'> =
  (simd) =>
  (_backend, [x], [y], { geometry, mode }) => {
    const run = mode === 'max' ? simd.maxPool : simd.averagePool;
    run(offsetOf(x!), offsetOf(y!), ...windowArguments(geometry));
  };

export const maxPoolIndices: SimdKernel<'maxPoolIndices'> =
  (simd) =>
  (_backend, [x], [y], { geometry }) => {
    simd.maxPoolIndices(offsetOf(x!), offsetOf(y!), ...windowArguments(geometry));
  };

export const maxPoolGradient: SimdKernel<'maxPoolGradient'> =
  (simd) =>
  (_backend, [dy, x], [dx], { geometry }) => {
    simd.maxPoolGradient(offsetOf(dy!), offsetOf(x!), offsetOf(dx!), ...windowArguments(geometry));
  };

export const averagePoolGradient: SimdKernel<'averagePoolGradient'> =
  (simd) =>
  (_backend, [dy], [dx], { geometry }) => {
    simd.averagePoolGradient(offsetOf(dy!), offsetOf(dx!), ...windowArguments(geometry));
  };
