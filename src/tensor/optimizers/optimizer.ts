import { updateRules, markOwn, type UpdateName } from '../../kernels';
import { assertFunction, assertList, described, isIntegerFrom, wrongArgument } from '../argument';
import { isDryRun } from '../dry-run';
import { running, varying } from '../host-state';
import { assertLoss, gradientsOfVariables, lossGradients, type NamedTensorMap } from '../gradients';
import { scalar } from '../ops/creation';
import { nearest } from '../options';
import { setOwn } from '../own-property';
import { tidyTaped } from '../scope';
import type { Scalar, Tensor } from '../tensor';
import { assertTensor } from '../tensor-like';
import type { Variable } from '../variable';
import { assertCondition, assertOfShape, gradientsByVariable } from './gradients-by-variable';
import { Slots, type Slot, type SlotValue } from './slots';
import { step, type Update } from './step';

/** Values of hyper-parameters by name. */
type Hyperparameters = Readonly<Record<string, number>>;

/** The properties in which optimizers differ. */
export interface OptimizerDefinition {
  readonly name: string;
  /** The row of the update table. Every step runs it once for each variable. */
  readonly update: UpdateName;
  /** The hyper-parameters, which can be changed while training. */
  readonly settings: Record<string, number>;
  /** The value of the slots before the first step; 0 when left out. */
  readonly initialState?: number;
  /** Computes the hyper-parameters of the row for step `t` = 1, 2, …. */
  readonly hyperparameters: (settings: Hyperparameters, t: number) => Hyperparameters;
}

/**
 * Changes variables so that a loss gets smaller. An optimizer may keep state for each variable: slots, which are variables of the
 * same shape. They are made at the first step that changes the variable.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(0);
 * const optimizer: dl.Optimizer = dl.train.sgd(0.1);
 * for (let step = 0; step < 3; step++) optimizer.minimize(() => w.sub(1).square());
 * w.print(); // 0.488
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class Optimizer {
  static {
    markOwn(this);
  }

  /** The name of the algorithm, such as 'adam'. */
  readonly name: string;
  readonly #slots: Slots;
  #steps = 0;

  /** @param definition what it is made of: members of a run of several processes compare it */
  constructor(readonly definition: OptimizerDefinition) {
    this.name = definition.name;
    this.#slots = new Slots(
      definition.name,
      updateRules[definition.update].slots,
      definition.initialState ?? 0,
    );
    for (const [key, value] of Object.entries(definition.settings)) this.set(key, value);
  }

  /** How many steps have been taken. */
  get iterations(): number {
    return this.#steps;
  }

  /** The hyper-parameter 'learningRate'. */
  get learningRate(): number {
    return this.definition.settings.learningRate!;
  }

  /** The names of the hyper-parameters that {@link Optimizer.set} takes. */
  get settings(): readonly string[] {
    return Object.keys(this.definition.settings);
  }

  /**
   * Changes a hyper-parameter from the next step on.
   *
   * @throws for an unknown name or a value that is no finite number
   */
  set(name: string, value: number): void {
    const { settings } = this.definition;
    const names = Object.keys(settings);
    if (!names.includes(name)) {
      throw wrongArgument(this.name, 'name', name, `a hyper-parameter: ${nearest(name, names)}`);
    }
    if (typeof value !== 'number' || !Number.isFinite(value) || (name === 'learningRate' && value < 0)) {
      throw wrongArgument(
        this.name,
        name,
        value,
        `a finite${name === 'learningRate' ? ', non-negative' : ''} number`,
      );
    }
    setOwn(settings, name, value);
  }

  /** As `set('learningRate', value)`. */
  setLearningRate(value: number): void {
    this.set('learningRate', value);
  }

  /**
   * Takes one step: computes the loss and its gradients, and updates the variables.
   *
   * @param f gives the loss, a scalar
   * @param returnCost whether the loss is returned; it is freed otherwise
   * @param varList the variables to change; all trainable ones that the loss depends on when left out
   * @throws when the loss depends on none of the variables
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * const x = dl.variable(5);
   * const optimizer = dl.train.sgd(0.1);
   * for (let i = 0; i < 50; i++) optimizer.minimize(() => x.square().asScalar());
   * x.print(); // near 0
   * dl.dispose(x);
   * optimizer.dispose();
   * ```
   */
  minimize(f: () => Scalar, returnCost = false, varList?: Variable[]): Scalar | null {
    assertFunction('minimize', 'f', f);
    return tidyTaped('minimize', true, () => {
      const loss: unknown = f();
      assertLoss('minimize', loss);
      this.applyGradients(lossGradients('minimize', loss, varList, { differentiable: false, consume: true }));
      return returnCost ? (loss as Scalar) : null;
    });
  }

  /** The loss and its gradients, without a step. See {@link variableGrads}. */
  computeGradients(f: () => Scalar, varList?: Variable[]): { value: Scalar; grads: NamedTensorMap } {
    return gradientsOfVariables('computeGradients', f, varList);
  }

  /**
   * Takes one step with the given gradients. All of their variables change, or none if it fails.
   *
   * @param gradients by variable name, or as [{name, tensor}]
   * @param onlyIf a bool scalar. If it is false, the device leaves the variables and the state as they are. The host does not read it, so
   *   {@link Optimizer.iterations} counts the step in any case
   * @throws when a name is no living variable's, a shape is not its variable's, or the condition is no bool scalar
   */
  applyGradients(
    gradients: NamedTensorMap | readonly { readonly name: string; readonly tensor: Tensor }[],
    onlyIf?: Tensor | null,
  ): void {
    const gradientOf = gradientsByVariable(gradients);
    if (onlyIf !== undefined && onlyIf !== null) assertCondition(onlyIf);
    const { update, settings, hyperparameters } = this.definition;
    const attributes = varying(() => {
      const named = hyperparameters(settings, this.#steps + 1);
      return {
        name: update,
        hyperparameters: updateRules[update].hyperparameters.map((each) => named[each]!),
      };
    });
    this.#slots.during([...gradientOf.keys()], (slotsOf) => {
      const updates: Update[] = [...gradientOf].map(([target, gradient]) => ({
        target,
        gradient,
        slots: slotsOf(target),
      }));
      step(updates, this.name, attributes, onlyIf);
    });
    const count = (): void => {
      if (!isDryRun()) this.#steps++;
    };
    count();
    running.listener?.changes(count);
  }

  /** The names of the slots that it keeps for each variable. For checkpoints. */
  get slotNames(): readonly string[] {
    return this.#slots.names;
  }

  /** The slots of the variables that are alive, in the order in which they were made. For checkpoints. */
  slotsOfLiving(): Slot[] {
    return this.#slots.ofLiving();
  }

  /**
   * The state, as copies that the caller owns: the number of steps, then each slot in order of its variable.
   * `setWeights` with them continues a run exactly.
   */
  getWeights(): Promise<{ name: string; tensor: Tensor }[]> {
    const weights = this.slotsOfLiving().map(({ variable, slot, value }) => ({
      name: this.#slots.nameOf(variable, slot),
      tensor: value.clone<Tensor>(),
    }));
    return Promise.resolve([{ name: 'iter', tensor: scalar(this.#steps, 'int32') }, ...weights]);
  }

  /**
   * Restores the state that {@link Optimizer.getWeights} gave, for the same variables. All of it is restored, or none if it fails.
   *
   * @throws when a name belongs to no slot of a living variable, or a tensor has another shape than its variable
   */
  async setWeights(weights: readonly { readonly name: string; readonly tensor: Tensor }[]): Promise<void> {
    assertList('setWeights', 'weights', weights, 'what getWeights gives');
    const [first, ...rest] = weights;
    if (first?.name !== 'iter')
      throw new Error(`setWeights: argument 'weights' begins with ${described(first?.name)}; wanted 'iter'`);
    assertTensor('setWeights', 'weights', first.tensor);
    const steps = (await first.tensor.data())[0];
    if (!isIntegerFrom(steps, 0))
      throw new Error(`setWeights: argument 'weights' has 'iter' as ${steps}; wanted a non-negative integer`);
    const values = rest.map(({ name, tensor }) => {
      const found = this.#slots.named(name);
      if (!found)
        throw new Error(
          `setWeights: argument 'weights' names '${name}'; wanted the slot of a living variable`,
        );
      assertTensor('setWeights', 'weights', tensor);
      assertOfShape('setWeights', 'weights', name, tensor, found.target);
      return { ...found, tensor };
    });
    const targets = new Set(values.map(({ target }) => target));
    this.#slots.during([...targets], (slotsOf) => {
      for (const { target, index, tensor } of values) slotsOf(target)[index]!.assign(tensor);
    });
    this.#steps = steps;
  }

  /**
   * Replaces all of the state at once, for checkpoints. The slots share the storage of the values: nothing is allocated. The caller has
   * checked that each variable has all of its slots, and that they have its shape.
   */
  replaceState(iterations: number, values: readonly SlotValue[]): void {
    this.#slots.replace(values);
    this.#steps = iterations;
  }

  /** Frees the state, not the variables. The next step begins with new state; the number of steps goes on. */
  dispose(): void {
    this.#slots.dispose();
  }
}
