import * as fc from 'fast-check';
import { sizeOf } from '../../../src/kernels';
import { axisViews, dtypes, extents, indicesInto, ofShapes, shapes } from '../arbitraries';
import { float32, int32, ofType, type Row, type Rows } from '../case';
import { magnitudes, ofSums } from '../rounding';

const transpose: Row<'transpose'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({ shape: shapes(1, 6), dtype: dtypes, seed: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }) })
    .chain(({ shape, dtype, seed }) => {
      const permutation = shape.map((_, axis) => axis).sort((a, b) => seed[a]! - seed[b]!);
      return ofShapes([[shape, dtype]]).map((inputs) => ({
        inputs,
        outputs: [
          ofType(
            permutation.map((axis) => shape[axis]!),
            dtype,
          ),
        ],
        attributes: { permutation },
      }));
    }),
};

const slice: Row<'slice'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({
      shape: shapes(1, 6).filter((shape) => sizeOf(shape) > 0),
      dtype: dtypes,
      strided: fc.boolean(),
    })
    .chain(({ shape, dtype, strided }) =>
      fc
        .tuple(
          ...shape.map((extent) =>
            fc.tuple(
              fc.integer({ min: 0, max: extent - 1 }),
              fc.integer({ min: 0, max: extent - 1 }),
              fc.integer({ min: 1, max: 3 }),
            ),
          ),
        )
        .chain((ends) => {
          const axes = ends.map(([a, b, step]) => {
            const by = strided ? step : 1;
            const count = Math.floor(Math.abs(b - a) / by) + 1;
            return strided || b >= a
              ? { begin: a, stride: b >= a ? by : -by, count }
              : { begin: b, stride: 1, count };
          });
          return ofShapes([[shape, dtype]]).map((inputs) => ({
            inputs,
            outputs: [
              ofType(
                axes.map(({ count }) => count),
                dtype,
              ),
            ],
            attributes: { begin: axes.map(({ begin }) => begin), strides: axes.map(({ stride }) => stride) },
          }));
        }),
    ),
};

const pad: Row<'pad'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({
      shape: shapes(0, 6),
      dtype: dtypes,
      mode: fc.constantFrom('constant' as const, 'reflect' as const, 'symmetric' as const),
      value: fc.constantFrom(0, 1, NaN, -Infinity, 16777217, -(2 ** 31), -0),
      seed: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 6, maxLength: 6 }),
    })
    .chain(({ shape, dtype, mode, value, seed }) => {
      const most = (extent: number): number =>
        mode === 'constant' ? 5 : mode === 'symmetric' ? extent : Math.max(0, extent - 1);
      const before = shape.map((extent, axis) => Math.min(seed[axis]![0], most(extent)));
      const after = shape.map((extent, axis) => Math.min(seed[axis]![1], most(extent)));
      const output = shape.map((extent, axis) => before[axis]! + extent + after[axis]!);
      const own = dtype === 'float32' ? value : dtype === 'int32' ? value | 0 : Number(value > 0);
      return ofShapes([[shape, dtype]]).map((inputs) => ({
        inputs,
        outputs: [ofType(sizeOf(output) <= 60_000 ? output : shape, dtype)],
        attributes: {
          before: sizeOf(output) <= 60_000 ? before : shape.map(() => 0),
          mode,
          value: own,
        },
      }));
    }),
};

const concat: Row<'concat'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({
      shape: shapes(1, 6),
      dtype: dtypes,
      axis: fc.nat(5),
      parts: fc.array(extents(17), { minLength: 1, maxLength: 5 }),
    })
    .filter(({ shape }) => sizeOf(shape) <= 4096)
    .chain(({ shape, dtype, axis: drawn, parts }) => {
      const axis = drawn % shape.length;
      const at = (extent: number): number[] => shape.map((own, i) => (i === axis ? extent : own));
      const total = parts.reduce((sum, extent) => sum + extent, 0);
      return ofShapes(parts.map((extent) => [at(extent), dtype] as const)).map((inputs) => ({
        inputs,
        outputs: [ofType(at(total), dtype)],
        attributes: { axis },
      }));
    }),
};

const tile: Row<'tile'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({
      shape: shapes(1, 6),
      dtype: dtypes,
      times: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 6 }),
    })
    .filter(({ shape }) => sizeOf(shape) <= 2048)
    .chain(({ shape, dtype, times }) =>
      ofShapes([[shape, dtype]]).map((inputs) => ({
        inputs,
        outputs: [
          ofType(
            shape.map((extent, axis) => extent * times[axis]!),
            dtype,
          ),
        ],
        attributes: {},
      })),
    ),
};

const indexed = fc
  .record({ view: axisViews, count: extents(31), batched: fc.boolean() })
  .filter(({ view, count }) => view.outer * count * view.inner <= 20_000)
  .chain(({ view, count, batched }) => {
    const batch = batched ? view.outer : 1;
    return indicesInto(view.extent, count * batch).map((indices) => ({
      view: { ...view, batch },
      count,
      indices,
    }));
  });

const gather: Row<'gather'> = {
  keepsSignOfZero: true,
  cases: fc.tuple(indexed, dtypes).chain(([{ view, count, indices }, dtype]) =>
    ofShapes([[[view.outer, view.extent, view.inner], dtype]]).map(([x]) => ({
      inputs: [x!, indices],
      outputs: [ofType([view.outer, count, view.inner], dtype)],
      attributes: view,
    })),
  ),
};

const scatterAdd: Row<'scatterAdd'> = {
  cases: fc
    .tuple(indexed, fc.constantFrom('float32' as const, 'int32' as const))
    .chain(([{ view, count, indices }, dtype]) =>
      ofShapes([[[view.outer, count, view.inner], dtype]]).map(([x]) => ({
        inputs: [x!, indices],
        outputs: [ofType([view.outer, view.extent, view.inner], dtype)],
        attributes: view,
      })),
    ),
  allowed: ({ inputs: [x, indices] }, _, plain) => [
    ofSums(indices!.values.length, plain([magnitudes(x!), indices!])[0]!),
  ],
};

const flattenIndices: Row<'flattenIndices'> = {
  cases: fc
    .record({
      count: extents(65, 1),
      bounds: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
    })
    .chain(({ count, bounds }) =>
      fc
        .array(fc.tuple(...bounds.map((extent) => fc.integer({ min: -1, max: extent }))), {
          minLength: count,
          maxLength: count,
        })
        .map((indices) => ({
          inputs: [{ shape: [count, bounds.length], dtype: 'int32' as const, values: indices.flat() }],
          outputs: [int32([count])],
          attributes: { extents: bounds },
        })),
    ),
};

/** Reverses the order of the elements, and scales nothing: the values are those that went in. */
const custom: Row<'custom'> = {
  cases: fc.record({ count: extents(65), dtype: dtypes }).chain(({ count, dtype }) =>
    ofShapes([[[count], dtype]]).map((inputs) => ({
      inputs,
      outputs: [ofType([count], dtype)],
      attributes: {
        program: 'reversed',
        names: ['x'],
        numbers: { last: count - 1 },
        glsl: 'scalar result(int i) { return x_at(int(last) - i); }',
        compute: ([x], output) => x!.forEach((value, i) => (output[count - 1 - i] = value)),
      },
    })),
  ),
};

const lastPlaces: Row<'lastPlaces'> = {
  cases: fc.record({ count: extents(65), places: extents(65, 1) }).chain(({ count, places }) =>
    indicesInto(places, count).map((indices) => ({
      inputs: [indices],
      outputs: [int32([places])],
      attributes: {},
    })),
  ),
};

const oneHot: Row<'oneHot'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({
      count: extents(65, 1),
      depth: extents(31, 1),
      dtype: dtypes,
      pair: fc.constantFrom([1, 0], [NaN, Infinity], [16777217, -(2 ** 31)], [-0, 0.5]),
    })
    .chain(({ count, depth, dtype, pair }) => {
      const [on, off] = pair.map((value) =>
        dtype === 'float32' ? value : dtype === 'int32' ? value | 0 : Number(value > 0),
      ) as [number, number];
      return indicesInto(depth, count).map((indices) => ({
        inputs: [indices],
        outputs: [ofType([count, depth], dtype)],
        attributes: { depth, on, off },
      }));
    }),
};

const mirrorPadGradient: Row<'mirrorPadGradient'> = {
  cases: fc
    .record({
      view: axisViews.filter(({ extent, outer, inner }) => extent > 0 && outer * inner <= 300),
      mode: fc.constantFrom('reflect' as const, 'symmetric' as const),
      around: fc.tuple(fc.nat(9), fc.nat(9)),
    })
    .chain(({ view, mode, around }) => {
      const most = mode === 'reflect' ? view.extent - 1 : view.extent;
      const [before, after] = around.map((each) => Math.min(each, most)) as [number, number];
      return ofShapes([[[view.outer, before + view.extent + after, view.inner]]]).map((inputs) => ({
        inputs,
        outputs: [float32([view.outer, view.extent, view.inner])],
        attributes: { ...view, before, mode },
      }));
    }),
  allowed: ({ inputs }, _, plain) => [ofSums(3, plain(inputs.map(magnitudes))[0]!)],
};

export const moveRows: Pick<
  Rows,
  | 'concat'
  | 'custom'
  | 'flattenIndices'
  | 'gather'
  | 'lastPlaces'
  | 'mirrorPadGradient'
  | 'oneHot'
  | 'pad'
  | 'scatterAdd'
  | 'slice'
  | 'tile'
  | 'transpose'
> = {
  concat,
  custom,
  flattenIndices,
  gather,
  lastPlaces,
  mirrorPadGradient,
  oneHot,
  pad,
  scatterAdd,
  slice,
  tile,
  transpose,
};
