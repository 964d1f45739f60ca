// The ops of rxtensor/ops, against those of TensorFlow.js that it has.
import * as fc from 'fast-check';
import { tf } from '../oracle';
import { between, distinct, integers, ofShape } from '../arbitraries';
import type { Argument, Operand } from '../operand';
import type { Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;

const triple = (low: number, high: number): fc.Arbitrary<number[]> =>
  fc.array(integers(low, high), { minLength: 3, maxLength: 3 });

const small = between(-2, 2);

const anyWindows = fc.record({
  batch: integers(1, 2),
  extents: triple(3, 5),
  filter: triple(1, 3),
  strides: triple(1, 2),
  channels: integers(1, 3),
  out: integers(1, 2),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

/** TensorFlow.js computes a negative padding where a stride passes the end of the filter. */
const windows = anyWindows.filter(({ filter, strides }) =>
  filter.every((extent, i) => extent >= strides[i]!),
);

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

/** Windows over images, and a structuring element. */
const morphologies = (make: typeof ofShape): Drawn =>
  windows.chain(
    ({
      batch,
      extents: [, height, width],
      filter: [, rows, columns],
      strides: [, down, right],
      channels,
      pad,
    }) =>
      fc.tuple(
        make([batch, height!, width!, channels]),
        ofShape([rows!, columns!, channels], between(-1 / 64, 1 / 64)),
        fc.constant([down!, right!]),
        fc.constant(pad),
      ),
  );

/** Queries, keys and values. */
const attended: Drawn = fc
  .tuple(integers(1, 2), integers(1, 4), integers(1, 5), integers(1, 3), integers(1, 3))
  .chain(([batch, queries, keys, width, of]) =>
    fc.tuple(
      ofShape([batch, queries, width], small),
      ofShape([batch, keys, width], small),
      ofShape([batch, keys, of], small),
    ),
  );

export const moreOps: Rows = {
  attention: {
    args: attended,
    gradient: attended,
    oracle: (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) =>
      tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape[2]))), v),
    tolerance: { cpu: 2e-5, webgl: 2e-4 },
  },
  dilation2d: { args: morphologies(ofShape), gradient: morphologies(distinct) },
  erosion2d: {
    args: morphologies(ofShape),
    gradient: morphologies(distinct),
    oracle: (x: tf.Tensor4D, filter: tf.Tensor3D, strides: [number, number], pad: 'same' | 'valid') =>
      tf.neg(tf.dilation2d(tf.neg(x), tf.reverse(filter, [0, 1]), strides, pad)),
  },
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
  conv3dTranspose: { args: transposed, gradient: { none: 'TensorFlow.js has no gradient of it' } },
  maxPool3d: {
    args: pools(ofShape, ['same', 'valid']),
    gradient: pools(distinct, ['same', 'valid']).filter(([, filter]) => {
      const [, height, width] = filter as number[];
      return height === width;
    }),
    oracleIsWrong: 'its gradient goes elsewhere where the height and the width of a window differ',
  },
  avgPool3d: {
    args: pools(ofShape, ['same', 'valid']),
    gradient: pools(ofShape, ['valid']),
    oracleIsWrong: 'its gradient divides by the whole window at a border too',
  },
};
