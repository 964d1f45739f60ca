import { sameLayout, type TextureLayout } from './texture-layout';
import type { LaneType } from './textures';

/** The properties of an input's texture on which the source of its accessors depends. */
export interface AccessorTraits {
  readonly laneType: LaneType;
  /** Whether the texture has more than one layer. */
  readonly layered: boolean;
  /** Whether the input has the output's layout, so that a fragment reads at its own coordinates. */
  readonly here: boolean;
  /** Whether each row of the declared length lies within one row of the texture. */
  readonly rows: boolean;
  /** Whether such rows are exactly the rows of the texture. */
  readonly cells: boolean;
}

export function accessorTraits(
  laneType: LaneType,
  layout: TextureLayout,
  output: TextureLayout | null,
  row: number | undefined,
): AccessorTraits {
  return {
    laneType,
    layered: layout.layers > 1,
    here: output !== null && sameLayout(layout, output),
    rows: row !== undefined && Number.isInteger(row) && layout.width % row === 0,
    cells: layout.width === row,
  };
}

/** Part of a program's key: equal traits make equal source. */
export function traitsKey({ laneType, layered, here, rows, cells }: AccessorTraits): string {
  return laneType[0]! + (layered ? 'L' : '') + (here ? 'h' : '') + (cells ? 'c' : rows ? 'r' : '');
}

/**
 * The GLSL functions through which a kernel reads its input `x`, so that no kernel computes texture coordinates:
 *
 * - `x_texel(t)`: the four values of texel t; `x_at(i)`: the value at flat index i
 * - `x_here()`: the texel with the same index as the output texel that is being computed
 * - `x_from(x_row(t), k)`: texel t + k of the row that begins at texel t. The coordinates of `x_row(t)` are computed once for many k
 * - `x_element(x_line(i), e)`: the value at flat index i + e of the row that begins at index i; `x_around(line, e)` is the texel that
 *   contains it, `x_lane_at(line, e)` its lane there; `x_line_of(r, n)` is the line of row r, of rows of n elements
 * - `x_cell(r, k)`: texel k of row r
 * - `x_unit(i)`: `x_texel` or `x_at`, depending on the unit in which the kernel works (see draw.ts)
 *
 * Rows have the length that the draw call declares in `rows`. `x_start` is the type of `x_row(t)` and `x_line(i)`.
 *
 * Texels are read by the sampler, at their centres: software drivers take half as long again for `texelFetch`. A coordinate has an error
 * of three roundings, at most 16384·3·2⁻²⁴ of a texel, far from its edge.
 */
export function accessorSource(x: string, traits: AccessorTraits, unit: 'texel' | 'at'): string {
  const vector = traits.laneType === 'float' ? 'vec4' : 'ivec4';
  const pair = traits.laneType === 'float' ? 'vec2' : 'ivec2';
  const scalar = traits.laneType;
  const sample = (at: string): string => `texture(${x}_texture, ${at})`;
  return `
    uniform ${traits.laneType === 'float' ? '' : 'i'}sampler2DArray ${x}_texture;
    #define size_of_${x} vec2(reciprocal_of_${x}, rise_of_${x})
    vec3 ${x}_centre(int column, int row) {
      return vec3((vec2(column, row${traits.layered ? ` >> shift_of_${x}` : ''}) + 0.5) * size_of_${x}, ${traits.layered ? `row & ((1 << shift_of_${x}) - 1)` : '0'});
    }
    vec3 ${x}_place(int t) {
      int row = quotient(t, width_of_${x}, reciprocal_of_${x});
      return ${x}_centre(t - row * width_of_${x}, row);
    }
    ${vector} ${x}_texel(int t) { return ${sample(`${x}_place(t)`)}; }
    ${scalar} ${x}_lane(${vector} v, int i) {
      ${pair} two = (i & 2) == 0 ? v.xy : v.zw;
      return (i & 1) == 0 ? two.x : two.y;
    }
    ${scalar} ${x}_at(int i) { return ${x}_lane(${x}_texel(i >> 2), i); }
    ${vector} ${x}_here() { return ${traits.here ? sample('vec3(centre, here_layer)') : `${x}_texel(here)`}; }
    #define ${x}_start ${traits.rows ? 'vec3' : 'int'}
    ${x}_start ${x}_row(int t) { return ${traits.rows ? `${x}_place(t)` : 't'}; }
    ${vector} ${x}_from(${x}_start row, int k) {
      return ${traits.rows ? sample(`vec3(row.x + float(k) * reciprocal_of_${x}, row.yz)`) : `${x}_texel(row + k)`};
    }
    ${x}_start ${x}_line(int i) { return ${traits.rows ? `${x}_place(i >> 2)` : 'i'}; }
    ${x}_start ${x}_line_of(int r, int n) { return ${traits.cells ? `${x}_centre(0, r)` : `${x}_line(r * n)`}; }
    int ${x}_lane_at(${x}_start line, int e) { return (${traits.rows ? 'e' : 'line + e'}) & 3; }
    ${vector} ${x}_around(${x}_start line, int e) {
      return ${traits.rows ? `${x}_from(line, e >> 2)` : `${x}_texel((line + e) >> 2)`};
    }
    ${scalar} ${x}_element(${x}_start line, int e) {
      return ${x}_lane(${x}_around(line, e), ${x}_lane_at(line, e));
    }
    ${vector} ${x}_cell(int r, int k) {
      return ${traits.cells ? sample(`${x}_centre(k, r)`) : `${x}_texel(r * length_of_${x} + k)`};
    }
    #define ${x}_unit ${x}_${unit}
    #define ${x}_type ${unit === 'texel' ? vector : scalar}
  `;
}
