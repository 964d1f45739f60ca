import type { KernelName } from '../../../src/kernels';
import type { Backend } from '../../../src/kernels';
import { numbers } from '../reference';
import { runKernelAndRead } from '../run-kernel';
import * as products from './products';
import * as reductions from './reductions';
import type { Draw, LongSum, LongSumMakers } from './row';
import * as windows from './windows';

/** The cases of every kernel; null for a kernel whose results are not sums of many terms. */
export const longSums: { readonly [K in KernelName]: LongSumMakers<K> | null } = {
  fill: null,
  ramp: null,
  fromPixels: null,
  paint: null,
  random: null,
  cast: null,
  unary: null,
  activationGradient: null,
  binary: null,
  select: null,
  reduce: reductions.reduce,
  argReduce: null,
  scan: reductions.scan,
  recurrence: reductions.recurrence,
  softmax: reductions.softmax,
  softmaxGradient: reductions.softmaxGradient,
  crossEntropy: reductions.crossEntropy,
  crossEntropyGradient: reductions.crossEntropyGradient,
  matMul: products.matMul,
  conv2d: products.conv2d,
  conv2dInputGradient: products.conv2dInputGradient,
  conv2dFilterGradient: products.conv2dFilterGradient,
  pool: windows.pool,
  maxPoolIndices: null,
  maxPoolGradient: windows.maxPoolGradient,
  averagePoolGradient: windows.averagePoolGradient,
  batchNorm: null,
  batchNormGradient: reductions.batchNormGradient,
  localResponseNormalization: windows.localResponseNormalization,
  localResponseNormalizationGradient: windows.localResponseNormalizationGradient,
  transpose: null,
  slice: null,
  pad: null,
  concat: null,
  tile: null,
  gather: null,
  scatterAdd: windows.scatterAdd,
  flattenIndices: null,
  lastPlaces: null,
  searchSorted: null,
  topK: null,
  mirrorPadGradient: null,
  resize: null,
  resizeGradient: windows.resizeGradient,
  warp: null,
  warpGradient: windows.warpGradient,
  oneHot: null,
  update: null,
  custom: null,
  // An entry brings it. Its spec compares it with sums in float64.
  fourier: null,
  segmentExtreme: null,
};

/** Values that are hard to add up: equal ones, whose rounding errors have one sign; positive ones; ones that cancel; a large one before tiny ones. */
export const draws: Readonly<Record<string, (seed: number) => Draw>> = {
  'of 0.1': () => (length) => new Array<number>(length).fill(0.1),
  positive: (seed) => {
    const next = numbers(seed);
    return (length) => Array.from({ length }, () => next());
  },
  'of either sign': (seed) => {
    const next = numbers(seed);
    return (length) => Array.from({ length }, () => 2 * next() - 1);
  },
  'tiny behind a 1': () => (length) => Array.from({ length }, (_, i) => (i < 16 ? 1 : 5e-8)),
};

/** The largest error of a run's results, divided by the allowed error; at most 1 if all are right. */
export async function partOfBound<K extends KernelName>(
  backend: Backend,
  kernel: K,
  run: LongSum<K>,
): Promise<number> {
  const found = await runKernelAndRead(backend, kernel, run.inputs, run.outputs, run.attributes);
  let worst = 0;
  for (const { output = 0, at, value, magnitude } of run.results) {
    const error = Math.abs(found[output]![at]! - value);
    const part = error / (run.bound * magnitude);
    if (!(part <= worst) && error > 0) worst = Number.isNaN(part) ? Infinity : part;
  }
  return worst;
}

/** Calls `visit` for every case of every kernel with every kind of values. */
export function forEachLongSum(
  visit: (name: string, measure: (backend: Backend, terms: number, seed: number) => Promise<number>) => void,
): void {
  const each = <K extends KernelName>(kernel: K, makers: LongSumMakers<K> | null): void => {
    for (const [title, make] of Object.entries(makers ?? {})) {
      for (const [values, drawOf] of Object.entries(draws)) {
        visit(`${kernel} ${title}, values ${values}`, (backend, terms, seed) =>
          partOfBound(backend, kernel, make(terms, drawOf(seed))),
        );
      }
    }
  };
  for (const kernel of Object.keys(longSums) as KernelName[]) each(kernel, longSums[kernel]);
}
