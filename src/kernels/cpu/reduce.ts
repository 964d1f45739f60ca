import type { Kernel } from '../kernel-table';
import { reductions, type ReductionName, type ReductionRow } from '../reductions';
import { valuesOf, withScratch, type CpuBackend } from './backend';

type Values = Float32Array | Int32Array;

/**
 * The two loops of a reduction. Partial results are float64, which has 29 bits more than float32: up to hundreds of
 * millions of terms the error of a sum stays below float32's rounding, without blocks.
 */
interface ReductionLoops {
  /** Combines `start` with every element of x[from … to). */
  readonly fold: (x: Values, from: number, to: number, start: number) => number;
  /** Combines partial[j] with x[from + j] for every j. */
  readonly accumulate: (partial: Float64Array, x: Values, from: number) => void;
}

/** Sums and maxima have separate loops, so that V8 inlines them: see unary.ts. */
const sumLoops: ReductionLoops = {
  fold: (x, from, to, start) => {
    const f = reductions.sum.js;
    let result = start;
    for (let i = from; i < to; i++) result = f(result, x[i]!);
    return result;
  },
  accumulate: (partial, x, from) => {
    const f = reductions.sum.js;
    for (let j = 0; j < partial.length; j++) partial[j] = f(partial[j]!, x[from + j]!);
  },
};

const maxLoops: ReductionLoops = {
  fold: (x, from, to, start) => {
    const f = reductions.max.js;
    let result = start;
    for (let i = from; i < to; i++) result = f(result, x[i]!);
    return result;
  },
  accumulate: (partial, x, from) => {
    const f = reductions.max.js;
    for (let j = 0; j < partial.length; j++) partial[j] = f(partial[j]!, x[from + j]!);
  },
};

const ownLoops: Readonly<Partial<Record<ReductionName, ReductionLoops>>> = {
  sum: sumLoops,
  mean: sumLoops,
  max: maxLoops,
};

function sharedLoops(f: ReductionRow['js']): ReductionLoops {
  return {
    fold: (x, from, to, start) => {
      let result = start;
      for (let i = from; i < to; i++) result = f(result, x[i]!);
      return result;
    },
    accumulate: (partial, x, from) => {
      for (let j = 0; j < partial.length; j++) partial[j] = f(partial[j]!, x[from + j]!);
    },
  };
}

export const reduce: Kernel<CpuBackend, 'reduce'> = (backend, [input], [output], attributes) => {
  const { name, outer, extent, inner } = attributes;
  const row = reductions[name];
  // The mean of integers is a float32, so that they are added up as floats.
  const form = output!.dtype === 'float32' ? row : row.int;
  const loops = form === row ? (ownLoops[name] ?? sharedLoops(row.js)) : sharedLoops(row.int.js);
  const divisor = row.mean ? extent : 1;
  const reduceInto = (partial: Float64Array): void => {
    const x = valuesOf(backend, input!);
    const y = valuesOf(backend, output!);
    for (let o = 0; o < outer; o++) {
      const from = o * extent * inner;
      if (inner === 1) {
        y[o] = loops.fold(x, from, from + extent, form.initial) / divisor;
        continue;
      }
      // The elements of one result lie `inner` apart: all `inner` results are computed together, in memory order.
      partial.fill(form.initial);
      for (let e = 0; e < extent; e++) loops.accumulate(partial, x, from + e * inner);
      for (let j = 0; j < inner; j++) y[o * inner + j] = partial[j]! / divisor;
    }
  };
  withScratch(backend, inner * Float64Array.BYTES_PER_ELEMENT, (offset) => {
    reduceInto(new Float64Array(backend.linear.buffer, offset, inner));
  });
};
