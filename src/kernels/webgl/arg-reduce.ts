import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { withScratch } from './scratch';
import { LANES } from './texture-layout';
import { laneTypeOf } from './textures';
import { unitFor } from './unit';

/** A longer axis is searched in blocks, and then the winners of the blocks are. */
const LONGEST_LOOP = 256;
const BLOCK = 64;

export const argReduce: Kernel<WebGLBackend, 'argReduce'> = (backend, [x], [y], { name, ...view }) => {
  const type = laneTypeOf(x!.dtype);
  const sign = name === 'argMax' ? '>' : '<';
  const beats = type === 'float' ? `!is_nan(best) && (is_nan(v) || v ${sign} best)` : `v ${sign} best`;
  const vector = type === 'float' ? 'vec4' : 'ivec4';
  const unit = unitFor(view.inner);

  /**
   * Finds the winner of each block of the axis.
   *
   * @param candidates the positions to search, `count` for each row; null: the whole axis
   */
  const pass = (candidates: TensorInfo | null, found: TensorInfo, count: number, block: number): void => {
    const { extent, inner } = view;
    const alongRow = inner === 1;
    const byTexel = alongRow && !candidates && extent % LANES === 0;
    const lane = (k: number): string => (unit.form === 'texel' ? `[${k}]` : '');
    draw(backend, {
      program: `argReduce ${name} ${type}${candidates ? ' again' : ''}${byTexel ? ' row' : ''}`,
      inputs: { x: x!, ...(candidates && { candidates }) },
      outputs: [found],
      form: unit.form,
      rows: { x: byTexel ? extent / LANES : unit.length },
      ints: { extent, inner: unit.length, count, block, blocks: Math.ceil(count / block) },
      source: byTexel
        ? () => `
        int result(int i) {
          int row = over_blocks(i);
          int first = (i - row * blocks) * block, end = min(first + block, count) >> 2;
          first >>= 2;
          ivec4 at = ivec4(first);
          ${vector} best = x_cell(row, first);
          for (int t = first; t < end; t++) {
            ${vector} v = x_cell(row, t);
            ${type === 'float' ? list(LANES, (k) => `if (is_nan(v[${k}])) return t * 4 + ${k};`, ' ') : ''}
            ${list(LANES, (k) => `if (v[${k}] ${sign} best[${k}]) { best[${k}] = v[${k}]; at[${k}] = t; }`)}
          }
          at = at * 4 + ivec4(0, 1, 2, 3);
          ${list(LANES - 1, (k) => `if (best[${k + 1}] ${sign} best.x || (best[${k + 1}] == best.x && at[${k + 1}] < at.x)) { best.x = best[${k + 1}]; at.x = at[${k + 1}]; }`)}
          return at.x;
        }`
        : () => `
        bool beats(${type} v, ${type} best) { return ${beats}; }
        unit result(int i) {
          int group = over_inner(i), row = over_blocks(group);
          int column = i - group * inner;
          int first = (group - row * blocks) * block, end = min(first + block, count);
          unit index;
          x_type best;
          for (int k = first; k < end; k++) {
            unit e = ${candidates ? 'candidates_unit((row * count + k) * inner + column)' : 'unit(k)'};
            x_type v = ${
              candidates && unit.form === 'texel'
                ? `x_type(${list(LANES, (k) => `x_at((row * extent + e[${k}]) * inner * 4 + column * 4 + ${k})`, ', ')})`
                : unit.form === 'texel'
                  ? 'x_cell(row * extent + k, column)'
                  : 'x_at((row * extent + e) * inner + column)'
            };
            ${list(unit.size, (k) => `if (k == first || beats(v${lane(k)}, best${lane(k)})) { best${lane(k)} = v${lane(k)}; index${lane(k)} = e${lane(k)}; }`)}
          }
          return index;
        }`,
    });
  };
  const search = (candidates: TensorInfo | null, count: number): void => {
    if (count <= LONGEST_LOOP) {
      pass(candidates, y!, count, count);
      return;
    }
    const blocks = Math.ceil(count / BLOCK);
    withScratch(backend, [view.outer, blocks, view.inner], 'int32', (winners) => {
      pass(candidates, winners, count, BLOCK);
      search(winners, blocks);
    });
  };
  search(null, view.extent);
};
