import * as fc from 'fast-check';
import { between, distinct, filledShapes, integers, ofShape } from '../arbitraries';
import { tf } from '../oracle';
const pair = (low, high) => fc.tuple(integers(low, high), integers(low, high));
const square = ([n]) => [n, n];
const sliding = fc
    .record({
    window: pair(1, 3),
    strides: pair(1, 2),
    dilations: pair(1, 2),
    dilated: fc.boolean(),
    pad: fc.oneof(fc.constantFrom('same', 'valid'), integers(0, 1), fc.tuple(pair(0, 1), pair(0, 1)).map(([y, x]) => [[0, 0], y, x, [0, 0]])),
    rounding: fc.constantFrom('floor', 'round', 'ceil'),
    format: fc.constantFrom('NHWC', 'NHWC', 'NCHW'),
    extra: pair(0, 4),
    batch: integers(1, 2),
    channels: integers(1, 5),
})
    // With a number for padding, TensorFlow.js takes the height's window, stride and dilation for the width too.
    .map((drawn) => typeof drawn.pad !== 'number'
    ? drawn
    : {
        ...drawn,
        window: square(drawn.window),
        strides: square(drawn.strides),
        dilations: square(drawn.dilations),
    })
    .map(({ dilated, extra, batch, window, strides, dilations, pad, rounding, format, ...rest }) => {
    const spread = dilated ? dilations : [1, 1];
    const reach = window.map((n, i) => (n - 1) * spread[i] + 1);
    return {
        ...rest,
        window,
        strides: dilated ? [1, 1] : strides,
        dilations: spread,
        // Explicit paddings are in the order of the format's axes.
        pad: Array.isArray(pad) && format === 'NCHW' ? [pad[0], pad[3], pad[1], pad[2]] : pad,
        // TensorFlow.js takes a rounding for numbers only.
        rounding: typeof pad === 'string' ? undefined : rounding,
        format,
        images: [batch, reach[0] + extra[0], reach[1] + extra[1]],
    };
});
const imagesOf = ({ images: [batch, h, w], channels, format }) => format === 'NHWC' ? [batch, h, w, channels] : [batch, channels, h, w];
const small = between(-2, 2);
const convolutions = fc
    .tuple(sliding, integers(1, 5))
    .chain(([s, out]) => fc.tuple(ofShape(imagesOf(s), small), ofShape([...s.window, s.channels, out], small), ...[s.strides, s.pad, s.format, s.dilations, s.rounding].map((each) => fc.constant(each))));
const depthwise = fc
    .tuple(sliding.map((s) => ({
    ...s,
    format: 'NHWC',
    ...(Array.isArray(s.pad) ? { pad: 'same', rounding: undefined } : {}),
})), integers(1, 2))
    .chain(([s, multiplier]) => fc.tuple(ofShape(imagesOf(s), small), ofShape([...s.window, s.channels, multiplier], small), ...[s.strides, s.pad, 'NHWC', s.dilations, s.rounding].map((each) => fc.constant(each))));
const separable = fc
    .tuple(sliding, integers(1, 2), integers(1, 4), fc.constantFrom('same', 'valid'))
    .chain(([s, multiplier, out, pad]) => fc.tuple(ofShape(imagesOf({ ...s, format: 'NHWC' }), small), ofShape([...s.window, s.channels, multiplier], small), ofShape([1, 1, s.channels * multiplier, out], small), ...[s.strides, pad, s.dilations].map((each) => fc.constant(each))));
const sequences = fc
    .tuple(sliding, integers(1, 4))
    .chain(([s, out]) => fc.tuple(ofShape([s.images[0], s.images[1], s.channels], small), ofShape([s.window[0], s.channels, out], small), ...[s.strides[0], typeof s.pad === 'string' ? s.pad : 'same', 'NWC', s.dilations[0], undefined].map((each) => fc.constant(each))));
const transposed = fc
    .tuple(pair(1, 3), pair(1, 2), fc.constantFrom('same', 'valid'), pair(1, 4), integers(1, 2), integers(1, 3), integers(1, 3))
    .chain(([window, strides, pad, extents, batch, channels, out]) => {
    const result = extents.map((n, i) => pad === 'same' ? n * strides[i] : (n - 1) * strides[i] + window[i]);
    return fc.tuple(ofShape([batch, ...extents, channels], small), ofShape([...window, out, channels], small), fc.constant([batch, ...result, out]), fc.constant(strides), fc.constant(pad));
});
/** TensorFlow.js pools in NHWC only; padding by number is left out, since a window may then lie outside of the image. */
const pools = (images, pads = ['same', 'valid', 0]) => fc.tuple(sliding, fc.constantFrom(...pads), fc.constantFrom('floor')).chain(([s, pad, rounding]) => {
    const by = pad === 0 ? { window: square(s.window), strides: square(s.strides) } : s;
    const [batch, height, width] = s.images;
    const extents = [Math.max(height, by.window[0]), Math.max(width, by.window[1])];
    return fc.tuple(images([batch, ...extents, s.channels]), fc.constant(by.window), fc.constant(by.strides), fc.constant(pad), ...(pad === 0 ? [fc.constant(rounding)] : []));
});
/** Dilated windows as TensorFlow.js pools them rightly: with 'same' it takes the zeros outside of the image for elements. */
const dilatedPools = (type) => sliding.chain((s) => fc.tuple(distinct(imagesOf({ ...s, format: 'NHWC' })), ...[s.window, type, 'valid', s.dilations, s.strides].map((each) => fc.constant(each))));
const normalized = (rank, order) => filledShapes(...rank).chain((shape) => {
    const last = [shape.at(-1)];
    return fc
        .tuple(ofShape(shape), ofShape(last), ofShape(last, between(0.5, 2)), ofShape(last), ofShape(last), fc.constantFrom(0.001, 0.1))
        .map((all) => order.map((i) => all[i]));
});
const NOW = [0, 1, 2, 3, 4, 5];
/** mean, variance, epsilon, scale, offset: as in the first versions. */
const EARLIER = [0, 1, 2, 5, 4, 3];
const normalization = (rank, order) => ({
    args: normalized(rank, order),
    gradient: normalized(rank, order),
    oracle: order === NOW
        ? tf.batchNorm
        : (x, mean, variance, epsilon, scale, offset) => tf.batchNorm(x, mean, variance, offset, scale, epsilon),
});
const responses = filledShapes(4, 4).chain((shape) => fc.tuple(ofShape(shape), integers(0, 3), fc.constantFrom(1, 2), fc.constantFrom(0.5, 1), fc.constantFrom(0.5, 0.75)));
const cells = fc
    .tuple(integers(1, 3), integers(1, 4), integers(1, 4))
    .chain(([batch, n, units]) => fc.tuple(ofShape([]), ofShape([n + units, 4 * units], small), ofShape([4 * units], small), ofShape([batch, n], small), ofShape([batch, units], small), ofShape([batch, units], small)));
const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu');
const fused = (from, channels) => fc.tuple(from, activations).chain(([[x, filter, strides, pad, , dilations, dimRoundingMode], activation]) => ofShape([channels(filter)], small).map((bias) => [
    {
        x,
        filter,
        strides,
        pad,
        dilations,
        bias,
        activation,
        leakyreluAlpha: 0.25,
        ...(dimRoundingMode ? { dimRoundingMode } : {}),
    },
]));
/** TensorFlow.js derives the gradients of fused activations in NHWC, without dilations and explicit padding. */
const plainConvolutions = fc
    .tuple(sliding, integers(1, 4), fc.constantFrom('same', 'valid'))
    .chain(([s, out, pad]) => fc.tuple(ofShape(imagesOf({ ...s, format: 'NHWC' }), between(0.25, 1)), ofShape([...s.window, s.channels, out], between(0.25, 1)), fc.constant(s.strides), fc.constant(pad), fc.constant('NHWC'), fc.constant([1, 1])));
const fusedForward = convolutions.filter(([, , , pad, format]) => format === 'NHWC' && !Array.isArray(pad));
/** Without dilation. */
const isPlain = (dilations) => JSON.stringify(dilations) === '[1,1]';
export const neural = {
    conv1d: { args: sequences, gradient: sequences.filter((args) => args[5] === 1) },
    conv2d: {
        args: convolutions,
        gradient: convolutions.filter(([, , , , , dilations, rounding]) => isPlain(dilations) && (rounding ?? 'floor') === 'floor'),
    },
    conv2dTranspose: { args: transposed, gradient: transposed },
    depthwiseConv2d: { args: depthwise, gradient: depthwise.filter((args) => isPlain(args[5])) },
    separableConv2d: {
        args: separable,
        // It refuses dilations in the gradient.
        gradient: separable.filter((args) => isPlain(args[5])),
    },
    maxPool: { args: pools(ofShape), gradient: pools(distinct) },
    avgPool: {
        args: pools(ofShape),
        gradient: pools(ofShape, ['valid']),
        oracleIsWrong: 'its gradient divides by the whole window at a border too',
    },
    minPool: {
        args: pools(ofShape),
        gradient: pools(distinct),
        oracle: (x, window, strides, pad, rounding) => tf.neg(tf.maxPool(tf.neg(x), window, strides, pad, rounding)),
    },
    maxPoolWithArgmax: {
        args: pools(distinct).map((args) => [...args.slice(0, 3), args[3] === 0 ? 'valid' : args[3], true]),
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
        args: fused(fusedForward, (filter) => filter.shape[3]),
        gradient: fused(plainConvolutions, (filter) => filter.shape[3]),
    },
    'fused.depthwiseConv2d': {
        args: fused(depthwise, (filter) => filter.shape[2] * filter.shape[3]),
        gradient: { none: 'it is depthwiseConv2d, add and the activation, whose rows it shares' },
    },
};
