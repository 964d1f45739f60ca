/** The types of the methods that chained-shaping.ts implements. */
import type { DataType } from '../kernels';
import type { DataFormat } from './ops/method-types';
import type { Rank, ShapeMap } from './rank';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from './tensor';
import type { TensorBuffer } from './tensor-buffer';
import type { TensorInput } from './tensor-like';

type Pair = readonly [number, number];

export interface ShapingMethods<R extends Rank> {
  stridedSlice(
    begin: number[],
    end: number[],
    strides?: number[],
    beginMask?: number,
    endMask?: number,
    ellipsisMask?: number,
    newAxisMask?: number,
    shrinkAxisMask?: number,
  ): Tensor;
  slice1d(begin: number, size?: number): Tensor1D;
  slice2d(begin: [number, number], size?: [number, number]): Tensor2D;
  slice3d(begin: [number, number, number], size?: [number, number, number]): Tensor3D;
  slice4d(begin: [number, number, number, number], size?: [number, number, number, number]): Tensor4D;
  pad1d(paddings: Pair, constantValue?: number): Tensor1D;
  pad2d(paddings: [Pair, Pair], constantValue?: number): Tensor2D;
  pad3d(paddings: [Pair, Pair, Pair], constantValue?: number): Tensor3D;
  pad4d(paddings: [Pair, Pair, Pair, Pair], constantValue?: number): Tensor4D;
  reverse1d(): Tensor1D;
  reverse2d(axis?: number | number[]): Tensor2D;
  reverse3d(axis?: number | number[]): Tensor3D;
  reverse4d(axis?: number | number[]): Tensor4D;
  ensureShape<N extends Rank = Rank>(shape: ShapeMap[N] | readonly (number | null)[]): Tensor<N>;

  gatherND(indices: TensorInput): Tensor;
  scatterND<N extends Rank = Rank>(updates: TensorInput, shape: ShapeMap[N] | number[]): Tensor<N>;
  tensorScatterUpdate(indices: TensorInput, updates: TensorInput): Tensor<R>;
  unsortedSegmentSum(segmentIds: TensorInput, numSegments: number): Tensor<R>;
  bincount(weights: TensorInput, size: number): Tensor1D;
  denseBincount(weights: TensorInput, size: number, binaryOutput?: boolean): Tensor<R>;
  confusionMatrix(predictions: TensorInput, numClasses: number): Tensor2D;
  topk(k?: number, sorted?: boolean): { values: Tensor<R>; indices: Tensor<R> };
  searchSorted<T extends Tensor>(values: T | TensorInput, side?: 'left' | 'right'): T;
  lowerBound<T extends Tensor>(values: T | TensorInput): T;
  upperBound<T extends Tensor>(values: T | TensorInput): T;

  batchToSpaceND(blockShape: number[], crops: number[][]): Tensor<R>;
  spaceToBatchND(blockShape: number[], paddings: number[][]): Tensor<R>;
  depthToSpace(blockSize: number, dataFormat?: DataFormat): Tensor4D;
  resizeBilinear(size: [number, number], alignCorners?: boolean, halfPixelCenters?: boolean): Tensor<R>;
  resizeNearestNeighbor(
    size: [number, number],
    alignCorners?: boolean,
    halfPixelCenters?: boolean,
  ): Tensor<R>;

  unique(axis?: number): { values: Tensor<R>; indices: Tensor1D };
  setdiff1dAsync(y: TensorInput): Promise<[Tensor1D, Tensor1D]>;
  whereAsync(): Promise<Tensor2D>;
  booleanMaskAsync(mask: TensorInput, axis?: number): Promise<Tensor>;

  /** Reads the values into a {@link TensorBuffer}, in which they can be changed one by one. Does not block. */
  buffer<D extends DataType = 'float32'>(): Promise<TensorBuffer<R, D>>;
  /** As `buffer`, but blocks until the device is done. @throws when the backend can only read asynchronously */
  bufferSync<D extends DataType = 'float32'>(): TensorBuffer<R, D>;
}
