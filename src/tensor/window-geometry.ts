import type { WindowGeometry } from '../kernels';
import { formatShape } from './shape';

/** [[before, after] of the batch, of the height, of the width, of the channels]. */
export type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];
/** 'valid': none; 'same': so much that the output is ⌈input / stride⌉; a number of elements on each side; or explicit. */
export type Padding = 'valid' | 'same' | number | ExplicitPadding;
/** How an output extent that is no integer is rounded where the padding is given in numbers; 'floor' by default. */
export type RoundingMode = 'floor' | 'round' | 'ceil';

export interface WindowOptions {
  readonly op: string;
  /** NHWC. */
  readonly shape: readonly number[];
  readonly filter: readonly [number, number];
  readonly outChannels: number;
  readonly strides: number | readonly [number, number];
  readonly dilations: number | readonly [number, number];
  readonly pad: Padding;
  readonly dimRoundingMode?: RoundingMode | undefined;
}

interface AxisWindow {
  readonly extent: number;
  readonly before: number;
}

function pairOf(name: string, argument: string, value: number | readonly [number, number]): [number, number] {
  const pair: [number, number] = typeof value === 'number' ? [value, value] : [value[0], value[1]];
  if (!pair.every((each) => Number.isInteger(each) && each > 0)) {
    throw new Error(`${name}: argument '${argument}' is ${JSON.stringify(value)}; wanted positive integers`);
  }
  return pair;
}

function axisWindow(o: WindowOptions, axis: 0 | 1, stride: number, dilation: number): AxisWindow {
  const input = o.shape[1 + axis]!;
  const reach = (o.filter[axis] - 1) * dilation + 1;
  if (o.pad === 'same') {
    const extent = Math.ceil(input / stride);
    return { extent, before: Math.floor(Math.max(0, (extent - 1) * stride + reach - input) / 2) };
  }
  const [before, after] =
    o.pad === 'valid' ? [0, 0] : typeof o.pad === 'number' ? [o.pad, o.pad] : o.pad[1 + axis]!;
  const exact = (input + before + after - reach) / stride + 1;
  return { extent: Math.max(0, Math[o.dimRoundingMode ?? 'floor'](exact)), before };
}

function assertPadding(name: string, pad: unknown, rounding: RoundingMode | undefined | null): void {
  const isExtent = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
  const isNumber = isExtent(pad);
  const isExplicit =
    Array.isArray(pad) &&
    pad.length === 4 &&
    pad.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isExtent));
  if (pad !== 'same' && pad !== 'valid' && !isNumber && !isExplicit) {
    throw new Error(
      `${name}: argument 'pad' is ${JSON.stringify(pad)}; wanted 'same', 'valid', a non-negative integer, or four pairs`,
    );
  }
  if (rounding === undefined || rounding === null) return;
  if (!['floor', 'round', 'ceil'].includes(rounding)) {
    throw new Error(
      `${name}: argument 'dimRoundingMode' is '${rounding}'; wanted 'floor', 'round' or 'ceil'`,
    );
  }
  if (typeof pad === 'string') {
    throw new Error(
      `${name}: argument 'dimRoundingMode' is '${rounding}' with pad '${pad}'; wanted a number as pad`,
    );
  }
}

/**
 * The numbers of a convolution or pooling over an NHWC tensor. Padding follows TensorFlow: with 'same' the odd element goes behind.
 *
 * @throws when a stride, dilation or padding is none
 */
export function windowGeometry(o: WindowOptions): WindowGeometry {
  assertPadding(o.op, o.pad, o.dimRoundingMode);
  const [strideHeight, strideWidth] = pairOf(o.op, 'strides', o.strides);
  const [dilationHeight, dilationWidth] = pairOf(o.op, 'dilations', o.dilations);
  if (Math.max(strideHeight, strideWidth) > 1 && Math.max(dilationHeight, dilationWidth) > 1) {
    throw new Error(
      `${o.op}: arguments 'strides' and 'dilations' are ${formatShape([strideHeight, strideWidth])} and ` +
        `${formatShape([dilationHeight, dilationWidth])}; wanted one of them to be 1`,
    );
  }
  const [batch, inHeight, inWidth, inChannels] = o.shape as [number, number, number, number];
  const height = axisWindow(o, 0, strideHeight, dilationHeight);
  const width = axisWindow(o, 1, strideWidth, dilationWidth);
  return {
    batch,
    inHeight,
    inWidth,
    inChannels,
    outHeight: height.extent,
    outWidth: width.extent,
    outChannels: o.outChannels,
    filterHeight: o.filter[0],
    filterWidth: o.filter[1],
    strideHeight,
    strideWidth,
    dilationHeight,
    dilationWidth,
    padTop: height.before,
    padLeft: width.before,
  };
}

/** Shape of the input and of the output of a window. */
export const inputShapeOf = (g: WindowGeometry): number[] => [g.batch, g.inHeight, g.inWidth, g.inChannels];
export const outputShapeOf = (g: WindowGeometry): number[] => [
  g.batch,
  g.outHeight,
  g.outWidth,
  g.outChannels,
];
