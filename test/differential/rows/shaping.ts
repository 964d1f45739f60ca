import * as fc from 'fast-check';
import { sizeOf } from '../../../src/kernels';
import { axisOf, distinct, filledShapes, integers, mixed, ofShape, operands, shapes } from '../arbitraries';
import type { Argument, Operand } from '../operand';
import { tf } from '../oracle';
import type { Call, Row, Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;
const of = (first: Operand, ...rest: fc.Arbitrary<Argument>[]): Drawn =>
  fc.tuple(fc.constant(first), ...rest);

/** A row whose first argument is a tensor, followed by others that depend on its shape; differentiated in float32. */
function shaping(
  shape: fc.Arbitrary<number[]>,
  behind: (shape: readonly number[]) => readonly fc.Arbitrary<Argument>[],
  options: Partial<Row> = {},
): Row {
  const after = (x: Operand): Drawn => of(x, ...behind(x.shape));
  return { args: mixed(shape).chain(after), gradient: operands(shape).chain(after), ...options };
}

const each = <T>(
  shape: readonly number[],
  f: (extent: number, axis: number) => fc.Arbitrary<T>,
): fc.Arbitrary<T[]> => fc.tuple(...shape.map(f));

/** Another shape of as many elements. */
const sameSize = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc.constantFrom(
    [sizeOf(shape)],
    [1, ...shape],
    [...shape].reverse(),
    sizeOf(shape) > 0 ? [-1] : [sizeOf(shape), 2],
  );

const permutationOf = (rank: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray([...Array(rank).keys()], { minLength: rank, maxLength: rank });

const axes = (shape: readonly number[]): fc.Arbitrary<number | number[] | undefined> =>
  fc.oneof(fc.constant(undefined), fc.subarray([...shape.keys()], { minLength: 1 }), axisOf(shape.length));

const paddings = (shape: readonly number[]): fc.Arbitrary<[number, number][]> =>
  each(shape, () => fc.tuple(integers(0, 2), integers(0, 2)));

const begins = (shape: readonly number[]): fc.Arbitrary<[number[], number[]]> =>
  each(shape, (extent) =>
    integers(0, Math.max(0, extent - 1)).chain((begin) =>
      fc.tuple(fc.constant(begin), fc.oneof(integers(0, extent - begin), fc.constant(-1))),
    ),
  ).map((pairs) => [pairs.map(([begin]) => begin), pairs.map(([, size]) => size)]);

function flattened(row: Row): Row {
  const flat = (args: readonly Argument[]): readonly Argument[] => [
    args[0],
    ...(args[1] as readonly Argument[]),
  ];
  return {
    ...row,
    args: row.args.map(flat),
    ...('none' in row.gradient ? {} : { gradient: row.gradient.map(flat) }),
  };
}

const slicing = (rank: number, op = 'slice'): Row => ({
  ...flattened(shaping(filledShapes(rank, rank), (shape) => [begins(shape)])),
  oracle: (tf as unknown as Record<string, Call>)[op]!,
});

/** Tensors of one dtype that differ along an axis alone, and that axis. */
function alongOne(rank: [number, number], one: boolean, floats = false): Drawn {
  return fc.tuple(filledShapes(...rank), integers(1, 4)).chain(([shape, count]) =>
    fc
      .tuple(
        one ? fc.constant(0) : integers(-shape.length, shape.length - 1),
        fc.array(integers(1, 3), { minLength: count, maxLength: count }),
      )
      .chain(([axis, extents]) => {
        const at = axis < 0 ? axis + shape.length : axis;
        const dtype = floats
          ? fc.constant('float32' as const)
          : fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const);
        return dtype.chain((type) =>
          fc
            .tuple(
              ...extents.map((extent) =>
                ofShape(
                  shape.map((old, i) => (i === at ? extent : old)),
                  type === 'bool' ? integers(0, 1) : integers(-9, 9),
                  type,
                ),
              ),
            )
            .map((list): readonly Argument[] => (one ? [list] : [list, axis])),
        );
      }),
  );
}
const concatenation = (...rank: [number, number]): Row => ({
  args: alongOne(rank, false),
  gradient: alongOne(rank, false, true),
});

const stacked = (floats: boolean): Drawn =>
  fc.tuple(shapes(0, 5), integers(1, 4)).chain(([shape, count]) =>
    fc.tuple(
      fc.array(floats ? ofShape(shape) : ofShape(shape, integers(-9, 9), 'int32'), {
        minLength: count,
        maxLength: count,
      }),
      integers(-shape.length - 1, shape.length),
    ),
  );

const splits = (shape: readonly number[]): fc.Arbitrary<readonly Argument[]> =>
  axisOf(shape.length).chain((axis) => {
    const extent = shape.at(axis)!;
    const divisors = [...Array(extent).keys()]
      .map((i) => i + 1)
      .filter((n) => n > 1)
      .filter((n) => extent % n === 0);
    const parts = integers(0, extent).map((n) => [n, extent - n]);
    return fc.tuple(
      divisors.length > 0 ? fc.oneof(fc.constantFrom(...divisors), parts) : parts,
      fc.constant(axis),
    );
  });

/** What one entry of a strided slice says, and the masks that it has its bit in. */
interface Entry {
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  readonly masks: readonly ('begin' | 'end' | 'ellipsis' | 'newAxis' | 'index')[];
}
const ELLIPSIS: Entry = { begin: 3, end: 1, stride: 1, masks: ['ellipsis'] };
const NEW_AXIS: Entry = { begin: 2, end: 5, stride: 1, masks: ['newAxis'] };

/** A range of an axis of so many elements. */
const rangeOf = (extent: number): fc.Arbitrary<Entry> =>
  fc
    .tuple(
      integers(0, extent - 1),
      fc.constantFrom(1, 2, 3, -1, -2),
      fc.constantFrom(0, extent),
      fc.subarray(['begin', 'end'] as const),
    )
    .chain(([from, stride, behind, masks]) =>
      // Never against the stride, from which TensorFlow.js infers a negative size.
      (stride > 0 ? integers(from, extent + 1) : fc.oneof(integers(0, from), fc.constant(-extent - 1))).map(
        (end) => ({ begin: from - behind, end, stride, masks }),
      ),
    );

/** An index into an axis, or all of it: what is cut beside an index TensorFlow.js infers the shape of wrongly. */
const indexOrWhole = (extent: number): fc.Arbitrary<Entry> =>
  fc
    .tuple(integers(-extent, extent - 1), fc.boolean())
    .map(([begin, isIndex]) => ({ begin, end: 0, stride: 1, masks: isIndex ? ['index'] : ['begin', 'end'] }));

/** Entries for all axes, of which an ellipsis, or the end of the list, may stand for some, with new axes in between. */
const strided = (x: Operand): Drawn => {
  const rank = x.shape.length;
  return fc
    .tuple(
      fc.constantFrom(rangeOf, indexOrWhole).chain((entryOf) => each(x.shape, entryOf)),
      integers(0, rank),
      integers(0, rank),
      fc.constantFrom('all', 'ellipsis', 'the first'),
      fc.array(integers(0, rank), { maxLength: 2 }),
    )
    .map(([axes, one, other, named, places]) => {
      const entries = [...axes];
      const [from, to] = one < other ? [one, other] : [other, one];
      if (named === 'ellipsis') entries.splice(from, to - from, ELLIPSIS);
      else if (named === 'the first') entries.length = Math.max(1, from);
      for (const place of places) entries.splice(Math.min(place, entries.length), 0, NEW_AXIS);
      const mask = (name: Entry['masks'][number]): number =>
        entries.reduce((bits, { masks }, i) => bits | (masks.includes(name) ? 1 << i : 0), 0);
      return [
        x,
        ...[entries.map(({ begin }) => begin), entries.map(({ end }) => end)],
        entries.map(({ stride }) => stride),
        ...[mask('begin'), mask('end'), mask('ellipsis'), mask('newAxis'), mask('index')],
      ];
    });
};

const blocks = (back: boolean): Drawn =>
  fc
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
      return ofShape(shape).map((x): readonly Argument[] => [x, [by, bx], amount]);
    });

const depths: Drawn = fc
  .tuple(integers(1, 2), integers(1, 3), integers(1, 3), integers(1, 2), fc.constantFrom('NHWC', 'NCHW'))
  .chain(([n, h, w, c, format]) =>
    ofShape(format === 'NHWC' ? [n, h, w, c * 4] : [n, c * 4, h, w]).map((x): readonly Argument[] => [
      x,
      2,
      format,
    ]),
  );

const repeats = (shape: readonly number[]): fc.Arbitrary<Argument>[] => [each(shape, () => integers(1, 3))];

const ensured: Drawn = mixed().map((x) => [x, [...x.shape]]);

const ranked: Rows = Object.fromEntries(
  [1, 2, 3, 4].flatMap((rank): [string, Row][] => [
    [
      `pad${rank}d`,
      rank === 1
        ? { ...shaping(shapes(1, 1), (s) => [paddings(s).map((p) => p[0]!), integers(0, 1)]) }
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
  ]),
);

export const shapingRows: Rows = {
  ...ranked,
  reshape: shaping(shapes(), (shape) => [sameSize(shape)]),
  expandDims: shaping(shapes(0, 5), (shape) => [integers(-shape.length - 1, shape.length)]),
  squeeze: shaping(shapes(), () => []),
  broadcastTo: shaping(
    filledShapes(0, 2).map((s) => s.map((n) => (n === 2 ? 1 : n))),
    (shape) => [
      fc
        .tuple(fc.array(integers(1, 2), { maxLength: 2 }), integers(1, 3))
        .map(([lead, n]) => [...lead, ...shape.map((old) => (old === 1 ? n : old))]),
    ],
  ),
  tile: {
    ...shaping(shapes(1, 5), repeats),
    // It has gradients up to rank 4.
    gradient: shaping(shapes(1, 4), repeats).gradient,
  },
  transpose: shaping(shapes(), (shape) => [fc.oneof(fc.constant(undefined), permutationOf(shape.length))]),
  reverse: shaping(shapes(1, 5), (shape) => [axes(shape)]),
  slice: slicing(4),
  stridedSlice: {
    args: mixed(filledShapes(1, 4)).chain(strided),
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  },
  pad: shaping(shapes(1, 5), (shape) => [paddings(shape), integers(0, 1)]),
  mirrorPad: shaping(
    filledShapes(1, 4),
    (shape) => [
      each(shape, (extent) => fc.tuple(integers(0, extent - 1), integers(0, extent - 1))),
      fc.constantFrom('reflect', 'symmetric'),
    ],
    { gradient: { none: 'the gradient in TensorFlow.js drops what was mirrored' } },
  ),
  concat: concatenation(1, 6),
  stack: { args: stacked(false), gradient: stacked(true) },
  // The gradient of one piece alone fails in TensorFlow.js.
  unstack: shaping(
    filledShapes(1, 4).map((shape) => shape.map((n) => Math.max(n, 2))),
    (shape) => [axisOf(shape.length)],
  ),
  split: flattened(shaping(filledShapes(1, 4), (shape) => [splits(shape)])),
  batchToSpaceND: { args: blocks(true), gradient: blocks(true) },
  spaceToBatchND: { args: blocks(false), gradient: blocks(false) },
  depthToSpace: {
    args: depths,
    oracle: (x: tf.Tensor4D, block: number, format: string) =>
      format === 'NHWC'
        ? tf.depthToSpace(x, block)
        : tf.transpose(tf.depthToSpace(tf.transpose(x, [0, 2, 3, 1]), block), [0, 3, 1, 2]),
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  },
  ensureShape: { args: ensured, gradient: { none: 'it gives its argument' } },
  meshgrid: {
    args: fc.tuple(
      operands(filledShapes(1, 1)),
      operands(filledShapes(1, 1)),
      fc.constantFrom('xy', 'ij').map((indexing) => ({ indexing })),
    ),
    gradient: fc.tuple(
      operands(filledShapes(1, 1)),
      operands(filledShapes(1, 1)),
      fc.constant({ indexing: 'ij' }),
    ),
  },
  topk: {
    args: filledShapes(1, 4)
      .chain(distinct)
      .chain((x) => of(x, integers(1, x.shape.at(-1)!))),
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  },
};
