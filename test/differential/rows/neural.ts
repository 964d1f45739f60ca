import * as fc from 'fast-check';
import { between, distinct, filledShapes, integers, ofNumbers, ofShape } from '../arbitraries';
import { besideKink, type Argument, type Operand, type Options } from '../operand';
import { tf } from '../oracle';
import type { Call, Row, Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;

/** How a window of 1 to 3 slides over images: strides and dilations are not both greater than 1, as TensorFlow asks. */
interface Sliding {
  readonly window: [number, number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: 'same' | 'valid' | number | [number, number][];
  readonly rounding: 'floor' | 'round' | 'ceil' | undefined;
  readonly format: 'NHWC' | 'NCHW';
  /** Batch, height, width; the window fits. */
  readonly images: [number, number, number];
  readonly channels: number;
}

const pair = (low: number, high: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(integers(low, high), integers(low, high));

const square = ([n]: [number, number]): [number, number] => [n, n];

const sliding: fc.Arbitrary<Sliding> = fc
  .record({
    window: pair(1, 3),
    strides: pair(1, 2),
    dilations: pair(1, 2),
    dilated: fc.boolean(),
    pad: fc.oneof(
      fc.constantFrom('same' as const, 'valid' as const),
      integers(0, 1),
      fc.tuple(pair(0, 1), pair(0, 1)).map(([y, x]): [number, number][] => [[0, 0], y, x, [0, 0]]),
    ),
    rounding: fc.constantFrom('floor' as const, 'round' as const, 'ceil' as const),
    format: fc.constantFrom('NHWC' as const, 'NHWC' as const, 'NCHW' as const),
    extra: pair(0, 4),
    batch: integers(1, 2),
    channels: integers(1, 5),
  })
  // With a number for padding, TensorFlow.js takes the height's window, stride and dilation for the width too.
  .map((drawn) =>
    typeof drawn.pad !== 'number'
      ? drawn
      : {
          ...drawn,
          window: square(drawn.window),
          strides: square(drawn.strides),
          dilations: square(drawn.dilations),
        },
  )
  .map(({ dilated, extra, batch, window, strides, dilations, pad, rounding, format, ...rest }) => {
    const spread: [number, number] = dilated ? dilations : [1, 1];
    const reach = window.map((n, i) => (n - 1) * spread[i]! + 1);
    return {
      ...rest,
      window,
      strides: dilated ? [1, 1] : strides,
      dilations: spread,
      // Explicit paddings are in the order of the format's axes.
      pad: Array.isArray(pad) && format === 'NCHW' ? [pad[0]!, pad[3]!, pad[1]!, pad[2]!] : pad,
      // TensorFlow.js takes a rounding for numbers only.
      rounding: typeof pad === 'string' ? undefined : rounding,
      format,
      images: [batch, reach[0]! + extra[0], reach[1]! + extra[1]],
    };
  });

const imagesOf = ({ images: [batch, h, w], channels, format }: Sliding): number[] =>
  format === 'NHWC' ? [batch, h, w, channels] : [batch, channels, h, w];

const small = between(-2, 2);

const convolutions: Drawn = fc
  .tuple(sliding, integers(1, 5))
  .chain(([s, out]) =>
    fc.tuple(
      ofShape(imagesOf(s), small),
      ofShape([...s.window, s.channels, out], small),
      ...[s.strides, s.pad, s.format, s.dilations, s.rounding].map((each) => fc.constant(each as Argument)),
    ),
  );

/**
 * TensorFlow.js knows NCHW in conv2d alone: elsewhere the images are brought into NHWC, and their paddings.
 *
 * @param format its place among the arguments
 */
const channelsLast =
  (call: Call, format: number, pad: number): Call =>
  (...args: never[]) => {
    if (args[format] !== ('NCHW' as never)) return call(...args);
    const given: unknown[] = [...args];
    given[0] = tf.transpose(given[0] as tf.Tensor, [0, 2, 3, 1]);
    given[format] = 'NHWC';
    const padding = given[pad];
    if (Array.isArray(padding)) given[pad] = [0, 2, 3, 1].map((axis) => padding[axis] as unknown);
    return tf.transpose(call(...(given as never[])) as tf.Tensor, [0, 3, 1, 2]);
  };

const depthwise: Drawn = fc
  .tuple(sliding, integers(1, 2))
  .chain(([s, multiplier]) =>
    fc.tuple(
      ofShape(imagesOf(s), small),
      ofShape([...s.window, s.channels, multiplier], small),
      ...[s.strides, s.pad, s.format, s.dilations, s.rounding].map((each) => fc.constant(each as Argument)),
    ),
  );

const separable: Drawn = fc
  .tuple(sliding, integers(1, 2), integers(1, 4))
  .chain(([s, multiplier, out]) =>
    fc.tuple(
      ofShape(imagesOf(s), small),
      ofShape([...s.window, s.channels, multiplier], small),
      ofShape([1, 1, s.channels * multiplier, out], small),
      ...[s.strides, s.pad, s.dilations, s.format].map((each) => fc.constant(each as Argument)),
    ),
  );

const sequences: Drawn = fc.tuple(sliding, integers(1, 4), fc.boolean()).chain(([s, out, batched]) =>
  fc.tuple(
    ofShape([...(batched ? [s.images[0]] : []), s.images[1], s.channels], small),
    ofShape([s.window[0], s.channels, out], small),
    // A number for padding it adds to the height too, of which there is none.
    ...[s.strides[0], typeof s.pad === 'string' ? s.pad : 'same', 'NWC', s.dilations[0]].map((each) =>
      fc.constant(each as Argument),
    ),
  ),
);

const transposed: Drawn = fc
  .tuple(
    pair(1, 3),
    pair(1, 2),
    fc.oneof(
      fc.constantFrom('same' as const, 'valid' as const),
      integers(0, 1),
      fc.tuple(pair(0, 1), pair(0, 1)),
    ),
    pair(2, 4),
    integers(1, 2),
    integers(1, 3),
    integers(1, 3),
  )
  .chain(([drawn, by, pad, extents, batch, channels, out]) => {
    // As above: a number is taken for the height's window and stride.
    const [window, strides] = typeof pad === 'number' ? [square(drawn), square(by)] : [drawn, by];
    const result = extents.map((n, i) => {
      if (pad === 'same') return n * strides[i]!;
      const [before, behind] = pad === 'valid' ? [0, 0] : typeof pad === 'number' ? [pad, pad] : pad[i]!;
      return (n - 1) * strides[i]! + window[i]! - before - behind;
    });
    return fc.tuple(
      ofShape([batch, ...extents, channels], small),
      ofShape([...window, out, channels], small),
      fc.constant([batch, ...result, out]),
      fc.constant(strides),
      fc.constant(typeof pad === 'object' ? [[0, 0], ...pad, [0, 0]] : pad),
    );
  })
  .filter(([, , shape]) => shape.every((extent) => extent > 0));

type PoolPadding = 'same' | 'valid' | 'number' | 'explicit';

/** Padding is always less than the window, so that no window lies outside of the image: rounded up, one may. */
const pools = (
  images: (shape: number[]) => fc.Arbitrary<Operand>,
  paddings: readonly PoolPadding[] = ['same', 'valid', 'number', 'explicit'],
): Drawn =>
  fc.tuple(sliding, fc.constantFrom(...paddings), fc.boolean()).chain(([s, kind, batched]) => {
    const by = kind === 'number' ? { window: square(s.window), strides: square(s.strides) } : s;
    const [batch, height, width] = s.images;
    const extents = [Math.max(height, by.window[0]), Math.max(width, by.window[1])];
    const below = (n: number): fc.Arbitrary<[number, number]> => pair(0, n - 1);
    const pad: fc.Arbitrary<Argument> =
      kind === 'number'
        ? integers(0, by.window[0] - 1)
        : kind === 'explicit'
          ? fc.tuple(below(by.window[0]), below(by.window[1])).map(([y, x]) => [[0, 0], y, x, [0, 0]])
          : fc.constant(kind);
    return fc.tuple(
      images([...(batched ? [batch] : []), ...extents, s.channels]),
      fc.constant(by.window),
      fc.constant(by.strides),
      pad,
      ...(kind === 'number' ? [fc.constant('floor')] : []),
    );
  });

/** Dilated windows as TensorFlow.js pools them rightly: with 'same' it takes the zeros outside of the image for elements. */
const dilatedPools = (type: 'max' | 'avg'): Drawn =>
  sliding.chain((s) =>
    fc.tuple(
      distinct(imagesOf({ ...s, format: 'NHWC' })),
      ...[s.window, type, 'valid', s.dilations, s.strides].map((each) => fc.constant(each as Argument)),
    ),
  );

const normalized = (rank: readonly [number, number], order: readonly number[]): Drawn =>
  filledShapes(...rank).chain((shape) => {
    const last = [shape.at(-1)];
    return fc
      .tuple(
        ofShape(shape),
        ofShape(last),
        ofShape(last, between(0.5, 2)),
        ofShape(last),
        ofShape(last),
        fc.constantFrom(0.001, 0.1),
      )
      .map((all): readonly Argument[] => order.map((i) => all[i]));
  });
const NOW = [0, 1, 2, 3, 4, 5];
/** mean, variance, epsilon, scale, offset: as in the first versions. */
const EARLIER = [0, 1, 2, 5, 4, 3];

const normalization = (rank: readonly [number, number], order: readonly number[]): Row => ({
  args: normalized(rank, order),
  gradient: normalized(rank, order),
  oracle:
    order === NOW
      ? tf.batchNorm
      : (
          x: tf.Tensor,
          mean: tf.Tensor1D,
          variance: tf.Tensor1D,
          epsilon: number,
          scale: tf.Tensor1D,
          offset: tf.Tensor1D,
        ) => tf.batchNorm(x, mean, variance, offset, scale, epsilon),
});

const responses: Drawn = filledShapes(4, 4).chain((shape) =>
  fc.tuple(
    ofShape(shape),
    integers(0, 3),
    fc.constantFrom(1, 2),
    fc.constantFrom(0.5, 1),
    fc.constantFrom(0.5, 0.75),
  ),
);

const cells: Drawn = fc
  .tuple(integers(1, 3), integers(1, 4), integers(1, 4))
  .chain(([batch, n, units]) =>
    fc.tuple(
      ofShape([]),
      ofShape([n + units, 4 * units], small),
      ofShape([4 * units], small),
      ofShape([batch, n], small),
      ofShape([batch, units], small),
      ofShape([batch, units], small),
    ),
  );

const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu');
const fused = (
  from: Drawn,
  channels: (filter: Operand) => number,
  adapt = (options: Options, _bias: Operand): Options => options,
): Drawn =>
  fc
    .tuple(from, activations, fc.boolean())
    .chain(([[x, filter, strides, pad, dataFormat, dilations, dimRoundingMode], activation, biased]) => {
      const each = ofShape([channels(filter as Operand)], small);
      return fc.tuple(each, each).map(([bias, slopes]): readonly Argument[] => [
        adapt(
          {
            x,
            filter,
            strides,
            pad,
            dataFormat,
            dilations,
            activation,
            leakyreluAlpha: 0.25,
            ...(biased ? { bias } : {}),
            ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}),
            ...(dimRoundingMode ? { dimRoundingMode } : {}),
          },
          bias,
        ),
      ]);
    });
/** TensorFlow.js derives the gradients of fused activations in NHWC, without dilations and explicit padding. */
const plainConvolutions: Drawn = fc
  .tuple(sliding, integers(1, 4), fc.constantFrom('same', 'valid'))
  .chain(([s, out, pad]) =>
    fc.tuple(
      ofShape(imagesOf({ ...s, format: 'NHWC' }), between(0.25, 1)),
      ofShape([...s.window, s.channels, out], between(0.25, 1)),
      fc.constant(s.strides),
      fc.constant(pad),
      fc.constant('NHWC'),
      fc.constant([1, 1]),
    ),
  );
const inNHWC = (from: Drawn): Drawn => from.filter((args) => args[4] === 'NHWC');

/** Without dilation. */
const isPlain = (dilations: Argument): boolean => JSON.stringify(dilations) === '[1,1]';

export const neural: Rows = {
  conv1d: { args: sequences, gradient: sequences.filter((args) => args[5] === 1) },
  conv2d: {
    args: convolutions,
    gradient: convolutions.filter(
      ([, , , , , dilations, rounding]) => isPlain(dilations) && (rounding ?? 'floor') === 'floor',
    ),
  },
  conv2dTranspose: { args: transposed, gradient: transposed },
  depthwiseConv2d: {
    args: depthwise,
    oracle: channelsLast(tf.depthwiseConv2d, 4, 3),
    gradient: depthwise.filter((args) => isPlain(args[5])),
  },
  separableConv2d: {
    args: separable,
    oracle: channelsLast(tf.separableConv2d, 6, 4),
    // It refuses dilations in the gradient.
    gradient: separable.filter((args) => isPlain(args[5])),
  },
  maxPool: { args: pools(ofNumbers), gradient: pools(distinct) },
  avgPool: {
    args: pools(ofShape),
    gradient: pools(ofShape, ['valid']),
    oracleIsWrong: 'its gradient divides by the whole window at a border too',
  },
  minPool: {
    args: pools(ofNumbers),
    gradient: pools(distinct),
    oracle: (
      x: tf.Tensor4D,
      window: [number, number],
      strides: [number, number],
      pad: 'same' | 'valid',
      rounding?: 'floor',
    ) => tf.neg(tf.maxPool(tf.neg(x), window, strides, pad, rounding)),
  },
  maxPoolWithArgmax: {
    args: fc
      .tuple(pools(distinct, ['same', 'valid']), fc.boolean())
      .filter(([args]) => (args[0] as Operand).shape.length === 4)
      .map(([args, inBatch]) => [...args.slice(0, 4), inBatch]),
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  },
  'pool, max': { op: 'pool', args: dilatedPools('max'), gradient: dilatedPools('max') },
  'pool, avg': { op: 'pool', args: dilatedPools('avg'), gradient: dilatedPools('avg') },
  batchNorm: normalization([1, 4], NOW),
  batchNorm2d: normalization([2, 2], NOW),
  batchNorm3d: normalization([3, 3], NOW),
  batchNorm4d: normalization([4, 4], NOW),
  batchNormalization: normalization([2, 4], EARLIER),
  batchNormalization2d: normalization([2, 2], EARLIER),
  batchNormalization3d: normalization([3, 3], EARLIER),
  batchNormalization4d: normalization([4, 4], EARLIER),
  localResponseNormalization: { args: responses, gradient: responses },
  basicLSTMCell: { args: cells, gradient: cells },
  'fused.conv2d': {
    args: fused(inNHWC(convolutions), (filter) => filter.shape[3]!),
    gradient: fused(plainConvolutions, (filter) => filter.shape[3]!, besideKink),
  },
  'fused.depthwiseConv2d': {
    args: fused(inNHWC(depthwise), (filter) => filter.shape[2]! * filter.shape[3]!),
    gradient: { none: 'it is depthwiseConv2d, add and the activation, whose rows it shares' },
  },
};
