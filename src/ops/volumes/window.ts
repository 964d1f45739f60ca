/** What convolutions and poolings of volumes share: their arguments, and volumes as images. */
import { assertOneOf, isIntegerFrom, isIntegers, isPairs, wrongArgument } from '../../tensor/argument';
import { reshape, transpose } from '../../tensor/ops';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { ExplicitPadding, RoundingMode } from '../../tensor/window-geometry';

/** The order of the axes of volumes: [batch, depth, height, width, channels] or [batch, channels, depth, height, width]. */
export type VolumeDataFormat = 'NDHWC' | 'NCDHW';

/** The padding [before, after] of an axis, in elements. */
type Pair = [number, number];

/** 'valid': none; 'same': as much as makes the output ⌈input / stride⌉ long; a number of elements on each side; or a pair [before, after] for each of the five axes. */
export type VolumePadding = 'valid' | 'same' | number | [Pair, Pair, Pair, Pair, Pair];

/** One number for each of depth, height and width. */
export type Triple = readonly [number, number, number];

/** The windows of a volume, checked. */
export interface VolumeWindows {
  readonly filter: Triple;
  readonly strides: Triple;
  readonly dilations: Triple;
  /** What is added [before, after] the depth, height and width. */
  readonly pads: readonly [Pair, Pair, Pair];
  /** The depth, height and width of the result. */
  readonly extents: Triple;
}

export interface VolumeWindowOptions {
  readonly op: string;
  /** The depth, height and width of the volume. */
  readonly shape: Triple;
  readonly filter: Triple;
  readonly strides: number | Triple;
  readonly dilations?: number | Triple;
  /** In the order of NDHWC, see {@link paddingInNDHWC}. */
  readonly pad: VolumePadding;
  readonly dimRoundingMode?: RoundingMode | undefined;
}

/** A window, stride or dilation as [depth, height, width]. @throws unless `value` is one positive integer, or three of them */
export function tripleOf(name: string, argument: string, value: number | Triple): Triple {
  const triple = typeof value === 'number' ? ([value, value, value] as const) : value;
  if (!isIntegers(triple, 1, 3))
    throw wrongArgument(name, argument, value, 'a positive integer, or three of them');
  return triple;
}

/** Places of depth, height and width in the shape of a volume. */
const AXES = [0, 1, 2] as const;

/**
 * The windows of a convolution or pooling over an NDHWC volume. As in TensorFlow, 'same' pads an odd element behind.
 *
 * @throws when a stride, dilation or padding is malformed, or a stride and a dilation are both above 1
 */
export function volumeWindows(o: VolumeWindowOptions): VolumeWindows {
  assertPadding(o.op, o.pad, o.dimRoundingMode);
  const strides = tripleOf(o.op, 'strides', o.strides);
  const dilations = tripleOf(o.op, 'dilations', o.dilations ?? 1);
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    throw new Error(
      `${o.op}: arguments 'strides' and 'dilations' are ${formatShape(strides)} and ${formatShape(dilations)}; wanted one of them to be 1`,
    );
  }
  const windows = AXES.map((axis): { pad: Pair; extent: number } => {
    const [input, stride] = [o.shape[axis], strides[axis]];
    const reach = (o.filter[axis] - 1) * dilations[axis] + 1;
    if (o.pad === 'same') {
      const extent = Math.ceil(input / stride);
      const all = Math.max(0, (extent - 1) * stride + reach - input);
      const before = Math.floor(all / 2);
      return { pad: [before, all - before], extent };
    }
    const pad: Pair =
      o.pad === 'valid' ? [0, 0] : typeof o.pad === 'number' ? [o.pad, o.pad] : o.pad[1 + axis]!;
    const exact = (input + pad[0] + pad[1] - reach) / stride + 1;
    return { pad, extent: Math.max(0, Math[o.dimRoundingMode ?? 'floor'](exact)) };
  });
  return {
    filter: o.filter,
    strides,
    dilations,
    pads: windows.map(({ pad }) => pad) as [Pair, Pair, Pair],
    extents: windows.map(({ extent }) => extent) as unknown as Triple,
  };
}

function assertPadding(name: string, pad: unknown, rounding: RoundingMode | null | undefined): void {
  if (pad !== 'same' && pad !== 'valid' && !isIntegerFrom(pad, 0) && !isPairs(pad, 5))
    throw wrongArgument(name, 'pad', pad, "'same', 'valid', a non-negative integer, or five pairs of them");
  if (rounding === undefined || rounding === null) return;
  assertOneOf(name, 'dimRoundingMode', rounding, ['floor', 'round', 'ceil']);
  if (typeof pad === 'string') {
    throw new Error(
      `${name}: argument 'dimRoundingMode' is '${rounding}' with pad '${pad}'; wanted a number as pad`,
    );
  }
}

/** Padding of two axes of images, for ops that take images. */
export const imagePadding = (height: Pair, width: Pair): ExplicitPadding => [[0, 0], height, width, [0, 0]];

/**
 * Runs `work` on x as an NDHWC batch, and converts the result back to the form of x. A single volume becomes a batch of one, and NCDHW is
 * transposed.
 */
export function inNDHWC(
  name: string,
  x: Tensor,
  dataFormat: VolumeDataFormat,
  work: (x: Tensor) => Tensor,
): Tensor {
  assertOneOf(name, 'dataFormat', dataFormat, ['NDHWC', 'NCDHW']);
  const batched = x.rank === 4 ? reshape(x, [1, ...x.shape]) : x;
  const result =
    dataFormat === 'NDHWC'
      ? work(batched)
      : transpose(work(transpose(batched, [0, 2, 3, 4, 1])), [0, 4, 1, 2, 3]);
  return x.rank === 4 ? reshape(result, result.shape.slice(1)) : result;
}

/** Reorders explicit padding, which is given in the order of the data format, for NDHWC. Other paddings stay as they are. */
export function paddingInNDHWC(pad: VolumePadding, dataFormat: VolumeDataFormat): VolumePadding {
  return Array.isArray(pad) && pad.length === 5 && dataFormat === 'NCDHW'
    ? [pad[0], pad[2], pad[3], pad[4], pad[1]]
    : pad;
}
