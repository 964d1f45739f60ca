import { described } from '../../tensor/argument';
import { hasMadeUpName, Variable } from '../../tensor/variable';
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

/** @throws unless they are living variables, each there once, or left out */
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

/** A name of a checkpoint, for messages. */
export function describeName(name: string): string {
  return /^#\d+$/.test(name) ? `unnamed variable ${name}` : `variable ${described(name)}`;
}
