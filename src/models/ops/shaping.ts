import { sizeOf } from '../../kernels';
import * as dl from '../../tensor';
import type { Tensor, Tensor4D } from '../../tensor';
import { MOST_ITEMS, type NodeCall, type OpRow, type OpTable } from './row';

/** Pairs of numbers: [1, 2, 3, 4] is [[1, 2], [3, 4]]. */
const pairs = (numbers: readonly number[]): [number, number][] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!]);

/** The elements of a tensor with more at its borders, by the input that holds pairs of numbers. */
const paddedSize =
  (input: number) =>
  ({ x, numbers }: NodeCall): number => {
    const added = pairs(numbers(input));
    // SpaceToBatchND pads the axes behind the first.
    const skipped = input === 2 ? 1 : 0;
    return sizeOf(x[0]!.shape.map((extent, axis) => extent + sum(added[axis - skipped] ?? [0, 0])));
  };
const sum = ([before, behind]: readonly [number, number]): number => before + behind;

/** Values of a list of elements in an output of zeros or another value, for SparseToDense. */
function dense(
  indices: readonly number[],
  shape: readonly number[],
  values: Tensor,
  otherwise: number,
): Tensor {
  const places = dl.tensor2d([...indices], [indices.length / shape.length, shape.length], 'int32');
  const all = dl.broadcastTo(values, [places.shape[0]]);
  return dl.tensorScatterUpdate(dl.fill([...shape], otherwise, values.dtype), places, all);
}

/** Blocks of pixels become channels. @param option the name of the attribute that has the block's size */
export const spaceToDepth =
  (option: string): OpRow['run'] =>
  ({ x: [images], attributes }) => {
    const size = attributes.number(option, 1);
    const [batch, height, width, channels] = (images as Tensor4D).shape;
    const parts = dl.reshape(images!, [batch, height / size, size, width / size, size, channels]);
    const moved = dl.transpose(parts, [0, 1, 3, 2, 4, 5]);
    return dl.reshape(moved, [batch, height / size, width / size, channels * size ** 2]);
  };

/** Ops that move, cut and join values. */
export const shaping: OpTable = {
  Reshape: { run: ({ x, numbers }) => dl.reshape(x[0]!, [...numbers(1)]), host: [1] },
  ExpandDims: { run: ({ x, numbers }) => dl.expandDims(x[0]!, numbers(1)[0]), host: [1] },
  Squeeze: {
    run: ({ x, attributes }) => {
      const dims = attributes.numbers('squeeze_dims');
      return dl.squeeze(x[0]!, dims.length > 0 ? [...dims] : undefined);
    },
  },
  Shape: { run: ({ x }) => dl.tensor1d([...x[0]!.shape], 'int32'), ofShape: true },
  Size: { run: ({ x }) => dl.scalar(x[0]!.size, 'int32'), ofShape: true },
  Rank: { run: ({ x }) => dl.scalar(x[0]!.rank, 'int32'), ofShape: true },
  Pad: { run: ({ x, numbers }) => dl.pad(x[0]!, pairs(numbers(1))), host: [1], size: paddedSize(1) },
  PadV2: {
    run: ({ x, numbers }) => dl.pad(x[0]!, pairs(numbers(1)), numbers(2)[0]),
    host: [1, 2],
    size: paddedSize(1),
  },
  MirrorPad: {
    run: ({ x, numbers, attributes }) =>
      dl.mirrorPad(
        x[0]!,
        pairs(numbers(1)),
        attributes.text('mode', 'REFLECT').toLowerCase() as 'reflect' | 'symmetric',
      ),
    host: [1],
    size: paddedSize(1),
  },
  ConcatV2: { run: ({ x, numbers }) => dl.concat(x.slice(0, -1), numbers(x.length - 1)[0]), host: [-1] },
  Concat: { run: ({ x, numbers }) => dl.concat(x.slice(1), numbers(0)[0]), host: [0] },
  Pack: { run: ({ x, attributes }) => dl.stack([...x], attributes.number('axis', 0)) },
  Unpack: {
    run: ({ x, attributes }) => {
      const axis = attributes.number('axis', 0);
      const count = x[0]!.shape.at(axis) ?? 0;
      if (count > MOST_ITEMS) throw new Error(`it has ${count} parts; wanted at most ${MOST_ITEMS}`);
      return dl.unstack(x[0]!, axis);
    },
  },
  Split: {
    run: ({ x, numbers, attributes }) => dl.split(x[1]!, attributes.number('num_split', 1), numbers(0)[0]),
    host: [0],
  },
  SplitV: { run: ({ x, numbers }) => dl.split(x[0]!, [...numbers(1)], numbers(2)[0]), host: [1, 2] },
  Slice: { run: ({ x, numbers }) => dl.slice(x[0]!, [...numbers(1)], [...numbers(2)]), host: [1, 2] },
  StridedSlice: {
    run: ({ x, numbers, attributes }) =>
      dl.stridedSlice(
        x[0]!,
        [...numbers(1)],
        [...numbers(2)],
        [...numbers(3)],
        ...(['begin', 'end', 'ellipsis', 'new_axis', 'shrink_axis'].map((name) =>
          attributes.number(`${name}_mask`, 0),
        ) as [number, number, number, number, number]),
      ),
    host: [1, 2, 3],
  },
  Transpose: { run: ({ x, numbers }) => dl.transpose(x[0]!, [...numbers(1)]), host: [1] },
  Tile: {
    run: ({ x, numbers }) => dl.tile(x[0]!, [...numbers(1)]),
    host: [1],
    size: ({ x, numbers }) => x[0]!.size * sizeOf(numbers(1)),
  },
  BroadcastTo: {
    run: ({ x, numbers }) => dl.broadcastTo(x[0]!, [...numbers(1)]),
    host: [1],
    size: ({ numbers }) => sizeOf(numbers(1)),
  },
  ReverseV2: { run: ({ x, numbers }) => dl.reverse(x[0]!, [...numbers(1)]), host: [1] },
  Fill: {
    run: ({ x, numbers }) => dl.fill([...numbers(0)], numbers(1)[0]!, x[1]!.dtype),
    host: [0, 1],
    size: ({ numbers }) => sizeOf(numbers(0)),
  },
  Range: {
    run: ({ x, numbers }) => dl.range(numbers(0)[0]!, numbers(1)[0]!, numbers(2)[0], x[0]!.dtype),
    host: [0, 1, 2],
    size: ({ numbers }) => (numbers(1)[0]! - numbers(0)[0]!) / (numbers(2)[0] ?? 1),
  },
  GatherV2: {
    run: ({ x, numbers, attributes }) =>
      dl.gather(x[0]!, dl.cast(x[1]!, 'int32'), numbers(2)[0], attributes.number('batch_dims', 0)),
    host: [2],
  },
  Gather: { run: ({ x }) => dl.gather(x[0]!, dl.cast(x[1]!, 'int32')) },
  GatherNd: { run: ({ x }) => dl.gatherND(x[0]!, dl.cast(x[1]!, 'int32')) },
  OneHot: {
    run: ({ x, numbers }) =>
      dl.oneHot(dl.cast(x[0]!, 'int32'), numbers(1)[0]!, numbers(2)[0], numbers(3)[0], x[2]?.dtype),
    host: [1, 2, 3],
    size: ({ x, numbers }) => x[0]!.size * numbers(1)[0]!,
  },
  DepthToSpace: {
    run: ({ x, attributes }) =>
      dl.depthToSpace(
        x[0] as Tensor4D,
        attributes.number('block_size', 2),
        attributes.text('data_format', 'NHWC') as 'NHWC',
      ),
  },
  SpaceToBatchND: {
    run: ({ x, numbers }) => dl.spaceToBatchND(x[0]!, [...numbers(1)], pairs(numbers(2))),
    host: [1, 2],
    size: paddedSize(2),
  },
  BatchToSpaceND: {
    run: ({ x, numbers }) => dl.batchToSpaceND(x[0]!, [...numbers(1)], pairs(numbers(2))),
    host: [1, 2],
  },
  SparseToDense: {
    run: ({ x, numbers }) => dense(numbers(0), numbers(1), x[2]!, numbers(3)[0]!),
    host: [0, 1, 3],
    size: ({ numbers }) => sizeOf(numbers(1)),
  },
};
