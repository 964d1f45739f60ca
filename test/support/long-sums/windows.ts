import type { WindowGeometry } from '../../../src/kernels/convolution';
import {
  drawn,
  float,
  floats,
  integers,
  PRODUCT,
  quotient,
  REDUCTION,
  sumAt,
  type LongSumMakers,
} from './row';

/** A window over a whole image, or (everywhere) around each pixel, large enough to contain the whole image. */
function windowOf(side: number, channels: number, everywhere: boolean): WindowGeometry {
  const out = everywhere ? side : 1;
  const size = everywhere ? 2 * side - 1 : side;
  const pad = everywhere ? side - 1 : 0;
  return {
    ...{ batch: 1, inHeight: side, inWidth: side, inChannels: channels, outHeight: out, outWidth: out },
    ...{ outChannels: channels, filterHeight: size, filterWidth: size, strideHeight: 1, strideWidth: 1 },
    ...{ dilationHeight: 1, dilationWidth: 1, padTop: pad, padLeft: pad },
  };
}

const image = (g: WindowGeometry): number[] => [1, g.inHeight, g.inWidth, g.inChannels];

function averagePool(channels: number): LongSumMakers<'pool'>[string] {
  return (terms, draw) => {
    const g = windowOf(Math.floor(Math.sqrt(terms)), channels, false);
    const x = drawn(image(g), draw);
    const pixels = g.inHeight * g.inWidth;
    const results = [0, channels - 1].map((c) =>
      quotient(
        sumAt(c, pixels, (k) => x.values[k * channels + c]!),
        pixels,
      ),
    );
    const attributes = { geometry: g, mode: 'average' } as const;
    return { inputs: [x], outputs: [float([1, 1, 1, channels])], attributes, bound: REDUCTION, results };
  };
}

export const pool: LongSumMakers<'pool'> = {
  'of one channel': averagePool(1),
  'of 21 channels': averagePool(21),
};

/** The side of the image in cases whose work grows with the square of the number of terms. */
const sideOf = (terms: number): number => Math.min(48, Math.floor(Math.sqrt(terms)));

export const averagePoolGradient: LongSumMakers<'averagePoolGradient'> = {
  'of windows over all': (terms, draw) => {
    const g = windowOf(sideOf(terms), 5, true);
    const dy = drawn(image(g), draw);
    const pixels = g.inHeight * g.inWidth;
    const results = [0, pixels * 5 - 1].map((at) =>
      quotient(
        sumAt(at, pixels, (k) => dy.values[k * 5 + (at % 5)]!),
        pixels,
      ),
    );
    return {
      inputs: [dy],
      outputs: [float(image(g))],
      attributes: { geometry: g },
      bound: REDUCTION,
      results,
    };
  },
};

export const maxPoolGradient: LongSumMakers<'maxPoolGradient'> = {
  'of windows over all': (terms, draw) => {
    const g = windowOf(sideOf(terms), 5, true);
    const dy = drawn(image(g), draw);
    const pixels = g.inHeight * g.inWidth;
    const x = floats(
      image(g),
      Array.from({ length: pixels * 5 }, (_, i) => (i < 5 ? 1 : 0)),
    );
    const results = [0, 4].map((c) => sumAt(c, pixels, (k) => dy.values[k * 5 + c]!));
    return {
      inputs: [dy, x],
      outputs: [float(image(g))],
      attributes: { geometry: g },
      bound: REDUCTION,
      results,
    };
  },
};

function scatter(
  inner: number,
  extent: number,
  slot: (i: number) => number,
): LongSumMakers<'scatterAdd'>[string] {
  return (terms, draw) => {
    const x = drawn([terms, inner], draw);
    const indices = integers([terms], slot);
    const results = [0, inner - 1].map((column) =>
      sumAt(slot(1) * inner + column, terms, (k) =>
        indices.values[k] === slot(1) ? x.values[k * inner + column]! : 0,
      ),
    );
    const attributes = { outer: 1, extent, inner };
    return { inputs: [x, indices], outputs: [float([extent, inner])], attributes, bound: PRODUCT, results };
  };
}

export const scatterAdd: LongSumMakers<'scatterAdd'> = {
  'into one place': scatter(1, 1, () => 0),
  'into one of few rows': scatter(5, 3, () => 1),
  'into some of many rows': scatter(2, 100_000, (i) => (i % 3) * 30_000),
};

/** An image with one pixel, resized to a large one: all gradients are added to that pixel. */
function resized(interpolation: 'nearest' | 'bilinear'): LongSumMakers<'resizeGradient'>[string] {
  return (terms, draw) => {
    const side = Math.floor(Math.sqrt(terms));
    const dy = drawn([1, side, side, 3], draw);
    const sampling = { start: 0, step: 0, divisor: 1 };
    const results = [0, 2].map((c) => sumAt(c, side * side, (k) => dy.values[k * 3 + c]!));
    const attributes = { interpolation, rows: sampling, columns: sampling };
    return { inputs: [dy], outputs: [float([1, 1, 1, 3])], attributes, bound: PRODUCT, results };
  };
}

export const resizeGradient: LongSumMakers<'resizeGradient'> = {
  'of the nearest': resized('nearest'),
  bilinear: resized('bilinear'),
};

export const warpGradient: LongSumMakers<'warpGradient'> = {
  'of one pixel': (terms, draw) => {
    const side = Math.floor(Math.sqrt(terms));
    const dy = drawn([1, side, side, 3], draw);
    const transforms = floats([1, 8], new Array<number>(8).fill(0));
    const results = [0, 2].map((c) => sumAt(c, side * side, (k) => dy.values[k * 3 + c]!));
    const attributes = { interpolation: 'nearest', outside: 'constant', fill: [0, 0, 0, 0] } as const;
    return {
      inputs: [dy, transforms, integers([1], () => 0)],
      outputs: [float([1, 2, 2, 3])],
      attributes,
      bound: PRODUCT,
      results,
    };
  },
};

export const localResponseNormalization: LongSumMakers<'localResponseNormalization'> = {
  // Every channel adds up all channels: the work grows with the square of the number of terms.
  'over all channels': (terms, draw) => {
    const channels = Math.min(terms, 3000);
    const x = drawn([1, channels], draw);
    const norm = sumAt(0, channels, (k) => x.values[k]! ** 2).value;
    const results = [0, channels - 1].map((at) => ({
      at,
      value: x.values[at]! / norm,
      magnitude: Math.abs(x.values[at]! / norm),
    }));
    const attributes = { channels, radius: channels, bias: 0, alpha: 1, beta: 1 };
    return { inputs: [x], outputs: [float([1, channels])], attributes, bound: PRODUCT, results };
  },
};

export const localResponseNormalizationGradient: LongSumMakers<'localResponseNormalizationGradient'> = {
  'over all channels': (terms, draw) => {
    const channels = Math.min(terms, 3000);
    const [x, dy] = [drawn([1, channels], draw), drawn([1, channels], draw)];
    const norm = sumAt(0, channels, (k) => x.values[k]! ** 2).value;
    const sum = sumAt(0, channels, (k) => (dy.values[k]! * x.values[k]!) / norm ** 2);
    const results = [0, channels - 1].map((at) => {
      const [direct, along] = [dy.values[at]! / norm, 2 * x.values[at]!];
      const magnitude = Math.abs(direct) + Math.abs(along) * sum.magnitude;
      return { at, value: direct - along * sum.value, magnitude };
    });
    const attributes = { channels, radius: channels, bias: 0, alpha: 1, beta: 1 };
    return { inputs: [x, dy], outputs: [float([1, channels])], attributes, bound: PRODUCT, results };
  },
};
