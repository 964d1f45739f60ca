// The ops of rxtensor/ops, against those of TensorFlow.js that it has.
import * as fc from 'fast-check';
import { between, distinct, integers, ofShape } from '../arbitraries';
import type { Argument, Operand } from '../operand';
import type { Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;

const triple = (low: number, high: number): fc.Arbitrary<number[]> =>
  fc.array(integers(low, high), { minLength: 3, maxLength: 3 });

const small = between(-2, 2);

const windows = fc.record({
  batch: integers(1, 2),
  extents: triple(3, 5),
  filter: triple(1, 3),
  strides: triple(1, 2),
  channels: integers(1, 3),
  out: integers(1, 2),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

const convolutions: Drawn = windows.chain(({ batch, extents, filter, strides, channels, out, pad }) =>
  fc.tuple(
    ofShape([batch, ...extents, channels], small),
    ofShape([...filter, channels, out], small),
    fc.constant(strides),
    fc.constant(pad),
  ),
);

const transposed: Drawn = windows.chain(({ batch, extents, filter, strides, channels, out, pad }) => {
  const result = extents.map((extent, i) =>
    pad === 'same' ? Math.ceil(extent / strides[i]!) : Math.floor((extent - filter[i]!) / strides[i]!) + 1,
  );
  return fc.tuple(
    ofShape([batch, ...result, out], small),
    ofShape([...filter, channels, out], small),
    fc.constant([batch, ...extents, channels]),
    fc.constant(strides),
    fc.constant(pad),
  );
});

const pools = (make: typeof ofShape, paddings: readonly ('same' | 'valid')[]): Drawn =>
  windows
    .filter(({ pad }) => paddings.includes(pad))
    .chain(({ batch, extents, filter, strides, channels, pad }) =>
      fc.tuple(
        make([batch, ...extents, channels]),
        ...[filter, strides, pad].map((each) => fc.constant(each)),
      ),
    );

const noSegments = { none: 'TensorFlow.js has no such op: its spec takes differences' };

/** Slices, their ids (some out of range), and the number of segments. */
const segments: Drawn = fc
  .tuple(integers(0, 8), integers(1, 4), integers(1, 5))
  .chain(([rows, inner, count]) =>
    fc.tuple(
      ofShape([rows, inner], small),
      ofShape([rows], integers(-1, count), 'int32'),
      fc.constant(count),
    ),
  );

/** What f makes of the numbers of each segment, in each column. */
const bySegment =
  (f: (values: readonly number[]) => number) =>
  (x: Operand, ids: Operand, count: number): readonly Operand[] => {
    const inner = x.shape[1]!;
    const values = Array.from({ length: count * inner }, (_, i) =>
      f(
        ids.values.flatMap((id, row) =>
          id === Math.floor(i / inner) ? [x.values[row * inner + (i % inner)]!] : [],
        ),
      ),
    );
    return [{ dtype: 'float32', shape: [count, inner], values }];
  };

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** A matrix, places of its rows (some out of range), and the updates. */
const scatters: Drawn = fc
  .tuple(integers(1, 5), integers(1, 4), integers(0, 6))
  .chain(([rows, inner, count]) =>
    fc.tuple(
      ofShape([rows, inner], small),
      ofShape([count, 1], integers(-1, rows), 'int32'),
      ofShape([count, inner], small),
    ),
  );

const byPlace =
  (f: (...values: number[]) => number) =>
  (x: Operand, at: Operand, updates: Operand): readonly Operand[] => {
    const inner = x.shape[1]!;
    const values = x.values.map((value, i) =>
      f(
        value,
        ...at.values.flatMap((place, row) =>
          place === Math.floor(i / inner) ? [updates.values[row * inner + (i % inner)]!] : [],
        ),
      ),
    );
    return [{ dtype: 'float32', shape: x.shape, values }];
  };

/** The greatest finite float32. */
const FLOAT_MOST = (2 - 2 ** -23) * 2 ** 127;

export const moreOps: Rows = {
  unsortedSegmentMax: {
    args: segments,
    gradient: noSegments,
    definition: bySegment((values) => (values.length === 0 ? -FLOAT_MOST : Math.max(...values))),
  },
  unsortedSegmentMin: {
    args: segments,
    gradient: noSegments,
    definition: bySegment((values) => (values.length === 0 ? FLOAT_MOST : Math.min(...values))),
  },
  unsortedSegmentMean: { args: segments, gradient: noSegments, definition: bySegment(mean) },
  tensorScatterMax: { args: scatters, gradient: noSegments, definition: byPlace(Math.max) },
  tensorScatterMin: { args: scatters, gradient: noSegments, definition: byPlace(Math.min) },
  conv3d: { args: convolutions, gradient: convolutions },
  conv3dTranspose: { args: transposed, gradient: transposed },
  maxPool3d: { args: pools(ofShape, ['same', 'valid']), gradient: pools(distinct, ['same', 'valid']) },
  avgPool3d: {
    args: pools(ofShape, ['same', 'valid']),
    gradient: pools(ofShape, ['valid']),
    oracleIsWrong: 'its gradient divides by the whole window at a border too',
  },
};
