/** Stores the transpose of the 4×4 block with the rows a, b, c and d. The rows stored are `stride` bytes apart. */
@inline
export function storeTransposed(target: usize, stride: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(target, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(target + stride, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(target + 2 * stride, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(target + 3 * stride, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}
