import * as fc from 'fast-check';
import { sizeOf } from '../../../src/kernels';
import { axisOf, distinct, filledShapes, integers, mixed, ofShape, operands, shapes } from '../arbitraries';
import { tf } from '../oracle';
const of = (first, ...rest) => fc.tuple(fc.constant(first), ...rest);
/** A row whose first argument is a tensor, followed by others that depend on its shape; differentiated in float32. */
function shaping(shape, behind, options = {}) {
    const after = (x) => of(x, ...behind(x.shape));
    return { args: mixed(shape).chain(after), gradient: operands(shape).chain(after), ...options };
}
const each = (shape, f) => fc.tuple(...shape.map(f));
/** Another shape of as many elements. */
const sameSize = (shape) => fc.constantFrom([sizeOf(shape)], [1, ...shape], [...shape].reverse(), sizeOf(shape) > 0 ? [-1] : [sizeOf(shape), 2]);
const permutationOf = (rank) => fc.shuffledSubarray([...Array(rank).keys()], { minLength: rank, maxLength: rank });
const axes = (shape) => fc.oneof(fc.constant(undefined), fc.subarray([...shape.keys()], { minLength: 1 }), axisOf(shape.length));
const paddings = (shape) => each(shape, () => fc.tuple(integers(0, 2), integers(0, 2)));
const begins = (shape) => each(shape, (extent) => integers(0, Math.max(0, extent - 1)).chain((begin) => fc.tuple(fc.constant(begin), fc.oneof(integers(0, extent - begin), fc.constant(-1))))).map((pairs) => [pairs.map(([begin]) => begin), pairs.map(([, size]) => size)]);
function flattened(row) {
    const flat = (args) => [
        args[0],
        ...args[1],
    ];
    return {
        ...row,
        args: row.args.map(flat),
        ...('none' in row.gradient ? {} : { gradient: row.gradient.map(flat) }),
    };
}
const slicing = (rank, op = 'slice') => ({
    ...flattened(shaping(filledShapes(rank, rank), (shape) => [begins(shape)])),
    oracle: tf[op],
});
/** Tensors of one dtype that differ along an axis alone, and that axis. */
function alongOne(rank, one, floats = false) {
    return fc.tuple(filledShapes(...rank), integers(1, 4)).chain(([shape, count]) => fc
        .tuple(one ? fc.constant(0) : integers(-shape.length, shape.length - 1), fc.array(integers(1, 3), { minLength: count, maxLength: count }))
        .chain(([axis, extents]) => {
        const at = axis < 0 ? axis + shape.length : axis;
        const dtype = floats
            ? fc.constant('float32')
            : fc.constantFrom('float32', 'int32', 'bool');
        return dtype.chain((type) => fc
            .tuple(...extents.map((extent) => ofShape(shape.map((old, i) => (i === at ? extent : old)), type === 'bool' ? integers(0, 1) : integers(-9, 9), type)))
            .map((list) => (one ? [list] : [list, axis])));
    }));
}
const concatenation = (...rank) => ({
    args: alongOne(rank, false),
    gradient: alongOne(rank, false, true),
});
const stacked = (floats) => fc.tuple(shapes(0, 4), integers(1, 4)).chain(([shape, count]) => fc.tuple(fc.array(floats ? ofShape(shape) : ofShape(shape, integers(-9, 9), 'int32'), {
    minLength: count,
    maxLength: count,
}), integers(-shape.length - 1, shape.length)));
const splits = (shape) => axisOf(shape.length).chain((axis) => {
    const extent = shape.at(axis);
    const divisors = [...Array(extent).keys()]
        .map((i) => i + 1)
        .filter((n) => n > 1)
        .filter((n) => extent % n === 0);
    const parts = integers(0, extent).map((n) => [n, extent - n]);
    return fc.tuple(divisors.length > 0 ? fc.oneof(fc.constantFrom(...divisors), parts) : parts, fc.constant(axis));
});
const strided = (x) => {
    const along = each(x.shape, (extent) => fc
        .tuple(integers(0, extent - 1), fc.constantFrom(1, 2, 3, -1, -2), fc.constantFrom(0, extent))
        .chain(([from, by, behind]) => 
    // Never against the stride, from which TensorFlow.js infers a negative size.
    fc.tuple(fc.constant(from - behind), by > 0 ? integers(from, extent + 1) : fc.oneof(integers(0, from), fc.constant(-extent - 1)), fc.constant(by))));
    const mask = integers(0, 2 ** x.shape.length - 1);
    return fc
        .tuple(along, mask, mask, fc.constant(0), fc.constant(0), fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, mask))
        .map(([triples, begin, end, ellipsis, axis, shrink]) => [
        x,
        triples.map(([from]) => from),
        triples.map(([, to]) => to),
        // An axis that shrinks to one element has the stride 1, by TensorFlow's definition.
        triples.map(([, , by]) => (shrink !== 0 ? 1 : by)),
        // What is cut beside an index is whole: of nothing, TensorFlow.js infers the shape wrongly.
        shrink === 0 ? begin : (2 ** x.shape.length - 1) & ~shrink,
        shrink === 0 ? end : 2 ** x.shape.length - 1,
        ellipsis,
        axis,
        shrink,
    ]);
};
const blocks = (back) => fc
    .tuple(integers(1, 2), integers(1, 2), integers(1, 3), integers(1, 3), integers(1, 2), integers(0, 1))
    .chain(([by, bx, h, w, channels, crop]) => {
    const shape = back ? [by * bx * 2, h + crop, w + crop, channels] : [2, h * by, w * bx, channels];
    const amount = back
        ? [
            [0, crop * by],
            [crop, 0],
        ]
        : [
            [crop * by, 0],
            [0, crop * bx],
        ];
    return ofShape(shape).map((x) => [x, [by, bx], amount]);
});
const depths = fc
    .tuple(integers(1, 2), integers(1, 3), integers(1, 3), integers(1, 2), fc.constantFrom('NHWC'))
    .chain(([n, h, w, c, format]) => ofShape(format === 'NHWC' ? [n, h, w, c * 4] : [n, c * 4, h, w]).map((x) => [
    x,
    2,
    format,
]));
const ensured = mixed().map((x) => [x, [...x.shape]]);
const ranked = Object.fromEntries([1, 2, 3, 4].flatMap((rank) => [
    [
        `pad${rank}d`,
        rank === 1
            ? { ...shaping(shapes(1, 1), (s) => [paddings(s).map((p) => p[0]), integers(0, 1)]) }
            : shaping(shapes(rank, rank), (s) => [paddings(s), integers(0, 1)]),
    ],
    [`slice${rank}d`, rank === 1 ? flattened({ ...slicing(1, 'slice') }) : slicing(rank)],
    [`reverse${rank}d`, shaping(filledShapes(rank, rank), (s) => (rank === 1 ? [] : [axes(s)]))],
    [
        `concat${rank}d`,
        rank === 1
            ? { args: alongOne([1, 1], true), gradient: alongOne([1, 1], true, true) }
            : concatenation(rank, rank),
    ],
]));
export const shapingRows = {
    ...ranked,
    reshape: shaping(shapes(), (shape) => [sameSize(shape)]),
    expandDims: shaping(shapes(0, 5), (shape) => [integers(-shape.length - 1, shape.length)]),
    squeeze: shaping(shapes(), () => []),
    broadcastTo: shaping(filledShapes(0, 2).map((s) => s.map((n) => (n === 2 ? 1 : n))), (shape) => [
        fc
            .tuple(fc.array(integers(1, 2), { maxLength: 2 }), integers(1, 3))
            .map(([lead, n]) => [...lead, ...shape.map((old) => (old === 1 ? n : old))]),
    ]),
    tile: shaping(filledShapes(1, 4), (shape) => [each(shape, () => integers(1, 3))]),
    transpose: shaping(shapes(), (shape) => [fc.oneof(fc.constant(undefined), permutationOf(shape.length))]),
    reverse: shaping(filledShapes(1, 4), (shape) => [axes(shape)]),
    slice: slicing(4),
    stridedSlice: {
        args: mixed(filledShapes(1, 4)).chain(strided),
        gradient: { none: 'TensorFlow.js has no gradient of it' },
    },
    pad: shaping(shapes(1, 4), (shape) => [paddings(shape), integers(0, 1)]),
    mirrorPad: shaping(filledShapes(1, 4), (shape) => [
        each(shape, (extent) => fc.tuple(integers(0, extent - 1), integers(0, extent - 1))),
        fc.constantFrom('reflect', 'symmetric'),
    ], { gradient: { none: 'the gradient in TensorFlow.js drops what was mirrored' } }),
    concat: concatenation(1, 4),
    stack: { args: stacked(false), gradient: stacked(true) },
    // The gradient of one piece alone fails in TensorFlow.js.
    unstack: shaping(filledShapes(1, 4).map((shape) => shape.map((n) => Math.max(n, 2))), (shape) => [axisOf(shape.length)]),
    split: flattened(shaping(filledShapes(1, 4), (shape) => [splits(shape)])),
    batchToSpaceND: { args: blocks(true), gradient: blocks(true) },
    spaceToBatchND: { args: blocks(false), gradient: blocks(false) },
    depthToSpace: { args: depths, gradient: { none: 'TensorFlow.js has no gradient of it' } },
    ensureShape: { args: ensured, gradient: { none: 'it gives its argument' } },
    meshgrid: {
        args: fc.tuple(operands(filledShapes(1, 1)), operands(filledShapes(1, 1)), fc.constantFrom('xy', 'ij').map((indexing) => ({ indexing }))),
        gradient: fc.tuple(operands(filledShapes(1, 1)), operands(filledShapes(1, 1)), fc.constant({ indexing: 'ij' })),
    },
    topk: {
        args: filledShapes(1, 4)
            .chain(distinct)
            .chain((x) => of(x, integers(1, x.shape.at(-1)))),
        gradient: { none: 'TensorFlow.js has no gradient of it' },
    },
};
