import { dispose } from '../../tensor/scope';
import { detached } from '../../tensor/detached';
import type { Tensor } from '../../tensor/tensor';
import { livingVariables, type Variable } from '../../tensor/variable';

/** Returns all living variables except the slots of optimizers, in the order in which they were made. */
export function parameters(): Variable[] {
  return livingVariables().filter((each) => !each.isSlot);
}

/** Keeps the values of variables at one moment. No numbers are copied: a variable that changes gets new storage while the old is in use. */
export class RememberedVariables {
  private constructor(private readonly values: ReadonlyMap<Variable, Tensor>) {}

  /** Remembers the present values of these variables. */
  static of(variables: readonly Variable[]): RememberedVariables {
    return new RememberedVariables(new Map(variables.map((each) => [each, detached<Tensor>(each)])));
  }

  /** Sets the variables to the remembered values, runs `work`, and sets them back. Changes that `work` makes to them are lost. */
  during<T>(work: () => T): T {
    const living = [...this.values].filter(([variable]) => !variable.isDisposed);
    const now = living.map(([variable]) => variable.storage.retain());
    try {
      for (const [variable, value] of living) variable.swap(value.storage);
      return work();
    } finally {
      living.forEach(([variable], i) => {
        variable.swap(now[i]!);
        now[i]!.release();
      });
    }
  }

  /** Sets the variables that are still alive to the remembered values. */
  restore(): void {
    for (const [variable, value] of this.values) if (!variable.isDisposed) variable.assign(value);
  }

  /** Makes a copy. The caller must release it. */
  copy(): RememberedVariables {
    return new RememberedVariables(
      new Map([...this.values].map(([variable, value]) => [variable, detached(value)])),
    );
  }

  /** Frees the remembered values. */
  release(): void {
    dispose([...this.values.values()]);
  }
}
