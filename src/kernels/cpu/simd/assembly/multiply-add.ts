/**
 * a·b + c. The plain module rounds twice; the relaxed module lets the engine fuse, which halves the
 * arithmetic of every product kernel. Which of the two this compiles to is fixed per module.
 */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}
