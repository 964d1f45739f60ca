import type { ActivationGradientName } from './activation-gradients';
import type { Backend, TensorInfo } from './backend';
import type { ConvolutionAttributes, PoolAttributes, WindowGeometry } from './convolution';
import type { Activation } from './activation';
import type { BinaryName } from './binary-functions';
import type { CustomAttributes } from './custom';
import type { FourierAttributes } from './fourier';
import type { UnaryName } from './unary-functions';
import type { UpdateName } from './optimizer-updates';
import type { FromPixelsAttributes, PaintAttributes } from './picture';
import type { RandomAttributes } from './random';
import type { ReductionName } from './reductions';
import type { ResizeAttributes } from './sampling';
import type { SegmentExtremeAttributes } from './segments';
import type { WarpAttributes } from './warp';

/** A shape seen as [outer, extent, inner]: the axis on which a kernel works, and the products of the axes before and behind it. */
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

/** The axis that indices choose elements of. */
export interface IndexView extends AxisView {
  /** The number of equal parts into which `outer` and the indices are divided: part b of x uses part b of the indices. 1 by default. */
  readonly batch?: number;
}

/**
 * Every kernel with its attributes. The comments give [inputs] → [outputs] in order, with their shapes; shapes and
 * dtypes come with the tensors.
 */
export interface KernelAttributes {
  /** [] → [x]: every element `value`. */
  fill: { readonly value: number };
  /** [] → [x of rank 1]: x[i] = start + i·step, both whole numbers for int32; the last element is `last`, if given. */
  ramp: { readonly start: number; readonly step: number; readonly last?: number };
  /** [] → [x: height × width × channels, float32 or int32]: a picture of the page, cropped, turned, scaled and normalised. */
  fromPixels: FromPixelsAttributes;
  /** [image: height × width, or with 1, 3 or 4 channels] → []: shows it, with values clamped to 0 … 1 or, for int32, 0 … 255. */
  paint: PaintAttributes;
  /** [] → [x]: random numbers, see `Distribution`. */
  random: RandomAttributes;
  /** [x] → [the same values in the output's dtype]: to int32 truncated towards zero, to bool 1 where not 0. */
  cast: Record<never, never>;
  /** [x] → [f(x)], same shape. */
  unary: { readonly name: UnaryName; readonly p: number; readonly q: number };
  /** [dy, y] → [dy times the activation's derivative], all of one shape; y is the activation's result. */
  activationGradient: { readonly name: ActivationGradientName; readonly alpha: number };
  /** [a, b] → [f(a, b)]; a and b have one dtype and are broadcast to the output's shape. */
  binary: { readonly name: BinaryName };
  /** [condition: bool, a, b] → [a where the condition holds, else b]; all are broadcast to the output's shape. */
  select: Record<never, never>;
  /** [x seen as outer × extent × inner] → [outer × inner]: the sum, maximum, … along the axis. */
  reduce: AxisView & { readonly name: ReductionName };
  /** As reduce, → [int32]: the index of the greatest or least element; of equals the first. The first NaN wins over every number. */
  argReduce: AxisView & { readonly name: 'argMax' | 'argMin' };
  /**
   * [x seen as outer × extent × inner] → [running sums or products along the axis, in x's shape]; `exclusive` leaves out the element
   * itself, `reverse` begins at the end.
   */
  scan: AxisView & { readonly name: 'sum' | 'prod'; readonly exclusive: boolean; readonly reverse: boolean };
  /**
   * [b, a, both seen as outer × extent × inner] → [s], all of one shape: s[i] = b[i] + a[i]·s[i − 1] along the axis, or, with the factor
   * 'previous', b[i] + a[i − 1]·s[i − 1]; `reverse` begins at the end. The factors a should be finite: with others, the order in which a
   * backend composes the steps decides between ∞ and NaN.
   */
  recurrence: AxisView & { readonly factor: 'own' | 'previous'; readonly reverse: boolean };
  /**
   * [x] → [softmax of each row, or its logarithm]; x is seen as outer rows of extent elements (inner is 1). The whole row is NaN where
   * one of its elements is NaN or +∞, or all are −∞, as in TensorFlow.
   */
  softmax: AxisView & { readonly logarithm: boolean };
  /** [y, dy] → [gradient to the logits]; y is the result of `softmax`. */
  softmaxGradient: AxisView & { readonly logarithm: boolean };
  /** [labels, logits] → [outer losses]: −Σ labels · log softmax(logits) of each row; both are seen as outer rows of extent elements. */
  crossEntropy: AxisView;
  /** [labels, logits, dy: one for each row] → [gradient of `crossEntropy` to the logits]. */
  crossEntropyGradient: AxisView;
  /**
   * [a, b, bias?] → [activation(a·b + bias)]. a is [batch or 1, m, k] ([…, k, m] if transposed), b [batch or 1, k, n]
   * ([…, n, k] if transposed), the bias [n], the output [batch, m, n]; a batch of 1 is repeated. float32, or int32 without bias and
   * activation.
   */
  matMul: {
    readonly transposeA: boolean;
    readonly transposeB: boolean;
    readonly activation: Activation;
    readonly alpha: number;
  };
  /**
   * [x, filter, bias?] → [y], images NHWC. The filter's size tells whether it is [height, width, inChannels / groups, outChannels] or
   * depthwise: [height, width, inChannels, multiplier]. Padding adds nothing to y or to a gradient, even under a filter of ∞ or NaN.
   */
  conv2d: ConvolutionAttributes;
  /** [dy, filter] → [dx]. */
  conv2dInputGradient: { readonly geometry: WindowGeometry };
  /** [x, dy] → [dfilter]. */
  conv2dFilterGradient: { readonly geometry: WindowGeometry };
  /**
   * [x] → [y]: the greatest or the average of the elements of each window that lie inside the image. A window with none gives −∞ or 0.
   */
  pool: PoolAttributes;
  /** [x] → [int32 y]: the flat index in x of the greatest element of each window; of equals the first. */
  maxPoolIndices: { readonly geometry: WindowGeometry };
  /** [dy, x] → [dx]: adds each dy to dx at the greatest element of its window, the first of equals. */
  maxPoolGradient: { readonly geometry: WindowGeometry };
  /** [dy] → [dx]: divides each dy equally among the elements of its window. */
  averagePoolGradient: { readonly geometry: WindowGeometry };
  /**
   * [x, mean, variance, offset, scale] → [(x − mean)·scale / √(variance + epsilon) + offset]; all but x have the size of x's last axes and
   * are repeated. Where the root is 0, the result is ±∞, or NaN where x equals the mean.
   */
  batchNorm: { readonly epsilon: number };
  /** [dy, x, mean, variance] → [Σ dy, (Σ dy·(x − mean)) / √(variance + epsilon)], both of the mean's size. */
  batchNormGradient: { readonly epsilon: number };
  /** [x] → [x / (bias + alpha·Σ x²)^beta]: the sum runs over the pixel's channels from c − radius to c + radius. */
  localResponseNormalization: LocalResponseAttributes;
  /** [x, dy] → [dx]. */
  localResponseNormalizationGradient: LocalResponseAttributes;
  /** [x] → [y]: axis i of y is axis permutation[i] of x. */
  transpose: { readonly permutation: readonly number[] };
  /** [x] → [y]: y at index i is x at begin + i·strides; strides may be negative (reverse) but not 0. */
  slice: { readonly begin: readonly number[]; readonly strides: readonly number[] };
  /** [x] → [y]: `before` elements of padding at the start of each axis; the padding at the end follows from the shapes. */
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
   * [x seen as outer × extent × inner, int32 indices] → [outer × indices × inner]: the elements of x at the indices. An index outside
   * [0, extent) gives zeros: an op cannot check values without reading them.
   */
  gather: IndexView;
  /** [values seen as outer × indices × inner, int32 indices] → [outer × extent × inner]: adds up the values that share an index. */
  scatterAdd: IndexView;
  /** [int32 indices, count × axes] → [int32, count]: each row's row-major position in the shape `extents`; −1 if it lies outside. */
  flattenIndices: { readonly extents: readonly number[] };
  /** [int32 indices] → [int32 y of rank 1]: y[i] is the last k with indices[k] = i; −1 if there is none. */
  lastPlaces: Record<never, never>;
  /**
   * [ascending rows, values with the same number of rows] → [int32, in the values' shape]: the position in its row at which each value
   * can be inserted, before equal elements ('left') or behind them ('right').
   */
  searchSorted: { readonly side: 'left' | 'right' };
  /** [x of rank 2] → [int32, rows × k]: the indices of the k greatest of each row, in descending order; NaN first, of equals the first. */
  topK: Record<never, never>;
  /** [dy seen as outer × padded extent × inner] → [dx seen as outer × extent × inner]: the adjoint of `pad` along one axis. */
  mirrorPadGradient: AxisView & { readonly before: number; readonly mode: 'reflect' | 'symmetric' };
  /** [images NHWC] → [images of another height and width]. */
  resize: ResizeAttributes;
  /** [dy] → [dx]: the adjoint of resize. */
  resizeGradient: ResizeAttributes;
  /**
   * [images NHWC, transforms n × 8, int32 image indices n] → [n images]: the pixel in row r, column c of result k is the pixel
   * x = (t₀c + t₁r + t₂)/(t₆c + t₇r + 1), y = (t₃c + t₄r + t₅)/(t₆c + t₇r + 1) of image indices[k]. Where x or y is infinite or NaN it is
   * `fill`. If there is no such image, the result is zeros.
   */
  warp: WarpAttributes;
  /** [dy, transforms, indices] → [dx]: the adjoint of warp; `fill` has no part in it. */
  warpGradient: WarpAttributes;
  /** [int32 indices] → [indices × depth]: `on` at the index, `off` elsewhere; an index outside [0, depth) gives only `off`. */
  oneHot: { readonly depth: number; readonly on: number; readonly off: number };
  /** [value, gradient, …slots] → [value, …slots]: one step of an optimizer. Outputs may be the inputs if the backend writes in place. */
  update: { readonly name: UpdateName; readonly hyperparameters: readonly number[] };
  /** [inputs] → [output]: a kernel that a program brings along. */
  custom: CustomAttributes;
  /** [x] → [y]: a discrete Fourier transform of each row. `rxtensor/sound` brings it. */
  fourier: FourierAttributes;
  /** [values, int32 indices, initial?] → [y]: the greatest or least of the rows that share an index. `rxtensor/ops` brings it. */
  segmentExtreme: SegmentExtremeAttributes;
}

/** The name of a kernel. */
export type KernelName = keyof KernelAttributes;

/**
 * One kernel of a backend: fills `outputs` from `inputs`. It decides no shape and allocates no output: the caller has allocated the
 * handles. Where a handle has no memory yet (WebGL's textures need a layout), the backend's `run` gives it memory before it calls the
 * kernel.
 */
export type Kernel<B extends Backend, K extends KernelName> = (
  backend: B,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  attributes: KernelAttributes[K],
) => void;

/** The kernels that an entry brings along: they join the tables of backends as its ops are first used. */
export type BroughtKernelName = 'fourier' | 'segmentExtreme';

/** All kernels of a backend by name. A missing one is a compile error, unless an entry brings it. */
export type KernelTable<B extends Backend> = {
  readonly [K in Exclude<KernelName, BroughtKernelName>]: Kernel<B, K>;
} & { [K in BroughtKernelName]?: Kernel<B, K> };

/** The kernels of a backend that lacks some; its {@link Backend.has} tells which it has. */
export type PartialKernelTable<B extends Backend> = Partial<KernelTable<B>>;
