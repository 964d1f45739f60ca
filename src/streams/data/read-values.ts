/** What models give, on the host. */
import { wrongArgument } from '../../tensor/argument';
import { formatShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { isHostArray, type HostArray } from './host-array';

/** An output of a model: a tensor, or what `download()` or a worker gave of it. */
export type Values = Tensor | HostArray;

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
