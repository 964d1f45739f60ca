import { wrongArgument } from '../tensor/argument';
import { dispose, keep } from '../tensor/scope';
import type { Tensor } from '../tensor/tensor';
import type { GraphModel } from './graph-model';
import type { ModelInputs } from './model-inputs';

/** A loaded model, as far as functions and operators use it that take one. */
export type GivenModel = Pick<GraphModel, 'executeAsync'>;

/** Whether it looks like a loaded model. */
export const isModel = (given: unknown): given is GivenModel =>
  typeof (given as Partial<GivenModel> | null | undefined)?.executeAsync === 'function';

/** @throws unless it looks like a loaded model */
export function assertModel(name: string, model: unknown): asserts model is GivenModel {
  if (!isModel(model))
    throw wrongArgument(name, 'model', model, 'a model, as loadGraphModel() of rxtensor/models gives');
}

/**
 * Runs a model, uses its outputs, and frees them. Meanwhile they are kept, so that other operators, whose functions also wait, do not take them for tensors that
 * nobody frees.
 */
export async function withOutputs<R>(
  model: GivenModel,
  inputs: ModelInputs,
  names: readonly string[],
  use: (outputs: Tensor[]) => Promise<R> | R,
): Promise<R> {
  const outputs = await model.executeAsync(inputs, names);
  try {
    outputs.forEach(keep);
    return await use(outputs);
  } finally {
    dispose(outputs);
  }
}
