import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
import { withScratch } from './scratch';

function powerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(n));
}

/** WGSL for `precedes(i, j, base)`: whether index i of the row that begins at `base` comes before index j; indices ≥ extent come last. */
const precedes = (type: 'f32' | 'i32'): string => `
  fn greater(a: ${type}, b: ${type}) -> bool { return a > b ${type === 'f32' ? '|| (is_nan(a) && !is_nan(b))' : ''}; }
  fn precedes(i: i32, j: i32, base: i32) -> bool {
    if (i >= u.extent || j >= u.extent) { return i < j; }
    let a = x[base + i];
    let b = x[base + j];
    return greater(a, b) || (!greater(b, a) && i < j);
  }`;

/**
 * Sorts runs of each row's indices, as long as the first power of two ≥ k, by a bitonic network (Batcher, "Sorting networks and their applications",
 * AFIPS 1968): every pass compares each place with the place whose number differs in one bit. Then pairs of runs become one run of their first
 * indices until one run is left. Rows are extended to a power of two with indices ≥ extent.
 */
export const topK: Kernel<WebGPUBackend, 'topK'> = (backend, [x], [y]) => {
  const [rows, extent] = x!.shape as [number, number];
  const run = powerOfTwo(y!.shape[1]!);

  /** Chooses one of two indices for each place. `index_at(row, place)` is the index that stands at a place of `from`; null: the place itself. */
  const choose = (
    name: string,
    from: TensorInfo | null,
    to: TensorInfo,
    ints: Readonly<Record<string, number>>,
    body: string,
  ): void =>
    dispatch(backend, {
      program: `topK ${name} ${from ? 'next' : 'first'}`,
      inputs: { x: x!, ...(from && { order: from }) },
      outputs: { chosen: to },
      form: 'element',
      ints: { extent, places: to.shape[1]!, places_before: from ? from.shape[1]! : 0, ...ints },
      source: () => `
        ${precedes(typeOf(x!.dtype))}
        fn index_at(row: i32, place: i32) -> i32 { return ${from ? 'order[row * u.places_before + place]' : 'place'}; }
        fn result(i: i32) -> i32 {
          let row = i / u.places;
          let place = i - row * u.places;
          ${body}
        }`,
    });
  /** Compares places that are `distance` apart. Every other block of `block_size` places is sorted in reverse. */
  const compare = (from: TensorInfo | null, to: TensorInfo, blockSize: number, distance: number): void =>
    choose(
      'compare',
      from,
      to,
      { block_size: blockSize, distance },
      `let other = place ^ u.distance;
      let mine = index_at(row, place);
      let theirs = index_at(row, other);
      let wants_first = ((place & u.block_size) == 0) == (place < other);
      return select(theirs, mine, precedes(mine, theirs, row * u.extent) == wants_first);`,
    );
  /** Two neighbouring runs are sorted in opposite directions: the better of each pair of places are the first of both runs. */
  const halve = (from: TensorInfo | null, to: TensorInfo): void =>
    choose(
      'halve',
      from,
      to,
      { run },
      `let first = place + place / u.run * u.run;
      let mine = index_at(row, first);
      let theirs = index_at(row, first + u.run);
      return select(theirs, mine, precedes(mine, theirs, row * u.extent));`,
    );
  const take = (from: TensorInfo | null): void =>
    choose('take', from, y!, {}, 'return index_at(row, place);');

  /** Runs passes from one tensor to another and back; the last one's result is lent to `use`. */
  const sorted = (
    from: TensorInfo | null,
    length: number,
    passes: readonly (readonly [block: number, distance: number])[],
    use: (order: TensorInfo | null) => void,
  ): void => {
    if (passes.length === 0) {
      use(from);
      return;
    }
    withScratch(backend, [rows, length], 'int32', (one) =>
      withScratch(backend, [rows, length], 'int32', (other) => {
        let last = from;
        for (const [block, distance] of passes) {
          const to: TensorInfo = last === one ? other : one;
          compare(last, to, block, distance);
          last = to;
        }
        use(last);
      }),
    );
  };
  const passesOf = (block: number): [number, number][] => {
    const passes: [number, number][] = [];
    for (let distance = block / 2; distance >= 1; distance /= 2) passes.push([block, distance]);
    return passes;
  };
  const reduce = (order: TensorInfo | null, length: number): void => {
    if (length === run) {
      take(order);
      return;
    }
    withScratch(backend, [rows, length / 2], 'int32', (halved) => {
      halve(order, halved);
      sorted(halved, length / 2, passesOf(run), (next) => reduce(next, length / 2));
    });
  };
  const first: [number, number][] = [];
  for (let block = 2; block <= run; block *= 2) first.push(...passesOf(block));
  const length = powerOfTwo(extent);
  sorted(null, length, first, (order) => reduce(order, length));
};
