import { described } from '../../tensor/argument';
import { hasMadeUpName, Variable } from '../../tensor/variable';
import { parameters } from '../ownership/remembered-variables';

/**
 * Variables by their names in a checkpoint. A variable that was given no name is numbered, in order: made-up names differ from run to run.
 *
 * @param variables all variables but the slots of optimizers, when left out
 */
export function namedVariables(variables: readonly Variable[] = parameters()): Map<string, Variable> {
  let unnamed = 0;
  return new Map(variables.map((each) => [hasMadeUpName(each) ? `#${unnamed++}` : each.name, each]));
}

/** @throws unless they are left out, or are living variables without a duplicate */
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

/** A variable's name in a checkpoint, as messages show it. */
export function describeName(name: string): string {
  return /^#\d+$/.test(name) ? `unnamed variable ${name}` : `variable ${described(name)}`;
}
