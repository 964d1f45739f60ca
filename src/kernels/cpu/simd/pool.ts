import { offsetOf, withScratch } from '../backend';
import { writeGeometry } from './geometry';
import type { SimdKernel } from './simd-kernel';
import { withLostOfPool } from './terms';

export const pool: SimdKernel<'pool'> =
  (simd) =>
  (backend, [x], [y], { geometry: g, mode }) => {
    if (mode === 'max') {
      simd.maxPool(offsetOf(x!), offsetOf(y!), writeGeometry(backend, g));
    } else {
      withScratch(backend, 4 * Float64Array.BYTES_PER_ELEMENT, (totals) => {
        simd.averagePool(offsetOf(x!), offsetOf(y!), writeGeometry(backend, g), totals);
      });
    }
  };

export const maxPoolIndices: SimdKernel<'maxPoolIndices'> =
  (simd) =>
  (backend, [x], [y], { geometry: g }) => {
    simd.maxPoolIndices(offsetOf(x!), offsetOf(y!), writeGeometry(backend, g));
  };

export const maxPoolGradient: SimdKernel<'maxPoolGradient'> =
  (simd) =>
  (backend, [dy, x], [dx], { geometry: g }) => {
    withLostOfPool(backend, g, (lost) => {
      simd.maxPoolGradient(offsetOf(dy!), offsetOf(x!), offsetOf(dx!), writeGeometry(backend, g), lost);
    });
  };

export const averagePoolGradient: SimdKernel<'averagePoolGradient'> =
  (simd) =>
  (backend, [dy], [dx], { geometry: g }) => {
    withLostOfPool(backend, g, (lost) => {
      simd.averagePoolGradient(offsetOf(dy!), offsetOf(dx!), writeGeometry(backend, g), lost);
    });
  };
