/**
 * How many elements are not 0; −1 where an element is NaN or infinite, whose product with 0 is NaN and so may not be left out.
 */
export function countNonZero(x: usize, length: i32): i32 {
  const zero = f32x4.splat(0);
  const infinity = f32x4.splat(Infinity);
  let zeros = i32x4.splat(0);
  let finite = i32x4.splat(-1);
  const end = x + (<usize>(length & -4) << 2);
  while (x < end) {
    const value = v128.load(x);
    zeros = i32x4.add(zeros, f32x4.eq(value, zero));
    finite = v128.and(finite, f32x4.lt(f32x4.abs(value), infinity));
    x += 16;
  }
  let count = length + i32x4.extract_lane(zeros, 0) + i32x4.extract_lane(zeros, 1) + i32x4.extract_lane(zeros, 2) + i32x4.extract_lane(zeros, 3);
  let isFinite = i32x4.all_true(finite);
  for (let rest = length & 3; rest > 0; rest--) {
    const value = load<f32>(x);
    if (value == 0) count--;
    isFinite = isFinite && abs(value) < Infinity;
    x += 4;
  }
  return isFinite ? count : -1;
}
