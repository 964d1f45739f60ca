/**
 * Runs one step of an optimizer over many variables: it changes all of them, or none. The memory for the new values is allocated before
 * anything changes, since that is what fails most easily. Variables that are written in place need no memory.
 */
import { activeBackend, type Backend, type KernelAttributes } from '../../kernels';
import { inScope, withoutTaping } from '../extent';
import { isDebugMode } from '../debug';
import { runKernel } from '../device';
import { newTensor } from '../new-tensor';
import { where } from '../ops/where';
import { Tensor } from '../tensor';
import type { Variable } from '../variable';

/** A variable, its gradient and its slots. */
export interface Update {
  readonly target: Variable;
  readonly gradient: Tensor;
  readonly slots: readonly Variable[];
}

/** A row of the update table, and its hyper-parameters in the order of the row. */
export type Rule = KernelAttributes['update'];

/**
 * Runs the rule once for each variable, and swaps the new values in when all of them are computed. A variable is written in place if
 * nothing else shares its storage and the backend allows it.
 *
 * @param onlyIf a bool scalar. If it is false, the device leaves the old values
 */
export function step(
  updates: readonly Update[],
  optimizer: string,
  rule: Rule,
  onlyIf: Tensor | null | undefined,
): void {
  const backend = activeBackend();
  for (const { target, gradient, slots } of updates) {
    for (const each of [target, gradient, ...slots]) each.storage.moveTo(backend, optimizer);
  }
  // Debug mode reads the inputs after the outputs, and may throw: then the old values must still be there.
  const inPlace = backend.writesInPlace && !isDebugMode() && !onlyIf;
  // The scope frees the new tensors, also after a stack overflow.
  inScope('tidy', optimizer, noSurvivors, () => {
    const results = updates.map(({ target, slots }) => outputsFor([target, ...slots], backend, inPlace));
    updates.forEach((update, i) => {
      run(update, results[i]!, optimizer, rule, backend);
      if (onlyIf) results[i] = chosen(onlyIf, results[i]!, [update.target, ...update.slots]);
    });
    const variables = updates.flatMap(({ target, slots }) => [target, ...slots]);
    const values = results.flat();
    // Backwards: the next step is then given the memory of the old values in the order in which it asks, and a device finds it bound.
    for (let i = variables.length - 1; i >= 0; i--) variables[i]!.swap(values[i]!.storage);
  });
}

function noSurvivors(): null {
  return null;
}

function outputsFor(variables: readonly Variable[], backend: Backend, inPlace: boolean): Tensor[] {
  return variables.map(({ storage, shape }) =>
    inPlace && storage.isExclusive
      ? new Tensor(storage, shape, 'float32', 'scope', true)
      : newTensor(backend, shape, 'float32'),
  );
}

/** Calls the kernel once. It reads a variable, its gradient and its slots, and writes the new values. */
function run(
  { target, gradient, slots }: Update,
  outputs: Tensor[],
  optimizer: string,
  rule: Rule,
  backend: Backend,
): void {
  runKernel(optimizer, backend, 'update', [target, gradient, ...slots], outputs, rule);
}

/** Selects the new values if the condition holds, else the old ones. Frees the new ones. */
function chosen(condition: Tensor, values: readonly Tensor[], before: readonly Variable[]): Tensor[] {
  const found = withoutTaping(() => values.map((value, i) => where(condition, value, before[i]!)));
  for (const each of values) each.dispose();
  return found;
}
