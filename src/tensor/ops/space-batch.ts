/** Ops that move parts of one axis into others. Each is a reshape, a transpose and a reshape, with padding before or cropping after. */
import { assertInteger, assertOneOf, isIntegers, isPairs, wrongArgument } from '../argument';
import { op } from '../op';
import type { Rank } from '../rank';
import { formatShape } from '../shape';
import type { Tensor, Tensor4D } from '../tensor';
import { asRank, asTensor, type TensorInput } from '../tensor-like';
import type { DataFormat } from './method-types';
import { pad } from './pad';
import { reshape } from './reshape';
import { slice } from './slice';
import { transpose } from './transpose';
import type { KeepsRank } from './keeps-rank';

function assertPairs(
  name: string,
  argument: string,
  pairs: readonly (readonly number[])[],
  count: number,
): void {
  if (!isPairs(pairs, count)) {
    throw wrongArgument(name, argument, pairs, `${count} pairs of non-negative integers`);
  }
}

function assertBlock(name: string, x: Tensor, blockShape: readonly number[]): void {
  if (!isIntegers(blockShape, 1) || x.rank <= blockShape.length) {
    throw wrongArgument(
      name,
      'blockShape',
      blockShape,
      `positive integers, fewer than the axes of 'x', of shape ${formatShape(x.shape)}`,
    );
  }
}

/**
 * Moves parts of the batch axis into blocks of the next axes, and crops those: the inverse of {@link spaceToBatchND}.
 *
 * @param blockShape the factors by which the first axes after the batch grow
 * @param crops the number of elements to remove from the [start, end] of each of these axes
 * @throws when the batch is not a multiple of the product of `blockShape`, or the crops exceed an extent
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.tensor4d([1, 2, 3, 4], [4, 1, 1, 1]);
 * dl.batchToSpaceND(x, [2, 2], [[0, 0], [0, 0]]).print(); // [1, 2], [3, 4]
 * ```
 */
export const batchToSpaceND = op('batchToSpaceND', function batchToSpaceND<
  T extends Tensor,
>(x: T | TensorInput, blockShape: number[], crops: number[][]): T {
  const name = 'batchToSpaceND';
  const value = asTensor(name, 'x', x);
  assertBlock(name, value, blockShape);
  const axes = blockShape.length;
  assertPairs(name, 'crops', crops, axes);
  const [batch, ...space] = value.shape as number[];
  const rest = space.splice(axes);
  const factor = blockShape.reduce((product, each) => product * each, 1);
  if (batch! % factor !== 0) {
    throw new Error(
      `${name}: argument 'x' has shape ${formatShape(value.shape)}; wanted a batch that is a multiple of ${factor}, the product of 'blockShape'`,
    );
  }
  const grown = space.map((extent, axis) => extent * blockShape[axis]!);
  const kept = grown.map((extent, axis) => extent - crops[axis]![0]! - crops[axis]![1]!);
  if (kept.some((extent) => extent < 0)) {
    throw new Error(
      `${name}: argument 'crops' is ${JSON.stringify(crops)}, for the extents ${formatShape(grown)}; wanted crops that do not exceed them`,
    );
  }
  // [blocks…, batch, space…, rest…] → [batch, (space, block)…, rest…]
  const split = reshape(value, [...blockShape, batch! / factor, ...space, ...rest]);
  const order = [
    axes,
    ...space.flatMap((_, i) => [axes + 1 + i, i]),
    ...rest.map((_, i) => 2 * axes + 1 + i),
  ];
  const joined = reshape(transpose(split, order), [batch! / factor, ...grown, ...rest]);
  const begin = [0, ...crops.map(([first]) => first!), ...rest.map(() => 0)];
  return slice<T>(joined, begin, [batch! / factor, ...kept, ...rest]);
}) as KeepsRank<Tensor, [blockShape: number[], crops: number[][]]>;

/**
 * Pads x with zeros, divides the first axes after the batch into blocks, and moves the positions within a block to the batch axis. An
 * ordinary convolution of the result, followed by {@link batchToSpaceND}, is a dilated convolution of x.
 *
 * @param blockShape the extents of a block along the first axes after the batch; later axes, as the channels, are not divided
 * @param paddings the number of zeros [before, after] along each of the divided axes
 * @throws when a block extent does not divide its padded extent
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.log(dl.spaceToBatchND(x, [2, 2], [[0, 0], [0, 0]]).shape); // [4, 1, 1, 1]
 * ```
 */
export const spaceToBatchND = op('spaceToBatchND', function spaceToBatchND<
  T extends Tensor,
>(x: T | TensorInput, blockShape: number[], paddings: number[][]): T {
  const name = 'spaceToBatchND';
  const value = asTensor(name, 'x', x);
  assertBlock(name, value, blockShape);
  const axes = blockShape.length;
  assertPairs(name, 'paddings', paddings, axes);
  const pairs = [[0, 0], ...paddings, ...new Array<number[]>(value.rank - 1 - axes).fill([0, 0])];
  const extents: readonly number[] = value.shape;
  const [batch, ...space] = extents.map((extent, axis) => pairs[axis]![0]! + extent + pairs[axis]![1]!);
  const rest = space.splice(axes);
  if (space.some((extent, axis) => extent % blockShape[axis]! !== 0)) {
    throw new Error(
      `${name}: argument 'blockShape' is ${formatShape(blockShape)}, for 'x' padded to the extents ${formatShape(space)}; wanted divisors of them`,
    );
  }
  const padded = pad(value, pairs as [number, number][]);
  // [batch, (space, block)…, rest…] → [blocks…, batch, space…, rest…]
  const blocks = space.map((extent, axis) => extent / blockShape[axis]!);
  const split = reshape(padded, [
    batch!,
    ...blocks.flatMap((extent, axis) => [extent, blockShape[axis]!]),
    ...rest,
  ]);
  const order = [
    ...blocks.map((_, i) => 2 + 2 * i),
    0,
    ...blocks.map((_, i) => 1 + 2 * i),
    ...rest.map((_, i) => 1 + 2 * axes + i),
  ];
  const factor = blockShape.reduce((product, each) => product * each, 1);
  return reshape(transpose(split, order), [batch! * factor, ...blocks, ...rest]) as T;
}) as KeepsRank<Tensor, [blockShape: number[], paddings: number[][]]>;

/**
 * Moves channels into space: every blockSize² channels of a pixel become a square of blockSize × blockSize pixels.
 *
 * @param x [batch, height, width, channels], or [batch, channels, height, width] with 'NCHW'
 * @param blockSize the side of the squares, in pixels
 * @param dataFormat the order of the axes: 'NHWC' (the default) or 'NCHW'
 * @returns with 'NHWC', [batch, height · blockSize, width · blockSize, channels / blockSize²]
 * @throws unless blockSize² divides the number of channels
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.depthToSpace(dl.tensor4d([1, 2, 3, 4], [1, 1, 1, 4]), 2).print(); // [1, 2], [3, 4]
 * ```
 */
export const depthToSpace = op(
  'depthToSpace',
  function depthToSpace(
    x: Tensor4D | TensorInput,
    blockSize: number,
    dataFormat: DataFormat = 'NHWC',
  ): Tensor4D {
    const name = 'depthToSpace';
    const value = asRank(name, 'x', x, 4);
    assertInteger(name, 'blockSize', blockSize, 1);
    assertOneOf(name, 'dataFormat', dataFormat, ['NHWC', 'NCHW']);
    const isLast = dataFormat === 'NHWC';
    const shape = value.shape as [number, number, number, number];
    const [batch] = shape;
    const [height, width, channels] = isLast
      ? (shape.slice(1) as [number, number, number])
      : [shape[2], shape[3], shape[1]];
    const depth = channels / blockSize ** 2;
    if (!Number.isInteger(depth)) {
      throw new Error(
        `${name}: argument 'x' has shape ${formatShape(shape)}, of ${channels} channels; wanted a multiple of ${blockSize ** 2}, the square of 'blockSize'`,
      );
    }
    const b = blockSize;
    const [split, order, joined] = isLast
      ? [
          [batch, height, width, b, b, depth],
          [0, 1, 3, 2, 4, 5],
          [batch, height * b, width * b, depth],
        ]
      : [
          [batch, b, b, depth, height, width],
          [0, 3, 4, 1, 5, 2],
          [batch, depth, height * b, width * b],
        ];
    return reshape<Rank.R4>(transpose(reshape(value, split), order), joined);
  },
);
