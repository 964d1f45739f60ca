import { assertInteger } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { tensor1d } from '../../tensor/ops';
import type { Tensor1D } from '../../tensor/tensor';
import { checked } from './options';
import { isOneOf } from '../../tensor/options';

/** Options of {@link hannWindow} and {@link hammingWindow}. */
export interface WindowOptions {
  /**
   * Whether the window is one period, so that its first value would follow its last, as transforms want it (TensorFlow, and `fftbins` of SciPy and librosa);
   * else it is symmetric. true by default.
   */
  readonly periodic?: boolean;
}

/** The weights a − (1 − a)·cos(2πi/n), as numbers. */
export function cosineWeights(length: number, a: number, periodic: boolean): Float32Array {
  const period = Math.max(1, periodic ? length : length - 1);
  if (length === 1) return new Float32Array([1]);
  return Float32Array.from({ length }, (_, i) => a - (1 - a) * Math.cos((2 * Math.PI * i) / period));
}

/** The weight in the middle between a Hann window's 1 and a Hamming window's. */
export const cosines = { hann: 0.5, hamming: 0.54 } as const;

function cosineWindow(name: string, a: number): (length: number, options?: WindowOptions | null) => Tensor1D {
  return op(name, (length: number, options: WindowOptions | null = null): Tensor1D => {
    assertInteger(name, 'length', length, 1);
    const { periodic = true } = checked<WindowOptions>(name, options, {
      periodic: isOneOf([true, false], 'true or false'),
    });
    return tensor1d(cosineWeights(length, a, periodic));
  });
}

/**
 * The Hann window, 0.5 − 0.5·cos(2πi/n).
 *
 * @param length the number of its values
 * @returns float32 [length]
 * @throws when the length is no positive integer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => signal.hannWindow(4).print()); // 0, 0.5, 1, 0.5
 * ```
 */
export const hannWindow = cosineWindow('hannWindow', cosines.hann);

/**
 * The Hamming window, 0.54 − 0.46·cos(2πi/n). See {@link hannWindow}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => signal.hammingWindow(3, { periodic: false }).print()); // 0.08, 1, 0.08
 * ```
 */
export const hammingWindow = cosineWindow('hammingWindow', cosines.hamming);
