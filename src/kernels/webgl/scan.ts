import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { literal } from './glsl';
import { withScratch } from './scratch';
import { laneTypeOf } from './textures';

/**
 * ⌈log₂ n⌉ passes. Each combines every element with the one `distance` steps before it, and the distance doubles from pass to pass (Hillis
 * & Steele, "Data parallel algorithms", CACM 1986). Algorithms with fewer additions need twice as many passes, which cost more on a GPU.
 */
export const scan: Kernel<WebGLBackend, 'scan'> = (
  backend,
  [x],
  [y],
  { name, exclusive, reverse, extent, inner },
) => {
  const type = laneTypeOf(y!.dtype);
  const { glsl, initial } = type === 'float' ? reductions[name] : reductions[name].int;
  const pass = (from: TensorInfo, to: TensorInfo, distance: number, how: 'combine' | 'shift'): void => {
    draw(backend, {
      program: `scan ${name} ${type} ${how} ${reverse ? 'reverse' : ''}`,
      inputs: { x: from },
      outputs: [to],
      form: 'element',
      ints: { extent, inner, distance },
      source: () => `
        ${type} combine(${type} a, ${type} b) { return ${glsl}; }
        unit result(int i) {
          int line = over_inner(i);
          int position = line - over_extent(line) * extent;
          bool inside = ${reverse ? 'position + distance < extent' : 'position >= distance'};
          int other = ${reverse ? 'i + distance * inner' : 'i - distance * inner'};
          ${
            how === 'shift'
              ? `return inside ? x_unit(other) : ${literal(initial, type)};`
              : 'return inside ? combine(x_unit(other), x_unit(i)) : x_unit(i);'
          }
        }`,
    });
  };
  const doubling = (from: TensorInfo, distance: number): void => {
    if (distance * 2 >= extent) {
      pass(from, y!, distance, 'combine');
      return;
    }
    withScratch(backend, x!.shape, y!.dtype, (partial) => {
      pass(from, partial, distance, 'combine');
      doubling(partial, distance * 2);
    });
  };
  if (!exclusive) {
    doubling(x!, 1);
    return;
  }
  withScratch(backend, x!.shape, y!.dtype, (shifted) => {
    pass(x!, shifted, 1, 'shift');
    doubling(shifted, 1);
  });
};
