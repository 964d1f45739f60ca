/**
 * The functions and constants with which every shader begins. `is_nan` and `is_inf` test bits: compilers may assume that
 * there are no such numbers, and remove the built-in tests.
 */
export const PRELUDE = `
bool is_nan(float v) { return (floatBitsToUint(v) & 0x7fffffffu) > 0x7f800000u; }
bool is_inf(float v) { return (floatBitsToUint(v) & 0x7fffffffu) == 0x7f800000u; }
#define NAN uintBitsToFloat(0x7fc00000u)
#define INFINITY uintBitsToFloat(0x7f800000u)
float half_even(float v) { return roundEven(v); }
`;

/**
 * The largest tensor in a draw, in elements, for which ⌊n / d⌋ is computed as ⌊(n + ½)·(1/d)⌋. That takes four instructions, an integer
 * division about thirty. It is exact: n + ½ is exact below 2²³, and (n + ½)/d lies at least ½/d away from an integer; the reciprocal and
 * the product each have an error of at most one unit in the last place, together n/d·3·2⁻²⁴, which is less than ½/d for n < 2²³/3.
 */
export const LARGEST_FAST_DIVISION = 2 ** 21;

export const FAST_QUOTIENT =
  'int quotient(int n, int d, float inverse) { return int((float(n) + 0.5) * inverse); }';
/**
 * For larger n the product is a first guess. What it leaves is less than d + 384 (n < 2³¹), and is divided again; that is wrong by one at
 * most. An integer division takes twice as long.
 */
export const EXACT_QUOTIENT = `int quotient(int n, int d, float inverse) {
  int guess = int(float(n) * inverse);
  guess += int(floor(float(n - guess * d) * inverse));
  int rest = n - guess * d;
  return rest < 0 ? guess - 1 : rest < d ? guess : guess + 1;
}`;

/**
 * The vertex shader of every draw over fragments: one triangle that covers the viewport, made from vertex numbers. `centre` is the
 * fragment's place, from 0 to 1.
 */
export const VERTEX_SHADER = `#version 300 es
out highp vec2 centre;
void main() {
  centre = vec2(gl_VertexID == 1 ? 2.0 : 0.0, gl_VertexID == 2 ? 2.0 : 0.0);
  gl_Position = vec4(centre * 2.0 - 1.0, 0.0, 1.0);
}`;
