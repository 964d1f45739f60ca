import type { WindowGeometry } from '../kernels';
import { assertOneOf, isIntegerFrom, isIntegers, isPairs, wrongArgument } from './argument';
import { formatShape } from './shape';

/** The padding [before, after] of each axis, in elements: batch, height, width, channels. */
export type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];
/** 'valid': none; 'same': as much as makes the output ⌈input / stride⌉ long; a number of elements on each side; or explicit. */
export type Padding = 'valid' | 'same' | number | ExplicitPadding;
/** How to round an output extent that is not an integer, if the padding is given in numbers; 'floor' by default. */
export type RoundingMode = 'floor' | 'round' | 'ceil';

export interface WindowOptions {
  readonly op: string;
  /** The shape of the images: [batch, height, width, channels]. */
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

/** A window, stride or dilation as [height, width]. @throws unless `value` is one positive integer, or two of them */
export function pairOf(
  name: string,
  argument: string,
  value: number | readonly [number, number],
): readonly [number, number] {
  const pair = typeof value === 'number' ? ([value, value] as const) : value;
  if (!isIntegers(pair, 1, 2))
    throw wrongArgument(name, argument, value, 'a positive integer, or two of them');
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
  if (pad !== 'same' && pad !== 'valid' && !isIntegerFrom(pad, 0) && !isPairs(pad, 4)) {
    throw wrongArgument(name, 'pad', pad, "'same', 'valid', a non-negative integer, or four pairs of them");
  }
  if (rounding === undefined || rounding === null) return;
  assertOneOf(name, 'dimRoundingMode', rounding, ['floor', 'round', 'ceil']);
  if (typeof pad === 'string') {
    throw new Error(
      `${name}: argument 'dimRoundingMode' is '${rounding}' with pad '${pad}'; wanted a number as pad`,
    );
  }
}

/**
 * The sizes of a convolution or pooling over an NHWC tensor. As in TensorFlow, 'same' pads an odd element behind.
 *
 * @throws when a stride, dilation or padding is malformed, or a stride and a dilation are both above 1
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

/** The shape of the images. */
export const inputShapeOf = (g: WindowGeometry): number[] => [g.batch, g.inHeight, g.inWidth, g.inChannels];
/** The shape of the result. */
export const outputShapeOf = (g: WindowGeometry): number[] => [
  g.batch,
  g.outHeight,
  g.outWidth,
  g.outChannels,
];
