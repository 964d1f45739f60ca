/** What models give, on the host. */
import { Tensor } from '../tensor/tensor';
import { wrongArgument } from '../tensor/argument';
import { formatShape } from '../tensor/shape';
import { isHostArray, type HostArray } from '../streams/data/host-array';

/** An output of a model: a tensor, or what `download()` or a worker gave of it. */
export type Values = Tensor | HostArray;

/** Values that were read, as rows of `columns` each. */
export interface Rows {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/** Reads values without blocking. @throws when it is neither a tensor nor numbers with a shape that they fill */
export async function readValues(name: string, argument: string, input: Values): Promise<HostArray> {
  if (input instanceof Tensor) {
    input.assertUsable(name, argument);
    return { values: await input.data(), shape: input.shape };
  }
  if (!isHostArray(input))
    throw wrongArgument(name, argument, input, 'a tensor, or { values, shape } as download() gives');
  const size = input.shape.reduce((product, extent) => product * extent, 1);
  if (size !== input.values.length)
    throw new Error(
      `${name}: argument '${argument}' has ${input.values.length} values and the shape ${formatShape(input.shape)}; wanted ${size} values`,
    );
  return input;
}

/** Reads values of the shape [n, columns] or [1, n, columns], as rows. @throws when they have another shape */
export async function readRows(
  name: string,
  argument: string,
  input: Values,
  fits: (columns: number) => boolean,
  wanted: string,
): Promise<Rows> {
  const { values, shape } = await readValues(name, argument, input);
  const [rows, columns] = shape.slice(-2);
  const isBatchOfOne = shape.length === 2 || (shape.length === 3 && shape[0] === 1);
  if (!(isBatchOfOne && fits(columns!)))
    throw new Error(
      `${name}: argument '${argument}' has shape ${formatShape(shape)}; wanted [n, ${wanted}], or a batch of one`,
    );
  return { values, rows: rows!, columns: columns! };
}

/** What an output goes through before it is a score: nothing, or 1/(1 + e^(−x)). */
export type ScoreActivation = 'none' | 'sigmoid';

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const activated = (x: number, activation: ScoreActivation): number =>
  activation === 'sigmoid' ? sigmoid(x) : x;
