import { assertInteger, isIntegers, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { reshape } from './reshape';
import { stridedBlock } from './slice';

/** What one axis of x contributes: a range of it, of which `isIndex` is a single place whose axis goes away. */
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
/** An entry of the request, or what stands without one. */
type Place = number | typeof WHOLE | typeof NEW_AXIS;

/** Which entry of the request speaks for each axis of x, new axes in between: an ellipsis (or the end) stands for all axes left over. */
function layOut(request: Request, rank: number): Place[] {
  const { ellipsisMask, newAxisMask, begin } = request;
  const has = (mask: number, i: number): boolean => (mask & (1 << i)) !== 0;
  const entries = begin.map((_, i) => i);
  const ellipses = entries.filter((i) => has(ellipsisMask, i));
  if (ellipses.length > 1) {
    throw new Error(
      `stridedSlice: argument 'ellipsisMask' is ${ellipsisMask}, of ${ellipses.length} ellipses; wanted one at most`,
    );
  }
  const named = entries.filter((i) => !has(ellipsisMask, i) && !has(newAxisMask, i)).length;
  if (named > rank) {
    throw new Error(
      `stridedSlice: argument 'begin' is ${formatShape(begin)}, which names ${named} axes; wanted at most ${rank}, as x has`,
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
    // TensorFlow's definition: an index is `begin`, which `beginMask` does not touch.
    const index = fromFront(begin[i]!);
    if (stride < 0) {
      throw new Error(
        `stridedSlice: argument 'strides' is ${stride} at entry ${i}, which 'shrinkAxisMask' makes an index; wanted 1`,
      );
    }
    if (index < 0 || index >= extent) {
      throw new Error(
        `stridedSlice: argument 'begin' is ${begin[i]} at entry ${i}; wanted an index into an axis of ${extent}`,
      );
    }
    return { begin: index, count: 1, stride: 1, isIndex: true };
  }
  // Backwards the places run from the last down to "before the first".
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
    throw new Error(`stridedSlice: argument 'strides' is ${formatShape(strides)}; wanted no 0`);
}

/**
 * Every stride-th element of x between `begin` and `end` (which is left out), along each axis: `x[begin:end:stride, …]` of Python.
 * Negative places count from the end; a negative stride walks backwards. Bit i of a mask is about entry i of the lists:
 *
 * @param strides 1 when left out
 * @param beginMask entry i begins at the first element (the last, if its stride is negative), whatever `begin` says; no index does
 * @param endMask entry i goes to the end
 * @param ellipsisMask entry i stands for all axes that no other entry names: `…`
 * @param newAxisMask entry i is a new axis of extent 1
 * @param shrinkAxisMask entry i is the one place `begin`, and its axis goes away
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
