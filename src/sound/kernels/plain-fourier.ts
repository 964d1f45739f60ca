import type { FourierAttributes } from '../../kernels/fourier';
import { halfOf } from './roots';
import { complexList, hostFourier, type ComplexList } from './host-fourier';

/** The transform in plain TypeScript, row by row: where the engine has no SIMD. It adds up in float64. */
export function plainFourier(x: Float32Array, y: Float32Array, attributes: FourierAttributes): void {
  const { kind, rows, length, inverse, scale, middle } = attributes;
  const half = halfOf(length);
  const [taken, given] = {
    complex: [2 * length, 2 * length],
    toHalf: [length, 2 * half],
    fromHalf: [2 * half, length],
  }[kind] as [number, number];
  const weight = (k: number): number => (k === 0 || 2 * k === length ? 1 : middle);
  for (let row = 0; row < rows; row++) {
    const list = complexList(length);
    const from = x.subarray(row * taken, (row + 1) * taken);
    const to = y.subarray(row * given, (row + 1) * given);
    if (kind === 'toHalf') {
      list.re.set(from);
      const { re, im } = hostFourier(list);
      for (let k = 0; k < half; k++) {
        to[2 * k] = scale * weight(k) * re[k]!;
        to[2 * k + 1] = scale * weight(k) * im[k]!;
      }
    } else if (kind === 'fromHalf') {
      readHalf(from, list, half, weight);
      const { re } = hostFourier(list);
      for (let j = 0; j < length; j++) to[j] = scale * re[j]!;
    } else {
      // Swapped parts turn the transform into its inverse.
      const [re, im] = inverse ? [list.im, list.re] : [list.re, list.im];
      for (let j = 0; j < length; j++) {
        re[j] = from[2 * j]!;
        im[j] = from[2 * j + 1]!;
      }
      const found = hostFourier(list);
      const [first, second] = inverse ? [found.im, found.re] : [found.re, found.im];
      for (let k = 0; k < length; k++) {
        to[2 * k] = scale * first[k]!;
        to[2 * k + 1] = scale * second[k]!;
      }
    }
  }
}

/** The conjugates of all frequencies of a real signal: the transform of the conjugates has the real parts of the inverse. */
function readHalf(from: Float32Array, list: ComplexList, half: number, weight: (k: number) => number): void {
  const { length } = list.re;
  for (let k = 0; k < half; k++) {
    if (k === 0 || 2 * k === length) {
      list.re[k] = from[2 * k]!;
      continue;
    }
    const factor = weight(k) / 2;
    list.re[k] = list.re[length - k] = factor * from[2 * k]!;
    list.im[length - k] = factor * from[2 * k + 1]!;
    list.im[k] = -list.im[length - k]!;
  }
}
