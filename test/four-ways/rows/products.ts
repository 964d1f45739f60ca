import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Activation, KernelAttributes } from '../../../src/kernels';
import type { WindowGeometry } from '../../../src/kernels/convolution';
import type { Operand } from '../../support/run-kernel';
import { extents, ofShapes } from '../arbitraries';
import { float32, ofType, type Allowed, type Row, type Rows } from '../case';
import { magnitudes, ofFunction, ofSum } from '../rounding';

const activations: Arbitrary<Activation> = fc.constantFrom(
  'linear',
  'relu',
  'relu6',
  'elu',
  'sigmoid',
  'leakyRelu',
);

/** No activation here is steeper than 1: it passes on no more than the error of the sum, and adds its own. */
const ofActivated = (terms: number, magnitude: readonly number[], wanted: readonly number[]): Allowed => {
  return (i, way) => ofSum(terms, magnitude[i]!) + ofFunction(wanted[i]!, way);
};

const linear = <T extends { readonly activation: Activation }>(attributes: T): T => ({
  ...attributes,
  activation: 'linear',
});

const matMul: Row<'matMul'> = {
  cases: fc
    .record({
      m: extents(65, 1),
      n: extents(65, 1),
      k: fc.oneof(
        { weight: 6, arbitrary: extents(131) },
        { weight: 1, arbitrary: fc.constantFrom(600, 1031) },
      ),
      batches: fc.constantFrom([1, 1], [3, 3], [1, 3], [2, 1]),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      activation: activations,
      biased: fc.boolean(),
      integral: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    })
    .filter(({ m, n, k }) => m * n * k <= 200_000)
    .chain(({ m, n, k, batches, activation, biased, integral, ...rest }) => {
      const [batchA, batchB] = batches as [number, number];
      const dtype = integral ? 'int32' : 'float32';
      const a = [batchA, ...(rest.transposeA ? [k, m] : [m, k])];
      const b = [batchB, ...(rest.transposeB ? [n, k] : [k, n])];
      return ofShapes([[a, dtype], [b, dtype], ...(biased && !integral ? [[[n]] as const] : [])]).map(
        (inputs) => ({
          inputs,
          outputs: [ofType([Math.max(batchA, batchB), m, n], dtype)],
          attributes: { ...rest, activation: integral ? ('linear' as const) : activation, alpha: 0.25 },
        }),
      );
    }),
  allowed: ({ inputs, attributes }, [wanted], plain) => {
    const k = inputs[0]!.shape[attributes.transposeA ? 1 : 2]!;
    return [ofActivated(k, plain(inputs.map(magnitudes), linear(attributes))[0]!, wanted!)];
  },
};

/** Geometries of every stride, dilation and padding. */
export function geometries(depthwise: boolean, mostChannels = 17): Arbitrary<WindowGeometry> {
  const small = (most: number): Arbitrary<number> => fc.integer({ min: 1, max: most });
  return fc
    .record({
      batch: small(3),
      inHeight: small(12),
      inWidth: small(12),
      inChannels: extents(mostChannels, 1),
      filterHeight: small(4),
      filterWidth: small(4),
      strideHeight: small(3),
      strideWidth: small(3),
      dilationHeight: small(2),
      dilationWidth: small(2),
      padTop: fc.nat(3),
      padLeft: fc.nat(3),
      padBottom: fc.nat(3),
      padRight: fc.nat(3),
      channels: extents(mostChannels, 1),
      multiplier: small(3),
    })
    .map(({ padBottom, padRight, channels, multiplier, ...g }) => {
      const out = (size: number, pads: number, filter: number, stride: number, dilation: number): number =>
        Math.floor((size + pads - (filter - 1) * dilation - 1) / stride) + 1;
      return {
        ...g,
        outHeight: out(g.inHeight, g.padTop + padBottom, g.filterHeight, g.strideHeight, g.dilationHeight),
        outWidth: out(g.inWidth, g.padLeft + padRight, g.filterWidth, g.strideWidth, g.dilationWidth),
        outChannels: depthwise ? g.inChannels * multiplier : channels,
      };
    })
    .filter(({ outHeight, outWidth }) => outHeight > 0 && outWidth > 0);
}

export const imageOf = (g: WindowGeometry): number[] => [g.batch, g.inHeight, g.inWidth, g.inChannels];
export const resultOf = (g: WindowGeometry): number[] => [g.batch, g.outHeight, g.outWidth, g.outChannels];

/** Convolutions, some depthwise. Groups of several channels are in no op. */
const convolutions: Arbitrary<{ geometry: WindowGeometry; filter: number[] }> = fc
  .constantFrom('depthwise', 'usual', 'usual')
  .chain((kind) =>
    geometries(kind === 'depthwise').map((geometry) => {
      const { filterHeight, filterWidth, inChannels, outChannels } = geometry;
      const last = kind === 'depthwise' ? [inChannels, outChannels / inChannels] : [inChannels, outChannels];
      return { geometry, filter: [filterHeight, filterWidth, ...last] };
    }),
  );

const conv2d: Row<'conv2d'> = {
  cases: fc
    .record({ convolution: convolutions, activation: activations, biased: fc.boolean() })
    .chain(({ convolution: { geometry, filter }, activation, biased }) =>
      ofShapes([[imageOf(geometry)], [filter], ...(biased ? [[[geometry.outChannels]] as const] : [])]).map(
        (
          inputs,
        ): {
          inputs: typeof inputs;
          outputs: ReturnType<typeof float32>[];
          attributes: KernelAttributes['conv2d'];
        } => ({
          inputs,
          outputs: [float32(resultOf(geometry))],
          attributes: { geometry, activation, alpha: 0.25 },
        }),
      ),
    ),
  allowed: ({ inputs, attributes }, [wanted], plain) => {
    const { filterHeight, filterWidth, inChannels } = attributes.geometry;
    const [magnitude] = plain(inputs.map(magnitudes), linear(attributes));
    return [ofActivated(filterHeight * filterWidth * inChannels, magnitude!, wanted!)];
  },
};

/** Behind relu and max pooling most of dy is 0, and is left out. */
const sparse = (dy: Operand, isSparse: boolean): Operand =>
  isSparse ? { ...dy, values: dy.values.map((value, i) => ((i * 37) % 11 === 3 ? value : 0)) } : dy;

const conv2dInputGradient: Row<'conv2dInputGradient'> = {
  cases: fc.tuple(convolutions, fc.boolean()).chain(([{ geometry, filter }, isSparse]) =>
    ofShapes([[resultOf(geometry)], [filter]]).map(([dy, f]) => ({
      inputs: [sparse(dy!, isSparse), f!],
      outputs: [float32(imageOf(geometry))],
      attributes: { geometry },
    })),
  ),
  allowed: ({ inputs, attributes: { geometry: g } }, [wanted], plain) => [
    ofActivated(g.filterHeight * g.filterWidth * g.outChannels, plain(inputs.map(magnitudes))[0]!, wanted!),
  ],
};

const conv2dFilterGradient: Row<'conv2dFilterGradient'> = {
  cases: fc.tuple(convolutions, fc.boolean()).chain(([{ geometry, filter }, isSparse]) =>
    ofShapes([[imageOf(geometry)], [resultOf(geometry)]]).map(([x, dy]) => ({
      inputs: [x!, sparse(dy!, isSparse)],
      outputs: [float32(filter)],
      attributes: { geometry },
    })),
  ),
  allowed: ({ inputs, attributes: { geometry: g } }, [wanted], plain) => [
    ofActivated(g.batch * g.outHeight * g.outWidth, plain(inputs.map(magnitudes))[0]!, wanted!),
  ],
};

export const productRows: Pick<Rows, 'conv2d' | 'conv2dFilterGradient' | 'conv2dInputGradient' | 'matMul'> = {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  matMul,
};
