import * as fc from 'fast-check';
import { sizeOf } from '../../src/kernels';
/** Multiples of 1/64 in [low, high]: exact in float32, and so are their sums. */
export function between(low, high) {
    return fc.integer({ min: Math.ceil(low * 64), max: Math.floor(high * 64) }).map((n) => n / 64);
}
export const integers = (low, high) => fc.integer({ min: low, max: high });
export const bits = integers(0, 1);
/** Values, and now and then NaN, an infinity, −0, or a number that is very small or large. */
export function withSpecial(values) {
    const special = [NaN, Infinity, -Infinity, -0, 0, 2 ** -60, -(2 ** -60), 2 ** 60, -(2 ** 60)];
    return fc.oneof({ weight: 14, arbitrary: values }, { weight: 1, arbitrary: fc.constantFrom(...special) });
}
const extent = (most) => fc.oneof({ weight: 18, arbitrary: integers(1, most) }, { weight: 1, arbitrary: fc.constant(0) });
/** Shapes of a rank from `low` to `high`, small ones, an empty one in about ten. */
export function shapes(low = 0, high = 6) {
    return integers(low, high).chain((rank) => fc.array(extent(rank > 4 ? 2 : rank > 2 ? 3 : 5), { minLength: rank, maxLength: rank }));
}
/** Shapes without a 0. */
export function filledShapes(low = 0, high = 6) {
    return integers(low, high).chain((rank) => fc.array(integers(1, rank > 4 ? 2 : rank > 2 ? 3 : 5), { minLength: rank, maxLength: rank }));
}
/** Operands of a shape. */
export function ofShape(shape, values = between(-4, 4), dtype = 'float32') {
    const size = sizeOf(shape);
    return fc
        .array(values, { minLength: size, maxLength: size })
        .map((drawn) => ({ dtype, shape, values: drawn }));
}
/** Operands of any shape of some. */
export function operands(from = shapes(), values, dtype) {
    return from.chain((shape) => ofShape(shape, values, dtype));
}
/** No two values of it are the same, none is 0, and all are at least 1/16 apart: where maxima and sorting are differentiable. */
export function distinct(shape) {
    const size = sizeOf(shape);
    const places = Array.from({ length: size }, (_, i) => (i - size / 2) / 8 + 1 / 32);
    return fc
        .shuffledSubarray(places, { minLength: size, maxLength: size })
        .map((values) => ({ dtype: 'float32', shape, values }));
}
/** Each dtype, with values that are in it. */
export const anyType = fc.constantFrom({ dtype: 'float32', values: between(-4, 4) }, { dtype: 'int32', values: integers(-9, 9) }, { dtype: 'bool', values: bits });
/** Operands of a shape, of any dtype. */
export function ofAnyType(shape) {
    return anyType.chain(({ dtype, values }) => ofShape(shape, values, dtype));
}
/** Each dtype of numbers: TensorFlow.js computes with bool as with int32, and calls the result bool. */
export const anyNumber = anyType.filter(({ dtype }) => dtype !== 'bool');
/** Operands of a shape, of any dtype of numbers. */
export function ofNumbers(shape) {
    return anyNumber.chain(({ dtype, values }) => ofShape(shape, values, dtype));
}
/** Operands of any dtype of numbers, of any shape of some. */
export function numeric(from = shapes()) {
    return from.chain(ofNumbers);
}
/** Operands of any dtype and of any shape of some. */
export function mixed(from = shapes()) {
    return from.chain(ofAnyType);
}
/** As many shapes as asked for, which broadcast with each other. */
export function broadcastable(count, from = shapes(0, 5)) {
    return from.chain((shape) => fc.array(fc
        .tuple(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: integers(0, shape.length) }), fc.array(integers(0, 4), { minLength: shape.length, maxLength: shape.length }))
        .map(([dropped, ones]) => shape.map((each, i) => (ones[i] === 0 ? 1 : each)).slice(dropped)), { minLength: count, maxLength: count }));
}
/** Axes of a rank, some from the end; undefined now and then: all. */
export function axesOf(rank) {
    const all = Array.from({ length: rank }, (_, i) => i);
    const some = fc
        .tuple(fc.subarray(all), fc.boolean())
        .map(([axes, behind]) => axes.map((axis) => (behind ? axis - rank : axis)));
    return rank === 0
        ? fc.constant(undefined)
        : fc.oneof(fc.constant(undefined), integers(-rank, rank - 1), some);
}
export const axisOf = (rank) => integers(-rank, rank - 1);
