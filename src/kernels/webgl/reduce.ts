import type { TensorInfo } from '../backend';
import type { AxisView, Kernel } from '../kernel-table';
import { reductions, type ReductionName } from '../reductions';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { fill } from './fill';
import { lanes, list, literal } from './glsl';
import { LANES } from './texture-layout';
import { withScratch } from './scratch';
import { laneTypeOf } from './textures';
import { unitFor } from './unit';

/** A longer loop is divided among several fragments, to keep the device busy and to sum in blocks, which is more accurate. */
const LONGEST_LOOP = 64;
const SHORTEST_BLOCK = 16;
/** A fragment sums in blocks of so many terms, since the errors of all passes add up. */
const TERMS_APART = 16;

/** A function of x to reduce in place of x itself. It is computed as x is read. */
export interface Mapping {
  readonly name: string;
  /** Tensors that the expression reads by their accessors. */
  readonly inputs?: Readonly<Record<string, TensorInfo>>;
  /** Along rows: tensors of x's shape, and tensors with one value for each row. Their names stand for the values that belong to `x`. */
  readonly beside?: Readonly<Record<string, TensorInfo>>;
  readonly ofRow?: Readonly<Record<string, TensorInfo>>;
  readonly floats?: Readonly<Record<string, number>>;
  /**
   * A GLSL expression in the value `x`, its index `i`, the outer index `row` and the inner index `column`. Along rows (inner = 1) x is a
   * `float`; along columns it is a `unit`, and `i` and `column` count units.
   */
  readonly expression: string;
  /** GLSL functions that it calls. */
  readonly functions?: string;
}

export const reduce: Kernel<WebGLBackend, 'reduce'> = (backend, [x], [y], { name, ...view }) => {
  reduceMapped(backend, x!, y!, name, view);
};

/** Reduces x, or a `mapping` of it, along an axis. A long axis takes several passes, each of which reduces blocks. */
export function reduceMapped(
  backend: WebGLBackend,
  x: TensorInfo,
  y: TensorInfo,
  name: ReductionName,
  view: AxisView,
  mapping?: Mapping,
): void {
  const { mean, initial, int } = reductions[name];
  if (view.extent === 0) {
    const integral = laneTypeOf(x.dtype) === 'int';
    fill(backend, [], [y], { value: integral ? int.initial : mean ? NaN : initial });
    return;
  }
  const count = mean && view.extent;
  const finish = (last: TensorInfo, left: AxisView, map?: Mapping): void => {
    reduceOnce(backend, last, y, name, left, left.extent, map, count);
  };
  const step = (from: TensorInfo, left: AxisView, map?: Mapping): void => {
    const perStep = left.inner === 1 ? LANES : 1;
    const loops = left.extent / perStep;
    if (loops <= LONGEST_LOOP) {
      finish(from, left, map);
      return;
    }
    const block = perStep * Math.min(LONGEST_LOOP, Math.max(SHORTEST_BLOCK, Math.ceil(Math.sqrt(loops))));
    const extent = Math.ceil(left.extent / block);
    withScratch(backend, [left.outer, extent, left.inner], x.dtype, (partial) => {
      reduceOnce(backend, from, partial, name, left, block, map);
      step(partial, { ...left, extent });
    });
  };
  step(x, view, mapping);
}

/** One pass: [outer, extent, inner] → [outer, ⌈extent / block⌉, inner]. */
function reduceOnce(
  backend: WebGLBackend,
  x: TensorInfo,
  y: TensorInfo,
  name: ReductionName,
  { extent, inner }: AxisView,
  block: number,
  mapping?: Mapping,
  meanOf?: number,
): void {
  const row = reductions[name];
  const type = laneTypeOf(x.dtype);
  const { glsl, initial } = type === 'float' ? row : row.int;
  const alongRow = inner === 1;
  const unit = alongRow ? unitFor(1) : unitFor(inner);
  // Along a row whole texels are read. `masked`: some lanes of a texel may belong to the next block, and are left out.
  const masked = alongRow && (extent % LANES !== 0 || block % LANES !== 0);
  const start = literal(initial, type);
  // Only float sums become more accurate by blocks: integers are exact, and the error of a product is the same in any order.
  const apart = initial === 0 && type === 'float';
  // The greatest bits of a magnitude tell at the end whether there was a NaN: that takes half as long as tests of all values.
  const extreme = type === 'float' && (name === 'max' || name === 'min');
  const add = (sum: string, vectorType: string, value: string): string =>
    extreme
      ? `${vectorType} each = ${value}; magnitude = max(magnitude, floatBitsToUint(each) & 0x7fffffffu); ${sum} = ${name}(${sum}, each);`
      : `${sum} = combine(${sum}, ${value});`;
  const loopApart = (
    total: string,
    totalType: string,
    variable: string,
    from: string,
    to: string,
    body: (sum: string) => string,
  ): string =>
    apart
      ? `
            for (int ${variable} = ${from}, to = ${to}; ${variable} < to;) {
              ${totalType} part = ${totalType}(${start});
              for (int stop = min(${variable} + ${TERMS_APART}, to); ${variable} < stop; ${variable}++) { ${body('part')} }
              ${total} = combine(${total}, part);
            }`
      : `for (int ${variable} = ${from}, to = ${to}; ${variable} < to; ${variable}++) { ${body(total)} }`;
  const result = meanOf ? `combined / ${type}(mean_of)` : 'combined';
  draw(backend, {
    program: `reduce ${name} ${type} ${alongRow ? `row${masked ? ' masked' : ''}` : 'column'} ${mapping?.name ?? ''}${meanOf ? ' mean' : ''}`,
    inputs: { x, ...mapping?.inputs, ...mapping?.beside, ...mapping?.ofRow },
    outputs: [y],
    form: unit.form,
    floats: mapping?.floats,
    rows: Object.fromEntries(
      ['x', ...Object.keys(mapping?.beside ?? {})].map((each) => [
        each,
        alongRow ? extent / LANES : unit.length,
      ]),
    ),
    ints: {
      extent,
      block,
      blocks: Math.ceil(extent / block),
      inner: unit.length,
      ...(meanOf && { mean_of: meanOf }),
    },
    source: () => {
      const vector = type === 'float' ? 'vec4' : 'ivec4';
      // Rows of whole texels are counted from their beginnings, which are often those of the texture's rows.
      const texel = (name: string): string => (masked ? `${name}_texel(t)` : `${name}_cell(row, t)`);
      const beside = Object.keys(mapping?.beside ?? {});
      const ofRow = Object.keys(mapping?.ofRow ?? {});
      const load = mapping
        ? `mapped(${[texel('x'), 'i', 'row', ...beside.map(texel)].join(', ')})`
        : texel('x');
      const parameters = (kind: string): string => beside.map((name) => `, ${kind} ${name}`).join('');
      const mappedRow = `
        ${ofRow.map((name) => `float ${name};`).join(' ')}
        float mapped(float x, int i, int row${parameters('float')}) { int column = 0; return ${mapping?.expression}; }
        vec4 mapped(vec4 x, int i, int row${parameters('vec4')}) {
          return vec4(${list(4, (k) => `mapped(${[`x[${k}]`, `i + ${k}`, 'row', ...beside.map((name) => `${name}[${k}]`)].join(', ')})`, ', ')});
        }`;
      const mappedColumn = `unit mapped(unit x, int i, int row, int column) { return ${mapping?.expression}; }`;
      const combine = `
        ${type} combine(${type} a, ${type} b) { return ${glsl}; }
        ${vector} combine(${vector} a, ${vector} b) { return ${lanes(vector, (c) => `combine(a.${c}, b.${c})`)}; }
        ${mapping ? (mapping.functions ?? '') + (alongRow ? mappedRow : mappedColumn) : ''}`;
      if (!alongRow) {
        const element = unit.form === 'texel' ? 'x_cell(row * extent + e, column)' : 'x_at(at)';
        return `${combine}
          unit result(int i) {
            int group = over_inner(i), row = over_blocks(group);
            int first = (group - row * blocks) * block, end = min(first + block, extent);
            int column = i - group * inner, at = (row * extent + first) * inner + column;
            x_type combined = x_type(${start});
            ${extreme ? `${unit.form === 'texel' ? 'uvec4' : 'uint'} magnitude = ${unit.form === 'texel' ? 'uvec4(0)' : '0u'};` : ''}
            ${loopApart('combined', 'x_type', 'e', 'first', 'end', (sum) => `${add(sum, 'unit', mapping ? `mapped(${element}, at, row, column)` : element)} at += inner;`)}
            ${extreme ? (unit.form === 'texel' ? list(4, (k) => `if (magnitude[${k}] > 0x7f800000u) combined[${k}] = NAN;`, ' ') : 'if (magnitude > 0x7f800000u) combined = NAN;') : ''}
            return unit(${result});
          }`;
      }
      return `${combine}
        unit result(int i) {
          int row = over_blocks(i);
          int first = (i - row * blocks) * block, end = min(first + block, extent);
          ${masked ? 'first += row * extent; end += row * extent;' : ''}
          ${ofRow.map((name) => `${name} = ${name}_at(row);`).join(' ')}
          ${vector} sums = ${vector}(${start});
          ${extreme ? 'uvec4 magnitude = uvec4(0);' : ''}
          ${loopApart(
            'sums',
            vector,
            't',
            'first >> 2',
            '(end + 3) >> 2',
            (sum) => `
            int i = ${masked ? '' : 'row * extent + '}(t << 2);
            ${vector} v = ${load};
            ${
              masked
                ? `if (i < first || i + 3 >= end) {
              v = ${lanes(vector, (c) => `i + ${'xyzw'.indexOf(c)} < first || i + ${'xyzw'.indexOf(c)} >= end ? ${type}(${start}) : v.${c}`)};
            }`
                : ''
            }
            ${add(sum, vector, 'v')}`,
          )}
          ${type} combined = combine(combine(sums.x, sums.y), combine(sums.z, sums.w));
          ${extreme ? 'if (any(greaterThan(magnitude, uvec4(0x7f800000u)))) combined = NAN;' : ''}
          return unit(${result});
        }`;
    },
  });
}
