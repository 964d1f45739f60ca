/** Convolutions and pooling. Images come with their channels last: [batch, length, channels] or [batch, height, width, channels]. */
import * as dl from '../../../tensor';
import type { Tensor, Tensor4D } from '../../../tensor';
import type { NodeAttributes, NodeCall, OpRow, OpTable } from '../row';
import { given } from './call';
import { TO_FILTER } from './layouts';

type Pair = [number, number];
type Pads = [Pair, Pair, Pair, Pair];

/** Windows that move over two axes. */
interface Windows {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pads: Pads;
}

/** A list with a number for each axis of space, as a pair. Sequences have one axis, and count as pictures of one row. */
const pair = (numbers: readonly number[], otherwise: number): Pair =>
  numbers.length === 1 ? [otherwise, numbers[0]!] : [numbers[0] ?? otherwise, numbers[1] ?? otherwise];

const asPictures = (x: Tensor): Tensor4D => {
  if (x.rank === 4) return x as Tensor4D;
  if (x.rank === 3) return dl.expandDims(x, 1);
  throw new Error(`the input has rank ${x.rank}; wanted sequences of rank 3, or pictures of rank 4`);
};
const asBefore = (y: Tensor, { rank }: Tensor): Tensor => (rank === 3 ? dl.squeeze(y, [1]) : y);

/** What lies under a window along one axis: its first and last element, and those between. */
const reachOf = (size: number, dilation: number): number => (size - 1) * dilation + 1;

function windowsOf(attributes: NodeAttributes, extents: Pair, size: Pair): Windows {
  const strides = pair(attributes.numbers('strides'), 1);
  const dilations = pair(attributes.numbers('dilations'), 1);
  const auto = attributes.text('auto_pad', 'NOTSET');
  const all = attributes.numbers('pads');
  const half = all.length / 2;
  const before = pair(all.slice(0, half), 0);
  const after = pair(all.slice(half), 0);
  const along = (axis: 0 | 1): Pair => {
    if (auto === 'NOTSET') return [before[axis], after[axis]];
    if (auto === 'VALID') return [0, 0];
    const count = Math.ceil(extents[axis] / strides[axis]);
    const reach = reachOf(size[axis], dilations[axis]);
    const missing = Math.max(0, (count - 1) * strides[axis] + reach - extents[axis]);
    const less = Math.floor(missing / 2);
    return auto === 'SAME_LOWER' ? [missing - less, less] : [less, missing - less];
  };
  return { strides, dilations, pads: [[0, 0], along(0), along(1), [0, 0]] };
}

/** The filter with zeros between its elements. */
function dilated(filter: Tensor, dilations: Pair): Tensor {
  return dilations.reduce((f, dilation, axis) => {
    if (dilation === 1) return f;
    const spread = dl.pad(
      dl.expandDims(f, axis + 1),
      [...f.shape, 0].map((_, i): Pair => (i === axis + 1 ? [0, dilation - 1] : [0, 0])),
    );
    const shape = f.shape.map((extent, i) => (i === axis ? extent * dilation : extent));
    const cut = shape.map((extent, i) => (i === axis ? extent - dilation + 1 : extent));
    return dl.slice(
      dl.reshape(spread, shape),
      cut.map(() => 0),
      cut,
    );
  }, filter);
}

/** The filters of the groups, and the images that they see. */
function inGroups(x: Tensor, filters: Tensor, conv: (x: Tensor, filter: Tensor) => Tensor): Tensor {
  const parts = dl.split(x, filters.shape[0]!, -1);
  return dl.concat(
    dl.unstack(filters).map((filter, i) => conv(parts[i]!, filter)),
    -1,
  );
}

/**
 * A filter as our convolutions take it. ONNX has [outChannels, inChannels of a group, …space]; of a transposed convolution
 * [inChannels, outChannels of a group, …space].
 */
export function toFilter(filter: Tensor, group: number, isTransposed: boolean): Tensor {
  if (filter.rank !== 3 && filter.rank !== 4)
    throw new Error(`the filter has rank ${filter.rank}; wanted 3 for sequences, or 4 for pictures`);
  const four = filter.rank === 3 ? dl.expandDims(filter, 2) : filter;
  const [first, second, height, width] = four.shape as [number, number, number, number];
  if (!Number.isInteger(first / group))
    throw new Error(`the filter has ${first} channels for ${group} groups; wanted as many for each`);
  const moved = (each: Tensor): Tensor => dl.transpose(each, [2, 3, 1, 0]);
  if (group === 1) return moved(four);
  // The outputs of a group are neighbours.
  if (second === 1 && !isTransposed) return dl.reshape(moved(four), [height, width, group, first / group]);
  return dl.stack(dl.split(four, group, 0).map(moved));
}

function convolved(call: NodeCall, images: Tensor, filter: Tensor, bias: Tensor | undefined): Tensor {
  const { attributes } = call;
  const x = asPictures(images);
  const isGrouped = filter.rank === 5;
  const size = filter.shape.slice(isGrouped ? 1 : 0) as unknown as Pair;
  const { strides, dilations, pads } = windowsOf(attributes, [x.shape[1], x.shape[2]], [size[0], size[1]]);
  // Ours take no step over elements while they move by more than one.
  const isSpread = Math.max(...strides) > 1 && Math.max(...dilations) > 1;
  const isDepthwise = !isGrouped && attributes.number('group', 1) > 1;
  const conv = (part: Tensor, weights: Tensor, finish: { bias?: Tensor } = {}): Tensor =>
    (isDepthwise ? dl.fused.depthwiseConv2d : dl.fused.conv2d)({
      x: part,
      filter: isSpread ? dilated(weights, dilations) : weights,
      strides,
      pad: pads,
      dilations: isSpread ? [1, 1] : dilations,
      ...finish,
    });
  if (!isGrouped) return asBefore(conv(x, filter, bias ? { bias } : {}), images);
  const y = inGroups(x, filter, conv);
  return asBefore(bias ? dl.add(y, bias) : y, images);
}

/** A convolution of images in the file's filter, for ops of quantized values. */
export function convolution(call: NodeCall, x: Tensor, filter: Tensor, bias?: Tensor): Tensor {
  return convolved(call, x, toFilter(filter, call.attributes.number('group', 1), false), bias);
}

function transposedConvolution(call: NodeCall): Tensor {
  const { attributes } = call;
  const [images, given0] = call.x as [Tensor, Tensor];
  const x = asPictures(images);
  const bias = given(call, 2);
  const isGrouped = given0.rank === 5;
  const dilations = pair(attributes.numbers('dilations'), 1);
  const undilated = given0.shape.slice(isGrouped ? 1 : 0);
  const auto = attributes.text('auto_pad', 'NOTSET');
  const strides = pair(attributes.numbers('strides'), 1);
  const more = pair(attributes.numbers('output_padding'), 0);
  const wanted = attributes.numbers('output_shape');
  const all = attributes.numbers('pads');
  const before = pair(all.slice(0, all.length / 2), 0);
  const after = pair(all.slice(all.length / 2), 0);
  const sizes = pair(wanted.slice(-2), 1);
  const along = ([0, 1] as const).map((axis): { extent: number; pads: Pair } => {
    const full =
      strides[axis] * (x.shape[axis + 1]! - 1) + more[axis] + reachOf(undilated[axis]!, dilations[axis]);
    const isSame = auto.startsWith('SAME');
    if (wanted.length === 0 && !isSame) {
      const pads: Pair = auto === 'VALID' ? [0, 0] : [before[axis], after[axis]];
      return { extent: full - pads[0] - pads[1], pads };
    }
    const isRow = x.shape[1] === 1 && images.rank === 3 && axis === 0;
    // Where the steps are longer than the filter, nothing lies behind the last one.
    const grown = Math.min(full, x.shape[axis + 1]! * strides[axis]);
    const extent = isRow ? 1 : isSame && wanted.length === 0 ? grown : sizes[axis];
    const total = Math.max(0, full - extent);
    const less = Math.floor(total / 2);
    return { extent, pads: auto === 'SAME_UPPER' ? [less, total - less] : [total - less, less] };
  });
  const conv = (part: Tensor, filter: Tensor): Tensor =>
    dl.conv2dTranspose(
      part,
      dilated(filter, dilations),
      [x.shape[0], along[0]!.extent, along[1]!.extent, filter.shape[2]!],
      strides,
      [[0, 0], along[0]!.pads, along[1]!.pads, [0, 0]],
    );
  const y = isGrouped ? inGroups(x, given0, conv) : conv(x, given0);
  return asBefore(bias ? dl.add(y, bias) : y, images);
}

/** The padding that lets a last window begin before the end of the images, for `ceil_mode`. */
function roundedUp(w: Windows, extents: Pair, size: Pair): Pads {
  const along = (axis: 0 | 1): Pair => {
    const [before, after] = w.pads[axis + 1]!;
    const [extent, stride] = [extents[axis], w.strides[axis]];
    const reach = reachOf(size[axis], w.dilations[axis]);
    let count = Math.ceil((extent + before + after - reach) / stride) + 1;
    if ((count - 1) * stride >= extent + before) count--;
    return [before, Math.max(after, (count - 1) * stride + reach - extent - before)];
  };
  return [[0, 0], along(0), along(1), [0, 0]];
}

const pool =
  (type: 'max' | 'avg'): OpRow['run'] =>
  ({ x: [images], attributes }) => {
    const x = asPictures(images!);
    const size = pair(attributes.numbers('kernel_shape'), 1);
    const extents: Pair = [x.shape[1], x.shape[2]];
    const windows = windowsOf(attributes, extents, size);
    const { strides, dilations } = windows;
    let pads = attributes.number('ceil_mode', 0) === 0 ? windows.pads : roundedUp(windows, extents, size);
    let batch: Tensor4D = x;
    if (type === 'avg' && attributes.number('count_include_pad', 0) !== 0) {
      // What the padding adds is counted, but not what lies behind it.
      batch = dl.pad(x, windows.pads);
      pads = pads.map(([, after], axis): Pair => [0, after - windows.pads[axis]![1]]) as Pads;
    }
    const isSpread = Math.max(...dilations) > 1 && Math.max(...strides) > 1;
    const y = dl.pool(batch, size, type, pads, dilations, isSpread ? [1, 1] : strides);
    const every = isSpread ? dl.stridedSlice(y, [0, 0, 0, 0], [...y.shape], [1, ...strides, 1]) : y;
    return asBefore(every, images!);
  };

/** All axes but the first and the last. */
export const spaceOf = (x: Tensor): number[] => x.shape.map((_, axis) => axis).slice(1, -1);

export const windows = (): OpTable => ({
  [TO_FILTER]: {
    run: ({ x, attributes }) => toFilter(x[0]!, attributes.number('group', 1), attributes.flag('transposed')),
  },
  Conv: { run: (call) => convolved(call, call.x[0]!, call.x[1]!, given(call, 2)) },
  ConvTranspose: { run: transposedConvolution },
  MaxPool: { run: pool('max') },
  AveragePool: { run: pool('avg') },
  GlobalAveragePool: { run: ({ x }) => dl.mean(x[0]!, spaceOf(x[0]!), true) },
  GlobalMaxPool: { run: ({ x }) => dl.max(x[0]!, spaceOf(x[0]!), true) },
});
