import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list, unravel } from './glsl';
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
