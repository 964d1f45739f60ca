import { dispose } from '../tensor/scope';
import { detached } from '../tensor/detached';
import type { Tensor } from '../tensor/tensor';
import { livingVariables, type Variable } from '../tensor/variable';

/** All variables but those that optimizers keep for themselves, in the order in which they were made. */
export function parameters(): Variable[] {
  return livingVariables().filter((each) => !each.isSlot);
}

/**
 * Variables as they are at one moment. Nothing is copied: a variable that changes writes new storage while somebody looks at the old one.
 */
export class RememberedVariables {
  private constructor(private readonly values: ReadonlyMap<Variable, Tensor>) {}

  static of(variables: readonly Variable[]): RememberedVariables {
    return new RememberedVariables(new Map(variables.map((each) => [each, detached<Tensor>(each)])));
  }

  /** Runs `work` with the variables as they were. What it makes of them is taken back. */
  during<T>(work: () => T): T {
    const living = [...this.values].filter(([variable]) => !variable.isDisposed);
    const now = living.map(([variable]) => variable.storage.retain());
    for (const [variable, value] of living) variable.swap(value.storage.retain());
    try {
      return work();
    } finally {
      living.forEach(([variable], i) => variable.swap(now[i]!));
    }
  }

  /** Gives the variables that are still there these values. */
  restore(): void {
    for (const [variable, value] of this.values) if (!variable.isDisposed) variable.assign(value);
  }

  /** The same values once more, to be released by whoever asks. */
  copy(): RememberedVariables {
    return new RememberedVariables(
      new Map([...this.values].map(([variable, value]) => [variable, detached(value)])),
    );
  }

  release(): void {
    dispose([...this.values.values()]);
  }
}
