import { averagePoolOfMany, hasMany } from './average-pool';
import { loadUpTo, storeUpTo } from './lanes';
import { endTap, firstTap } from './window';

/*
 * Pooling over NHWC images, four channels at a time. A row of the table says how one more element
 * joins the result of a window and how the result is finished.
 */

@unmanaged class Greatest {
  @inline start(): v128 { return f32x4.splat(-Infinity); }
  @inline of(a: v128, x: v128): v128 { return f32x4.pmax(a, x); }
  /** All ones, which is a NaN, where any element was NaN: pmax alone would forget it. */
  @inline spoil(spoiled: v128, x: v128): v128 { return v128.or(spoiled, f32x4.ne(x, x)); }
  @inline end(a: v128, spoiled: v128, inverse: v128): v128 { return v128.or(a, spoiled); }
}

@unmanaged class Average {
  @inline start(): v128 { return f32x4.splat(0); }
  @inline of(a: v128, x: v128): v128 { return f32x4.add(a, x); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
  @inline end(a: v128, spoiled: v128, count: v128): v128 { return f32x4.div(a, count); }
}

@inline
function pool<Row>(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): void {
  const row = changetype<Row>(0);
  const pixelBytes = <usize>channels << 2;
  const tapJump = <usize>dilationWidth * pixelBytes;
  const tapRowJump = <usize>(dilationHeight * width) * pixelBytes;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        const count = f32x4.splat(<f32>max(max(rows, 0) * max(columns, 0), 1));
        let corner = x + <usize>((startRow + firstRow * dilationHeight) * width + startColumn + firstColumn * dilationWidth) * pixelBytes;
        let remaining = channels;
        if (rows == 2 && columns == 2) {
          // the most common window, without loops
          for (; remaining >= 4; remaining -= 4) {
            const x0 = v128.load(corner), x1 = v128.load(corner + tapJump);
            const x2 = v128.load(corner + tapRowJump), x3 = v128.load(corner + tapRowJump + tapJump);
            const sum = row.of(row.of(row.of(row.of(row.start(), x0), x1), x2), x3);
            const spoiled = row.spoil(row.spoil(row.spoil(row.spoil(f32x4.splat(0), x0), x1), x2), x3);
            v128.store(y, row.end(sum, spoiled, count));
            corner += 16;
            y += 16;
          }
        }
        for (; remaining >= 16; remaining -= 16) {
          let s0 = row.start(), s1 = s0, s2 = s0, s3 = s0;
          let n0 = f32x4.splat(0), n1 = n0, n2 = n0, n3 = n0;
          let tapRow = corner;
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
              tap += tapJump;
            }
            tapRow += tapRowJump;
          }
          v128.store(y, row.end(s0, n0, count));
          v128.store(y, row.end(s1, n1, count), 16);
          v128.store(y, row.end(s2, n2, count), 32);
          v128.store(y, row.end(s3, n3, count), 48);
          corner += 64;
          y += 64;
        }
        for (; remaining > 0; remaining -= 4) {
          let sum = row.start();
          let spoiled = f32x4.splat(0);
          let tapRow = corner;
          for (let r = 0; r < rows; r++) {
            let tap = tapRow;
            for (let c = 0; c < columns; c++) {
              const value = loadUpTo(tap, remaining);
              sum = row.of(sum, value);
              spoiled = row.spoil(spoiled, value);
              tap += tapJump;
            }
            tapRow += tapRowJump;
          }
          storeUpTo(y, row.end(sum, spoiled, count), remaining);
          corner += 16;
          y += <usize>min(remaining, 4) << 2;
        }
      }
    }
    x += <usize>(height * width) * pixelBytes;
  }
}

export function maxPool(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): void {
  pool<Greatest>(x, y, batch, height, width, channels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left);
}

/** Divides by the number of elements inside the image. `totals` is room for four float64. */
export function averagePool(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, totals: usize,
): void {
  if (hasMany(filterHeight, filterWidth)) {
    averagePoolOfMany(x, y, batch, height, width, channels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, totals);
    return;
  }
  pool<Average>(x, y, batch, height, width, channels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left);
}
