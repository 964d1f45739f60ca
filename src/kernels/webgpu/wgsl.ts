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

/**
 * A sum of many terms in three levels, whose chains are so short that its rounding error stays small (Higham, "The accuracy of floating point summation",
 * SIAM J. Sci. Comput. 1993).
 */
export function blockedSum(type: 'f32' | 'i32'): {
  readonly declare: string;
  readonly add: (term: string) => string;
  readonly value: string;
} {
  return {
    declare: `var terms = 0; var part = ${type}(0); var block = ${type}(0); var total = ${type}(0);`,
    add: (term) => `part += ${term}; terms += 1;
      if ((terms & 63) == 0) { block += part; part = ${type}(0); if ((terms & 4095) == 0) { total += block; block = ${type}(0); } }`,
    value: '(total + (block + part))',
  };
}
