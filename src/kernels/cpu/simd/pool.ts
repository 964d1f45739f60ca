import type { WindowGeometry } from '../../convolution';
import { offsetOf, withScratch } from '../backend';
import type { SimdKernel } from './simd-kernel';
import { withLostOfPool } from './terms';

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
  (backend, [x], [y], { geometry, mode }) => {
    const places = [offsetOf(x!), offsetOf(y!), ...windowArguments(geometry)] as const;
    if (mode === 'max') simd.maxPool(...places);
    else {
      withScratch(backend, 4 * Float64Array.BYTES_PER_ELEMENT, (totals) => {
        simd.averagePool(...places, totals);
      });
    }
  };

export const maxPoolIndices: SimdKernel<'maxPoolIndices'> =
  (simd) =>
  (_backend, [x], [y], { geometry }) => {
    simd.maxPoolIndices(offsetOf(x!), offsetOf(y!), ...windowArguments(geometry));
  };

export const maxPoolGradient: SimdKernel<'maxPoolGradient'> =
  (simd) =>
  (backend, [dy, x], [dx], { geometry }) => {
    withLostOfPool(backend, geometry, (lost) => {
      simd.maxPoolGradient(offsetOf(dy!), offsetOf(x!), offsetOf(dx!), ...windowArguments(geometry), lost);
    });
  };

export const averagePoolGradient: SimdKernel<'averagePoolGradient'> =
  (simd) =>
  (backend, [dy], [dx], { geometry }) => {
    withLostOfPool(backend, geometry, (lost) => {
      simd.averagePoolGradient(offsetOf(dy!), offsetOf(dx!), ...windowArguments(geometry), lost);
    });
  };
