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
import { Reduction } from './method-types';
import { mean, sum } from './reduction';
import { scalar, zerosLike } from './creation';
import { where } from './where';

export { Reduction };

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
 * Losses of single elements, weighted and reduced to one. Where all weights are 0 (a batch that is masked as a whole) it is 0 in every
 * reduction, and so are its gradients. A weight of 0 does not hide a loss that is NaN or infinite: their product is NaN.
 *
 * @param weights broadcast to the losses' shape; 1 when left out
 * @param reduction the sum divided by the number of weights that are not 0, when left out
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
);

/** {@link computeWeightedLoss} of losses of this shape, which are computed once the other arguments have been checked. */
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
      `${name}: argument 'weights' has shape ${formatShape(given.shape)}; wanted one that can be broadcast to ${formatShape(shape)}, that of the losses`,
    );
  }
  const way = reduction ?? Reduction.SUM_BY_NONZERO_WEIGHTS;
  const reduce = Object.hasOwn(reductions, way) ? reductions[way] : undefined;
  if (typeof way !== 'number' || !reduce) throw wrongArgument(name, 'reduction', way, 'one of Reduction');
  const losses = compute();
  const weight = given && castTo(given, 'float32');
  return reduce(
    weight ? mul(losses, weight) : losses,
    weight && broadcastTo(weight, losses.shape as number[]),
  );
}

/** What becomes of the weighted losses, by the weight of each (1 where there are none). */
const reductions: Readonly<Record<Reduction, (losses: Tensor, weights: Tensor | null) => Tensor>> = {
  [Reduction.NONE]: (losses) => losses.clone(),
  [Reduction.SUM]: (losses) => sum(losses),
  [Reduction.MEAN]: (losses, weights) => (weights ? divNoNan(sum(losses), sum(weights)) : mean(losses)),
  [Reduction.SUM_BY_NONZERO_WEIGHTS]: (losses, weights) =>
    weights ? divNoNan(sum(losses), sum(castTo(notEqual(weights, scalar(0)), 'float32'))) : mean(losses),
};

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
    return weighted('absoluteDifference', guess.shape, weights, reduction, () => abs(sub(truth, guess)));
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
    return weighted('meanSquaredError', guess.shape, weights, reduction, () => square(sub(truth, guess)));
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
    const along = normalizeAxis('cosineDistance', axis, guess.rank);
    const shape = guess.shape.map((extent: number, i: number) => (i === along ? 1 : extent));
    return weighted('cosineDistance', shape, weights, reduction, () =>
      sub(1, sum(mul(truth, guess), along, true)),
    );
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
    return weighted('hingeLoss', guess.shape, weights, reduction, () =>
      relu(sub(1, mul(sub(mul(truth, 2), 1), guess))),
    );
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
    assertNumber('huberLoss', 'delta', delta);
    return weighted('huberLoss', guess.shape, weights, reduction, () => {
      const error = abs(sub(guess, truth));
      const quadratic = minimum(error, delta);
      const linear = sub(error, quadratic);
      return add(mul(square(quadratic), 0.5), mul(linear, delta));
    });
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
    assertNumber('logLoss', 'epsilon', epsilon);
    return weighted('logLoss', guess.shape, weights, reduction, () => {
      const hit = mul(truth, log(add(guess, epsilon)));
      const miss = mul(sub(1, truth), log(add(sub(1, guess), epsilon)));
      return neg(add(hit, miss));
    });
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
    const [given, x] = pairOf('sigmoidCrossEntropy', labels, logits, 'labels', 'logits');
    assertNumber('sigmoidCrossEntropy', 'labelSmoothing', labelSmoothing);
    return weighted('sigmoidCrossEntropy', x.shape, weights, reduction, () => {
      const truth = labelSmoothing > 0 ? add(mul(given, 1 - labelSmoothing), 0.5 * labelSmoothing) : given;
      // Split by the sign of x, each part is m·|x| + log(1 + e^−|x|), where m is how far the label is from that sign. (At x = 0, where |x|
      // has no derivative, the whole has one, ½ − z, and logits begin there.)
      const isPositive = greaterEqual(x, 0);
      const distance = where(isPositive, sub(1, truth), truth);
      const magnitude = where(isPositive, x, neg(x));
      // An infinite logit that the label agrees with costs nothing: 0 · ∞ is 0 here.
      const isCertain = logicalAnd(isInf(x), equal(distance, 0));
      const miss = mul(distance, where(isCertain, zerosLike(magnitude), magnitude));
      return add(miss, log1p(exp(neg(magnitude))));
    });
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
    const [given, x] = pairOf('softmaxCrossEntropy', onehotLabels, logits, 'onehotLabels', 'logits');
    const classes = x.shape.at(-1) ?? 1;
    assertNumber('softmaxCrossEntropy', 'labelSmoothing', labelSmoothing);
    return weighted('softmaxCrossEntropy', x.shape.slice(0, -1), weights, reduction, () => {
      const truth =
        labelSmoothing > 0 ? add(mul(given, 1 - labelSmoothing), labelSmoothing / classes) : given;
      return crossEntropy(truth, x);
    });
  },
);
