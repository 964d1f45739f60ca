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
  const isFloat = type === 'float';
  const sign = name === 'argMax' ? '>' : '<';
  const best = name === 'argMax' ? 'max' : 'min';
  const vector = isFloat ? 'vec4' : 'ivec4';

  /**
   * Finds the winner of each block of the axis.
   *
   * @param candidates the positions to search, `count` for each row; null: the whole axis
   */
  const pass = (candidates: TensorInfo | null, found: TensorInfo, count: number, block: number): void => {
    const { extent, inner } = view;
    const byTexel = inner === 1 && !candidates;
    const masked = extent % LANES !== 0;
    const unit = unitFor(inner);
    const isWide = unit.form === 'texel';
    // As in reductions, the greatest bits of a magnitude tell at the end whether there was a NaN. Only then it is looked for.
    const magnitude = (kind: string): readonly [string, string] =>
      isFloat
        ? [`${kind} magnitude = ${kind}(0);`, 'magnitude = max(magnitude, floatBitsToUint(v) & 0x7fffffffu);']
        : ['', ''];
    draw(backend, {
      program: `argReduce ${name} ${type}${candidates ? ' again' : ''}${byTexel ? ` row${masked ? ' masked' : ''}` : ''}`,
      inputs: { x: x!, ...(candidates && { candidates }) },
      outputs: [found],
      form: unit.form,
      rows: { x: byTexel ? extent / LANES : unit.length },
      ints: { extent, inner: unit.length, count, block, blocks: Math.ceil(count / block) },
      source: () => {
        if (byTexel) {
          const [declare, watch] = magnitude('uvec4');
          const over = (body: string): string => `
            for (int t = first >> 2, last = (end + 3) >> 2; t < last; t++) {
              ${vector} v = ${masked ? 'x_texel(t)' : 'x_cell(row, t)'};
              ${
                masked
                  ? `if (t * 4 < first || t * 4 + 3 >= end) { ${list(LANES, (k) => `if (t * 4 + ${k} < first || t * 4 + ${k} >= end) v[${k}] = best[${k}];`, ' ')} }`
                  : ''
              }
              ${body}
            }`;
          return `
        int result(int i) {
          int row = over_blocks(i), start = row * extent;
          int first = (i - row * blocks) * block, end = min(first + block, count);
          ${vector} best = ${vector}(x_at(start + first));
          ${masked ? 'first += start; end += start;' : ''}
          ivec4 at = ivec4(first);
          ${declare}
          ${over(`${watch} ${list(LANES, (k) => `at[${k}] = v[${k}] ${sign} best[${k}] ? t * 4 + ${k} : at[${k}];`, ' ')} best = ${best}(best, v);`)}
          ${isFloat ? `if (any(greaterThan(magnitude, uvec4(0x7f800000u)))) { best = vec4(0.0); ${over(list(LANES, (k) => `if (is_nan(v[${k}])) return t * 4 + ${k}${masked ? ' - start' : ''};`, ' '))} }` : ''}
          ${list(LANES - 1, (k) => `if (best[${k + 1}] ${sign} best.x || (best[${k + 1}] == best.x && at[${k + 1}] < at.x)) { best.x = best[${k + 1}]; at.x = at[${k + 1}]; }`)}
          return at.x${masked ? ' - start' : ''};
        }`;
        }
        const [declare, watch] = magnitude(isWide ? 'uvec4' : 'uint');
        const read = `
            unit e = ${candidates ? 'candidates_unit((row * count + k) * inner + column)' : 'unit(k)'};
            x_type v = ${
              !isWide
                ? 'x_at((row * extent + e) * inner + column)'
                : candidates
                  ? `x_type(${list(LANES, (k) => `x_at((row * extent + e[${k}]) * inner * 4 + column * 4 + ${k})`, ', ')})`
                  : 'x_cell(row * extent + k, column)'
            };`;
        const eachLane = (text: (lane: string) => string): string =>
          list(unit.size, (k) => text(isWide ? `[${k}]` : ''), ' ');
        return `
        unit result(int i) {
          int group = over_inner(i), row = over_blocks(group);
          int column = i - group * inner;
          int first = (group - row * blocks) * block, end = min(first + block, count);
          unit index;
          x_type best;
          ${declare}
          for (int k = first; k < end; k++) {
            ${read}
            ${watch}
            bool begins = k == first;
            ${eachLane((k) => `index${k} = begins || v${k} ${sign} best${k} ? e${k} : index${k}; best${k} = begins ? v${k} : ${best}(best${k}, v${k});`)}
          }
          ${
            isFloat
              ? `if (${isWide ? 'any(greaterThan(magnitude, uvec4(0x7f800000u)))' : 'magnitude > 0x7f800000u'}) {
            for (int k = end - 1; k >= first; k--) { ${read} ${eachLane((k) => `if (is_nan(v${k})) index${k} = e${k};`)} }
          }`
              : ''
          }
          return index;
        }`;
      },
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
