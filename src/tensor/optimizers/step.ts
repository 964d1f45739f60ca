/**
 * Runs one step of an optimizer over many variables: it changes all of them, or none. The memory for the new values is allocated before
 * anything changes, since that is what fails most easily. Variables that are written in place need no memory.
 */
import { activeBackend, type Backend, type UpdateName } from '../../kernels';
import { withoutTaping } from '../extent';
import { isDebugMode } from '../debug';
import { runKernel } from '../device';
import { newTensor } from '../new-tensor';
import { where } from '../ops/where';
import { tidy } from '../scope';
import { Tensor } from '../tensor';
import type { Variable } from '../variable';

/** A variable, its gradient and its slots. */
export interface Update {
  readonly target: Variable;
  readonly gradient: Tensor;
  readonly slots: readonly Variable[];
}

/** A row of the update table, and its hyper-parameters in the order of the row. */
export interface Rule {
  readonly optimizer: string;
  readonly name: UpdateName;
  readonly hyperparameters: readonly number[];
}

/**
 * Runs the rule once for each variable, and swaps the new values in when all of them are computed. A variable is written in place if
 * nothing else shares its storage and the backend allows it.
 *
 * @param onlyIf a bool scalar. If it is false, the device leaves the old values
 */
export function step(updates: readonly Update[], rule: Rule, onlyIf: Tensor | undefined): void {
  const backend = activeBackend();
  for (const { target, gradient, slots } of updates) {
    for (const each of [target, gradient, ...slots]) each.storage.moveTo(backend, rule.optimizer);
  }
  // Debug mode reads the inputs after the outputs, and may throw: then the old values must still be there.
  const inPlace = backend.writesInPlace && !isDebugMode() && !onlyIf;
  const results: Tensor[][] = [];
  try {
    for (const { target, slots } of updates) results.push(outputsFor([target, ...slots], backend, inPlace));
    updates.forEach((update, i) => {
      run(update, results[i]!, rule, backend);
      if (onlyIf) results[i] = chosen(onlyIf, results[i]!, [update.target, ...update.slots]);
    });
    updates.forEach(({ target, slots }, i) => {
      [target, ...slots].forEach((each, k) => each.swap(results[i]![k]!.storage.retain()));
    });
  } finally {
    for (const outputs of results) free(outputs);
  }
}

function outputsFor(variables: readonly Variable[], backend: Backend, inPlace: boolean): Tensor[] {
  const outputs: Tensor[] = [];
  try {
    for (const { storage, shape } of variables) {
      const isWrittenOver = inPlace && storage.isExclusive;
      outputs.push(
        isWrittenOver
          ? new Tensor(storage, shape, 'float32', 'hidden', true)
          : newTensor(backend, shape, 'float32', 'hidden'),
      );
    }
    return outputs;
  } catch (error) {
    free(outputs);
    throw error;
  }
}

/** Calls the kernel once. It reads a variable, its gradient and its slots, and writes the new values. */
function run({ target, gradient, slots }: Update, outputs: Tensor[], rule: Rule, backend: Backend): void {
  const { optimizer, name, hyperparameters } = rule;
  runKernel(optimizer, backend, 'update', [target, gradient, ...slots], outputs, { name, hyperparameters });
}

/** Selects the new values if the condition holds, else the old ones. Frees the new ones. */
function chosen(condition: Tensor, values: readonly Tensor[], before: readonly Variable[]): Tensor[] {
  const found: Tensor[] = [];
  try {
    withoutTaping(() =>
      tidy('applyGradients', () => {
        values.forEach((value, i) => {
          const { storage, shape } = where(condition, value, before[i]!);
          found.push(new Tensor(storage, shape, 'float32', 'hidden', true));
        });
      }),
    );
  } catch (error) {
    free(found);
    throw error;
  }
  free(values);
  return found;
}

function free(tensors: readonly Tensor[]): void {
  for (const each of tensors) each.disposeHidden();
}
