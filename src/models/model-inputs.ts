import { Tensor } from '../tensor';
import { described, shortened, wrongArgument } from '../tensor/argument';
import { isPlainObject } from '../tensor/container';
import { getOwn } from '../tensor/own-property';
import { asTensor, type TensorInput } from '../tensor/tensor-like';
import type { GraphInput, TensorDescription } from './graph/graph';

/** The inputs of a model: the only one, a list in the model's order, or an object by name. */
export type ModelInputs = TensorInput | readonly TensorInput[] | Readonly<Record<string, TensorInput>>;

/**
 * The inputs as tensors, in the model's order.
 *
 * @param isNeeded whether the asked-for outputs depend on an input; one on which they do not may be left out
 * @throws when one is missing, unknown, or has another shape or dtype than the model takes
 */
export function neededTensors(
  operator: string,
  descriptions: readonly GraphInput[],
  inputs: ModelInputs,
  isNeeded: (input: GraphInput) => boolean,
): (Tensor | undefined)[] {
  const values = valuesByInput(operator, descriptions, inputs);
  return descriptions.map((description, i) => {
    const value = values[i];
    const what = `${operator}: input '${description.name}'`;
    if (value === undefined || value === null) {
      if (!isNeeded(description)) return undefined;
      throw new Error(`${what} is missing; wanted ${wantedOf(description)}`);
    }
    const given = asTensor(operator, description.name, value, description.dtype ?? undefined);
    checkInput(what, description, given);
    return given;
  });
}

/** As {@link neededTensors}, where all are needed. */
export function givenTensors(
  operator: string,
  descriptions: readonly GraphInput[],
  inputs: ModelInputs,
): Tensor[] {
  return neededTensors(operator, descriptions, inputs, () => true) as Tensor[];
}

function valuesByInput(
  operator: string,
  descriptions: readonly GraphInput[],
  inputs: ModelInputs,
): readonly (TensorInput | undefined)[] {
  const names = descriptions.map(({ name }) => name);
  if (isPlainObject(inputs)) {
    const unknown = Object.keys(inputs).find((key) => !names.includes(key));
    if (unknown !== undefined)
      throw new Error(
        `${operator}: argument 'inputs' has ${described(unknown)}; wanted inputs of the model: ${names.map(shortened).join(', ')}`,
      );
    return names.map((name) => getOwn(inputs as Record<string, TensorInput>, name));
  }
  if (Array.isArray(inputs) && (names.length !== 1 || inputs.some((each) => each instanceof Tensor))) {
    if (inputs.length === names.length) return inputs as TensorInput[];
    throw wrongArgument(operator, 'inputs', inputs, `${names.length}: ${names.map(shortened).join(', ')}`);
  }
  if (names.length === 1) return [inputs as TensorInput];
  throw wrongArgument(
    operator,
    'inputs',
    inputs,
    `an object or a list with ${names.length} inputs: ${names.map(shortened).join(', ')}`,
  );
}

function wantedOf({ dtype, shape }: TensorDescription): string {
  const extents = shape ? ` [${shape.map((extent) => extent ?? 'any').join(', ')}]` : '';
  return `${dtype ?? 'a tensor'}${extents}`;
}

function checkInput(what: string, description: GraphInput, { dtype, shape }: Tensor): void {
  const { shape: wanted } = description;
  const fits =
    (description.dtype === null || description.dtype === dtype) &&
    (wanted === null ||
      (wanted.length === shape.length &&
        wanted.every((extent, axis) => extent === null || extent === shape[axis])));
  if (!fits) throw new Error(`${what} is ${dtype} [${shape.join(', ')}]; wanted ${wantedOf(description)}`);
}
