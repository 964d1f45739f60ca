import * as fc from 'fast-check';
import { anyType, axesOf, axisOf, between, bits, distinct, filledShapes, integers, mixed, numeric, ofShape, operands, shapes, } from '../arbitraries';
/** A tensor, some of its axes, and keepDims. */
const overAxes = (x) => x.chain((each) => fc.tuple(fc.constant(each), axesOf(each.shape.length), fc.boolean()));
const alongAxis = (x) => x.chain((each) => fc.tuple(fc.constant(each), axisOf(each.shape.length)));
const positive = between(0.5, 2);
const floats = operands(filledShapes());
const distinctValues = filledShapes().chain(distinct);
const none = { none: 'its result is int32 or bool' };
function reduction(options = {}) {
    return { args: overAxes(mixed(filledShapes())), gradient: overAxes(floats), ...options };
}
const running = (values) => operands(filledShapes(1, 5), values).chain((x) => 
// Of a negative axis, TensorFlow.js makes a sum that drops the axis.
fc.tuple(fc.constant(x), integers(0, x.shape.length - 1), fc.boolean(), fc.boolean()));
const normOrders = fc.constantFrom(1, 2, Infinity, -Infinity, 'euclidean');
const norms = (x) => x.chain((each) => fc.tuple(fc.constant(each), normOrders, axisOf(each.shape.length), fc.boolean()));
const euclidean = (x) => x.chain((each) => fc.tuple(fc.constant(each), axisOf(each.shape.length), fc.boolean()));
export const reductions = {
    sum: reduction(),
    mean: reduction(),
    prod: reduction({
        args: overAxes(anyType.chain(({ dtype }) => operands(filledShapes(0, 4), integers(dtype === 'bool' ? 0 : -2, dtype === 'bool' ? 1 : 2), dtype))),
        // An axis from the end is an error in its gradient.
        gradient: overAxes(operands(filledShapes(0, 3), positive)).map(([x, axis, keep]) => [
            x,
            typeof axis === 'number'
                ? Math.abs(axis) % x.shape.length
                : axis?.map((each) => (each + x.shape.length) % x.shape.length),
            keep,
        ]),
        tolerance: 1e-4,
    }),
    max: reduction({ args: overAxes(numeric(filledShapes())), gradient: overAxes(distinctValues) }),
    min: reduction({ args: overAxes(numeric(filledShapes())), gradient: overAxes(distinctValues) }),
    all: reduction({ args: overAxes(operands(filledShapes(), bits, 'bool')), gradient: none }),
    any: reduction({ args: overAxes(operands(filledShapes(), bits, 'bool')), gradient: none }),
    argMax: { args: alongAxis(mixed(filledShapes(1))), gradient: none },
    argMin: { args: alongAxis(mixed(filledShapes(1))), gradient: none },
    logSumExp: reduction({ args: overAxes(floats) }),
    moments: reduction(),
    norm: {
        args: norms(operands(filledShapes(1, 4), positive)),
        gradient: norms(filledShapes(1, 3).chain(distinct)),
    },
    euclideanNorm: {
        args: euclidean(operands(filledShapes(1, 4), positive)),
        gradient: euclidean(operands(filledShapes(1, 4), positive)),
    },
    cumsum: {
        args: running(between(-4, 4)), // In its gradient, TensorFlow.js moves axes back by the permutation that it moved them with.
        gradient: running(between(-4, 4)).filter(([x]) => x.shape.length === 1),
    },
    cumprod: { args: running(positive), gradient: { none: 'TensorFlow.js has no gradient of it' } },
    softmax: {
        args: operands(shapes(1)).map((x) => [x]),
        gradient: operands(filledShapes(1)).map((x) => [x]),
    },
    logSoftmax: {
        args: operands(shapes(1)).map((x) => [x]),
        gradient: operands(filledShapes(1)).map((x) => [x]),
    },
    movingAverage: {
        args: filledShapes().chain((shape) => fc.tuple(ofShape(shape), ofShape(shape), between(0.25, 0.875), integers(1, 9), fc.boolean())),
        gradient: {
            none: 'it is a chain of other ops, which TensorFlow.js refuses to differentiate by decay alone',
        },
    },
};
