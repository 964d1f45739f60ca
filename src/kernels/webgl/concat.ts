import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { sizeOf } from '../strides';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { withScratch } from './scratch';
import { unitFor } from './unit';

/** The most inputs of one draw: half of the sixteen textures that WebGL2 guarantees, to keep the chain of comparisons short. */
const MOST_INPUTS = 8;

export const concat: Kernel<WebGLBackend, 'concat'> = (backend, inputs, [y], { axis }) => {
  const parts = inputs.filter((input) => input.size > 0);
  join(backend, parts, y!, axis);
};

/** Joins more inputs than fit into a draw in groups first, then the groups, recursively. */
function join(backend: WebGLBackend, parts: readonly TensorInfo[], y: TensorInfo, axis: number): void {
  if (parts.length <= MOST_INPUTS) {
    joinFew(backend, parts, y, axis);
    return;
  }
  const count = Math.ceil(parts.length / MOST_INPUTS);
  const joinFrom = (first: number, groups: readonly TensorInfo[]): void => {
    if (first >= parts.length) {
      joinFew(backend, groups, y, axis);
      return;
    }
    const group = parts.slice(first, first + count);
    const shape = [...y.shape];
    shape[axis] = group.reduce((extent, part) => extent + part.shape[axis]!, 0);
    withScratch(backend, shape, y.dtype, (joined) => {
      join(backend, group, joined, axis);
      joinFrom(first + count, [...groups, joined]);
    });
  };
  joinFrom(0, []);
}

function joinFew(backend: WebGLBackend, parts: readonly TensorInfo[], y: TensorInfo, axis: number): void {
  const runs = parts.map((part) => sizeOf(part.shape.slice(axis)));
  const units = runs.map(unitFor);
  const form = units.every((unit) => unit.form === 'texel') ? 'texel' : 'element';
  const lengths = form === 'texel' ? units.map((unit) => unit.length) : runs;
  draw(backend, {
    program: `concat ${parts.length}`,
    inputs: Object.fromEntries(parts.map((part, k) => [`x${k}`, part])),
    outputs: [y],
    form,
    ints: { run: lengths, total: lengths.reduce((sum, length) => sum + length, 0) },
    source: () => `
      unit result(int i) {
        int row = over_total(i);
        int c = i - row * total;
        ${list(
          parts.length - 1,
          (k) => `if (c < run${k}) return x${k}_unit(row * run${k} + c);
          c -= run${k};`,
        )}
        return x${parts.length - 1}_unit(row * run${parts.length - 1} + c);
      }`,
  });
}
