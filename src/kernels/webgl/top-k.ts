import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { inPasses, withScratch } from './scratch';
import { laneTypeOf } from './textures';

/** GLSL for `precedes(i, j, base)`: whether index i of the row that begins at `base` comes before index j; indices ≥ extent come last. */
const precedes = (type: string): string => `
  bool greater(float a, float b) { return a > b || (is_nan(a) && !is_nan(b)); }
  bool greater(int a, int b) { return a > b; }
  bool precedes(int i, int j, int base) {
    if (i >= extent || j >= extent) return i < j;
    ${type} a = x_at(base + i), b = x_at(base + j);
    return greater(a, b) || (!greater(b, a) && i < j);
  }`;

/**
 * Sorts runs of each row's indices, as long as the first power of two ≥ k, by a bitonic network (Batcher, "Sorting networks and their
 * applications", AFIPS 1968): every pass compares each place with the place whose number differs in one bit. Then pairs of runs become
 * one run of their first indices until one run is left. Rows are extended to a power of two with indices ≥ extent.
 */
export const topK: Kernel<WebGLBackend, 'topK'> = (backend, [x], [y]) => {
  const [rows, extent] = x!.shape as [number, number];
  const length = powerOfTwo(extent);
  const run = powerOfTwo(y!.shape[1]!);
  const type = laneTypeOf(x!.dtype);

  /** Draws one of two indices for each place. `index_at(row, place)` is the index that stands at a place of `from`. */
  const choose = (
    name: string,
    from: TensorInfo | null,
    to: TensorInfo,
    ints: Readonly<Record<string, number>>,
    body: string,
  ): void => {
    draw(backend, {
      program: `topK ${name} ${type} ${from ? 'next' : 'first'}`,
      inputs: from ? { x: x!, order: from } : { x: x! },
      outputs: [to],
      form: 'element',
      ints: { extent, places: to.shape[1]!, places_before: from ? from.shape[1]! : 0, ...ints },
      source: () => `
        ${precedes(type)}
        int index_at(int row, int place) { return ${from ? 'order_at(row * places_before + place)' : 'place'}; }
        unit result(int i) { int row = over_places(i), place = i - row * places; ${body} }`,
    });
  };
  /** Compares places that are `distance` apart. Every other block of `block` places is sorted in reverse. */
  const compare =
    (block: number, distance: number) =>
    (from: TensorInfo | null, to: TensorInfo): void =>
      choose(
        'compare',
        from,
        to,
        { block, distance },
        `int other = place ^ distance, mine = index_at(row, place), theirs = index_at(row, other);
        bool wants_first = ((place & block) == 0) == (place < other);
        return precedes(mine, theirs, row * extent) == wants_first ? mine : theirs;`,
      );
  /** Two neighbouring runs are sorted in opposite directions: the better of each pair of places are the first of both runs. */
  const halve = (from: TensorInfo | null, to: TensorInfo): void =>
    choose(
      'halve',
      from,
      to,
      { run },
      `int first = place + over_run(place) * run, mine = index_at(row, first), theirs = index_at(row, first + run);
      return precedes(mine, theirs, row * extent) ? mine : theirs;`,
    );
  const sort = (block: number): ReturnType<typeof compare>[] => {
    const passes: ReturnType<typeof compare>[] = [];
    for (let distance = block / 2; distance >= 1; distance /= 2) passes.push(compare(block, distance));
    return passes;
  };
  const reduce = (order: TensorInfo | null, from: number): void => {
    if (from === run) {
      take(backend, order, y!, run);
      return;
    }
    withScratch(backend, [rows, from / 2], 'int32', (halved) => {
      inPasses<TensorInfo | null>(backend, order, halved, [halve, ...sort(run)]);
      reduce(halved, from / 2);
    });
  };
  const passes: ReturnType<typeof sort> = [];
  for (let block = 2; block <= run; block *= 2) passes.push(...sort(block));
  if (passes.length === 0) {
    reduce(null, length);
    return;
  }
  withScratch(backend, [rows, length], 'int32', (sorted) => {
    inPasses<TensorInfo | null>(backend, null, sorted, passes);
    reduce(sorted, length);
  });
};

function powerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(n));
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
