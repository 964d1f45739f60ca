/** What models give, on the host. */
import { formatShape } from '../tensor/shape';
import type { HostArray } from '../streams/data/host-array';
import { readValues, type Values } from '../streams/data/read-values';

/** Values that were read, as rows of `columns` each. */
export interface Rows {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/** Reads values that have those axes, or are a batch of one with them. @throws when they have another shape */
export async function readOne(
  name: string,
  argument: string,
  input: Values,
  axes: readonly string[],
  fits: (shape: readonly number[]) => boolean = () => true,
): Promise<HostArray> {
  const { values, shape } = await readValues(name, argument, input);
  const own = shape.length > axes.length && shape[0] === 1 ? shape.slice(1) : shape;
  if (own.length !== axes.length || !fits(own))
    throw new Error(
      `${name}: argument '${argument}' has shape ${formatShape(shape)}; wanted [${axes.join(', ')}], or a batch of one`,
    );
  return { values, shape: own };
}

/** Reads values of the shape [n, columns] or [1, n, columns], as rows. @throws when they have another shape */
export async function readRows(
  name: string,
  argument: string,
  input: Values,
  fits: (columns: number) => boolean,
  wanted: string,
): Promise<Rows> {
  const { values, shape } = await readOne(name, argument, input, ['n', wanted], ([, columns]) =>
    fits(columns!),
  );
  return { values, rows: shape[0]!, columns: shape[1]! };
}

/** The greatest of so many values, and its place among them. */
export function bestOf(
  values: ArrayLike<number>,
  first: number,
  count: number,
): [value: number, place: number] {
  let place = 0;
  for (let other = 1; other < count; other++)
    if (values[first + other]! > values[first + place]!) place = other;
  return [values[first + place]!, place];
}

/** What an output goes through before it is a score: nothing, or 1/(1 + e^(−x)). */
export type ScoreActivation = 'none' | 'sigmoid';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const activated = (x: number, activation: ScoreActivation): number =>
  activation === 'sigmoid' ? sigmoid(x) : x;
