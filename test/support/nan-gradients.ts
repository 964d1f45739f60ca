/**
 * The decisions on gradients that are NaN where the function itself is not, by the row of the gradient table. Whatever is not here is a
 * number at all edges.
 */
import type { Extremity, Order } from './edge-gradients';

type Decisions = Readonly<Partial<Record<Order, Readonly<Partial<Record<Extremity, string>>>>>>;

const vanishing = 'the limit is 0, as a product of ∞ and of what has vanished long before';
const overflowing = 'a product of three or more of them overflows on the way';
const squared = 'the square overflows, and the function is infinite itself';
const ofInfinity = 'a product of 0 and ∞, or a difference of infinities, by definition: there is no limit';
const summed = 'a sum over products with terms of both signs that are infinite, or of 0 and ∞';
const reciprocal = 'the square of a reciprocal overflows, and what it is multiplied by is 0';

const curved: Decisions = { 'second derivative': { huge: vanishing, infinite: vanishing } };
const products: Decisions = { 'second derivative': { huge: overflowing, infinite: ofInfinity } };
const exclusiveProducts: Decisions = {
  gradient: { huge: overflowing, infinite: ofInfinity },
  'second derivative': { huge: overflowing, infinite: ofInfinity },
};
const layer: Decisions = {
  gradient: { huge: summed, infinite: summed },
  'second derivative': { huge: summed, infinite: summed },
};
const norm: Decisions = { gradient: { huge: squared, infinite: ofInfinity } };

export const nanDecisions: Readonly<Record<string, Decisions>> = {
  erf: curved,
  atan: curved,
  asinh: curved,
  acosh: {
    'second derivative': {
      ordinary: 'at 1 it is −∞, as a product of −∞ and the 0 of x − 1',
      infinite: vanishing,
    },
  },
  pow: {
    gradient: { infinite: ofInfinity },
    'second derivative': { tiny: reciprocal, infinite: ofInfinity },
  },
  'pow with an exponent of 0, 1 and 2': { 'second derivative': { tiny: reciprocal } },
  atan2: {
    gradient: { infinite: 'numbers are divided by the greater one, which is ∞ / ∞' },
    'second derivative': { tiny: reciprocal, infinite: ofInfinity },
  },
  'div by a scalar': { gradient: { ordinary: summed, tiny: summed } },
  where: {
    gradient: {
      huge: 'the row squares what is not chosen: its derivative overflows, and 0 · ∞ stays NaN, as documented',
      infinite: 'the same of an infinite derivative',
    },
  },
  prod: products,
  'prod of all': products,
  'prod with one zero': products,
  'prod with two zeros': products,
  ...Object.fromEntries(
    ['', ', reversed'].flatMap((end) => [
      [`cumprod${end}`, products],
      [`cumprod with zeros${end}`, products],
      [`cumprod, exclusive${end}`, exclusiveProducts],
      [`cumprod with zeros, exclusive${end}`, exclusiveProducts],
    ]),
  ),
  'cumprod along the first of three axes': products,
  logSumExp: { gradient: { infinite: 'the softmax of ∞ is NaN' } },
  euclideanNorm: norm,
  'norm, euclidean': norm,
  'moments, variance': { gradient: { huge: squared, infinite: ofInfinity } },
  'linalg.gramSchmidt': { gradient: { huge: squared, infinite: ofInfinity } },
  'batchNorm with the statistics of the batch': { gradient: { huge: squared, infinite: ofInfinity } },
  batchNorm: { 'second derivative': { huge: overflowing, infinite: ofInfinity } },
  localResponseNormalization: { 'second derivative': { huge: overflowing, infinite: ofInfinity } },
  'losses.computeWeightedLoss': {
    gradient: { huge: summed, infinite: 'an infinite loss, by the weights' },
    'second derivative': { tiny: summed, huge: summed, infinite: summed },
  },
  'losses.softmaxCrossEntropy': {
    gradient: { infinite: 'the softmax of ∞ is NaN; −∞ asked for is an infinite loss' },
    'second derivative': { huge: overflowing, infinite: ofInfinity },
  },
  ...Object.fromEntries(
    [
      ...['conv2d, strided', 'conv2d, padded by pairs, NCHW', 'conv2dTranspose', 'separableConv2d'],
      ...['basicLSTMCell', 'multiRNNCell'],
      ...['fused.matMul', 'fused.matMul, elu, transposed', 'fused.conv2d', 'fused.depthwiseConv2d'],
    ].map((name) => [name, layer]),
  ),
};
