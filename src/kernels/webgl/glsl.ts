/** Pieces of GLSL source that several kernels share. */

/** The texts of the indices below `count`, joined: an unrolled loop. */
export function list(count: number, text: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(separator);
}

/** A vector of a scalar expression for each component: `lanes('vec4', (c) => `f(a.${c})`)`. */
export function lanes(vector: string, scalar: (component: string) => string): string {
  return `${vector}(${list(4, (i) => scalar('xyzw'[i]!), ', ')})`;
}

/** GLSL for `has_nan(v)`: whether a value of v is NaN. For a vec4 it is also true where v has infinities of both signs. */
export const HAS_NAN = `
      bool has_nan(float v) { return is_nan(v); }
      bool has_nan(vec4 v) { return is_nan((v.x + v.y) + (v.z + v.w)); }`;

/** GLSL that splits an index into coordinates c0, c1, … on axes of the lengths s0, s1, … (uniforms), from axis `first` up to `end`. */
export function unravel(end: number, index = 'i', first = 0): string {
  return `
    int rest${first} = ${index};
    ${list(
      end - 1 - first,
      (k) => {
        const axis = end - 1 - k;
        return `int next${axis} = over_s${axis}(rest${first}); int c${axis} = rest${first} - next${axis} * s${axis}; rest${first} = next${axis};`;
      },
      '\n    ',
    )}
    int c${first} = rest${first};`;
}

/** GLSL for `x_run(i)`: the four values of input x from the flat index i on. */
export function runOf(x: string): string {
  return `
    ${x}_type ${x}_run(int i) {
      ${x}_type a = ${x}_texel(i >> 2);
      if ((i & 3) == 0) return a;
      ${x}_type b = ${x}_texel((i >> 2) + 1);
      return (i & 3) == 1 ? ${x}_type(a.yzw, b.x) : (i & 3) == 2 ? ${x}_type(a.zw, b.xy) : ${x}_type(a.w, b.xyz);
    }`;
}

/** GLSL for `x_part(centre)`: four values in a row from a lane of the texel of input x with that centre, whose texture has one layer. */
export function partOf(x: string, lane: number): string {
  const texel = (dx: string): string =>
    `texture(${x}_texture, vec3((centre + vec2(${dx}, 0)) * size_of_${x}, 0))`;
  const rest = 'xyz'.slice(0, lane);
  return `
    ${x}_type ${x}_part(vec2 centre) {
      return ${rest ? `${x}_type(${texel('0')}.${'xyzw'.slice(lane)}, ${texel('1')}.${rest})` : texel('0')};
    }`;
}

/** GLSL for `x_second(i)`: every second of the values of input x from the flat index i on, of which i is in the first half of a texel. */
export function secondOf(x: string): string {
  return `
    ${x}_type ${x}_second(int i) {
      ${x}_type a = ${x}_texel(i >> 2), b = ${x}_texel((i >> 2) + 1);
      return (i & 1) == 0 ? ${x}_type(a.xz, b.xz) : ${x}_type(a.yw, b.yw);
    }`;
}

/**
 * GLSL for `x_along(rows)`: the texel of input x so many rows of its texture from the beginning, where a part of a row is the way along it.
 *
 * @param isFlat whether the texture has one row only
 */
export function alongOf(x: string, isFlat: boolean): string {
  return `
    ${x}_type ${x}_along(float rows) {
      float row = ${isFlat ? '0.0' : 'floor(rows)'};
      return texture(${x}_texture, vec3(rows - row, (row + 0.5) * rise_of_${x}, 0));
    }`;
}

/** A number as a GLSL literal of that type. */
export function literal(value: number, type: 'float' | 'int'): string {
  if (type === 'int') return value === -2147483648 ? '(-2147483647 - 1)' : String(value);
  if (!Number.isFinite(value)) return value > 0 ? 'INFINITY' : value < 0 ? '-INFINITY' : 'NAN';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
