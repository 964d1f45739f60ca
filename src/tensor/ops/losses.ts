import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { abs, exp, log, log1p, neg, relu, square } from './unary';
import { add, div, greaterEqual, minimum, mul, notEqual, sub } from './arithmetic';
import { broadcastTo } from './reshape';
import { castTo } from './cast';
import { mean, sum } from './reduction';
import { logSoftmax } from './softmax';
import { scalar, zerosLike } from './creation';
import { where } from './where';

/** How the losses of single elements become one. */
export enum Reduction {
  /** They do not: the result has an element for each. */
  NONE,
  /** Their weighted mean: divided by the sum of the weights. */
  MEAN,
  /** Their weighted sum. */
  SUM,
  /** The sum divided by the number of weights that are not 0: the default. */
  SUM_BY_NONZERO_WEIGHTS,
}

function pairOf(
  name: string,
  labels: TensorInput,
  predictions: TensorInput,
  second = 'predictions',
): [Tensor, Tensor] {
  const truth = castTo(asTensor(name, 'labels', labels), 'float32');
  const guess = castTo(asTensor(name, second, predictions), 'float32');
  if (formatShape(truth.shape) !== formatShape(guess.shape)) {
    throw new Error(
      `${name}: argument '${second}' has shape ${formatShape(guess.shape)}; wanted ${formatShape(truth.shape)}, as 'labels'`,
    );
  }
  return [truth, guess];
}

/**
 * Losses of single elements, weighted and reduced to one.
 *
 * @param weights broadcast to the losses' shape; 1 when left out
 * @param reduction the sum divided by the number of weights that are not 0, when left out
 */
export const computeWeightedLoss = op(
  'computeWeightedLoss',
  function computeWeightedLoss(
    losses: TensorInput,
    weights?: TensorInput | null,
    reduction: Reduction = Reduction.SUM_BY_NONZERO_WEIGHTS,
  ): Tensor {
    const each = castTo(asTensor('computeWeightedLoss', 'losses', losses), 'float32');
    const weight =
      weights === undefined || weights === null
        ? null
        : castTo(asTensor('computeWeightedLoss', 'weights', weights), 'float32');
    const weighted = weight ? mul(each, weight) : each;
    switch (reduction) {
      case Reduction.NONE:
        return weighted.clone();
      case Reduction.SUM:
        return sum(weighted);
      case Reduction.MEAN:
        return weight ? div(sum(weighted), sum(broadcastTo(weight, each.shape))) : mean(weighted);
      case Reduction.SUM_BY_NONZERO_WEIGHTS: {
        if (!weight) return mean(weighted);
        const counted = castTo(notEqual(broadcastTo(weight, each.shape), scalar(0)), 'float32');
        return div(sum(weighted), sum(counted));
      }
      default:
        throw new Error(
          `computeWeightedLoss: argument 'reduction' is ${String(reduction)}; wanted one of Reduction`,
        );
    }
  },
);

/** |label − prediction|. See {@link computeWeightedLoss} for weights and reduction. */
export const absoluteDifference = op(
  'absoluteDifference',
  function absoluteDifference(
    labels: TensorInput,
    predictions: TensorInput,
    weights?: TensorInput | null,
    reduction?: Reduction,
  ): Tensor {
    const [truth, guess] = pairOf('absoluteDifference', labels, predictions);
    return computeWeightedLoss(abs(sub(truth, guess)), weights, reduction);
  },
);

/** (label − prediction)². See {@link computeWeightedLoss} for weights and reduction. */
export const meanSquaredError = op(
  'meanSquaredError',
  function meanSquaredError(
    labels: TensorInput,
    predictions: TensorInput,
    weights?: TensorInput | null,
    reduction?: Reduction,
  ): Tensor {
    const [truth, guess] = pairOf('meanSquaredError', labels, predictions);
    return computeWeightedLoss(square(sub(truth, guess)), weights, reduction);
  },
);

/** 1 − Σ label · prediction along an axis. See {@link computeWeightedLoss} for weights and reduction. */
export const cosineDistance = op(
  'cosineDistance',
  function cosineDistance(
    labels: TensorInput,
    predictions: TensorInput,
    axis: number,
    weights?: TensorInput | null,
    reduction?: Reduction,
  ): Tensor {
    const [truth, guess] = pairOf('cosineDistance', labels, predictions);
    return computeWeightedLoss(sub(1, sum(mul(truth, guess), axis, true)), weights, reduction);
  },
);

/** max(0, 1 − (2·label − 1)·prediction), labels being 0 or 1. See {@link computeWeightedLoss} for weights and reduction. */
export const hingeLoss = op(
  'hingeLoss',
  function hingeLoss(
    labels: TensorInput,
    predictions: TensorInput,
    weights?: TensorInput | null,
    reduction?: Reduction,
  ): Tensor {
    const [truth, guess] = pairOf('hingeLoss', labels, predictions);
    return computeWeightedLoss(relu(sub(1, mul(sub(mul(truth, 2), 1), guess))), weights, reduction);
  },
);

/** Squared up to `delta`, linear beyond. See {@link computeWeightedLoss} for weights and reduction. */
export const huberLoss = op(
  'huberLoss',
  function huberLoss(
    labels: TensorInput,
    predictions: TensorInput,
    weights?: TensorInput | null,
    delta = 1,
    reduction?: Reduction,
  ): Tensor {
    const [truth, guess] = pairOf('huberLoss', labels, predictions);
    const error = abs(sub(guess, truth));
    const quadratic = minimum(error, delta);
    const linear = sub(error, quadratic);
    return computeWeightedLoss(add(mul(square(quadratic), 0.5), mul(linear, delta)), weights, reduction);
  },
);

/** −label·log(p + ε) − (1 − label)·log(1 − p + ε). See {@link computeWeightedLoss} for weights and reduction. */
export const logLoss = op(
  'logLoss',
  function logLoss(
    labels: TensorInput,
    predictions: TensorInput,
    weights?: TensorInput | null,
    epsilon = 1e-7,
    reduction?: Reduction,
  ): Tensor {
    const [truth, guess] = pairOf('logLoss', labels, predictions);
    const hit = mul(truth, log(add(guess, epsilon)));
    const miss = mul(sub(1, truth), log(add(sub(1, guess), epsilon)));
    return computeWeightedLoss(neg(add(hit, miss)), weights, reduction);
  },
);

/** Cross-entropy of independent labels in [0, 1], from logits, without overflow. */
export const sigmoidCrossEntropy = op(
  'sigmoidCrossEntropy',
  function sigmoidCrossEntropy(
    labels: TensorInput,
    logits: TensorInput,
    weights?: TensorInput | null,
    labelSmoothing = 0,
    reduction?: Reduction,
  ): Tensor {
    const [given, x] = pairOf('sigmoidCrossEntropy', labels, logits, 'logits');
    const truth = labelSmoothing > 0 ? add(mul(given, 1 - labelSmoothing), 0.5 * labelSmoothing) : given;
    // max(x, 0) − x·z + log(1 + e^−|x|), chosen by one condition: at x = 0, where neither max nor |x| has a derivative, their
    // sum has one, ½ − z, and logits begin there.
    const isPositive = greaterEqual(x, 0);
    const largest = where(isPositive, x, zerosLike(x));
    const losses = add(sub(largest, mul(x, truth)), log1p(exp(where(isPositive, neg(x), x))));
    return computeWeightedLoss(losses, weights, reduction);
  },
);

/**
 * Cross-entropy of one-hot (or smoothed) labels, from logits, along the last axis.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.losses.softmaxCrossEntropy([[0, 1]], [[0, 0]]).print(); // log 2
 * ```
 */
export const softmaxCrossEntropy = op(
  'softmaxCrossEntropy',
  function softmaxCrossEntropy(
    onehotLabels: TensorInput,
    logits: TensorInput,
    weights?: TensorInput | null,
    labelSmoothing = 0,
    reduction?: Reduction,
  ): Tensor {
    const [given, x] = pairOf('softmaxCrossEntropy', onehotLabels, logits, 'logits');
    const classes = x.shape.at(-1) ?? 1;
    const truth = labelSmoothing > 0 ? add(mul(given, 1 - labelSmoothing), labelSmoothing / classes) : given;
    return computeWeightedLoss(neg(sum(mul(truth, logSoftmax(x)), -1)), weights, reduction);
  },
);
