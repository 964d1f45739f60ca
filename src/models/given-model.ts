import { wrongArgument } from '../tensor/argument';
import type { GraphModel } from './graph-model';

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
