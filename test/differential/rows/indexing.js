import * as fc from 'fast-check';
import { sizeOf } from '../../../src/kernels';
import { anyType, axisOf, between, bits, broadcastable, filledShapes, integers, mixed, ofAnyType, ofShape, operands, shapes, } from '../arbitraries';
import { tf } from '../oracle';
const gathers = (from) => filledShapes(1, 4).chain((shape) => axisOf(shape.length).chain((axis) => shapes(0, 2).chain((chosen) => fc.tuple(from(shape), ofShape(chosen, integers(0, shape.at(axis) - 1), 'int32'), fc.constant(axis)))));
const batchedGathers = fc
    .tuple(integers(1, 3), integers(1, 4), integers(1, 3), integers(1, 3))
    .chain(([batch, extent, inner, count]) => fc.tuple(ofShape([batch, extent, inner]), ofShape([batch, count], integers(0, extent - 1), 'int32'), fc.constant(1), fc.constant(1)));
/** Indices of `depth` coordinates into a shape, without one twice when `once`. */
function places(shape, depth, count, once) {
    const extents = shape.slice(0, depth);
    const all = sizeOf(extents);
    const flat = once
        ? fc.shuffledSubarray([...Array(all).keys()], {
            minLength: Math.min(count, all),
            maxLength: Math.min(count, all),
        })
        : fc.array(integers(0, all - 1), { minLength: count, maxLength: count });
    return flat.map((chosen) => ({
        dtype: 'int32',
        shape: [chosen.length, depth],
        values: chosen.flatMap((place) => {
            const at = [];
            let rest = place;
            for (const extent of [...extents].reverse()) {
                at.unshift(rest % extent);
                rest = Math.floor(rest / extent);
            }
            return at;
        }),
    }));
}
const indexed = (once) => filledShapes(1, 4).chain((shape) => fc
    .tuple(integers(1, shape.length), integers(1, 4))
    .chain(([depth, count]) => places(shape, depth, count, once))
    .map((indices) => ({ shape, indices })));
const updatesShape = (shape, indices) => [
    indices.shape[0],
    ...shape.slice(indices.shape[1]),
];
const gathersND = indexed(false).chain(({ shape, indices }) => fc.tuple(ofAnyType(shape), fc.constant(indices)));
const scatters = indexed(false).chain(({ shape, indices }) => fc.tuple(fc.constant(indices), ofShape(updatesShape(shape, indices)), fc.constant(shape)));
const updates = indexed(true).chain(({ shape, indices }) => fc.tuple(ofShape(shape), fc.constant(indices), ofShape(updatesShape(shape, indices))));
const segments = (from) => fc
    .tuple(filledShapes(1, 3), integers(1, 4))
    .chain(([shape, count]) => fc.tuple(from(shape), ofShape([shape[0]], integers(0, count - 1), 'int32'), fc.constant(count)));
const counts = (shape) => fc.tuple(ofShape(shape, integers(0, 6), 'int32'), fc.oneof(ofShape(shape), ofShape([0])), integers(1, 6));
const ascending = (rows, extent) => ofShape([rows, extent]).map((x) => ({
    ...x,
    values: Array.from({ length: rows }, (_, i) => x.values.slice(i * extent, (i + 1) * extent).sort((a, b) => a - b)).flat(),
}));
const searches = fc
    .tuple(integers(1, 3), integers(1, 5), integers(1, 4))
    .chain(([rows, extent, count]) => fc.tuple(ascending(rows, extent), ofShape([rows, count])));
const none = { none: 'its result is int32 or does not depend on values' };
const classes = integers(2, 4).chain((n) => integers(1, 6).chain((count) => fc.tuple(ofShape([count], integers(0, n - 1), 'int32'), ofShape([count], integers(0, n - 1), 'int32'), fc.constant(n))));
export const indexing = {
    gather: { args: gathers(ofAnyType), gradient: gathers(ofShape) },
    'gather, in batches': { op: 'gather', args: batchedGathers, gradient: batchedGathers },
    gatherND: { args: gathersND, gradient: { none: 'TensorFlow.js has no gradient of it' } },
    scatterND: { args: scatters, gradient: { none: 'TensorFlow.js has no gradient of it' } },
    tensorScatterUpdate: { args: updates, gradient: { none: 'TensorFlow.js has no gradient of it' } },
    unsortedSegmentSum: { args: segments(ofShape), gradient: segments(ofShape) },
    bincount: { args: integers(1, 6).chain((n) => counts([n])), gradient: none },
    denseBincount: {
        args: fc.tuple(filledShapes(1, 2).chain(counts), fc.boolean()).map(([[x, weights, size], binary]) => [
            x,
            weights,
            size, // Of a vector it counts, asked for binary output or not.
            binary && x.shape.length === 2,
        ]),
        gradient: none,
    },
    'math.confusionMatrix': { args: classes, gradient: none },
    confusionMatrix: { args: classes, gradient: none, oracle: tf.math.confusionMatrix },
    searchSorted: {
        args: fc.tuple(searches, fc.constantFrom('left', 'right')).map(([args, side]) => [...args, side]),
        gradient: none,
    },
    lowerBound: { args: searches, gradient: none },
    upperBound: { args: searches, gradient: none },
    unique: {
        args: filledShapes(1, 3).chain((shape) => fc.tuple(ofShape(shape, bits, 'int32'), axisOf(shape.length))),
        gradient: none,
    },
    broadcastArgs: {
        args: broadcastable(2).map((pair) => pair.map((shape) => ({ dtype: 'int32', shape: [shape.length], values: shape }))),
        gradient: none,
    },
    oneHot: {
        args: fc.tuple(operands(shapes(0, 3), integers(-1, 4), 'int32'), integers(2, 4), between(-1, 1), between(-1, 1)),
        gradient: none,
    },
    'linalg.bandPart': {
        args: mixed(filledShapes(2, 4)).chain((x) => fc.tuple(fc.constant(x), integers(0, x.shape.at(-2)), integers(0, x.shape.at(-1)))),
        gradient: operands(filledShapes(3, 4).map((shape) => shape.map((n) => Math.max(n, 2)))).chain((x) => fc.tuple(fc.constant(x), integers(0, x.shape.at(-2)), integers(0, x.shape.at(-1)))),
    },
    zerosLike: { args: mixed().map((x) => [x]), gradient: none },
    onesLike: { args: mixed().map((x) => [x]), gradient: none },
    zeros: { args: anyType.chain(({ dtype }) => fc.tuple(shapes(), fc.constant(dtype))), gradient: none },
    ones: { args: anyType.chain(({ dtype }) => fc.tuple(shapes(), fc.constant(dtype))), gradient: none },
    fill: { args: fc.tuple(shapes(), integers(-9, 9), fc.constantFrom('float32', 'int32')), gradient: none },
    eye: {
        args: fc.tuple(integers(1, 5), integers(1, 5), fc.oneof(fc.constant(undefined), fc.array(integers(1, 2), { minLength: 1, maxLength: 2 }))),
        gradient: none,
    },
    diag: {
        args: mixed(filledShapes(1, 3)).map((x) => [x]),
        gradient: { none: 'TensorFlow.js has no gradient of it' },
    },
    linspace: { args: fc.tuple(between(-4, 4), between(-4, 4), integers(1, 9)), gradient: none },
    range: {
        args: fc
            .tuple(integers(-9, 9), integers(-9, 9), fc.constantFrom(1, 2, 3), fc.constantFrom('float32', 'int32'))
            .map(([a, b, by, type]) => [a, b, a <= b ? by : -by, type]),
        gradient: none,
    },
};
