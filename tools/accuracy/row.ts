/** What a row of the table of sums and products is, and how its error is measured. */
import { tensor, tidy, type Tensor } from '../../src/tensor';
import { numbers } from '../../test/support/reference';

/** The exact results of a row, and the scale to which the error of each is relative. */
export interface Wanted {
  readonly values: Float64Array;
  readonly scales: Float64Array;
}

export interface ProductRow {
  readonly name: string;
  /** A description of the sizes and the numbers. */
  readonly of: string;
  readonly inputs: readonly Input[];
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly exact: (...inputs: Float32Array[]) => Wanted;
}

export interface Input {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

let seed = 10;
/** Numbers from `low` to `high`, others at each call. */
export function uniform(shape: readonly number[], low: number, high: number): Input {
  const next = numbers(seed++);
  const length = shape.reduce((size, extent) => size * extent, 1);
  return { shape, values: Float32Array.from({ length }, () => low + (high - low) * next()) };
}

/** Computes each result separately. */
export function each(
  length: number,
  result: (i: number) => readonly [value: number, scale?: number],
): Wanted {
  const values = new Float64Array(length);
  const scales = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const [value, scale = Math.abs(value)] = result(i);
    values[i] = value;
    scales[i] = scale;
  }
  return { values, scales };
}

/** Σ term(k) and Σ |term(k)|, with Kahan's compensation: accurate to float64 for any number of terms. */
export function summed(count: number, term: (k: number) => number): [number, number] {
  let total = 0;
  let lost = 0;
  let magnitude = 0;
  for (let k = 0; k < count; k++) {
    const next = term(k) - lost;
    const grown = total + next;
    lost = grown - total - next;
    total = grown;
    magnitude += Math.abs(term(k));
  }
  return [total, magnitude];
}

/** Measures the largest error of a row, relative to its scale. */
export function productError({ inputs, f, exact }: ProductRow): number {
  const found = tidy(() => f(...inputs.map(({ values, shape }) => tensor(values, [...shape]))).dataSync());
  const { values, scales } = exact(...inputs.map((input) => input.values));
  let worst = found.length === values.length ? 0 : Infinity;
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(found[i]! - values[i]!) / (scales[i]! || 2 ** -126);
    if (!(error <= worst)) worst = Number.isNaN(error) ? Infinity : error;
  }
  return worst;
}
