import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { extents, indicesInto, ofShapes } from '../arbitraries';
import { float32, int32, ofType, type Row, type Rows } from '../case';
import { FLOAT_MAX, magnitudes, ofSum, ofSums } from '../rounding';
import { pictureGeometry } from '../../../src/tensor/ops/pixel-options';
import { geometries, imageOf, resultOf } from './products';

/** Windows over channels of their own. */
const windows = geometries(true).map((geometry) => ({ ...geometry, outChannels: geometry.inChannels }));

const pool: Row<'pool'> = {
  cases: fc
    .record({ geometry: windows, mode: fc.constantFrom('max' as const, 'average' as const) })
    .chain(({ geometry, mode }) =>
      ofShapes([[imageOf(geometry)]]).map((inputs) => ({
        inputs,
        outputs: [float32(resultOf(geometry))],
        attributes: { geometry, mode },
      })),
    ),
  allowed: ({ inputs, attributes }, _, plain) => {
    const { mode, geometry: g } = attributes;
    if (mode === 'max') return [() => 0];
    // The sum that is divided may leave the range where the mean does not.
    const taps = g.filterHeight * g.filterWidth;
    const [means] = plain(inputs.map(magnitudes));
    return [(i) => (taps * means![i]! < FLOAT_MAX ? ofSum(taps, means![i]!) : Infinity)];
  },
};

const maxPoolIndices: Row<'maxPoolIndices'> = {
  cases: windows.chain((geometry) =>
    ofShapes([[imageOf(geometry)]]).map((inputs) => ({
      inputs,
      outputs: [int32(resultOf(geometry))],
      attributes: { geometry },
    })),
  ),
};

const maxPoolGradient: Row<'maxPoolGradient'> = {
  cases: windows.chain((geometry) =>
    ofShapes([[resultOf(geometry)], [imageOf(geometry)]]).map((inputs) => ({
      inputs,
      outputs: [float32(imageOf(geometry))],
      attributes: { geometry },
    })),
  ),
  allowed: ({ inputs: [dy, x], attributes: { geometry: g } }, _, plain) => [
    ofSums(g.filterHeight * g.filterWidth, plain([magnitudes(dy!), x!])[0]!),
  ],
};

const averagePoolGradient: Row<'averagePoolGradient'> = {
  cases: windows.chain((geometry) =>
    ofShapes([[resultOf(geometry)]]).map((inputs) => ({
      inputs,
      outputs: [float32(imageOf(geometry))],
      attributes: { geometry },
    })),
  ),
  allowed: ({ inputs, attributes: { geometry: g } }, _, plain) => [
    ofSums(g.filterHeight * g.filterWidth, plain(inputs.map(magnitudes))[0]!),
  ],
};

const samplings = (from: number, to: number): Arbitrary<{ start: number; step: number; divisor: number }> =>
  fc.constantFrom(
    { start: 0, step: from, divisor: to },
    { start: from - to, step: 2 * from, divisor: 2 * to },
  );

const resizes = fc
  .record({
    size: fc.tuple(extents(17, 1), extents(17, 1)),
    to: fc.tuple(extents(17, 1), extents(17, 1)),
    channels: extents(9, 1),
    interpolation: fc.constantFrom('nearest' as const, 'bilinear' as const),
  })
  .chain(({ size: [height, width], to: [outHeight, outWidth], channels, interpolation }) =>
    fc.record({ rows: samplings(height, outHeight), columns: samplings(width, outWidth) }).map((each) => ({
      attributes: { interpolation, ...each },
      image: [2, height, width, channels],
      result: [2, outHeight, outWidth, channels],
    })),
  );

const resize: Row<'resize'> = {
  cases: fc
    .tuple(resizes, fc.constantFrom('float32' as const, 'int32' as const))
    .chain(([{ attributes, image, result }, drawn]) => {
      const dtype = attributes.interpolation === 'nearest' ? drawn : 'float32';
      return ofShapes([[image, dtype]]).map((inputs) => ({
        inputs,
        outputs: [ofType(result, dtype)],
        attributes,
      }));
    }),
  allowed: ({ inputs, attributes: { interpolation } }, _, plain) => [
    interpolation === 'nearest' ? () => 0 : ofSums(8, plain(inputs.map(magnitudes))[0]!),
  ],
};

const resizeGradient: Row<'resizeGradient'> = {
  cases: resizes.chain(({ attributes, image, result }) =>
    ofShapes([[result]]).map((inputs) => ({ inputs, outputs: [float32(image)], attributes })),
  ),
  allowed: ({ inputs }, _, plain) => [ofSums(inputs[0]!.values.length, plain(inputs.map(magnitudes))[0]!)],
};

const warps = fc
  .record({
    image: fc.tuple(extents(3, 1), extents(9, 1), extents(9, 1), extents(5, 1)),
    count: extents(3, 1),
    to: fc.tuple(extents(9, 1), extents(9, 1)),
    interpolation: fc.constantFrom('nearest' as const, 'bilinear' as const),
    outside: fc.constantFrom(
      'constant' as const,
      'extrapolate' as const,
      'reflect' as const,
      'wrap' as const,
      'nearest' as const,
    ),
    fill: fc.constantFrom<[number, number, number, number]>([0, 0, 0, 0], [1, -2, 3, 4]),
  })
  .chain(({ image, count, to, interpolation, outside, fill }) =>
    fc
      .tuple(indicesInto(image[0], count), fc.array(transforms(to), { minLength: count, maxLength: count }))
      .map(([indices, drawn]) => ({
        image,
        result: [count, ...to, image[3]],
        indices,
        transforms: { shape: [count, 8], dtype: 'float32' as const, values: drawn.flat() },
        attributes: { interpolation, outside, fill },
      })),
  );

/** The most rows or columns along which a depth of 1 − i is 0 or a power of 2. */
const EXACT = 4;

/**
 * Steps of halves and quarters, so that a place is the same number whatever it is computed in, and either no projection or one whose
 * depth is 0 or a power of 2; now and then a coefficient is no number, or infinite.
 */
const transforms = ([rows, columns]: readonly [number, number]): Arbitrary<number[]> =>
  fc
    .record({
      steps: fc.array(fc.constantFrom(0, 1, -1, 0.5, 2, -0.25, 3, -2), {
        minLength: 6,
        maxLength: 6,
      }),
      special: fc.constantFrom(...[0, 0, 0, 0], NaN, Infinity, -Infinity),
      place: fc.nat(7),
      project: fc.constantFrom(
        ...[
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        [columns > EXACT ? 0 : -1, 0],
        [0, rows > EXACT ? 0 : -1],
      ),
    })
    .map(({ steps, special, place, project }) =>
      [...steps, ...project].map((each, i) => (special !== 0 && i === place ? special : Math.fround(each))),
    );

const warp: Row<'warp'> = {
  cases: warps.chain(({ image, result, indices, transforms: t, attributes }) =>
    ofShapes([[image]]).map(([x]) => ({ inputs: [x!, t, indices], outputs: [float32(result)], attributes })),
  ),
  allowed: ({ inputs: [x, t, indices], attributes }, _, plain) => {
    const [magnitude] = plain([magnitudes(x!), t!, indices!], { ...attributes, fill: [4, 4, 4, 4] });
    return [ofSums(12, magnitude!)];
  },
};

const warpGradient: Row<'warpGradient'> = {
  cases: warps.chain(({ image, result, indices, transforms: t, attributes }) =>
    ofShapes([[result]]).map(([dy]) => ({
      inputs: [dy!, t, indices],
      outputs: [float32(image)],
      attributes,
    })),
  ),
  allowed: ({ inputs: [dy, t, indices] }, _, plain) => [
    ofSums(4 * dy!.values.length, plain([magnitudes(dy!), t!, indices!])[0]!),
  ],
};

const fromPixels: Row<'fromPixels'> = {
  cases: fc
    .record({
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      size: fc.option(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })), {
        nil: undefined,
      }),
      channels: fc.integer({ min: 1, max: 4 }),
      normalize: fc.constantFrom(undefined, '0..1' as const, '-1..1' as const, [0.4, 0.2] as const),
      mirror: fc.boolean(),
      rotate: fc.constantFrom(0 as const, 90 as const, 180 as const, 270 as const),
      antialias: fc.boolean(),
      cropped: fc.boolean(),
      bytes: fc.uint8Array({ minLength: 9 * 9 * 4, maxLength: 9 * 9 * 4 }),
    })
    .map(({ height, width, cropped, bytes, ...options }) => {
      const crop: [number, number, number, number] | undefined = cropped
        ? [height >> 2, width >> 2, (height + 1) >> 1, (width + 1) >> 1]
        : undefined;
      const { shape, ...geometry } = pictureGeometry(
        'fromPixels',
        crop ? { ...options, crop } : options,
        [height, width],
        [height, width],
      );
      const source = { data: bytes.slice(0, height * width * 4), width, height };
      // A scaled value may lie in the middle of two integers.
      const type = options.size || options.normalize ? float32 : int32;
      return { inputs: [], outputs: [type(shape)], attributes: { source, ...geometry } };
    }),
  // Places, weights and their sum are float32 on WebGL.
  allowed: ({ attributes: { scale } }) => [() => 0.01 * Math.abs(scale[0]!)],
};

export const imageRows: Pick<
  Rows,
  | 'averagePoolGradient'
  | 'fromPixels'
  | 'maxPoolGradient'
  | 'maxPoolIndices'
  | 'pool'
  | 'resize'
  | 'resizeGradient'
  | 'warp'
  | 'warpGradient'
> = {
  averagePoolGradient,
  fromPixels,
  maxPoolGradient,
  maxPoolIndices,
  pool,
  resize,
  resizeGradient,
  warp,
  warpGradient,
};
