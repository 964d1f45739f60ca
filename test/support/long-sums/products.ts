import type { ConvolutionAttributes, WindowGeometry } from '../../../src/kernels/convolution';
import { drawn, float, floats, PRODUCT, sumAt, type Draw, type LongSum, type LongSumMakers } from './row';

/** A product [m, k]·[k, n], with either operand transposed or not. */
function product(
  m: number,
  n: number,
  transposeA = false,
  transposeB = false,
): LongSumMakers<'matMul'>[string] {
  return (k, draw) => {
    const a = drawn(transposeA ? [1, k, m] : [1, m, k], draw);
    const b = drawn(transposeB ? [1, n, k] : [1, k, n], draw);
    const results = [0, m * n - 1].map((at) => {
      const [row, column] = [Math.floor(at / n), at % n];
      return sumAt(
        at,
        k,
        (p) =>
          a.values[transposeA ? p * m + row : row * k + p]! *
          b.values[transposeB ? column * k + p : p * n + column]!,
      );
    });
    const attributes = { transposeA, transposeB, activation: 'linear', alpha: 0 } as const;
    return { inputs: [a, b], outputs: [float([1, m, n])], attributes, bound: PRODUCT, results };
  };
}

export const matMul: LongSumMakers<'matMul'> = {
  'of vectors': product(1, 1),
  'of a row and a matrix': product(1, 6),
  'of a row and a transposed matrix': product(1, 6, false, true),
  'of two columns, transposed, and a transposed matrix': product(2, 6, true, true),
  'of a matrix and a column': product(5, 1),
  'of a transposed matrix and a column': product(5, 1, true),
  'of few rows': product(5, 8),
  'of few rows and columns that are no whole vector': product(5, 3),
  'of few rows and a transposed matrix': product(5, 9, false, true),
  'of many rows': product(14, 9),
  'of many rows, transposed': product(14, 11, true),
};

interface Image {
  readonly image: readonly [batch: number, height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number];
  readonly out: number;
  readonly pad?: number;
}

function geometryOf({ image, filter, out, pad = 0 }: Image): WindowGeometry {
  return {
    ...{ batch: image[0], inHeight: image[1], inWidth: image[2], inChannels: image[3] },
    ...{ outHeight: image[1] + 2 * pad - filter[0] + 1, outWidth: image[2] + 2 * pad - filter[1] + 1 },
    ...{ outChannels: out, filterHeight: filter[0], filterWidth: filter[1] },
    ...{ strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padTop: pad, padLeft: pad },
  };
}

const shapes = (g: WindowGeometry, isDepthwise = false) => ({
  x: [g.batch, g.inHeight, g.inWidth, g.inChannels],
  w: [g.filterHeight, g.filterWidth, isDepthwise ? 1 : g.inChannels, g.outChannels],
  y: [g.batch, g.outHeight, g.outWidth, g.outChannels],
});

/** Checks the last output pixel, in the first and the last output channel. The whole filter lies inside of the image there. */
function convolution(image: (terms: number) => Image, isDepthwise = false): LongSumMakers<'conv2d'>[string] {
  return (terms, draw) => {
    const g = geometryOf(image(terms));
    const at = shapes(g, isDepthwise);
    const [x, w] = [drawn(at.x, draw), drawn(at.w, draw)];
    const taps = g.filterHeight * g.filterWidth;
    const perTap = isDepthwise ? 1 : g.inChannels;
    const pixel = g.outHeight * g.outWidth - 1;
    const [top, left] = [Math.floor(pixel / g.outWidth), pixel % g.outWidth];
    const results = [0, g.outChannels - 1].map((out) =>
      sumAt(pixel * g.outChannels + out, taps * perTap, (k) => {
        const [tap, channel] = [Math.floor(k / perTap), isDepthwise ? out : k % perTap];
        const [row, column] = [Math.floor(tap / g.filterWidth), tap % g.filterWidth];
        const from = ((top + row) * g.inWidth + left + column) * g.inChannels + channel;
        return x.values[from]! * w.values[k * g.outChannels + out]!;
      }),
    );
    const attributes: ConvolutionAttributes = { geometry: g, activation: 'linear', alpha: 0 };
    return { inputs: [x, w], outputs: [float(at.y)], attributes, bound: PRODUCT, results };
  };
}

export const conv2d: LongSumMakers<'conv2d'> = {
  'of a large window': (terms, draw) => {
    const side = Math.floor(Math.sqrt(terms / 2));
    return convolution(() => ({ image: [1, side + 1, side + 1, 2], filter: [side, side], out: 9 }))(
      terms,
      draw,
    );
  },
  'of many channels': convolution((terms) => ({ image: [1, 1, 5, terms >> 1], filter: [1, 2], out: 3 })),
  'of each channel': convolution((terms) => {
    const side = Math.floor(Math.sqrt(terms));
    return { image: [1, side + 1, side, 5], filter: [side, side], out: 5 };
  }, true),
};

/** A dy of which one in `oneIn` elements is not 0. */
function thinned(shape: readonly number[], draw: Draw, oneIn: number) {
  const { values } = drawn(shape, draw);
  return floats(
    shape,
    values.map((value, i) => (i % oneIn === 0 ? value : 0)),
  );
}

/** Checks the middle of 3 × 3 pixels, whose channels meet all taps and output channels. */
function inputGradient(oneIn = 1): LongSumMakers<'conv2dInputGradient'>[string] {
  return (terms, draw) => {
    const g = geometryOf({ image: [1, 3, 3, 8], filter: [3, 3], out: Math.floor(terms / 9), pad: 1 });
    const at = shapes(g);
    const [dy, w] = [thinned(at.y, draw, oneIn), drawn(at.w, draw)];
    const results = [0, 7].map((channel) =>
      sumAt(4 * 8 + channel, 9 * g.outChannels, (k) => {
        const [tap, out] = [Math.floor(k / g.outChannels), k % g.outChannels];
        return (
          dy.values[(8 - tap) * g.outChannels + out]! * w.values[(tap * 8 + channel) * g.outChannels + out]!
        );
      }),
    );
    return { inputs: [dy, w], outputs: [float(at.x)], attributes: { geometry: g }, bound: PRODUCT, results };
  };
}

export const conv2dInputGradient: LongSumMakers<'conv2dInputGradient'> = {
  'of many channels': inputGradient(),
  'of many channels, most of them 0': inputGradient(5),
  // Each pixel meets every tap: the work grows with the square of the number of terms.
  'of each channel': (terms, draw) => {
    const side = Math.min(40, Math.floor(Math.sqrt(terms)));
    const g = geometryOf({
      image: [1, side, side, 5],
      filter: [2 * side - 1, 2 * side - 1],
      out: 5,
      pad: side - 1,
    });
    const at = shapes(g, true);
    const [dy, w] = [drawn(at.y, draw), drawn(at.w, draw)];
    const results = [0, 4].map((channel) =>
      sumAt(channel, side * side, (k) => {
        // The output (row, column) reads pixel (0, 0) through the tap (side − 1 − row, side − 1 − column).
        const [row, column] = [Math.floor(k / side), k % side];
        const tap = (side - 1 - row) * g.filterWidth + side - 1 - column;
        return dy.values[k * 5 + channel]! * w.values[tap * 5 + channel]!;
      }),
    );
    return { inputs: [dy, w], outputs: [float(at.x)], attributes: { geometry: g }, bound: PRODUCT, results };
  },
};

/** Checks the gradient of the filter's first tap, between the first channels and between the last channels. */
function filterGradient(
  image: (terms: number) => Image,
  { isDepthwise = false, oneIn = 1 } = {},
): LongSumMakers<'conv2dFilterGradient'>[string] {
  return (terms, draw): LongSum<'conv2dFilterGradient'> => {
    const g = geometryOf(image(terms));
    const at = shapes(g, isDepthwise);
    const [x, dy] = [drawn(at.x, draw), thinned(at.y, draw, oneIn)];
    const pixels = g.batch * g.outHeight * g.outWidth;
    const inChannels = isDepthwise ? 1 : g.inChannels;
    const tap = Math.floor((g.filterHeight * g.filterWidth) / 2);
    const [down, right] = [Math.floor(tap / g.filterWidth) - g.padTop, (tap % g.filterWidth) - g.padLeft];
    const results = [0, g.outChannels - 1].map((out) => {
      const channel = isDepthwise ? out : out === 0 ? 0 : g.inChannels - 1;
      return sumAt((tap * inChannels + (isDepthwise ? 0 : channel)) * g.outChannels + out, pixels, (k) => {
        const [line, column] = [Math.floor(k / g.outWidth), (k % g.outWidth) + right];
        const [n, row] = [Math.floor(line / g.outHeight), (line % g.outHeight) + down];
        if (row < 0 || row >= g.inHeight || column < 0 || column >= g.inWidth) return 0;
        const from = ((n * g.inHeight + row) * g.inWidth + column) * g.inChannels + channel;
        return x.values[from]! * dy.values[k * g.outChannels + out]!;
      });
    });
    return { inputs: [x, dy], outputs: [float(at.w)], attributes: { geometry: g }, bound: PRODUCT, results };
  };
}

const squares = (side: number, channels: number) => (terms: number) =>
  [Math.ceil(terms / side ** 2), side, side, channels] as const;

export const conv2dFilterGradient: LongSumMakers<'conv2dFilterGradient'> = {
  'of many images': filterGradient((terms) => ({
    image: squares(16, 1)(terms),
    filter: [3, 3],
    out: 9,
    pad: 1,
  })),
  'of one line': filterGradient((terms) => ({ image: [1, 1, terms, 2], filter: [1, 3], out: 3 })),
  'of pixels by themselves': filterGradient((terms) => ({
    image: squares(32, 3)(terms),
    filter: [1, 1],
    out: 5,
  })),
  'of many images, most of dy 0': filterGradient(
    (terms) => ({ image: squares(16, 8)(terms), filter: [3, 3], out: 5, pad: 1 }),
    { oneIn: 6 },
  ),
  'of each channel': filterGradient(
    (terms) => ({ image: squares(16, 5)(terms), filter: [3, 3], out: 5, pad: 1 }),
    {
      isDepthwise: true,
    },
  ),
  'of each channel of one line': filterGradient(
    (terms) => ({ image: [1, 1, terms, 5], filter: [1, 3], out: 5 }),
    {
      isDepthwise: true,
    },
  ),
};
