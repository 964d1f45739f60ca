import type { ActivationGradientName } from './activation-gradients';
import type { Backend, TensorInfo } from './backend';
import type { ConvolutionAttributes, PoolAttributes, WindowGeometry } from './convolution';
import type { Activation, BinaryName, UnaryName } from './elementwise';
import type { UpdateName } from './optimizer-updates';
import type { RandomAttributes } from './random';
import type { ReductionName } from './reductions';
import type { ResizeAttributes } from './sampling';
import type { WarpAttributes } from './warp';

/** A shape seen as three: what lies before the axis at work, the axis itself, and what lies behind it. */
export interface AxisView {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

export interface LocalResponseAttributes {
  readonly channels: number;
  readonly radius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** An axis that indices choose from. */
export interface IndexView extends AxisView {
  /** Into how many equal parts outer and the indices fall, each with indices of its own; 1 when left out: all share them. */
  readonly batch?: number;
}

/**
 * Every kernel that a backend must have, and its attributes. Shapes and dtypes come with the inputs and outputs;
 * the order of both is given here.
 */
export interface KernelAttributes {
  /** [] → [x]: every element `value`. */
  fill: { readonly value: number };
  /** [] → [x of rank 1]: start, start + step, …; computed as start + i·step, for int32 of whole numbers. A `last` is the last element. */
  ramp: { readonly start: number; readonly step: number; readonly last?: number };
  /** [] → [x]. */
  random: RandomAttributes;
  /** [x] → [the same values in the output's dtype]: to int32 truncates towards zero, to bool is `≠ 0`. */
  cast: Record<never, never>;
  /** [x] → [f(x)], same shape. */
  unary: { readonly name: UnaryName; readonly p: number; readonly q: number };
  /** [dy, y] → [dy times the derivative of the activation whose result is y], all of one shape. */
  activationGradient: { readonly name: ActivationGradientName; readonly alpha: number };
  /** [a, b] of one dtype, broadcast to the output's shape. */
  binary: { readonly name: BinaryName };
  /** [condition: bool, a, b] broadcast to the output's shape: a where the condition holds, else b. */
  select: Record<never, never>;
  /** [x seen as outer × extent × inner] → [outer × inner]. */
  reduce: AxisView & { readonly name: ReductionName };
  /** As reduce, to the int32 index of the first greatest or least; NaN wins over every number. */
  argReduce: AxisView & { readonly name: 'argMax' | 'argMin' };
  /**
   * [x seen as outer × extent × inner] → [the sums or products of all up to each, along the axis]; `exclusive` leaves out the element
   * itself, `reverse` begins at the end.
   */
  scan: AxisView & { readonly name: 'sum' | 'prod'; readonly exclusive: boolean; readonly reverse: boolean };
  /**
   * [b, a, both seen as outer × extent × inner] → [s]: s = b + a·(the s before it) along the axis, a being the element's own or that of
   * the one before it; `reverse` begins at the end. Factors are finite: where one is not, the order in which a backend composes the steps
   * decides between ∞ and NaN.
   */
  recurrence: AxisView & { readonly factor: 'own' | 'previous'; readonly reverse: boolean };
  /**
   * [x] → [softmax or its logarithm along the last axis], seen as outer rows of extent (inner is 1). All of a row is NaN where one
   * of it is NaN or +∞, or where all are −∞: as ∞ / ∞ and 0 / 0, and as in TensorFlow.
   */
  softmax: AxisView & { readonly logarithm: boolean };
  /** [y, dy] → [gradient to the logits] of the above, y being its result. */
  softmaxGradient: AxisView & { readonly logarithm: boolean };
  /** [labels, logits] → [−Σ labels · log softmax of each row], seen as outer rows of extent; the logarithm is that of `softmax`. */
  crossEntropy: AxisView;
  /** [labels, logits, dy: one for each row] → [gradient to the logits] of the above. */
  crossEntropyGradient: AxisView;
  /**
   * [a, b, bias?] → [a·b + bias, activated]. a is [batch or 1, m, k] ([…, k, m] when transposed), b [batch or 1, k, n]
   * ([…, n, k]); the output [batch, m, n]; a batch of 1 is repeated. Of int32 without bias and activation, too.
   */
  matMul: {
    readonly transposeA: boolean;
    readonly transposeB: boolean;
    readonly activation: Activation;
    readonly alpha: number;
  };
  /**
   * [x, filter, bias?] → [y]. Padding adds nothing to y or to a gradient, be the filter infinite there or not a number. The filter's size tells whether it is [height, width, inChannels, outChannels], or depthwise, each channel
   * having filters of its own: [height, width, inChannels, multiplier].
   */
  conv2d: ConvolutionAttributes;
  /** [dy, filter] → [dx]. */
  conv2dInputGradient: { readonly geometry: WindowGeometry };
  /** [x, dy] → [dfilter]. */
  conv2dFilterGradient: { readonly geometry: WindowGeometry };
  /** [x] → [y]; the average counts only elements inside the image. Of a window that has none the greatest is −∞, the average 0. */
  pool: PoolAttributes;
  /** [x] → [int32 y]: where in x (a flat index) the greatest of each window is; the first of equals. */
  maxPoolIndices: { readonly geometry: WindowGeometry };
  /** [dy, x] → [dx]: every dy added where its window's greatest is, the first of equals. */
  maxPoolGradient: { readonly geometry: WindowGeometry };
  /** [dy] → [dx]. */
  averagePoolGradient: { readonly geometry: WindowGeometry };
  /**
   * [x, mean, variance, offset, scale] → [(x − mean)·scale / √(variance + epsilon) + offset]; all but x repeated along it. Where
   * the root is 0 that is ±∞, or NaN where x is the mean.
   */
  batchNorm: { readonly epsilon: number };
  /** [dy, x, mean, variance] → [Σ dy, (Σ dy·(x − mean)) / √(variance + epsilon)], of the mean's size. */
  batchNormGradient: { readonly epsilon: number };
  /** [x] → [x / (bias + alpha·Σ x²)^beta], the sum over the `radius` channels before and behind; pixels have `channels` values. */
  localResponseNormalization: LocalResponseAttributes;
  /** [x, dy] → [dx]. */
  localResponseNormalizationGradient: LocalResponseAttributes;
  /** [x] → [x with axis i of the output being axis permutation[i] of x]. */
  transpose: { readonly permutation: readonly number[] };
  /** [x] → [y]: y at index i is x at begin + i·strides; strides may be negative (reverse) but not 0. */
  slice: { readonly begin: readonly number[]; readonly strides: readonly number[] };
  /** [x] → [y]: `before` elements of padding at the start of each axis; those at the end follow from the shapes. */
  pad: {
    readonly before: readonly number[];
    readonly mode: 'constant' | 'reflect' | 'symmetric';
    readonly value: number;
  };
  /** [x₀, x₁, …] → [y]: joined along an axis. */
  concat: { readonly axis: number };
  /** [x] → [x repeated]; the output's shape is the input's times the repeats. */
  tile: Record<never, never>;
  /**
   * [x seen as outer × extent × inner, int32 indices] → [outer × indices × inner]. An index outside [0, extent) gives zeros:
   * the op has checked what it can check without reading.
   */
  gather: IndexView;
  /** [values seen as outer × indices × inner, indices] → [outer × extent × inner]: sums what falls on one index. */
  scatterAdd: IndexView;
  /** [int32 indices seen as count × axes] → [int32, count]: row-major positions in `extents`; −1 where an index is outside. */
  flattenIndices: { readonly extents: readonly number[] };
  /** [int32 indices] → [int32 y of rank 1]: where among the indices each position of y occurs last; −1 where it does not. */
  lastPlaces: Record<never, never>;
  /** [ascending rows, values of as many rows] → [int32, where in its row each value would go: before its equals or behind them]. */
  searchSorted: { readonly side: 'left' | 'right' };
  /** [x of rank 2] → [int32 rows × k]: where in each row its k greatest are, in order; NaN comes first, of equals the first. */
  topK: Record<never, never>;
  /** [dy seen as outer × padded extent × inner] → [outer × extent × inner]: the adjoint of padding one axis with its mirror image. */
  mirrorPadGradient: AxisView & { readonly before: number; readonly mode: 'reflect' | 'symmetric' };
  /** [images NHWC] → [images of another size]. */
  resize: ResizeAttributes;
  /** [dy] → [dx]: the adjoint of resize. */
  resizeGradient: ResizeAttributes;
  /**
   * [images NHWC, transforms n × 8, int32 image indices n] → [n images]: (row r, column c) of result k shows the place
   * x = (t₀c + t₁r + t₂)/(t₆c + t₇r + 1), y = (t₃c + t₄r + t₅)/(…) of image indices[k]; zeros where there is no such image. A place
   * that is infinite or not a number shows the filling.
   */
  warp: WarpAttributes;
  /** [dy, transforms, indices] → [dx]: the adjoint of warp without its filling. */
  warpGradient: WarpAttributes;
  /** [int32 indices] → [indices × depth]: `on` at the index, `off` elsewhere. */
  oneHot: { readonly depth: number; readonly on: number; readonly off: number };
  /** [value, gradient, …slots] → [value, …slots]; the outputs may be the inputs where the backend writes in place. */
  update: { readonly name: UpdateName; readonly hyperparameters: readonly number[] };
}

/** The names of the kernels: what a backend computes. */
export type KernelName = keyof KernelAttributes;

/**
 * One kernel of a backend: fills `outputs` from `inputs`. It allocates no output and decides no shape. Each output's handle was
 * allocated by the caller; where a handle alone is not yet memory (WebGL's textures need a layout), `run` gives it memory before it
 * calls the kernel.
 */
export type Kernel<B extends Backend, K extends KernelName> = (
  backend: B,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  attributes: KernelAttributes[K],
) => void;

/** All kernels of a backend by name: the compiler reports a missing one. */
export type KernelTable<B extends Backend> = { readonly [K in KernelName]: Kernel<B, K> };

/** The kernels of a backend that lacks some, and says so in {@link Backend.has}. */
export type PartialKernelTable<B extends Backend> = Partial<KernelTable<B>>;
