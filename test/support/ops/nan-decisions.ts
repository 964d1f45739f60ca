/** The extreme inputs at which a gradient may be NaN although the function is not, each with the reason. Elsewhere it must not be NaN. */
import type { Extremity, Order } from '../edge-gradients';

export type NaNDecisions = Readonly<Partial<Record<Order, Readonly<Partial<Record<Extremity, string>>>>>>;

export const vanishing = 'the limit is 0, but the rule multiplies ∞ by a factor that has already become 0';
export const overflowing = 'an intermediate product of three or more factors overflows';
export const squared = 'the square overflows, and so the function itself is infinite';
export const ofInfinity =
  'the derivative is a product of 0 and ∞ or a difference of infinities, and has no limit';
export const summed = 'a sum of products adds ∞ and −∞, or has a product of 0 and ∞';
export const reciprocal = 'the square of a reciprocal overflows and is then multiplied by 0';

/** For functions whose slope tends to 0 far from the origin. */
export const curved: NaNDecisions = { 'second derivative': { huge: vanishing, infinite: vanishing } };
/** For products of many numbers. */
export const products: NaNDecisions = { 'second derivative': { huge: overflowing, infinite: ofInfinity } };
export const exclusiveProducts: NaNDecisions = { gradient: products['second derivative']!, ...products };
/** For layers, which are sums of products. */
export const layer: NaNDecisions = {
  gradient: { huge: summed, infinite: summed },
  'second derivative': { huge: summed, infinite: summed },
};
/** For roots of sums of squares. */
export const norm: NaNDecisions = { gradient: { huge: squared, infinite: ofInfinity } };
