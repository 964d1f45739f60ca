import { dispose } from '../../tensor/scope';
import { detached } from '../../tensor/detached';
import type { Tensor } from '../../tensor/tensor';
import { livingVariables, type Variable } from '../../tensor/variable';

/** All variables but the slots of optimizers, in the order in which they were made. */
export function parameters(): Variable[] {
  return livingVariables().filter((each) => !each.isSlot);
}

/**
 * The values of variables at one moment. Nothing is copied: a variable that changes writes new storage while the old one is in use.
 */
export class RememberedVariables {
  private constructor(private readonly values: ReadonlyMap<Variable, Tensor>) {}

  static of(variables: readonly Variable[]): RememberedVariables {
    return new RememberedVariables(new Map(variables.map((each) => [each, detached<Tensor>(each)])));
  }

  /** Runs `work` with the variables at their remembered values, and undoes the changes that it makes to them. */
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

  /** Sets the variables that are still alive to these values. */
  restore(): void {
    for (const [variable, value] of this.values) if (!variable.isDisposed) variable.assign(value);
  }

  /** A copy, which the caller releases. */
  copy(): RememberedVariables {
    return new RememberedVariables(
      new Map([...this.values].map(([variable, value]) => [variable, detached(value)])),
    );
  }

  release(): void {
    dispose([...this.values.values()]);
  }
}
