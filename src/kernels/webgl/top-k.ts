import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { withScratch } from './scratch';
import { laneTypeOf } from './textures';

/**
 * A bitonic sort of each row's indices (Batcher, "Sorting networks and their applications", AFIPS 1968). Every pass compares each
 * place with the place whose number differs in one bit. Rows are extended to a power of two with indices ≥ extent, which come last.
 */
export const topK: Kernel<WebGLBackend, 'topK'> = (backend, [x], [y]) => {
  const [rows, extent] = x!.shape as [number, number];
  const length = 2 ** Math.ceil(Math.log2(extent));
  const shape = [rows, length];

  const sorted = (from: TensorInfo | null, block: number, distance: number): void => {
    if (block > length) {
      take(backend, from, y!, length);
      return;
    }
    withScratch(backend, shape, 'int32', (to) => {
      compare(backend, x!, from, to, { extent, len: length, block, distance });
      if (distance > 1) sorted(to, block, distance / 2);
      else sorted(to, block * 2, block);
    });
  };
  sorted(null, 2, 1);
};

/**
 * One pass. Every other block of `block` places is sorted in reverse.
 *
 * @param from the indices so far; null in the first pass: 0, 1, …
 */
function compare(
  backend: WebGLBackend,
  x: TensorInfo,
  from: TensorInfo | null,
  to: TensorInfo,
  ints: Readonly<Record<'extent' | 'len' | 'block' | 'distance', number>>,
): void {
  const type = laneTypeOf(x.dtype);
  draw(backend, {
    program: `topK ${type} ${from ? 'next' : 'first'}`,
    inputs: from ? { x, order: from } : { x },
    outputs: [to],
    form: 'element',
    ints,
    source: () => `
      bool greater(float a, float b) { return a > b || (is_nan(a) && !is_nan(b)); }
      bool greater(int a, int b) { return a > b; }
      bool precedes(int i, int j, int base) {
        if (i >= extent || j >= extent) return i < j;
        ${type} a = x_at(base + i), b = x_at(base + j);
        return greater(a, b) || (!greater(b, a) && i < j);
      }
      unit result(int i) {
        int row = over_len(i), place = i - row * len, other = place ^ distance;
        int mine = ${from ? 'order_at(i)' : 'place'}, theirs = ${from ? 'order_at(row * len + other)' : 'other'};
        bool wants_first = ((place & block) == 0) == (place < other);
        return precedes(mine, theirs, row * extent) == wants_first ? mine : theirs;
      }`,
  });
}

/** Copies the first k indices of each row to y. */
function take(backend: WebGLBackend, order: TensorInfo | null, y: TensorInfo, length: number): void {
  draw(backend, {
    program: `topK take ${order ? '' : 'one'}`,
    inputs: order ? { order } : {},
    outputs: [y],
    form: 'element',
    ints: { k: y.shape[1]!, len: length },
    source: () => `
      unit result(int i) {
        int row = over_k(i);
        return ${order ? 'order_at(row * len + i - row * k)' : '0'};
      }`,
  });
}
