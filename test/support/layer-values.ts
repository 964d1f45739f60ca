/** What layers compute, with weights that a spec gives. */
import * as dl from '../../src/tensor';
import type { CallOptions, Layer } from '../../src/models';

/** Numbers from −1 to 1 that differ from each other, the same each time. */
export const numbers = (size: number, phase = 0): number[] =>
  Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase));

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

/** A tensor with {@link numbers}. */
export const tensorOf = (shape: readonly number[], phase = 0): dl.Tensor =>
  dl.tensor(numbers(sizeOf(shape), phase), [...shape]);

/** Gives the weights of a layer values, by the ends of their names. @throws unless all are given */
export function weigh(layer: Layer, weights: Readonly<Record<string, readonly number[]>>): void {
  const left = new Set(Object.keys(weights));
  for (const [path, variable] of Object.entries(layer.variables)) {
    const end = Object.keys(weights).find((name) => path.endsWith(`/${name}`));
    if (end === undefined) throw new Error(`weigh: no values for ${path}; wanted some`);
    left.delete(end);
    dl.tidy(() => variable.assign(dl.tensor([...weights[end]!], variable.shape, variable.dtype)));
  }
  if (left.size > 0) throw new Error(`weigh: there is no ${[...left].join(', ')}`);
}

/** What a layer gives for a tensor. The layer and all tensors are freed. */
export async function given(
  layer: Layer,
  inputs: readonly dl.Tensor[],
  weights: Readonly<Record<string, readonly number[]>> = {},
  options: CallOptions = {},
): Promise<{ readonly shape: readonly number[]; readonly values: number[] }> {
  layer.build(inputs.map(({ shape }) => shape));
  weigh(layer, weights);
  const y = layer.apply(inputs, options);
  const { shape } = y;
  const described = layer.outputShapes(inputs.map((each) => each.shape))[0]!;
  if (described.join() !== shape.join())
    throw new Error(`${layer.name}: the shape is [${shape.join()}]; it was said to be [${described.join()}]`);
  const values = Array.from(await y.data());
  dl.dispose([y, ...inputs]);
  layer.dispose();
  return { shape, values };
}
