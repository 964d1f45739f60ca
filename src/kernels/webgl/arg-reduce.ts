import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { withScratch } from './scratch';
import { laneTypeOf } from './textures';

/** A longer axis is searched in blocks, and then the winners of the blocks are. */
const LONGEST_LOOP = 256;
const BLOCK = 64;

const better = {
  float: (sign: string) => `!is_nan(best) && (is_nan(v) || v ${sign} best)`,
  int: (sign: string) => `v ${sign} best`,
};

export const argReduce: Kernel<WebGLBackend, 'argReduce'> = (backend, [x], [y], { name, ...view }) => {
  const type = laneTypeOf(x!.dtype);
  const wins = better[type](name === 'argMax' ? '>' : '<');

  /**
   * Finds the winner of each block of the axis.
   *
   * @param candidates the positions to search, `count` for each row; null: the whole axis
   */
  const pass = (candidates: TensorInfo | null, found: TensorInfo, count: number, block: number): void => {
    const { outer: _outer, ...sizes } = view;
    draw(backend, {
      program: `argReduce ${name} ${type}${candidates ? ' again' : ''}`,
      inputs: { x: x!, ...(candidates && { candidates }) },
      outputs: [found],
      form: 'element',
      ints: { ...sizes, count, block, blocks: Math.ceil(count / block) },
      source: () => `
        unit result(int i) {
          int group = over_inner(i), row = over_blocks(group);
          int column = i - group * inner;
          int first = (group - row * blocks) * block, end = min(first + block, count);
          int index = 0;
          ${type} best = ${type}(0);
          for (int k = first; k < end; k++) {
            int e = ${candidates ? 'candidates_at((row * count + k) * inner + column)' : 'k'};
            ${type} v = x_at((row * extent + e) * inner + column);
            if (k == first || ${wins}) { best = v; index = e; }
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
