/**
 * a·b + c. The plain module rounds twice. The relaxed module lets the engine fuse the two operations, which halves the arithmetic
 * of every product. Each module compiles to one of the two.
 */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}
