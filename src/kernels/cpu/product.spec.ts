import { begunAnew } from '../../../test/support/begun-anew';
import { boundOfSum } from '../../../test/support/rounding';
import { createDraw } from '../../../test/support/run-kernel';
import { evenOffsets, sumOffsets } from './addresses';
import { multiply, packedLength, transposed, type Matrix } from './product';
import { unaryLoop } from './unary';

const drawList = begunAnew(() => createDraw(11));
const draw = (length: number, low: number, high: number): Float32Array =>
  Float32Array.from(drawList(length, low, high));

function matrix(rows: number, columns: number, isTransposed: boolean): Matrix {
  const values = draw(rows * columns + 3, -1, 1);
  const stored = isTransposed ? [columns, rows] : [rows, columns];
  const view = {
    values,
    start: 3,
    rows: evenOffsets(stored[0]!, stored[1]!),
    columns: evenOffsets(stored[1]!, 1),
  };
  return isTransposed ? transposed(view) : view;
}

/** A target for m × n results, with gaps between its rows. Its elements are 5. */
function target(m: number, n: number): Matrix {
  const stride = n + 3;
  return {
    values: new Float32Array(m * stride + 4).fill(5),
    start: 2,
    rows: evenOffsets(m, stride),
    columns: evenOffsets(n, 1),
  };
}

const at = ({ values, start, rows, columns }: Matrix, i: number, j: number): number =>
  values[start + rows[i]! + columns[j]!]!;

function scratch(k: number, n: number): Float32Array {
  return new Float32Array(packedLength(k, n));
}

/** Expects c = f(a·b + bias), and the gaps in c's array to be unchanged. */
function expectProduct(
  a: Matrix,
  b: Matrix,
  c: Matrix,
  bias: (j: number) => number,
  f = (x: number) => x,
): void {
  let worst = 0;
  let untouched = c.values.length;
  for (let i = 0; i < a.rows.length; i++) {
    for (let j = 0; j < b.columns.length; j++) {
      let sum = bias(j);
      let magnitude = Math.abs(sum);
      for (let k = 0; k < b.rows.length; k++) {
        const term = at(a, i, k) * at(b, k, j);
        sum += term;
        magnitude += Math.abs(term);
      }
      const allowed = boundOfSum(b.rows.length + 1, magnitude);
      worst = Math.max(worst, Math.abs(at(c, i, j) - f(sum)) / allowed);
      untouched--;
      c.values[c.start + c.rows[i]! + c.columns[j]!] = 5;
    }
  }
  expect(worst).toBeLessThanOrEqual(1);
  expect(c.values.filter((value) => value === 5).length).toBe(c.values.length);
  expect(untouched).toBe(c.values.length - a.rows.length * b.columns.length);
}

describe('multiply', () => {
  it('holds for every remainder of a tile, in every transposition', () => {
    for (const m of [1, 2, 3, 4, 5, 9]) {
      for (const n of [1, 2, 3, 4, 5, 7, 8]) {
        for (const k of [1, 3, 8]) {
          for (const which of [0, 1, 2, 3]) {
            const a = matrix(m, k, (which & 1) > 0);
            const b = matrix(k, n, (which & 2) > 0);
            const c = target(m, n);
            multiply({ a, b, c }, scratch(k, n));
            expectProduct(a, b, c, () => 0);
          }
        }
      }
    }
  });

  it('holds past the edges of its blocks', () => {
    for (const [m, n, k] of [
      [5, 257, 3],
      [6, 5, 257],
      [3, 517, 600],
    ] as const) {
      const a = matrix(m, k, false);
      const b = matrix(k, n, true);
      const c = target(m, n);
      const bias = draw(n, -1, 1);
      multiply({ a, b, c, bias }, scratch(k, n));
      expectProduct(a, b, c, (j) => bias[j]!);
    }
  });

  it('adds the bias once and applies the activation last', () => {
    const a = matrix(7, 300, false);
    const b = matrix(300, 6, false);
    const c = target(7, 6);
    const bias = draw(6, -9, 9);
    multiply({ a, b, c, bias, activate: unaryLoop('leakyRelu'), alpha: 0.25 }, scratch(300, 6));
    expectProduct(
      a,
      b,
      c,
      (j) => bias[j]!,
      (x) => (x < 0 ? 0.25 * x : x),
    );
  });

  it('gives the bias where there is nothing to add up', () => {
    const a = matrix(5, 0, false);
    const b = matrix(0, 6, false);
    const c = target(5, 6);
    multiply(
      { a, b, c, bias: Float32Array.of(1, -2, 3, 4, 5, 6), activate: unaryLoop('relu') },
      scratch(0, 6),
    );
    expectProduct(a, b, c, (j) => [1, 0, 3, 4, 5, 6][j]!);
  });

  it('reads operands by any table of addresses', () => {
    const values = draw(60, -1, 1);
    const a = {
      values,
      start: 1,
      rows: Int32Array.of(0, 17, 5, 5, 2),
      columns: sumOffsets(Int32Array.of(3, 0), evenOffsets(3, 7)),
    };
    const b = { values, start: 0, rows: evenOffsets(6, 2), columns: Int32Array.of(40, 8, 9, 0, 31) };
    const c = target(5, 5);
    multiply({ a, b, c }, scratch(6, 5));
    expectProduct(a, b, c, () => 0);
  });
});
