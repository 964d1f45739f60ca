import { averagePoolOfMany, hasMany } from './average-pool';
import { Geometry } from './geometry';
import { loadUpTo, storeUpTo } from './lanes';
import { walkWindows } from './window';

/*
 * Pooling of NHWC images, four channels at a time. A row of the table says how a result begins, how an element joins it, and how
 * it is finished.
 */

@unmanaged class Greatest {
  @inline start(): v128 { return f32x4.splat(-Infinity); }
  @inline of(a: v128, x: v128): v128 { return f32x4.pmax(a, x); }
  /** All ones, which is a NaN, where an element was NaN: pmax alone would drop it. */
  @inline spoil(spoiled: v128, x: v128): v128 { return v128.or(spoiled, f32x4.ne(x, x)); }
  @inline end(a: v128, spoiled: v128, inverse: v128): v128 { return v128.or(a, spoiled); }
}

@unmanaged class Average {
  @inline start(): v128 { return f32x4.splat(0); }
  @inline of(a: v128, x: v128): v128 { return f32x4.add(a, x); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
  @inline end(a: v128, spoiled: v128, count: v128): v128 { return f32x4.div(a, count); }
}

@unmanaged class Pooling<Row> {
  @inline
  visit(
    x: usize, y: usize, third: usize, fourth: usize,
    output: usize, corner: usize, rows: i32, rowStep: usize, columns: i32, step: usize, channels: i32,
  ): void {
    const row = changetype<Row>(0);
    const count = f32x4.splat(<f32>max(max(rows, 0) * max(columns, 0), 1));
    let from = x + corner, to = y + output;
    let remaining = channels;
    if (rows == 2 && columns == 2) {
      // the most common window, without loops
      for (; remaining >= 4; remaining -= 4) {
        const x0 = v128.load(from), x1 = v128.load(from + step);
        const x2 = v128.load(from + rowStep), x3 = v128.load(from + rowStep + step);
        const sum = row.of(row.of(row.of(row.of(row.start(), x0), x1), x2), x3);
        const spoiled = row.spoil(row.spoil(row.spoil(row.spoil(f32x4.splat(0), x0), x1), x2), x3);
        v128.store(to, row.end(sum, spoiled, count));
        from += 16;
        to += 16;
      }
    }
    for (; remaining >= 16; remaining -= 16) {
      let s0 = row.start(), s1 = s0, s2 = s0, s3 = s0;
      let n0 = f32x4.splat(0), n1 = n0, n2 = n0, n3 = n0;
      let tapRow = from;
      for (let r = 0; r < rows; r++) {
        let tap = tapRow;
        for (let c = 0; c < columns; c++) {
          const x0 = v128.load(tap), x1 = v128.load(tap, 16), x2 = v128.load(tap, 32), x3 = v128.load(tap, 48);
          s0 = row.of(s0, x0);
          s1 = row.of(s1, x1);
          s2 = row.of(s2, x2);
          s3 = row.of(s3, x3);
          n0 = row.spoil(n0, x0);
          n1 = row.spoil(n1, x1);
          n2 = row.spoil(n2, x2);
          n3 = row.spoil(n3, x3);
          tap += step;
        }
        tapRow += rowStep;
      }
      v128.store(to, row.end(s0, n0, count));
      v128.store(to, row.end(s1, n1, count), 16);
      v128.store(to, row.end(s2, n2, count), 32);
      v128.store(to, row.end(s3, n3, count), 48);
      from += 64;
      to += 64;
    }
    for (; remaining > 0; remaining -= 4) {
      let sum = row.start();
      let spoiled = f32x4.splat(0);
      let tapRow = from;
      for (let r = 0; r < rows; r++) {
        let tap = tapRow;
        for (let c = 0; c < columns; c++) {
          const value = loadUpTo(tap, remaining);
          sum = row.of(sum, value);
          spoiled = row.spoil(spoiled, value);
          tap += step;
        }
        tapRow += rowStep;
      }
      storeUpTo(to, row.end(sum, spoiled, count), remaining);
      from += 16;
      to += 16;
    }
  }
}

/** The greatest element of each window; −∞ where a window lies in the padding altogether. */
export function maxPool(x: usize, y: usize, geometry: usize): void {
  walkWindows<Pooling<Greatest>>(geometry, x, y, 0, 0);
}

/** The average of each window's elements that lie inside the image. `totals` is room for four float64. */
export function averagePool(x: usize, y: usize, geometry: usize, totals: usize): void {
  const g = changetype<Geometry>(geometry);
  if (hasMany(g.filterHeight, g.filterWidth)) averagePoolOfMany(x, y, geometry, totals);
  else walkWindows<Pooling<Average>>(geometry, x, y, 0, 0);
}
