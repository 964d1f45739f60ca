import { broadcastStrides, mergeAxes, sameShape } from '../../strides';
import { offsetOf, withScratch, type CpuBackend } from '../backend';
import { walkOuterAxes } from '../walk';
import { loopsOfFamily } from './loops-of-family';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['binary_add'];

/**
 * An operand of a block of rows. `row` is the distance between rows in bytes, 0 where one row is repeated. `step` is 1 where the
 * operand has an element for each column, 0 where one element is repeated.
 */
interface Operand {
  readonly offset: number;
  readonly row: number;
  readonly step: number;
}

/** A row that is shorter and is added to many others is repeated until it has about `WIDE` elements. */
const SHORT = 64;
const WIDE = 512;

/** Whether `repeated` is one row that meets every row of the matrix, as every bias does. */
function isRowOnMatrix(repeated: Operand, matrix: Operand, length: number): boolean {
  return repeated.row === 0 && repeated.step === 1 && matrix.row === length * 4 && matrix.step === 1;
}

/** y = f(a, b) for a block of rows. */
function runRows(
  backend: CpuBackend,
  simd: SimdExports,
  loop: Loop,
  a: Operand,
  b: Operand,
  y: number,
  rows: number,
  length: number,
): void {
  const repeated = isRowOnMatrix(a, b, length) ? a : isRowOnMatrix(b, a, length) ? b : undefined;
  const times = Math.floor(WIDE / length);
  if (!repeated || length >= SHORT || rows < 2 * times) {
    loop(a.offset, a.row, a.step, b.offset, b.row, b.step, y, rows, length);
    return;
  }
  withScratch(backend, times * length * 4, (scratch) => {
    simd.copyRuns(repeated.offset, scratch, 1, 0, 0, times, 0, length * 4, length * 4);
    const wideRows = Math.floor(rows / times);
    const done = wideRows * times * length * 4;
    const wide = { offset: scratch, row: 0, step: 1 };
    const at = (operand: Operand, bytes: number): Operand =>
      operand === repeated ? wide : { offset: operand.offset + bytes, row: times * length * 4, step: 1 };
    const [left, right] = [at(a, 0), at(b, 0)];
    loop(left.offset, left.row, 1, right.offset, right.row, 1, y, wideRows, times * length);
    const [restOfLeft, restOfRight] = [at(a, done), at(b, done)];
    const rest = rows - wideRows * times;
    loop(restOfLeft.offset, 0, 1, restOfRight.offset, 0, 1, y + done, 1, rest * length);
  });
}

/** The compiled loop walks the last two axes. More axes, which are rare, are walked here. */
export const binary: SimdKernel<'binary'> = (simd, plain) => {
  const ofFloats = loopsOfFamily<Loop>(simd, 'binary');
  const ofIntegers = loopsOfFamily<Loop>(simd, 'intBinary');
  return (backend, inputs, outputs, attributes) => {
    const left = inputs[0]!;
    const right = inputs[1]!;
    const output = outputs[0]!;
    const { shape } = output;
    const size = output.size;
    const loop = (left.dtype === 'float32' ? ofFloats : ofIntegers)[attributes.name];
    if (!loop || size === 0) {
      plain(backend, inputs, outputs, attributes);
      return;
    }
    const a = offsetOf(left);
    const b = offsetOf(right);
    const y = offsetOf(output);
    if (sameShape(left.shape, right.shape)) {
      loop(a, 0, 1, b, 0, 1, y, 1, size);
      return;
    }
    const nest = mergeAxes(shape, [
      broadcastStrides(left.shape, shape),
      broadcastStrides(right.shape, shape),
    ]);
    const last = nest.shape.length - 1;
    const length = nest.shape[last]!;
    const rows = nest.shape[last - 1] ?? 1;
    const operand = (offset: number, strides: readonly number[]): Operand => ({
      offset,
      row: (strides[last - 1] ?? 0) * 4,
      step: strides[last]!,
    });
    walkOuterAxes(nest, 2, [0, 0], (offsets, run) => {
      const from = operand(a + offsets[0]! * 4, nest.strides[0]!);
      const other = operand(b + offsets[1]! * 4, nest.strides[1]!);
      runRows(backend, simd, loop, from, other, y + run * rows * length * 4, rows, length);
    });
  };
};
