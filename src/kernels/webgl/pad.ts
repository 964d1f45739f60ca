import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list, unravel } from './glsl';
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

export const pad: Kernel<WebGLBackend, 'pad'> = (backend, [x], [y], attributes) => {
  const { before, mode, value } = attributes;
  const last = y!.shape.length - 1;
  // If the innermost axis is not padded, and its length allows it, whole texels are moved.
  const unit = unitFor(last >= 0 && x!.shape[last] === y!.shape[last] ? y!.shape[last]! : 1);
  if (mode === 'constant' && unit.form === 'element' && y!.shape[last]! >= LANES) {
    padRuns(backend, [x!], [y!], attributes);
    return;
  }
  const inUnits = (shape: readonly number[]): number[] =>
    shape.length === 0 ? [1] : shape.map((extent, axis) => (axis === last ? extent / unit.size : extent));
  const from = inUnits(x!.shape);
  const rank = from.length;
  const integral = laneTypeOf(y!.dtype) === 'int';
  draw(backend, {
    program: `pad ${mode} ${rank}`,
    inputs: { x: x! },
    outputs: [y!],
    form: unit.form,
    ints: {
      s: inUnits(y!.shape),
      n: from,
      stride: stridesOf(from),
      before: last < 0 ? [0] : before,
      ...(integral && { padding: value }),
    },
    floats: integral ? {} : { padding: value },
    source: () => `
      unit result(int i) {
        ${unravel(rank)}
        ${list(rank, (k) => `c${k} -= before${k}; ${coordinate[mode](`c${k}`, `n${k}`)}`)}
        return x_unit(${list(rank, (k) => `c${k} * stride${k}`, ' + ')});
      }`,
  });
};

/**
 * Pads an innermost axis of at least four elements with a value. A texel of the output holds values of one row of x, or of two. It takes
 * four in a row from each, and replaces those outside. Only one row remains if rows begin at texels, or three elements at least are
 * between those of two rows.
 */
const padRuns: Kernel<WebGLBackend, 'pad'> = (backend, [x], [y], { before, value }) => {
  const last = y!.shape.length - 1;
  const [n, s, begin] = [x!.shape[last]!, y!.shape[last]!, before[last]!];
  const isEven = s % LANES === 0;
  const isSingle = isEven || s - n >= LANES - 1;
  const integral = laneTypeOf(y!.dtype) === 'int';
  draw(backend, {
    program: `pad ${last} ${isSingle ? 'run' : 'runs'}`,
    inputs: { x: x! },
    outputs: [y!],
    form: 'texel',
    ints: {
      s: y!.shape,
      n: x!.shape,
      // Of rows.
      stride: stridesOf(x!.shape.slice(0, last)),
      before,
      // What is added to an index so that the row follows from it.
      shift: isEven ? 0 : (isSingle ? LANES - 1 : 0) - begin,
      ...(integral && { padding: value }),
    },
    floats: integral ? {} : { padding: value },
    rows: { x: n / LANES },
    source: () => `
      unit replaced(unit v, int row, int e) {
        ${unravel(last, 'row')}
        uint most = uint(n${last});
        ${list(last, (k) => `c${k} -= before${k}; most = uint(c${k}) < uint(n${k}) ? most : 0u;`)}
        x_start line = x_line_of(${list(last, (k) => `c${k} * stride${k}`, ' + ') || '0'}, n${last});
        unit a = x_around(line, e), b = x_around(line, e + 4);
        int lane = x_lane_at(line, e);
        bool far = lane > 1, odd = (lane & 1) == 1;
        unit even = far ? unit(a.zw, b.xy) : a;
        unit run = odd ? unit(even.yzw, far ? b.z : b.x) : even;
        return unit(${list(LANES, (k) => `uint(e + ${k}) < most ? run[${k}] : v[${k}]`, ', ')});
      }
      unit result(int t) {
        int row = over_s${last}(t * 4 + shift);
        int e = t * 4 - before${last} - row * s${last};
        unit v = replaced(unit(padding), row, e);
        return ${isSingle ? 'v' : `replaced(v, row + 1, e - s${last})`};
      }`,
  });
};
