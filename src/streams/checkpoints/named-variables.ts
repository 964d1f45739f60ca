import { described } from '../../tensor/argument';
import { hasMadeUpName, Variable } from '../../tensor/variable';
import { parameters } from '../ownership/remembered-variables';

/**
 * Maps names in a checkpoint to variables. A variable without a name of its own gets a number, in order, because generated names differ
 * from run to run.
 *
 * @param variables by default, all variables except the slots of optimizers
 */
export function namedVariables(variables: readonly Variable[] = parameters()): Map<string, Variable> {
  let unnamed = 0;
  return new Map(variables.map((each) => [hasMadeUpName(each) ? `#${unnamed++}` : each.name, each]));
}

/** @throws if the variables are given and are not an array of distinct variables that have not been disposed */
export function assertVariables(operator: string, variables: readonly Variable[] | undefined): void {
  if (variables === undefined) return;
  if (!Array.isArray(variables)) {
    throw new Error(
      `${operator}: option 'variables' is ${described(variables)}; wanted an array of variables`,
    );
  }
  const seen = new Set<unknown>();
  for (const each of variables as readonly unknown[]) {
    if (!(each instanceof Variable))
      throw new Error(`${operator}: option 'variables' holds ${described(each)}; wanted variables`);
    each.assertUsable(operator, 'variables');
    if (seen.has(each))
      throw new Error(`${operator}: option 'variables' holds '${each.name}' twice; wanted each once`);
    seen.add(each);
  }
}

/** The text by which error messages show the name of a variable in a checkpoint. */
export function describeName(name: string): string {
  return /^#\d+$/.test(name) ? `unnamed variable ${name}` : `variable ${described(name)}`;
}
