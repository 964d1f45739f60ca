/** The types of the ops as methods of a tensor; chained.ts puts the methods on the prototype. */
import type { GroupedMethods } from './chained-grouped-methods';
import type { ShapingMethods } from './chained-shaping-methods';
import type { BinaryName, DataType, UnaryName } from '../kernels';
import type { Padding, RoundingMode } from './window-geometry';
import type { DataFormat, NormOf, NormOrder } from './ops/method-types';
import type { Rank, RankAbove, RankBelow, RankOf, ShapeMap } from './rank';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from './tensor';
import type { TensorInput } from './tensor-like';

interface Broadcasting<R extends Rank> {
  method<T extends Tensor = Tensor<R>>(x: Tensor<R> | Scalar | number): T;
  method<T extends Tensor = Tensor>(x: TensorInput): T;
}

/**
 * The type of `x.add` and other binary methods. It is the type of a method, not a function type, since TypeScript compares
 * methods bivariantly: so a Tensor2D is assignable to Tensor.
 */
export type BroadcastingMethod<R extends Rank> = Broadcasting<R>['method'];

/** The type of `x.sum` and other reductions. */
export interface ReducingMethod<R extends Rank> {
  (axis?: null, keepDims?: false): Scalar;
  <T extends Tensor = Tensor<RankBelow<R>>>(axis: number, keepDims?: false): T;
  (axis: number | number[] | null | undefined, keepDims: true): Tensor<R>;
  <T extends Tensor = Tensor>(axis?: number | number[] | null, keepDims?: boolean): T;
}

/** The type of `x.relu` and other methods without arguments. */
export type UnaryMethod<R extends Rank> = <T extends Tensor = Tensor<R>>() => T;

/** Functions of one tensor with a parameter: their methods are written out below. */
type Parametric = 'leakyRelu' | 'step' | 'clipByValue';
type UnaryMethodName = Exclude<UnaryName, Parametric> | 'logSigmoid' | 'softmax' | 'logSoftmax' | 'clone';
type StrictName = `${
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'pow'
  | 'maximum'
  | 'minimum'
  | 'squaredDifference'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual'}Strict`;

type UnaryMethods<R extends Rank> = Readonly<Record<UnaryMethodName, UnaryMethod<R>>>;
type BinaryMethods<R extends Rank> = Readonly<Record<BinaryName | StrictName, BroadcastingMethod<R>>>;

/** The type of `x.maxPool`, `x.avgPool` and `x.minPool`. */
type PoolingMethod<R extends Rank> = (
  filterSize: number | [number, number],
  strides: number | [number, number],
  pad: Padding,
  dimRoundingMode?: RoundingMode,
) => Tensor<R>;
type PoolingMethods<R extends Rank> = Readonly<Record<'maxPool' | 'avgPool' | 'minPool', PoolingMethod<R>>>;

/** The type of `x.batchNorm`, `x.batchNorm2d`, …. */
type BatchNormMethod<R extends Rank> = (
  mean: TensorInput,
  variance: TensorInput,
  offset?: TensorInput | null,
  scale?: TensorInput | null,
  varianceEpsilon?: number,
) => Tensor<R>;
/** The type of `x.batchNormalization`, `x.batchNormalization2d`, …: as `x.batchNorm`, with the arguments in another order. */
type BatchNormalizationMethod<R extends Rank> = (
  mean: TensorInput,
  variance: TensorInput,
  varianceEpsilon?: number,
  scale?: TensorInput | null,
  offset?: TensorInput | null,
) => Tensor<R>;
type OfEachRank<Name extends string> = Name | `${Name}${2 | 3 | 4}d`;
type NormalizingMethods<R extends Rank> = Readonly<
  Record<OfEachRank<'batchNorm'>, BatchNormMethod<R>> &
    Record<OfEachRank<'batchNormalization'>, BatchNormalizationMethod<R>>
>;

type ReducingMethods<R extends Rank> = Readonly<
  Record<'sum' | 'mean' | 'prod' | 'max' | 'min' | 'all' | 'any' | 'logSumExp', ReducingMethod<R>>
>;

/**
 * The ops as methods of a tensor of rank R. Each method is the function of the same name with the tensor as first argument. Most results
 * have the tensor's rank. A program may state another one (`const y: Tensor2D = x.transpose()`), which is not checked, as in
 * TensorFlow.js.
 */
export interface ChainedMethods<R extends Rank>
  extends
    ShapingMethods<R>,
    GroupedMethods<R>,
    UnaryMethods<R>,
    BinaryMethods<R>,
    ReducingMethods<R>,
    PoolingMethods<R>,
    NormalizingMethods<R> {
  leakyRelu<T extends Tensor = Tensor<R>>(alpha?: number): T;
  step<T extends Tensor = Tensor<R>>(alpha?: number): T;
  clipByValue<T extends Tensor = Tensor<R>>(min: number, max: number): T;
  zerosLike<T extends Tensor = Tensor<R>>(): T;
  onesLike<T extends Tensor = Tensor<R>>(): T;
  cast<T extends Tensor = Tensor<R>>(dtype: DataType): T;
  asType<T extends Tensor = Tensor<R>>(dtype: DataType): T;
  toFloat<T extends Tensor = Tensor<R>>(): T;
  toInt<T extends Tensor = Tensor<R>>(): T;
  toBool<T extends Tensor = Tensor<R>>(): T;

  reshape<const S extends readonly number[], N extends RankOf<S> = RankOf<S>>(shape: S): Tensor<N>;
  reshape<T extends Tensor = Tensor>(shape: readonly number[]): T;
  reshape<N extends Rank = Rank>(shape: ShapeMap[N] | number[]): Tensor<N>;
  reshapeAs<T extends Tensor>(x: T): T;
  expandDims<T extends Tensor = Tensor<RankAbove<R>>>(axis?: number): T;
  expandDims<N extends Rank = Rank>(axis?: number): Tensor<N>;
  squeeze<T extends Tensor = Tensor<RankBelow<R>>>(axis: number | readonly [number]): T;
  squeeze<T extends Tensor = Tensor>(axis?: number | number[]): T;
  squeeze<N extends Rank = Rank>(axis?: number | number[]): Tensor<N>;
  broadcastTo<const S extends readonly number[], N extends RankOf<S> = RankOf<S>>(shape: S): Tensor<N>;
  broadcastTo<N extends Rank = Rank>(shape: ShapeMap[N] | number[]): Tensor<N>;
  flatten(): Tensor1D;
  asScalar(): Scalar;
  as1D(): Tensor1D;
  as2D(rows: number, columns: number): Tensor2D;
  as3D(rows: number, columns: number, depth: number): Tensor3D;
  as4D(rows: number, columns: number, depth: number, depth2: number): Tensor4D;
  as5D(rows: number, columns: number, depth: number, depth2: number, depth3: number): Tensor5D;
  transpose<T extends Tensor = Tensor<R>>(perm?: number[]): T;
  reverse<T extends Tensor = Tensor<R>>(axis?: number | number[]): T;
  slice<T extends Tensor = Tensor<R>>(begin: number | number[], size?: number | number[]): T;
  split<T extends Tensor = Tensor<R>>(numOrSizeSplits: number | number[], axis?: number): T[];
  stack<T extends Tensor = Tensor<RankAbove<R>>>(x: TensorInput | readonly TensorInput[], axis?: number): T;
  unstack<T extends Tensor = Tensor<RankBelow<R>>>(axis?: number): T[];
  unstack<N extends Rank = Rank>(axis?: number): Tensor<N>[];
  concat<T extends Tensor = Tensor<R>>(x: TensorInput | readonly TensorInput[], axis?: number): T;
  pad<T extends Tensor = Tensor<R>>(
    paddings: readonly (readonly [number, number])[],
    constantValue?: number,
  ): T;
  mirrorPad<T extends Tensor = Tensor<R>>(
    paddings: readonly (readonly [number, number])[],
    mode: 'reflect' | 'symmetric',
  ): T;
  tile<T extends Tensor = Tensor<R>>(reps: number[]): T;
  gather<T extends Tensor = Tensor<R>>(indices: TensorInput, axis?: number, batchDims?: number): T;
  oneHot(depth: number, onValue?: number, offValue?: number, dtype?: DataType): Tensor<RankAbove<R>>;
  where<T extends Tensor = Tensor<R>>(condition: TensorInput, x: TensorInput): T;

  cumsum<T extends Tensor = Tensor<R>>(axis?: number, exclusive?: boolean, reverse?: boolean): T;
  cumprod<T extends Tensor = Tensor<R>>(axis?: number, exclusive?: boolean, reverse?: boolean): T;
  argMax<T extends Tensor = Tensor<RankBelow<R>>>(axis?: number): T;
  argMin<T extends Tensor = Tensor<RankBelow<R>>>(axis?: number): T;
  readonly norm: NormOf<[ord?: NormOrder]>;
  readonly euclideanNorm: NormOf<[]>;

  matMul(b: Tensor<R>, transposeA?: boolean, transposeB?: boolean): Tensor<R>;
  matMul<T extends Tensor = Tensor>(b: TensorInput, transposeA?: boolean, transposeB?: boolean): T;
  dot(b: TensorInput): Tensor;
  outerProduct(b: TensorInput): Tensor2D;
  matrixTimesVector(v: TensorInput): Tensor1D;
  vectorTimesMatrix(matrix: TensorInput): Tensor1D;
  diag(): Tensor;
  moments(axis?: null, keepDims?: false): { mean: Scalar; variance: Scalar };
  moments(axis?: number | number[] | null, keepDims?: boolean): { mean: Tensor; variance: Tensor };
  multinomial(numSamples: number, seed?: number, normalized?: boolean): Tensor1D | Tensor2D;

  conv2d(
    filter: TensorInput,
    strides: number | [number, number],
    pad: Padding,
    dataFormat?: DataFormat,
    dilations?: number | [number, number],
    dimRoundingMode?: RoundingMode,
  ): Tensor<R>;
  conv2dTranspose(
    filter: TensorInput,
    outputShape: readonly number[],
    strides: number | [number, number],
    pad: Padding,
    dimRoundingMode?: RoundingMode,
  ): Tensor<R>;
  conv1d(
    filter: TensorInput,
    stride: number,
    pad: Padding,
    dataFormat?: 'NWC' | 'NCW',
    dilation?: number,
    dimRoundingMode?: RoundingMode,
  ): Tensor<R>;
  depthwiseConv2d(
    filter: TensorInput,
    strides: number | [number, number],
    pad: Padding,
    dataFormat?: DataFormat,
    dilations?: number | [number, number],
    dimRoundingMode?: RoundingMode,
  ): Tensor<R>;
  separableConv2d(
    depthwiseFilter: TensorInput,
    pointwiseFilter: TensorInput,
    strides: number | [number, number],
    pad: Padding,
    dilation?: number | [number, number],
    dataFormat?: DataFormat,
  ): Tensor<R>;
  pool(
    windowShape: number | [number, number],
    poolingType: 'avg' | 'max',
    pad: Padding,
    dilations?: number | [number, number],
    strides?: number | [number, number],
    dimRoundingMode?: RoundingMode,
  ): Tensor<R>;
  maxPoolWithArgmax(
    filterSize: number | [number, number],
    strides: number | [number, number],
    pad: Padding,
    includeBatchInIndex?: boolean,
  ): { result: Tensor<R>; indexes: Tensor<R> };
  localResponseNormalization(depthRadius?: number, bias?: number, alpha?: number, beta?: number): Tensor<R>;
  dropout(rate: number, noiseShape?: readonly (number | null)[] | null, seed?: number): Tensor<R>;
  movingAverage(
    x: TensorInput,
    decay: number | TensorInput,
    step?: number | TensorInput | null,
    zeroDebias?: boolean,
  ): Tensor<R>;
}
