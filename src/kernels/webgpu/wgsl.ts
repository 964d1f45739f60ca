/** WGSL for the coordinates c0, c1, … of element i of a tensor whose extents are the uniforms s0, s1, …. */
export function unravel(rank: number): string {
  const lines = ['var rest = i;'];
  for (let k = rank - 1; k > 0; k--) {
    lines.push(`let c${k} = rest % u.s${k}; rest = rest / u.s${k};`);
  }
  return [...lines, 'let c0 = rest;'].join(' ');
}

/** Joins a text for each of 0, 1, …, count − 1. */
export function list(count: number, text: (k: number) => string, between = '\n'): string {
  return Array.from({ length: count }, (_, k) => text(k)).join(between);
}

/** So many terms are added up in one chain before they are added to the sum of those before. */
export const LONGEST_CHAIN = 32;

/**
 * WGSL for `added(sum, part)`, which keeps the error of an addition beside the sum (Knuth, "The art of computer programming", volume 2, 4.2.2), and
 * `total(sum)`. A compiler that reckons with real numbers would find that there is no error: `kept` hides from it what the sum is.
 */
export const ADDITION = `
  fn kept(v: f32) -> f32 { return bitcast<f32>(bitcast<u32>(v) ^ u32(u.count < 0)); }
  fn added(sum: vec2f, part: f32) -> vec2f {
    let next = kept(sum.x + part);
    let back = kept(next - sum.x);
    return vec2f(next, sum.y + (sum.x - kept(next - back)) + (part - back));
  }
  fn total(sum: vec2f) -> f32 { return select(sum.x + sum.y, sum.x, is_nan(sum.y) || is_inf(sum.y)); }
`;

/** A sum of many terms: in short chains, whose sums are added up with the error of each addition kept. A shader of float32 begins with {@link ADDITION}. */
export function blockedSum(type: 'f32' | 'i32'): {
  readonly functions: string;
  readonly declare: string;
  readonly add: (term: string) => string;
  readonly value: string;
} {
  if (type === 'i32') {
    return { functions: '', declare: 'var sum = 0;', add: (term) => `sum += ${term};`, value: 'sum' };
  }
  return {
    functions: ADDITION,
    declare: 'var terms = 0; var part = 0.0; var sums = vec2f(0.0);',
    add: (term) => `part += ${term}; terms += 1;
      if (terms == ${LONGEST_CHAIN}) { sums = added(sums, part); part = 0.0; terms = 0; }`,
    value: 'total(added(sums, part))',
  };
}
