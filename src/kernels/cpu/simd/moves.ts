import type { TensorInfo } from '../../backend';
import { mergeAxes, sizeOf, stridesOf, type Shape } from '../../strides';
import { offsetOf, withScratch } from '../backend';
import { walkOuterAxes } from '../walk';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';
import { PRODUCT_TERMS } from './terms';

/** Copies a block of runs: for each of two axes the number of runs and their distances in x and y, then a run's length; all in bytes. */
type CopyRuns = SimdExports['copyRuns'];

/** Cuts a block of `shape`, which lies at one byte offset in x and at another in y, into runs; visits them in row-major order. */
function walkRuns(
  shape: Shape,
  from: number,
  fromStrides: readonly number[],
  to: number,
  toStrides: readonly number[],
  visit: CopyRuns,
): void {
  if (sizeOf(shape) === 0) return;
  const nest = mergeAxes(shape, [fromStrides, toStrides]);
  const [xSteps, ySteps] = nest.strides as [number[], number[]];
  let last = nest.shape.length - 1;
  let run = 1;
  // mergeAxes drops a last axis of extent 1: then every element is a run
  if (xSteps[last] === 1 && ySteps[last] === 1) run = nest.shape[last--]!;
  const outerAxes = {
    shape: nest.shape.slice(0, last + 1),
    strides: nest.strides.map((s) => s.slice(0, last + 1)),
  };
  walkOuterAxes(outerAxes, 2, [0, 0], ([x, y]) => {
    visit(
      from + x! * 4,
      to + y! * 4,
      nest.shape[last - 1] ?? 1,
      (xSteps[last - 1] ?? 0) * 4,
      (ySteps[last - 1] ?? 0) * 4,
      nest.shape[last] ?? 1,
      (xSteps[last] ?? 0) * 4,
      (ySteps[last] ?? 0) * 4,
      run * 4,
    );
  });
}

/** The byte offset of the element at `begin`. */
function offsetAt(begin: readonly number[], strides: readonly number[]): number {
  return begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0) * 4;
}

/** Covers slices that take every element of their range, in order. */
export const slice: SimdKernel<'slice'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [input] = inputs;
  const [output] = outputs;
  const { begin, strides } = attributes;
  if (strides.some((stride) => stride !== 1)) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const xStrides = stridesOf(input!.shape);
  const { shape } = output!;
  const start = offsetOf(input!) + offsetAt(begin, xStrides);
  walkRuns(shape, start, xStrides, offsetOf(output!), stridesOf(shape), simd.copyRuns);
};

/** Covers padding with a constant. */
export const pad: SimdKernel<'pad'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [input] = inputs;
  const [output] = outputs;
  const { before, mode, value } = attributes;
  if (mode !== 'constant' || input!.dtype !== 'float32') {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const y = offsetOf(output!);
  const yStrides = stridesOf(output!.shape);
  const { shape } = input!;
  // Runs come in the order of y, so everything between two of them is padding.
  let cursor = y;
  walkRuns(shape, offsetOf(input!), stridesOf(shape), y + offsetAt(before, yStrides), yStrides, (...runs) => {
    cursor = simd.padRuns(...runs, cursor, value);
  });
  simd.fillRest(cursor, y + output!.size * 4, value);
};

export const concat: SimdKernel<'concat'> =
  (simd) =>
  (_backend, inputs, [output], { axis }) => {
    const rowBytes = (part: TensorInfo): number => sizeOf(part.shape.slice(axis)) * 4;
    const outer = sizeOf(output!.shape.slice(0, axis));
    let to = offsetOf(output!);
    for (const input of inputs) {
      const bytes = rowBytes(input);
      simd.copyRuns(offsetOf(input), to, 1, 0, 0, outer, bytes, rowBytes(output!), bytes);
      to += bytes;
    }
  };

/** Covers indices without a batch, which are the same for all of `outer`. */
export const gather: SimdKernel<'gather'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [x, indices] = inputs;
  const [y] = outputs;
  const { outer, extent, inner, batch = 1 } = attributes;
  if (batch !== 1) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  simd.gather(offsetOf(x!), offsetOf(indices!), offsetOf(y!), outer, extent, indices!.size, inner * 4);
};

export const scatterAdd: SimdKernel<'scatterAdd'> =
  (simd, plain) => (backend, inputs, outputs, attributes) => {
    const [x, indices] = inputs;
    const { outer, extent, inner, batch = 1 } = attributes;
    if (x!.dtype !== 'float32' || batch !== 1) {
      plain(backend, inputs, outputs, attributes);
      return;
    }
    const count = indices!.size;
    const places = [offsetOf(x!), offsetOf(indices!), offsetOf(outputs[0]!)] as const;
    const sizes = [outer, extent, count, inner] as const;
    if (count <= PRODUCT_TERMS) {
      simd.scatterAdd(...places, ...sizes);
      return;
    }
    const addLong = (table: number, heavy: number): void => {
      withScratch(backend, simd.scatterAddHeavyScratch(heavy, inner) >>> 0, (scratch) => {
        simd.scatterAddHeavy(...places, ...sizes, table, heavy, scratch);
      });
    };
    // Where every index occurs often, totals for all of them cost less than counting occurrences.
    if (extent * inner <= count) addLong(0, extent);
    else {
      withScratch(backend, extent * 4, (table) => {
        const heavy = simd.countHeavy(places[1], extent, count, table);
        if (heavy === 0) simd.scatterAdd(...places, ...sizes);
        else addLong(table, heavy);
      });
    }
  };
