import { isDryRun } from '../dry-run';
import { fill } from '../ops/creation';
import { tidy } from '../scope';
import type { Tensor } from '../tensor';
import { Variable, variableNamed } from '../variable';

/** A slot of a variable: of the variable's shape, and named in the row of the update table. */
export interface Slot extends SlotValue {
  readonly value: Variable;
}

/** The values of a slot. */
export interface SlotValue {
  readonly variable: Variable;
  readonly slot: string;
  readonly value: Tensor;
}

/** The state of an optimizer: for each variable that it has changed, one slot of each name. */
export class Slots {
  readonly #byVariable = new Map<Variable, Variable[]>();

  /**
   * @param optimizer its name, which is part of the slots' names
   * @param initial what a slot holds before the first step
   */
  constructor(
    private readonly optimizer: string,
    readonly names: readonly string[],
    private readonly initial: number,
  ) {}

  /** Runs `work` with the slots of these variables; those that are made for it stay only if it does not fail. */
  during(targets: readonly Variable[], work: (slotsOf: (target: Variable) => Variable[]) => void): void {
    const made = new Map<Variable, Variable[]>();
    try {
      for (const target of targets) {
        if (this.#byVariable.has(target)) continue;
        const slots: Variable[] = [];
        made.set(target, slots);
        for (const name of this.names) slots.push(this.#newSlot(target, name));
      }
      work((target) => (this.#byVariable.get(target) ?? made.get(target))!);
    } catch (error) {
      for (const slots of made.values()) for (const slot of slots) slot.dispose();
      throw error;
    }
    if (!isDryRun()) for (const [target, slots] of made) this.#byVariable.set(target, slots);
  }

  #newSlot(target: Variable, name: string): Variable {
    return tidy(() => this.#slotOf(target, name, fill(target.shape, this.initial)));
  }

  #slotOf(target: Variable, name: string, initial: Tensor): Variable {
    return new Variable(initial, false, this.nameOf(target, name), true);
  }

  /** The name of a slot in `getWeights`: the same for every optimizer of this kind. */
  nameOf(target: Variable, slot: string): string {
    return `${target.name}/${this.optimizer}/${slot}`;
  }

  /** The slot of that name. Its last two parts are the optimizer's; all before them is the variable's name, slashes included. */
  named(name: string): { readonly target: Variable; readonly index: number } | undefined {
    for (const [index, slot] of this.names.entries()) {
      const ending = `/${this.optimizer}/${slot}`;
      if (!name.endsWith(ending)) continue;
      const target = variableNamed(name.slice(0, -ending.length));
      if (target) return { target, index };
    }
    return undefined;
  }

  /** The slots of the variables that are alive, in the order in which they were made. */
  ofLiving(): Slot[] {
    return [...this.#byVariable].flatMap(([variable, slots]) =>
      variable.isDisposed ? [] : slots.map((value, i) => ({ variable, slot: this.names[i]!, value })),
    );
  }

  /** Replaces all slots at once. The new ones share the storage of the values: nothing is allocated. */
  replace(values: readonly SlotValue[]): void {
    const byVariable = new Map<Variable, Map<string, Tensor>>();
    for (const { variable, slot, value } of values) {
      const named = byVariable.get(variable) ?? new Map<string, Tensor>();
      byVariable.set(variable, named.set(slot, value));
    }
    const slots = [...byVariable].map(
      ([target, named]) =>
        [target, this.names.map((name) => this.#slotOf(target, name, named.get(name)!))] as const,
    );
    this.dispose();
    for (const [target, made] of slots) this.#byVariable.set(target, made);
  }

  dispose(): void {
    for (const slots of this.#byVariable.values()) for (const slot of slots) slot.dispose();
    this.#byVariable.clear();
  }
}
