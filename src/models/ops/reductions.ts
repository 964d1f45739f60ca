import * as dl from '../../tensor';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '../../tensor';
import { indicesOfTrue } from '../../tensor/ops/host/where-async';
import type { NodeAttributes, NodeCall, OpRow, OpTable } from './row';

type Reduce = (x: Tensor, axis: number[], keepDims: boolean) => Tensor;

const reduction = (f: Reduce): OpRow => ({
  run: ({ x, numbers, attributes }) => f(x[0]!, [...numbers(1)], attributes.flag('keep_dims')),
  host: [1],
});

const resize =
  (f: typeof dl.image.resizeBilinear) =>
  (x: Tensor, size: readonly number[], attributes: NodeAttributes): Tensor =>
    f(
      x as Tensor4D,
      [size[0]!, size[1]!],
      attributes.flag('align_corners'),
      attributes.flag('half_pixel_centers'),
    );
const bilinear = resize(dl.image.resizeBilinear);
const nearest = resize(dl.image.resizeNearestNeighbor);

const resizedSize = ({ x, numbers }: NodeCall): number =>
  x[0]!.shape[0]! * numbers(1)[0]! * numbers(1)[1]! * x[0]!.shape[3]!;

/** Reductions, choices among values, and images. */
export const reductions: OpTable = {
  Sum: reduction(dl.sum),
  Mean: reduction(dl.mean),
  Max: reduction(dl.max),
  Min: reduction(dl.min),
  Prod: reduction(dl.prod),
  All: reduction(dl.all),
  Any: reduction(dl.any),
  ArgMax: { run: ({ x, numbers }) => dl.argMax(x[0]!, numbers(1)[0]), host: [1] },
  ArgMin: { run: ({ x, numbers }) => dl.argMin(x[0]!, numbers(1)[0]), host: [1] },
  Cumsum: {
    run: ({ x, numbers, attributes }) =>
      dl.cumsum(x[0]!, numbers(1)[0], attributes.flag('exclusive'), attributes.flag('reverse')),
    host: [1],
  },
  TopKV2: {
    run: ({ x, numbers, attributes }) => {
      const { values, indices } = dl.topk(x[0]!, numbers(1)[0], attributes.flag('sorted'));
      return [values, indices];
    },
    host: [1],
  },
  ResizeBilinear: {
    run: ({ x, numbers, attributes }) => bilinear(x[0]!, numbers(1), attributes),
    host: [1],
    size: resizedSize,
  },
  ResizeNearestNeighbor: {
    run: ({ x, numbers, attributes }) => nearest(x[0]!, numbers(1), attributes),
    host: [1],
    size: resizedSize,
  },
  Where: {
    run: ({ x }) => indicesOfTrue.now(x[0]!.dtype === 'bool' ? x[0]! : dl.cast(x[0]!, 'bool')),
    shapedByValues: true,
  },
  NonMaxSuppressionV3: {
    run: ({ x, numbers }) =>
      dl.image.nonMaxSuppression(
        x[0] as Tensor2D,
        x[1] as Tensor1D,
        numbers(2)[0]!,
        numbers(3)[0],
        numbers(4)[0],
      ),
    host: [2, 3, 4],
    shapedByValues: true,
  },
  NonMaxSuppressionV5: {
    run: ({ x, numbers }) => {
      const { selectedIndices, selectedScores } = dl.image.nonMaxSuppressionWithScore(
        x[0] as Tensor2D,
        x[1] as Tensor1D,
        numbers(2)[0]!,
        numbers(3)[0],
        numbers(4)[0],
        numbers(5)[0],
      );
      return [selectedIndices, selectedScores];
    },
    host: [2, 3, 4, 5],
    shapedByValues: true,
  },
};
