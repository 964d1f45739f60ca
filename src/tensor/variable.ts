import { assertDataType } from './dtype';
import { assertTensor } from './tensor-like';
import { wrongArgument } from './argument';
import type { Storage } from './device';
import { listeners, tell } from './device-observers';
import { type DataType } from '../kernels';
import type { Rank } from './rank';
import { formatShape } from './shape';
import { leafNode } from './tape';
import { Tensor } from './tensor';

/** All that are alive, in the order in which they were made. */
const living = new Set<Variable>();
/** Those of them that have a name of their own: the slots of optimizers have not. */
const byName = new Map<string, Variable>();
let nextNumber = 0;

function madeUpName(): string {
  let name: string;
  do name = `variable_${nextNumber++}`;
  while (byName.has(name));
  return name;
}

/**
 * A tensor whose values can be replaced: the parameters of a model. No scope frees it; `dispose()` does, or
 * {@link disposeVariables}.
 *
 * Its values are never changed under anyone: an update writes new storage and swaps it in, unless nothing else (a view,
 * the tape, a pending read) refers to the old one.
 */
export class Variable<R extends Rank = Rank> extends Tensor<R> {
  /** Unique among the variables that are alive and are no slots. */
  readonly name: string;
  /** Whether optimizers change it, and operations on it are taped. */
  trainable: boolean;
  /** Whether it is what an optimizer keeps for another variable: nobody's parameter, and not to be found by its name. */
  readonly isSlot: boolean;

  constructor(
    initial: Tensor<R>,
    trainable: boolean,
    name: string | undefined,
    dtype: DataType,
    isSlot = false,
  ) {
    const unique = name ?? madeUpName();
    if (!isSlot && byName.has(unique)) {
      throw new Error(
        `variable: argument 'name' is '${unique}', the name of another variable; wanted a unique name`,
      );
    }
    super(initial.storage, initial.shape, dtype, 'manual', true);
    this.name = unique;
    this.trainable = trainable;
    this.isSlot = isSlot;
    this.edge = { node: leafNode('variable', this.shape), output: 0 };
    living.add(this);
    if (!isSlot) byName.set(unique, this);
  }

  /**
   * Replaces the values.
   *
   * @throws unless the new tensor has this one's shape and dtype
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * const v = dl.tidy(() => dl.variable(dl.zeros([2])));
   * dl.tidy(() => v.assign(dl.tensor1d([1, 2])));
   * v.print();
   * v.dispose();
   * ```
   */
  assign(value: Tensor<R>): this {
    this.assertUsable('assign', 'variable');
    assertTensor('assign', 'value', value);
    if (value.dtype !== this.dtype) {
      throw new Error(
        `assign: argument 'value' is ${value.dtype}; wanted ${this.dtype}, as variable '${this.name}'`,
      );
    }
    if (formatShape(value.shape) !== formatShape(this.shape)) {
      throw new Error(
        `assign: argument 'value' has shape ${formatShape(value.shape)}; ` +
          `wanted ${formatShape(this.shape)}, as variable '${this.name}'`,
      );
    }
    this.swap(value.storage.retain());
    return this;
  }

  /** For optimizers: takes over one reference to new storage. */
  swap(storage: Storage): void {
    const old = this.storage;
    if (listeners.swap.length > 0) tell('swap', { variable: this, before: old, after: storage });
    this.storage = storage;
    old.release();
  }

  /** Frees the values and the name: another variable may then take it. */
  override dispose(): void {
    if (this.isDisposed) return;
    living.delete(this);
    if (!this.isSlot) byName.delete(this.name);
    super.dispose();
  }
}

/**
 * A variable that begins with the values of a tensor.
 *
 * @param initialValue its values, shape and dtype; it stays the caller's
 * @param trainable whether optimizers change it
 * @param name for weights and messages; made up when left out
 * @throws when another living variable has that name
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weights = dl.tidy(() => dl.variable(dl.randomNormal([10, 64])));
 * console.log(weights.shape); // [10, 64]
 * weights.dispose();
 * ```
 */
export function variable<R extends Rank>(
  initialValue: Tensor<R>,
  trainable: boolean | null = true,
  name?: string | null,
  dtype?: DataType | null,
): Variable<R> {
  assertTensor('variable', 'initialValue', initialValue);
  if (name !== undefined && name !== null && typeof name !== 'string')
    throw wrongArgument('variable', 'name', name, 'a string');
  if (dtype === undefined || dtype === null || dtype === initialValue.dtype) {
    return new Variable(initialValue, trainable ?? true, name ?? undefined, initialValue.dtype);
  }
  assertDataType('variable', dtype);
  const converted = initialValue.cast(dtype);
  try {
    return new Variable(converted, trainable ?? true, name ?? undefined, dtype);
  } finally {
    converted.dispose();
  }
}

/** Whether nobody gave the variable its name. */
export function hasMadeUpName({ name }: Variable): boolean {
  return /^variable_\d+$/.test(name);
}

/** All living variables, in the order in which they were made. */
export function livingVariables(): Variable[] {
  return [...living];
}

/** The living variable of that name; the slots of optimizers are not found. */
export function variableNamed(name: string): Variable | undefined {
  return byName.get(name);
}

/** Frees all variables. */
export function disposeVariables(): void {
  for (const each of livingVariables()) each.dispose();
}
