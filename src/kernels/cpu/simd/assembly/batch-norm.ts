import { addPromoted } from './reduce-sum';
import { loadSome, loadUpTo, storeSome } from './lanes';
import { multiplyAdd } from './multiply-add';

/** Writes rows of (x − mean) · slope + offset. */
export function batchNorm(x: usize, mean: usize, slope: usize, offset: usize, y: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < vectors; at += 16) {
      const centred = f32x4.sub(v128.load(x + at), v128.load(mean + at));
      v128.store(y + at, multiplyAdd(centred, v128.load(slope + at), v128.load(offset + at)));
    }
    x += vectors;
    y += vectors;
    if (!rest) continue;
    const centred = f32x4.sub(loadSome(x, rest), loadSome(mean + vectors, rest));
    storeSome(y, multiplyAdd(centred, loadSome(slope + vectors, rest), loadSome(offset + vectors, rest)), rest);
    x += <usize>rest << 2;
    y += <usize>rest << 2;
  }
}

/** Rows of a block, summed in float32 by twos. The sums of blocks meet in float64. */
const BLOCK: i32 = 48;

/** Adds Σ dy and Σ dy·(x − mean) over rows to float64 sums. Their number is the length rounded up to a multiple of 4. */
export function batchNormSums(dy: usize, x: usize, mean: usize, sums: usize, products: usize, rows: i32, length: i32): void {
  const line = <usize>length << 2;
  for (; rows > 0; rows -= BLOCK) {
    const count = rows < BLOCK ? rows : BLOCK;
    for (let column = 0; column < length; column += 4) {
      const rest = length - column;
      const centre = loadUpTo(mean + (<usize>column << 2), rest);
      let from = <usize>column << 2;
      let sum = f32x4.splat(0), product = sum, other = sum, otherProduct = sum;
      let row = 0;
      for (; row <= count - 2; row += 2) {
        const gradient = loadUpTo(dy + from, rest);
        sum = f32x4.add(sum, gradient);
        product = multiplyAdd(gradient, f32x4.sub(loadUpTo(x + from, rest), centre), product);
        from += line;
        const next = loadUpTo(dy + from, rest);
        other = f32x4.add(other, next);
        otherProduct = multiplyAdd(next, f32x4.sub(loadUpTo(x + from, rest), centre), otherProduct);
        from += line;
      }
      if (row < count) {
        const gradient = loadUpTo(dy + from, rest);
        sum = f32x4.add(sum, gradient);
        product = multiplyAdd(gradient, f32x4.sub(loadUpTo(x + from, rest), centre), product);
      }
      sum = f32x4.add(sum, other);
      product = f32x4.add(product, otherProduct);
      addPromoted(sums + (<usize>column << 3), sum);
      addPromoted(products + (<usize>column << 3), product);
    }
    dy += line * BLOCK;
    x += line * BLOCK;
  }
}
