import * as fc from 'fast-check';
import { between, bits, filledShapes, integers, ofShape } from '../arbitraries';
import { tf } from '../oracle';
/** Reduction: none, mean, sum, sum by weights that are not 0. */
const reductions = integers(0, 3);
const unit = between(0.125, 0.875);
const values = between(-3, 3);
/** Weights, some of which are 0, or none. */
const weightsFor = (shape) => fc.oneof(fc.constant(undefined), ofShape(shape, fc.constantFrom(0, 0.5, 1, 2)), ofShape([], fc.constantFrom(0.5, 2)));
/** Labels, predictions, weights, what else there is, and a reduction. */
function loss(labels, predictions, between_ = [], options = {}) {
    const args = filledShapes(1, 3).chain((shape) => fc.tuple(ofShape(shape, labels), ofShape(shape, predictions), weightsFor(shape), ...between_, reductions));
    return { args, gradient: args, by: [1], ...options };
}
const alongAxis = filledShapes(2, 3).chain((shape) => integers(0, shape.length - 1).chain((axis) => {
    const reduced = shape.map((extent, i) => (i === axis ? 1 : extent));
    return fc.tuple(ofShape(shape, values), ofShape(shape, values), fc.constant(axis), weightsFor(reduced), reductions);
}));
const categories = filledShapes(2, 2).chain(([rows, classes]) => fc.tuple(fc.array(integers(0, classes - 1), { minLength: rows, maxLength: rows }).map((chosen) => ({
    dtype: 'float32',
    shape: [rows, classes],
    values: chosen.flatMap((c) => Array.from({ length: classes }, (_, i) => (i === c ? 1 : 0))),
})), ofShape([rows, classes], values), weightsFor([rows]), fc.constantFrom(0, 0.25), reductions));
const weighted = filledShapes(1, 3).chain((shape) => fc.tuple(ofShape(shape, values), weightsFor(shape), reductions));
const rows = {
    absoluteDifference: loss(values, values.map((v) => v + 1 / 128)),
    meanSquaredError: loss(values, values),
    hingeLoss: loss(bits, values.map((v) => v + 1 / 128)),
    huberLoss: loss(values, values.map((v) => v + 1 / 128), [fc.constantFrom(0.5, 1)]),
    logLoss: loss(bits, unit, [fc.constantFrom(1e-7, 1e-3)]),
    sigmoidCrossEntropy: loss(bits, values, [fc.constantFrom(0, 0.25)]),
    softmaxCrossEntropy: { args: categories, gradient: categories, by: [1] },
    cosineDistance: { args: alongAxis, gradient: alongAxis, by: [0, 1] },
    computeWeightedLoss: { args: weighted, gradient: weighted, by: [0] },
};
export const losses = Object.fromEntries(Object.entries(rows).map(([name, row]) => [
    `losses.${name}`,
    { ...row, oracle: tf.losses[name] },
]));
