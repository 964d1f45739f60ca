/** Results that are sums, and the bounds of their errors, which follow from the terms: no values that are drawn exceed them. */
import { sizeOf, stridesOf, type Shape } from '../../src/kernels';
import { formatShape } from '../../src/tensor/shape';
import { Tensor } from '../../src/tensor/tensor';
import type { Reference } from './reference';
import { boundOfSum } from './rounding';

/** Sums in float64, and for each how many terms of which magnitude it has. */
export class Sums implements Reference {
  readonly shape: readonly number[];
  readonly values: number[];
  readonly magnitudes: number[];
  readonly terms: number[];

  constructor(shape: Shape) {
    const zeros = (): number[] => new Array<number>(sizeOf(shape)).fill(0);
    this.shape = [...shape];
    [this.values, this.magnitudes, this.terms] = [zeros(), zeros(), zeros()];
  }

  add(at: number, term: number): void {
    this.values[at]! += term;
    this.magnitudes[at]! += Math.abs(term);
    this.terms[at]!++;
  }

  /** The same sums in another shape. */
  reshape(shape: Shape): Sums {
    return Object.assign(new Sums([0]), this, { shape: [...shape] });
  }
}

/** The sums whose terms a function of the index adds. */
export function sums(shape: Shape, addTerms: (index: number[], add: (term: number) => void) => void): Sums {
  const result = new Sums(shape);
  const strides = stridesOf(shape);
  for (let at = 0; at < result.values.length; at++) {
    const index = strides.map((stride, axis) => Math.floor(at / stride) % shape[axis]!);
    addTerms(index, (term) => result.add(at, term));
  }
  return result;
}

export interface SumsOptions {
  /** Which case it was. */
  readonly context?: string;
  /** What is done with each sum: a function that moves no two numbers apart, as relu. */
  readonly finish?: (sum: number) => number;
  /** The promised error of long sums, relative to Σ |terms|; that of products when left out. */
  readonly promised?: number;
  /** How often a term is rounded before it is added, beyond the rounding of a product. */
  readonly roundings?: number;
}

/** Expects every value within a bound of its own; NaN and infinities exact. */
export function expectBounded(
  found: ArrayLike<number>,
  wanted: readonly number[],
  boundOf: (i: number) => number,
  context = '',
): void {
  expect(found.length).withContext(context).toBe(wanted.length);
  const wrong: string[] = [];
  wanted.forEach((value, i) => {
    if (Object.is(found[i], value)) return;
    const error = Math.abs(found[i]! - value);
    if (!(error <= boundOf(i)))
      wrong.push(`[${i}] ${found[i]} for ${value}: off by ${error}, allowed ${boundOf(i)}`);
  });
  expect(wrong.slice(0, 5)).withContext(context).toEqual([]);
}

/** Expects each sum to be as near to the exact one as float32 allows, in whatever order it was added up. */
export function expectSums(
  actual: Tensor | ArrayLike<number>,
  wanted: Sums,
  { context = '', finish = (sum) => sum, roundings = 0, promised }: SumsOptions = {},
): void {
  if (actual instanceof Tensor)
    expect(formatShape(actual.shape)).withContext(context).toBe(formatShape(wanted.shape));
  const boundOf = (i: number): number =>
    boundOfSum(wanted.terms[i]! + roundings, wanted.magnitudes[i]!, promised);
  const found = actual instanceof Tensor ? actual.dataSync() : actual;
  expectBounded(found, wanted.values.map(finish), boundOf, context);
}
