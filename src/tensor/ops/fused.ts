/**
 * Matrix products and convolutions with a bias and an activation. The kernel applies both as it stores its result, in
 * one pass over memory instead of three. Gradients of the activation are computed from the result, so the tape keeps nothing more for it.
 */
import { op, withoutNull } from '../op';
import type { Tensor, Tensor3D, Tensor4D } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { convolution, type ConvolutionArguments } from './convolution';
import { finishOf, type FusionOptions } from './fusion';
import { matrixProduct } from './mat-mul';
import { transpose } from './transpose';

export type { FusedActivation, FusionOptions } from './fusion';
export type { ConvolutionArguments } from './convolution';

/** The arguments of `fused.matMul`. */
export interface FusedMatMulOptions extends FusionOptions {
  /** The first matrix, or a stack of matrices. */
  readonly a: TensorInput;
  /** The second one. */
  readonly b: TensorInput;
  /** Reads a as its transpose, without copying it. */
  readonly transposeA?: boolean | undefined;
  /** Reads b as its transpose, without copying it. */
  readonly transposeB?: boolean | undefined;
}

/**
 * The matrix product with a bias and an activation: activation(a · b + bias), in float32. Shapes are as for `matMul`.
 *
 * @throws when the inner extents differ, `bias` or `preluActivationWeights` cannot be broadcast to the result, or the activation is
 *   unknown
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.fused.matMul({ a: [[1, 2]], b: [[3], [-4]], bias: [1], activation: 'relu' }).print(); // [[0]]
 * ```
 */
export const matMul = op('fused.matMul', function matMul<
  T extends Tensor = Tensor,
>(given: FusedMatMulOptions): T {
  const options = withoutNull(given);
  const { a, b, transposeA = false, transposeB = false } = options;
  const name = 'fused.matMul';
  return matrixProduct(name, a, b, transposeA, transposeB, (shape) => finishOf(name, options, shape)) as T;
});

/** The arguments of `fused.conv2d` and `fused.depthwiseConv2d`. */
export interface FusedConvolutionOptions<T extends Tensor = Tensor>
  extends ConvolutionArguments, FusionOptions {
  /** The images, [batch, height, width, channels], or one without the first axis. */
  readonly x: T | TensorInput;
}

type FusedConvolution = <T extends Tensor3D | Tensor4D>(options: FusedConvolutionOptions<T>) => T;

function fusedConvolution(name: string, kind: 'full' | 'depthwise'): FusedConvolution {
  return op(name, <T extends Tensor3D | Tensor4D>(given: FusedConvolutionOptions<T>): T => {
    const options = withoutNull(given);
    const finish = options.dataFormat === 'NCHW' ? channelsLast(name, options) : options;
    return convolution(name, kind, options, (shape) => finishOf(name, finish, shape)) as T;
  });
}

/** Convolutions compute in NHWC, so a bias or weights of shape [channels, height, width] are transposed to it. */
function channelsLast(name: string, options: FusionOptions): FusionOptions {
  const turned = (argument: 'bias' | 'preluActivationWeights'): TensorInput | undefined => {
    const given = options[argument];
    if (given === null || given === undefined) return undefined;
    const x = asTensor(name, argument, given, 'float32');
    return x.rank === 3 ? transpose(x, [1, 2, 0]) : x;
  };
  return { ...options, bias: turned('bias'), preluActivationWeights: turned('preluActivationWeights') };
}

/**
 * The convolution `conv2d` with a bias (usually one value for each output channel) and an activation: activation(conv2d(x) + bias).
 *
 * @throws where `conv2d` does, when `bias` or `preluActivationWeights` cannot be broadcast to the result, or the activation is unknown
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.ones([4, 4, 1]);
 * const y = dl.fused.conv2d({ x, filter: dl.ones([3, 3, 1, 2]), strides: 1, pad: 'same', bias: [-5, -8], activation: 'relu6' });
 * console.log(y.shape); // [4, 4, 2]
 * ```
 */
export const conv2d = fusedConvolution('fused.conv2d', 'full');

/**
 * The convolution `depthwiseConv2d` with a bias (usually one value for each output channel) and an activation.
 *
 * @throws where `depthwiseConv2d` does, when `bias` or `preluActivationWeights` cannot be broadcast to the result, or the activation is
 *   unknown
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.ones([4, 4, 2]);
 * dl.fused.depthwiseConv2d({ x, filter: dl.ones([4, 4, 2, 1]), strides: 1, pad: 'valid', bias: [1, 2] }).print(); // 17, 18
 * ```
 */
export const depthwiseConv2d = fusedConvolution('fused.depthwiseConv2d', 'depthwise');
