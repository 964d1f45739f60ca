import { assertNumber, assertOneOf } from '../argument';
import type { Activation } from '../../kernels';
import { formatShape, isRepeatable } from '../shape';
import type { GradientContext } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { activationGradient } from './activation-gradient';
import { add, prelu } from './arithmetic';
import { castTo } from './cast';
import { broadcastTo, reshape } from './reshape';
import { elu, leakyRelu, relu, relu6, sigmoid } from './unary';

/** The activations that fused ops can apply to their result. */
export type FusedActivation = 'linear' | 'relu' | 'relu6' | 'elu' | 'prelu' | 'leakyrelu' | 'sigmoid';

/** The options that all fused ops share. */
export interface FusionOptions {
  /** Added to the product. One value for each column or channel, or any shape that can be broadcast to the result's. */
  readonly bias?: TensorInput | null | undefined;
  /** Applied after the bias; 'linear', the identity, by default. */
  readonly activation?: FusedActivation | undefined;
  /** The slopes of 'prelu' below zero, in a shape that can be broadcast to the result's. 'prelu' requires them. */
  readonly preluActivationWeights?: TensorInput | null | undefined;
  /** The slope of 'leakyrelu' below zero; 0.2 by default. */
  readonly leakyreluAlpha?: number | undefined;
}

/** The bias and activation that the kernel applies as it stores its result. */
export interface Fusion {
  /** One value for each column: [columns]. */
  readonly bias: Tensor | null;
  readonly activation: Activation;
  readonly alpha: number;
}

/** What the kernel applies to its result, and a function `then` for what other ops must do after it. */
export interface Finish {
  readonly fusion: Fusion;
  readonly then: (y: Tensor) => Tensor;
}

export const plain: Finish = { fusion: { bias: null, activation: 'linear', alpha: 0 }, then: (y) => y };

const kernelNames: Readonly<Record<FusedActivation, Activation | null>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  sigmoid: 'sigmoid',
  leakyrelu: 'leakyRelu',
  prelu: null,
};

/**
 * Decides which part of the bias and activation the kernel can apply to a result of this shape.
 *
 * @throws when `bias` or `preluActivationWeights` cannot be broadcast to the shape, or the activation is unknown
 */
export function finishOf(name: string, options: FusionOptions, shape: readonly number[]): Finish {
  const { activation = 'linear', leakyreluAlpha: alpha = 0.2 } = options;
  assertOneOf(name, 'activation', activation, Object.keys(kernelNames));
  assertNumber(name, 'leakyreluAlpha', alpha);
  const bias = operandFor(name, 'bias', options.bias, shape);
  const weights = operandFor(name, 'preluActivationWeights', options.preluActivationWeights, shape);
  const columns = bias && asColumns(bias, shape.at(-1)!);
  const kernelName = kernelNames[activation];
  // The gradient is computed from the result; with a negative slope, its sign does not tell the sign of the input.
  const fits =
    kernelName !== null && !(kernelName === 'leakyRelu' && alpha < 0) && (bias === null || columns !== null);
  if (fits) return { fusion: { bias: columns, activation: kernelName, alpha }, then: plain.then };
  const activate = activationOp(name, activation, weights, alpha);
  return {
    fusion: { ...plain.fusion, bias: columns },
    then: (y) => activate(bias && !columns ? add(y, bias) : y),
  };
}

function operandFor(
  name: string,
  argument: string,
  given: FusionOptions['bias'],
  shape: readonly number[],
): Tensor | null {
  if (given === null || given === undefined) return null;
  const x = asTensor(name, argument, given, 'float32');
  if (!isRepeatable(x.shape, shape)) {
    throw new Error(
      `${name}: argument '${argument}' has shape ${formatShape(x.shape)}; wanted one that can be broadcast to ${formatShape(shape)}, the result's`,
    );
  }
  return castTo(x, 'float32');
}

/** The bias as one value for each column, or null if it differs between rows. */
function asColumns(bias: Tensor, columns: number): Tensor | null {
  if (bias.size === 1) return broadcastTo(reshape(bias, [1]), [columns]);
  return bias.size === columns && bias.shape.at(-1) === columns ? reshape(bias, [columns]) : null;
}

function activationOp(
  name: string,
  activation: FusedActivation,
  weights: Tensor | null,
  alpha: number,
): (x: Tensor) => Tensor {
  const ops: Record<Exclude<FusedActivation, 'prelu'>, (x: Tensor) => Tensor> = {
    linear: (x) => x,
    relu,
    relu6,
    elu,
    sigmoid,
    leakyrelu: (x) => leakyRelu(x, alpha),
  };
  if (activation !== 'prelu') return ops[activation];
  if (!weights)
    throw new Error(
      `${name}: argument 'preluActivationWeights' is missing; wanted the slopes of the activation 'prelu'`,
    );
  return (x) => prelu(x, weights);
}

/** The gradient with respect to the activation's input, computed from the op's result. The op's gradient rule must list output 0. */
export function gradientBeforeActivation(
  c: GradientContext<{ readonly activation: Activation; readonly alpha: number }>,
): Tensor {
  const { activation, alpha } = c.attributes;
  if (activation === 'linear') return c.dy;
  return activationGradient(c.dy, c.output(0), activation, alpha);
}
