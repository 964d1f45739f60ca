/**
 * Sine, cosine and tangent in GLSL, since the language's own need only be accurate to 2⁻¹¹, and only in [−π, π]. The argument is split
 * into a number of quarter turns and a rest in [−π/4, π/4], for which the polynomials of Cephes' sinf and cosf are used.
 */

/** `sine_of(r, quadrant)` is sin(r + quadrant·π/2) for |r| ≤ π/4. */
const POLYNOMIALS = `
float sine_of(float r, int quadrant) {
  float s = r * r;
  float v = (quadrant & 1) == 0
    ? r + r * s * (-1.6666654611e-1 + s * (8.3321608736e-3 - s * 1.9515295891e-4))
    : 1.0 - 0.5 * s + s * s * (4.166664568298827e-2 + s * (-1.388731625493765e-3 + s * 2.443315711809948e-5));
  return (quadrant & 2) == 0 ? v : -v;
}`;

/** The greatest |x| for which the products in `reduced_near` are exact. */
export const LARGEST_NEAR = 8192;

/**
 * `turns_near(x)` is the number n of quarter turns, and `reduced_near(x, n)` = x − n·π/2, for |x| ≤ {@link LARGEST_NEAR}. π/2 is split
 * into three parts (Cody & Waite, "Software manual for the elementary functions", 1980); the first two have so few bits that n times each
 * is exact.
 */
const REDUCED_NEAR = `
float turns_near(float x) { return half_even(x * 0.6366197723675814); }
float reduced_near(float x, float n) {
  return ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
}`;

/** The binary digits of 2/π (OEIS A060294): a word of zeros, then 32 bits a word. */
const TWO_OVER_PI = ['0', '0xa2f9836e', '0x4e441529', '0xfc2757d1', '0xf534ddc0', '0xdb629599', '0x3c439041'];

/** A GLSL expression for word `first + offset` of 2/π. It compares instead of indexing: software renderers copy an array to index it. */
function wordOf(offset: number): string {
  const words = TWO_OVER_PI.slice(offset, offset + 5).map((word) => `${word}u`);
  return words.reduceRight((rest, word, first) => `first == ${first} ? ${word} : ${rest}`);
}

/**
 * The same reduction for any greater finite x: multiplies it by the 64 bits of 2/π that matter at its exponent (Payne & Hanek, "Radian
 * reduction for trigonometric functions", SIGNUM Newsletter 1983). `turns_far(x, false)` is |x| in quarter turns modulo 4, in units of
 * 2⁻³⁰; `turns_far(x, true)` the next 8 bits.
 */
const REDUCED_FAR = `
uint turns_far(float x, bool fine) {
  uint word = floatBitsToUint(x), m = (word & 0x7fffffu) | 0x800000u;
  int begin = int((word >> 23) & 0xffu) - 120, first = begin >> 5;
  uint shift = uint(begin & 31), back = 31u - shift;
  uint a = ${wordOf(0)}, b = ${wordOf(1)}, c = ${wordOf(2)};
  a = (a << shift) | ((b >> 1) >> back);
  b = (b << shift) | ((c >> 1) >> back);
  uint m1 = m >> 8, m0 = m & 0xffu, b1 = b >> 16, b0 = b & 0xffffu;
  uint below = m1 * b1 + ((m1 * b0) >> 16) + ((m0 * b1) >> 8);
  uint product = m * a + (below >> 8);
  return fine ? below & 0xffu : product;
}
int quadrant_far(float x, uint turns) {
  int quadrant = int((turns + 0x20000000u) >> 30);
  return x < 0.0 ? -quadrant : quadrant;
}
float reduced_far(float x, uint turns, uint fine) {
  float r = (float(int(turns << 2)) + float(int(fine)) * 0.015625) * 3.6572952e-10;
  return x < 0.0 ? -r : r;
}`;

/** `sine(x, quarters)` is sin(x + quarters·π/2) for |x| ≤ {@link LARGEST_NEAR}, and NaN beyond. */
export const glslSineNear = `${POLYNOMIALS}${REDUCED_NEAR}
float sine(float x, int quarters) {
  if (!(abs(x) <= ${LARGEST_NEAR}.0)) return NAN;
  float n = turns_near(x);
  return sine_of(reduced_near(x, n), int(n) + quarters);
}`;

/**
 * A GLSL function of x that is computed from the reduced argument.
 *
 * @param head the function's type, name and parameters
 * @param value its result, as an expression in the rest r and the quadrant q
 */
function ofReduced(head: string, value: (r: string, q: string) => string): string {
  return `
${head} {
  if (abs(x) <= ${LARGEST_NEAR}.0) {
    float n = turns_near(x);
    float r = reduced_near(x, n);
    return ${value('r', 'int(n)')};
  }
  if (is_inf(x) || is_nan(x)) return NAN;
  uint turns = turns_far(x, false);
  float rest = reduced_far(x, turns, turns_far(x, true));
  int quadrant = quadrant_far(x, turns);
  return ${value('rest', 'quadrant')};
}`;
}

/** `sine(x, quarters)` = sin(x + quarters·π/2) and `tangent(x)`, accurate for every float32. */
export const glslTrigonometry = `${POLYNOMIALS}${REDUCED_NEAR}${REDUCED_FAR}${ofReduced(
  'float sine(float x, int quarters)',
  (r, q) => `sine_of(${r}, ${q} + quarters)`,
)}${ofReduced('float tangent(float x)', (r, q) => `sine_of(${r}, ${q}) / sine_of(${r}, ${q} + 1)`)}`;
