import type { Tensor } from '../../tensor/tensor';
import { hasMadeUpName, type Variable } from '../../tensor/variable';
import { parameters } from '../remembered-variables';

/**
 * Variables by the names that a checkpoint has for them: their own, or, where nobody gave them one, a number in their order: made-up names
 * differ from run to run.
 *
 * @param variables all but those that optimizers keep for themselves when left out
 */
export function namedVariables(variables: readonly Variable[] = parameters()): Map<string, Variable> {
  let unnamed = 0;
  return new Map(variables.map((each) => [hasMadeUpName(each) ? `#${unnamed++}` : each.name, each]));
}

/** A name of a checkpoint, for messages. */
export function describeName(name: string): string {
  return name.startsWith('#') ? `unnamed variable ${name}` : `variable '${name}'`;
}

/** As `Optimizer.getWeights` gives it. */
export interface Weight {
  readonly name: string;
  readonly tensor: Tensor;
}
