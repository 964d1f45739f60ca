/** Makes steps of what their functions are given. */
import { described } from '../../tensor/argument';
import { assertStep } from './check-step';
import type { Step } from './step';

/** @throws unless they are names of columns */
export function named(kind: string, columns: string | readonly string[]): readonly string[] {
  const names = typeof columns === 'string' ? [columns] : columns;
  if (
    Array.isArray(names) &&
    names.length > 0 &&
    names.every((name) => typeof name === 'string') &&
    new Set(names).size === names.length
  )
    return names;
  throw new Error(
    `${kind}: argument 'columns' is ${described(columns)}; wanted the name of a column, or several different ones`,
  );
}

/** @throws unless it is the name of a column */
export function single(kind: string, column: string): readonly string[] {
  if (typeof column === 'string') return [column];
  throw new Error(`${kind}: argument 'column' is ${described(column)}; wanted the name of a column`);
}

/** A step with what was given in place of a fit, if anything. @throws unless all of it is right */
export function made(
  kind: string,
  columns: readonly string[],
  options: Step['options'],
  given: object | null = null,
  positional = '',
): Step {
  const step: Step = { kind, columns, options, fitted: given as Step['fitted'] };
  assertStep(step, (_, name, found, wanted) => {
    const what = name === positional ? 'argument' : 'option';
    return new Error(`${kind}: ${what} '${name}' is ${described(found)}; wanted ${wanted}`);
  });
  return step;
}
