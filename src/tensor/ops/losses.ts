import { assertNumber, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape, isRepeatable, normalizeAxis } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { abs, exp, isInf, log, log1p, relu, square } from './unary';
import {
  add,
  divNoNan,
  equal,
  greaterEqual,
  logicalAnd,
  minimum,
  mul,
  neg,
  notEqual,
  sub,
} from './arithmetic';
import { broadcastTo } from './reshape';
import { castTo } from './cast';
import { crossEntropy } from './cross-entropy';
import { Reduction, type LossOf } from './method-types';
import { mean, sum } from './reduction';
import { scalar, zerosLike } from './creation';
import { where } from './where';

export { Reduction };

/** Converts labels and predictions to float32. @throws when their shapes differ */
function pairOf(
  name: string,
  labels: TensorInput,
  predictions: TensorInput,
  first = 'labels',
  second = 'predictions',
): [Tensor, Tensor] {
  const truth = castTo(asTensor(name, first, labels), 'float32');
  const guess = castTo(asTensor(name, second, predictions), 'float32');
  if (formatShape(truth.shape) !== formatShape(guess.shape)) {
    throw new Error(
      `${name}: argument '${second}' has shape ${formatShape(guess.shape)}; wanted ${formatShape(truth.shape)}, as '${first}'`,
    );
  }
  return [truth, guess];
}

/**
 * Multiplies losses by weights and reduces them, to one number unless the reduction is `NONE`. The result is float32. If all weights are 0 (a
 * fully masked batch), the result is 0 in every reduction, and so are its gradients. A weight of 0 does not hide a loss that is NaN or
 * infinite: their product is NaN.
 *
 * @param losses one loss for each element
 * @param weights a shape that can be broadcast to the losses'; 1 when left out
 * @param reduction `SUM_BY_NONZERO_WEIGHTS` by default: the sum divided by the number of weights that are not 0
 * @throws when the weights cannot be broadcast to the losses, or the reduction is unknown
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.losses.computeWeightedLoss([1, 2, 30], [1, 1, 0]).print(); // 1.5
 * ```
 */
export const computeWeightedLoss = op(
  'computeWeightedLoss',
  function computeWeightedLoss(
    losses: TensorInput,
    weights?: TensorInput | null,
    reduction?: Reduction,
  ): Tensor {
    const each = asTensor('computeWeightedLoss', 'losses', losses);
    return weighted('computeWeightedLoss', each.shape, weights, reduction, () => castTo(each, 'float32'));
  },
) as LossOf<[losses: TensorInput, weights?: TensorInput | null]>;

/** {@link computeWeightedLoss} for losses of this shape. `compute` makes them, after the other arguments have been checked. */
function weighted(
  name: string,
  shape: readonly number[],
  weights: TensorInput | null | undefined,
  reduction: Reduction | undefined,
  compute: () => Tensor,
): Tensor {
  const given = weights === undefined || weights === null ? null : asTensor(name, 'weights', weights);
  if (given && !isRepeatable(given.shape, shape)) {
    throw new Error(
      `${name}: argument 'weights' has shape ${formatShape(given.shape)}; wanted one that can be broadcast to ${formatShape(shape)}, the shape of the losses`,
    );
  }
  const way = reduction ?? Reduction.SUM_BY_NONZERO_WEIGHTS;
  const reduce = Object.hasOwn(reductions, way) ? reductions[way] : undefined;
  if (typeof way !== 'number' || !reduce)
    throw wrongArgument(name, 'reduction', way, 'a member of Reduction');
  const losses = compute();
  const weight = given && castTo(given, 'float32');
  return reduce(
    weight ? mul(losses, weight) : losses,
    weight && broadcastTo(weight, losses.shape as number[]),
  );
}

/** How each reduction combines weighted losses. `weights` has the losses' shape, or is null if all weights are 1. */
const reductions: Readonly<Record<Reduction, (losses: Tensor, weights: Tensor | null) => Tensor>> = {
  [Reduction.NONE]: (losses) => losses.clone(),
  [Reduction.SUM]: (losses) => sum(losses),
  [Reduction.MEAN]: (losses, weights) => (weights ? divNoNan(sum(losses), sum(weights)) : mean(losses)),
  [Reduction.SUM_BY_NONZERO_WEIGHTS]: (losses, weights) =>
    weights ? divNoNan(sum(losses), sum(castTo(notEqual(weights, scalar(0)), 'float32'))) : mean(losses),
};

/** The arguments of a loss between labels and predictions, before the reduction. */
type LossArguments = [labels: TensorInput, predictions: TensorInput, weights?: TensorInput | null];

/** A loss between labels and predictions of one shape, element by element. */
function lossBetween(name: string, loss: (truth: Tensor, guess: Tensor) => Tensor): LossOf<LossArguments> {
  return op(
    name,
    (
      labels: TensorInput,
      predictions: TensorInput,
      weights?: TensorInput | null,
      reduction?: Reduction,
    ): Tensor => {
      const [truth, guess] = pairOf(name, labels, predictions);
      return weighted(name, guess.shape, weights, reduction, () => loss(truth, guess));
    },
  ) as LossOf<LossArguments>;
}

type LossWithNumber = LossOf<[...LossArguments, value?: number]>;

/** As {@link lossBetween}, for a loss with a number of this name and default. */
function lossWithNumber(
  name: string,
  option: string,
  standard: number,
  loss: (truth: Tensor, guess: Tensor, value: number) => Tensor,
  [first, second]: readonly [string, string] = ['labels', 'predictions'],
): LossWithNumber {
  return op(
    name,
    (
      labels: TensorInput,
      predictions: TensorInput,
      weights?: TensorInput | null,
      value = standard,
      reduction?: Reduction,
    ): Tensor => {
      const [truth, guess] = pairOf(name, labels, predictions, first, second);
      assertNumber(name, option, value);
      return weighted(name, guess.shape, weights, reduction, () => loss(truth, guess, value));
    },
  ) as LossWithNumber;
}

/**
 * The absolute error |label − prediction|. Both have one shape. See {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.absoluteDifference([1, 2], [2, 4]).print()); // 1.5
 * ```
 */
export const absoluteDifference = lossBetween('absoluteDifference', (truth, guess) => abs(sub(truth, guess)));

/**
 * The squared error (label − prediction)². Both have one shape. See {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.meanSquaredError([1, 2], [2, 4]).print()); // 2.5
 * ```
 */
export const meanSquaredError = lossBetween('meanSquaredError', (truth, guess) => square(sub(truth, guess)));

/**
 * The cosine distance 1 − Σ label · prediction along an axis, which becomes an axis of extent 1. Both have one shape, and should have
 * length 1 along the axis already: they are not normalized. See {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.cosineDistance([[1, 0]], [[0, 1]], 1).print()); // 1
 * ```
 */
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
    const along = normalizeAxis('cosineDistance', axis, guess.rank);
    const shape = guess.shape.map((extent: number, i: number) => (i === along ? 1 : extent));
    return weighted('cosineDistance', shape, weights, reduction, () =>
      sub(1, sum(mul(truth, guess), along, true)),
    );
  },
) as LossOf<[labels: TensorInput, predictions: TensorInput, axis: number, weights?: TensorInput | null]>;

/**
 * The hinge loss max(0, 1 − (2·label − 1)·prediction), for labels 0 and 1. See {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.hingeLoss([0, 1], [-2, 0.5]).print()); // 0.25
 * ```
 */
export const hingeLoss = lossBetween('hingeLoss', (truth, guess) =>
  relu(sub(1, mul(sub(mul(truth, 2), 1), guess))),
);

/**
 * The Huber loss of the error e = |label − prediction|: e²/2 where e ≤ delta, delta·e − delta²/2 elsewhere (Huber, Ann. Math. Statist.
 * 1964). See {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @param delta 1 by default
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.huberLoss([1, 2], [1.5, 4]).print()); // 0.8125
 * ```
 */
export const huberLoss = lossWithNumber('huberLoss', 'delta', 1, (truth, guess, delta) => {
  const error = abs(sub(guess, truth));
  const quadratic = minimum(error, delta);
  const linear = sub(error, quadratic);
  return add(mul(square(quadratic), 0.5), mul(linear, delta));
}) as LossOf<[...LossArguments, delta?: number]>;

/**
 * The binary cross-entropy of predicted probabilities p: −label·log(p + epsilon) − (1 − label)·log(1 − p + epsilon). See
 * {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @param epsilon keeps the logarithms finite; 1e-7 by default
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.logLoss([0, 1], [0.1, 0.8]).print()); // 0.1643
 * ```
 */
export const logLoss = lossWithNumber('logLoss', 'epsilon', 1e-7, (truth, guess, epsilon) => {
  const hit = mul(truth, log(add(guess, epsilon)));
  const miss = mul(sub(1, truth), log(add(sub(1, guess), epsilon)));
  return neg(add(hit, miss));
}) as LossOf<[...LossArguments, epsilon?: number]>;

/**
 * The cross-entropy of independent labels in [0, 1] with sigmoid(logits), computed from the logits without overflow. See
 * {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @param logits of the labels' shape
 * @param labelSmoothing moves labels towards ½: label·(1 − labelSmoothing) + labelSmoothing/2; 0 by default
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.losses.sigmoidCrossEntropy([0, 1], [-2, 2]).print()); // 0.1269
 * ```
 */
export const sigmoidCrossEntropy = lossWithNumber(
  'sigmoidCrossEntropy',
  'labelSmoothing',
  0,
  (given, x, labelSmoothing) => {
    const truth = labelSmoothing > 0 ? add(mul(given, 1 - labelSmoothing), 0.5 * labelSmoothing) : given;
    // The loss is m·|x| + log(1 + e^−|x|), where m is 1 − label for x ≥ 0 and the label for x < 0. The magnitude is selected by the sign
    // of x, not computed by abs: the loss has a derivative at x = 0, where |x| has none.
    const isPositive = greaterEqual(x, 0);
    const distance = where(isPositive, sub(1, truth), truth);
    const magnitude = where(isPositive, x, neg(x));
    // An infinite logit with the matching label has loss 0, so 0 · ∞ must be 0 here.
    const isCertain = logicalAnd(isInf(x), equal(distance, 0));
    const miss = mul(distance, where(isCertain, zerosLike(magnitude), magnitude));
    return add(miss, log1p(exp(neg(magnitude))));
  },
  ['labels', 'logits'],
) as LossOf<
  [labels: TensorInput, logits: TensorInput, weights?: TensorInput | null, labelSmoothing?: number]
>;

/**
 * The cross-entropy of label distributions (one-hot, for example) with softmax(logits) along the last axis, computed from the logits
 * without overflow. See {@link computeWeightedLoss} for weights, reduction and errors.
 *
 * @param onehotLabels [..., classes]
 * @param logits of the labels' shape
 * @param weights a shape that can be broadcast to [...], the shape without the classes
 * @param labelSmoothing moves labels towards 1/classes: label·(1 − labelSmoothing) + labelSmoothing/classes; 0 by default
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
    const [given, x] = pairOf('softmaxCrossEntropy', onehotLabels, logits, 'onehotLabels', 'logits');
    const classes = x.shape.at(-1) ?? 1;
    assertNumber('softmaxCrossEntropy', 'labelSmoothing', labelSmoothing);
    return weighted('softmaxCrossEntropy', x.shape.slice(0, -1), weights, reduction, () => {
      const truth =
        labelSmoothing > 0 ? add(mul(given, 1 - labelSmoothing), labelSmoothing / classes) : given;
      return crossEntropy(truth, x);
    });
  },
) as LossOf<
  [onehotLabels: TensorInput, logits: TensorInput, weights?: TensorInput | null, labelSmoothing?: number]
>;
