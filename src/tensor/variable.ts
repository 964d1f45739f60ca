import { assertDataType } from './dtype';
import { op } from './op';
import { asTensor, assertTensor, type TensorInput, type TensorLike } from './tensor-like';
import { wrongArgument } from './argument';
import type { Storage } from './device';
import { isDryRun, noteDry } from './dry-run';
import { listeners, tell } from './device-observers';
import { nameLostVariables, type DataType } from '../kernels';
import type { Rank, RankOfValues } from './rank';
import { formatShape } from './shape';
import { leafNode } from './tape';
import { Tensor } from './tensor';

/** All living variables, in the order of their creation. */
const living = new Set<Variable>();
/** The living variables by name, without the slots of optimizers, whose names are not unique. */
const byName = new Map<string, Variable>();
let nextNumber = 0;

nameLostVariables(() => [...byName.values()].flatMap(({ name, storage }) => (storage.isLost ? name : [])));

function madeUpName(): string {
  let name: string;
  do name = `variable_${nextNumber++}`;
  while (byName.has(name));
  return name;
}

/**
 * A tensor whose values can be replaced: a parameter of a model. No scope frees it; call `dispose()` or
 * {@link disposeVariables}.
 *
 * Replacing its values never changes other tensors: an update writes to new storage, and writes in place only if no view
 * and no tape uses the old one.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable([1, 2]);
 * dl.tidy(() => w.assign(w.mul(10)));
 * w.print(); // 10, 20
 * w.dispose();
 * ```
 */
export class Variable<R extends Rank = Rank> extends Tensor<R> {
  /** Unique among the living variables that are not slots. */
  readonly name: string;
  /** Whether optimizers update it, and operations on it are taped. */
  trainable: boolean;
  /** Whether it is a slot: the state that an optimizer keeps for another variable. Slots are not found by name. */
  readonly isSlot: boolean;

  constructor(initial: Tensor<R>, trainable: boolean, name: string | undefined, isSlot = false) {
    const unique = name ?? madeUpName();
    if (!isSlot && byName.has(unique)) {
      throw new Error(
        `variable: argument 'name' is '${unique}', the name of another variable; wanted a unique name`,
      );
    }
    super(initial.storage, initial.shape, initial.dtype, 'manual', true);
    this.name = unique;
    this.trainable = trainable;
    this.isSlot = isSlot;
    this.edge = { node: leafNode('variable', this.shape), output: 0 };
    living.add(this);
    if (!isSlot) byName.set(unique, this);
    noteDry(this);
  }

  /**
   * Replaces the values by those of a tensor, which stays the caller's.
   *
   * @throws unless the tensor has this variable's shape and dtype
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * const v = dl.variable(() => dl.zeros([2]));
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
    this.swap(value.storage);
    return this;
  }

  /** For optimizers: uses other storage from now on, which then has one reference more. */
  swap(storage: Storage): void {
    if (isDryRun()) return;
    const before = this.storage;
    if (listeners.swap.length > 0) tell('swap', { variable: this, before, after: storage });
    if (storage === before) return;
    // The last call: if the engine's stack overflows in it, nothing has changed.
    before.release();
    storage.references++;
    this.storage = storage;
  }

  /** Frees the values and the name: another variable may then take it. */
  override dispose(): void {
    if (this.isDisposed) return;
    living.delete(this);
    if (!this.isSlot) byName.delete(this.name);
    super.dispose();
  }
}

/** The type of {@link variable}. */
export interface VariableOp {
  /** Of a tensor, or of what a function makes. */
  <R extends Rank>(
    initialValue: Tensor<R> | (() => Tensor<R>),
    trainable?: boolean | null,
    name?: string | null,
    dtype?: DataType | null,
  ): Variable<R>;
  /** Of plain values. */
  <V extends TensorLike>(
    initialValue: V | (() => V),
    trainable?: boolean | null,
    name?: string | null,
    dtype?: DataType | null,
  ): Variable<RankOfValues<V>>;
}

/**
 * Makes a variable that begins with the values of a tensor, or with plain values.
 *
 * @param initialValue the values and the shape. A tensor that is given stays the caller's; what a function makes is freed when the variable has its values
 * @param trainable whether optimizers update it
 * @param name a unique name, for gradients, checkpoints and messages; made up if left out
 * @param dtype the type to which the values are converted; by default the tensor's
 * @throws when another living variable has that name
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weights = dl.variable(() => dl.randomNormal([10, 64]));
 * console.log(weights.shape); // [10, 64]
 * const bias = dl.variable([0.5, 1]);
 * bias.print(); // 0.5, 1
 * dl.dispose([weights, bias]);
 * ```
 */
export const variable = op(
  'variable',
  (
    given: TensorInput | (() => TensorInput),
    trainable = true,
    name?: string | null,
    dtype?: DataType | null,
  ): Variable => {
    if (name !== undefined && typeof name !== 'string')
      throw wrongArgument('variable', 'name', name, 'a string');
    const initial = asTensor('variable', 'initialValue', typeof given === 'function' ? given() : given);
    if (dtype !== undefined) assertDataType('variable', dtype);
    return new Variable(dtype ? initial.cast(dtype) : initial, trainable, name);
  },
) as VariableOp;

/** Whether the variable's name looks made up: `variable_0`, `variable_1`, …. */
export function hasMadeUpName({ name }: Variable): boolean {
  return /^variable_\d+$/.test(name);
}

/** All living variables, slots included, in the order of their creation. */
export function livingVariables(): Variable[] {
  return [...living];
}

/** The living variable of that name, but no slot of an optimizer. */
export function variableNamed(name: string): Variable | undefined {
  return byName.get(name);
}

/**
 * Frees all variables, the slots of optimizers included.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.variable([1, 2]);
 * dl.disposeVariables();
 * console.log(dl.memory().numTensors);
 * ```
 */
export function disposeVariables(): void {
  for (const each of livingVariables()) each.dispose();
}
