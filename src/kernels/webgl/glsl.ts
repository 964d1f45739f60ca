/** Pieces of source that several kernels are put together from. */

/** The text of each index below `count`, joined: the loop that GLSL unrolls nowhere by promise. */
export function list(count: number, text: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(separator);
}

/** A scalar expression applied to each lane of vectors: `lanes('vec4', (c) => `f(a.${c})`)`. */
export function lanes(vector: string, scalar: (component: string) => string): string {
  return `${vector}(${list(4, (i) => scalar('xyzw'[i]!), ', ')})`;
}

/** Whether a sum is NaN, or may be: of four, infinities of both signs count too. */
export const HAS_NAN = `
      bool has_nan(float v) { return is_nan(v); }
      bool has_nan(vec4 v) { return is_nan((v.x + v.y) + (v.z + v.w)); }`;

/** Splits the int `i` into coordinates c0, c1, … along axes of the lengths s0, s1, … (uniforms). */
export function unravel(rank: number): string {
  return `
    int rest = i;
    ${list(
      rank - 1,
      (k) => {
        const axis = rank - 1 - k;
        return `int next${axis} = over_s${axis}(rest); int c${axis} = rest - next${axis} * s${axis}; rest = next${axis};`;
      },
      '\n    ',
    )}
    int c0 = rest;`;
}

/** A number as GLSL writes it in that type. */
export function literal(value: number, type: 'float' | 'int'): string {
  if (type === 'int') return value === -2147483648 ? '(-2147483647 - 1)' : String(value);
  if (!Number.isFinite(value)) return value > 0 ? 'INFINITY' : value < 0 ? '-INFINITY' : 'NAN';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
