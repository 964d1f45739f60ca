import { assertInteger, isIntegers, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { reshape } from './reshape';
import { stridedBlock } from './slice';

/** The part of one axis that the result takes. With `isIndex` it is one position, and the axis is removed. */
interface AxisRange {
  readonly begin: number;
  readonly count: number;
  readonly stride: number;
  readonly isIndex: boolean;
}

interface Request {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

const WHOLE = 'whole';
const NEW_AXIS = 'new axis';
/** The number of an entry in the lists, or a whole axis, or a new one. */
type Place = number | typeof WHOLE | typeof NEW_AXIS;

/** Assigns an entry of the lists to each axis of x, with new axes in between. An ellipsis (or else the end) stands for all axes without an entry. */
function layOut(request: Request, rank: number): Place[] {
  const { ellipsisMask, newAxisMask, begin } = request;
  const has = (mask: number, i: number): boolean => (mask & (1 << i)) !== 0;
  const entries = begin.map((_, i) => i);
  const ellipses = entries.filter((i) => has(ellipsisMask, i));
  if (ellipses.length > 1) {
    throw new Error(
      `stridedSlice: argument 'ellipsisMask' is ${ellipsisMask}, which sets ${ellipses.length} ellipses; wanted at most one`,
    );
  }
  const named = entries.filter((i) => !has(ellipsisMask, i) && !has(newAxisMask, i)).length;
  if (named > rank) {
    throw new Error(
      `stridedSlice: argument 'begin' is ${formatShape(begin)}, which names ${named} axes; wanted at most ${rank}, the rank of x`,
    );
  }
  const rest = new Array<typeof WHOLE>(rank - named).fill(WHOLE);
  const places = entries.flatMap((i): Place[] =>
    has(ellipsisMask, i) ? rest : has(newAxisMask, i) ? [NEW_AXIS] : [i],
  );
  return ellipses.length > 0 ? places : [...places, ...rest];
}

function rangeOf(request: Request, i: number, extent: number): AxisRange {
  const { begin, end, strides, beginMask, endMask, shrinkAxisMask } = request;
  const has = (mask: number): boolean => (mask & (1 << i)) !== 0;
  const stride = strides[i]!;
  const fromFront = (index: number): number => (index < 0 ? index + extent : index);
  if (has(shrinkAxisMask)) {
    // As in TensorFlow, `beginMask` has no effect on an index.
    const index = fromFront(begin[i]!);
    if (stride < 0) {
      throw new Error(
        `stridedSlice: argument 'strides' is ${stride} at entry ${i}, which 'shrinkAxisMask' makes an index; wanted a positive stride`,
      );
    }
    if (index < 0 || index >= extent) {
      throw new Error(
        `stridedSlice: argument 'begin' is ${begin[i]} at entry ${i}; wanted an index into an axis of extent ${extent}`,
      );
    }
    return { begin: index, count: 1, stride: 1, isIndex: true };
  }
  // With a negative stride, positions range from the last one down to −1, the position before the first.
  const [low, high] = stride > 0 ? [0, extent] : [-1, extent - 1];
  const clamped = (index: number): number => Math.min(Math.max(fromFront(index), low), high);
  const first = has(beginMask) ? (stride > 0 ? low : high) : clamped(begin[i]!);
  const last = has(endMask) ? (stride > 0 ? high : low) : clamped(end[i]!);
  return { begin: first, count: Math.max(0, Math.ceil((last - first) / stride)), stride, isIndex: false };
}

function assertRequest({ begin, end, strides }: Request): void {
  for (const [argument, list] of Object.entries({ begin, end, strides })) {
    if (!isIntegers(list, -Infinity, begin.length)) {
      throw wrongArgument('stridedSlice', argument, list, `${begin.length} integers, as many as 'begin' has`);
    }
  }
  if (strides.includes(0))
    throw new Error(
      `stridedSlice: argument 'strides' is ${formatShape(strides)}; wanted strides other than 0`,
    );
}

/**
 * Takes every stride-th element from `begin` up to `end` (exclusive) along each axis, as Python's `x[begin:end:stride, ...]` does. Negative
 * positions count from the end; a negative stride goes backwards. Each mask is a bit field, whose bit i applies to entry i of the lists.
 *
 * @param strides 1 for each entry when left out
 * @param beginMask ignores `begin` of entry i: it starts at the first element (at the last one if the stride is negative)
 * @param endMask ignores `end` of entry i: it goes to the end (to the start if the stride is negative)
 * @param ellipsisMask makes entry i stand for all axes that no other entry names, like `...` in Python
 * @param newAxisMask makes entry i a new axis of extent 1
 * @param shrinkAxisMask makes entry i the single index `begin`, and removes its axis; `beginMask` has no effect on it
 * @throws when the lists differ in length, name too many axes, or an index is outside of its axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.stridedSlice([0, 1, 2, 3, 4, 5], [1], [6], [2]).print(); // 1, 3, 5
 * ```
 */
export const stridedSlice = op(
  'stridedSlice',
  function stridedSlice(
    x: TensorInput,
    begin: number[],
    end: number[],
    strides?: number[],
    beginMask = 0,
    endMask = 0,
    ellipsisMask = 0,
    newAxisMask = 0,
    shrinkAxisMask = 0,
  ): Tensor {
    const value = asTensor('stridedSlice', 'x', x);
    if (!isIntegers(begin, -Infinity))
      throw wrongArgument('stridedSlice', 'begin', begin, 'an array of integers');
    const steps = strides ?? begin.map(() => 1);
    const masks = { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask };
    for (const [argument, mask] of Object.entries(masks)) assertInteger('stridedSlice', argument, mask, 0);
    const request: Request = {
      begin,
      end,
      strides: steps,
      ...masks,
    };
    assertRequest(request);
    const ranges: AxisRange[] = [];
    const shape: number[] = [];
    for (const entry of layOut(request, value.rank)) {
      if (entry === NEW_AXIS) {
        shape.push(1);
        continue;
      }
      const extent = value.shape[ranges.length]!;
      const range =
        entry === WHOLE
          ? { begin: 0, count: extent, stride: 1, isIndex: false }
          : rangeOf(request, entry, extent);
      ranges.push(range);
      if (!range.isIndex) shape.push(range.count);
    }
    const block = stridedBlock(
      'stridedSlice',
      value,
      ranges.map(({ count }) => count),
      ranges.map((range) => range.begin),
      ranges.map(({ stride }) => stride),
    );
    return reshape(block, shape);
  },
);
