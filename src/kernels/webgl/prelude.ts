/**
 * What every shader begins with. `is_nan` and `is_inf` look at the bits, since compilers take themselves the freedom to
 * assume that there are no such numbers and remove the built-in tests.
 */
export const PRELUDE = `
bool is_nan(float v) { return (floatBitsToUint(v) & 0x7fffffffu) > 0x7f800000u; }
bool is_inf(float v) { return (floatBitsToUint(v) & 0x7fffffffu) == 0x7f800000u; }
#define NAN uintBitsToFloat(0x7fc00000u)
#define INFINITY uintBitsToFloat(0x7f800000u)
float half_even(float v) { return roundEven(v); }
`;

/**
 * Up to this size of the tensors in a draw, n / d for 0 ≤ n ≤ size is taken as ⌊(n + ½)·(1/d)⌋, four instructions where an integer
 * division is some thirty. (n + ½) is exact below 2²³ and lies at least ½/d away from the next multiple; the reciprocal and the
 * product each err by one unit in the last place at most, together n/d·3·2⁻²⁴, which is less than ½/d for all n < 2²³/3.
 */
export const LARGEST_FAST_DIVISION = 2 ** 21;

export const FAST_QUOTIENT =
  'int quotient(int n, int d, float inverse) { return int((float(n) + 0.5) * inverse); }';
export const EXACT_QUOTIENT = 'int quotient(int n, int d, float inverse) { return n / d; }';

/** Lies under every draw: one triangle that covers the viewport, made of vertex numbers alone. */
export const VERTEX_SHADER = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }`;
