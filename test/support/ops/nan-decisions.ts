/** The edges at which a gradient may be NaN though the function is not, with the reasons. At all other edges it must be a number. */
import type { Extremity, Order } from '../edge-gradients';

export type NaNDecisions = Readonly<Partial<Record<Order, Readonly<Partial<Record<Extremity, string>>>>>>;

export const vanishing = 'the limit is 0, as a product of ∞ and of what has vanished long before';
export const overflowing = 'a product of three or more of them overflows on the way';
export const squared = 'the square overflows, and the function is infinite itself';
export const ofInfinity =
  'a product of 0 and ∞, or a difference of infinities, by definition: there is no limit';
export const summed = 'a sum over products with terms of both signs that are infinite, or of 0 and ∞';
export const reciprocal = 'the square of a reciprocal overflows, and what it is multiplied by is 0';

/** For functions that become flat. */
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
