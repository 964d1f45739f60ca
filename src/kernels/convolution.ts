import type { Activation } from './activation';

/**
 * The sizes of a 2-D convolution or pooling, in elements; the op computes them. Images are
 * [batch, height, width, channels], filters [height, width, inChannels / groups, outChannels] (depthwise:
 * [height, width, inChannels, multiplier]).
 */
export interface WindowGeometry {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  /** Rows of padding above the image. The padding below follows from the other numbers. */
  readonly padTop: number;
  readonly padLeft: number;
}

/** Whether a filter of `filterSize` elements is depthwise: each input channel has filters of its own. */
export function isDepthwise(g: WindowGeometry, filterSize: number): boolean {
  return g.inChannels > 1 && filterSize === g.filterHeight * g.filterWidth * g.outChannels;
}

export interface ConvolutionAttributes {
  readonly geometry: WindowGeometry;
  /** Applied after the bias, as the result is stored. */
  readonly activation: Activation;
  /** The slope of leakyRelu. */
  readonly alpha: number;
}

export interface PoolAttributes {
  readonly geometry: WindowGeometry;
  readonly mode: 'max' | 'average';
}
