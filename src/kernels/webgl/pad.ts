import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list, runOf, unravel } from './glsl';
import { LANES } from './texture-layout';
import { laneTypeOf } from './textures';
import { unitFor } from './unit';

/** GLSL that turns the output coordinate c, less the padding before, into an input coordinate on an axis of n elements. */
const coordinate = {
  constant: (c: string, n: string) => `if (${c} < 0 || ${c} >= ${n}) return unit(padding);`,
  reflect: (c: string, n: string) => `${c} = ${c} < 0 ? -${c} : ${c} >= ${n} ? 2 * ${n} - 2 - ${c} : ${c};`,
  symmetric: (c: string, n: string) =>
    `${c} = ${c} < 0 ? -1 - ${c} : ${c} >= ${n} ? 2 * ${n} - 1 - ${c} : ${c};`,
};

export const pad: Kernel<WebGLBackend, 'pad'> = (backend, [x], [y], { before, mode, value }) => {
  const last = y!.shape.length - 1;
  // If the innermost axis is not padded, and its length allows it, whole texels are moved.
  const unit = unitFor(last >= 0 && x!.shape[last] === y!.shape[last] ? y!.shape[last]! : 1);
  const inUnits = (shape: readonly number[]): number[] =>
    shape.length === 0 ? [1] : shape.map((extent, axis) => (axis === last ? extent / unit.size : extent));
  const from = inUnits(x!.shape);
  const rank = from.length;
  const integral = laneTypeOf(y!.dtype) === 'int';
  // A constant along an innermost axis of odd length: four values in a row are moved at once.
  const inRuns = mode === 'constant' && unit.form === 'element' && y!.shape[last]! >= LANES;
  const gap = inRuns ? Math.min(y!.shape[last]! - from[last]!, LANES) : 0;
  draw(backend, {
    program: `pad ${mode} ${rank}${inRuns ? ` runs ${gap}` : ''}`,
    inputs: { x: x! },
    outputs: [y!],
    form: inRuns ? 'texel' : unit.form,
    ints: {
      s: inUnits(y!.shape),
      n: from,
      stride: stridesOf(from),
      before: last < 0 ? [0] : before,
      ...(integral && { padding: value }),
    },
    floats: integral ? {} : { padding: value },
    source: () =>
      inRuns
        ? inRunsSource(rank, gap)
        : `
      unit result(int i) {
        ${unravel(rank)}
        ${list(rank, (k) => `c${k} -= before${k}; ${coordinate[mode](`c${k}`, `n${k}`)}`)}
        return x_unit(${list(rank, (k) => `c${k} * stride${k}`, ' + ')});
      }`,
  });
};

/**
 * The lanes from `left` on lie in the next row. In x its values follow those of this row at once, in y `gap` later: so one run of x holds
 * all values of a texel. `behind`: it has none of this row.
 */
function inRunsSource(rank: number, gap: number): string {
  const last = rank - 1;
  const inside = list(last, (k) => `uint(c${k} - before${k}) < uint(n${k}) && `) + 'true';
  const row = list(last, (k) => `(c${k} - before${k}) * stride${k} + `) + '0';
  const advance = `${list(last, (k) => `c${last - 1 - k}++; if (c${last - 1 - k} == s${last - 1 - k}) { c${last - 1 - k} = 0;`, ' ')} ${'}'.repeat(last)}`;
  const lane = (k: number): string =>
    `${k} < left ? here_inside && uint(c + ${k}) < uint(n${last}) ? v[${k}] : scalar(padding) : next_inside && uint(${k} - left - before${last}) < uint(n${last}) ? behind ? v[${k}] : ${k >= gap ? `v[${k - gap}]` : 'scalar(padding)'} : scalar(padding)`;
  return `
      ${runOf('x')}
      vector result(int t) {
        int i = t * 4;
        ${unravel(rank)}
        int left = s${last} - c${last}, c = c${last} - before${last};
        bool here_inside = ${inside}, behind = c >= n${last} || !here_inside;
        int here_at = ${row} + c;
        ${advance}
        bool next_inside = ${inside};
        vector v = x_run(behind ? ${row} - left - before${last} : here_at);
        return vector(${list(LANES, lane, ', ')});
      }`;
}
