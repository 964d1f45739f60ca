import { assertTensor } from '../tensor-like';
import { assertFunction, assertList, described, isIntegerFrom, wrongArgument } from '../argument';
import { markOwn, perhapsCopies, updateRules, type UpdateName } from '../../kernels';
import { assertLoss, gradientsOfVariables, lossGradients, type NamedTensorMap } from '../gradients';
import { isTensor } from '../container';
import { setOwn } from '../own-property';
import { tidy, tidyTaped } from '../scope';
import { formatShape } from '../shape';
import type { Scalar, Tensor } from '../tensor';
import { Variable, variableNamed } from '../variable';
import { fill, scalar } from '../ops/creation';
import { step, type Update } from './step';
import { nearest } from '../options';

/** Hyper-parameters by name, as the row of the update table wants them at one step. */
type Hyperparameters = Readonly<Record<string, number>>;

/** What makes one optimizer different from another. */
export interface OptimizerDefinition {
  readonly name: string;
  /** The row of the update table that every step runs, once for each variable. */
  readonly update: UpdateName;
  /** The numbers that can be changed while training. */
  readonly settings: Record<string, number>;
  /** What the slots hold before the first step; 0 when left out. */
  readonly initialState?: number;
  /** The row's hyper-parameters for step `t` = 1, 2, …. */
  readonly hyperparameters: (settings: Hyperparameters, t: number) => Hyperparameters;
}

/** What an optimizer keeps for a variable: of the variable's shape, and named by the row of the update table. */
export interface Slot extends SlotValue {
  readonly value: Variable;
}

/** The values of a slot. */
export interface SlotValue {
  readonly variable: Variable;
  readonly slot: string;
  readonly value: Tensor;
}

/**
 * Changes variables so that a loss gets smaller. State ("slots") is kept for each variable in variables of its own, made
 * at the variable's first step.
 */
export class Optimizer {
  static {
    markOwn(this);
  }

  readonly name: string;
  private readonly slots = new Map<Variable, Variable[]>();
  private steps = 0;

  constructor(private readonly definition: OptimizerDefinition) {
    this.name = definition.name;
    for (const [key, value] of Object.entries(definition.settings)) this.set(key, value);
  }

  /** How many steps have been taken. */
  get iterations(): number {
    return this.steps;
  }

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
      throw new Error(
        `${this.name}: argument 'name' is ${described(name)}; wanted a hyper-parameter: ${nearest(name, names)}`,
      );
    }
    if (typeof value !== 'number' || !Number.isFinite(value) || (name === 'learningRate' && value < 0)) {
      throw new Error(
        `${this.name}: argument '${name}' is ${described(value)}; wanted a finite${name === 'learningRate' ? ', non-negative' : ''} number`,
      );
    }
    setOwn(settings, name, value);
  }

  /** As `set('learningRate', value)`. */
  setLearningRate(value: number): void {
    this.set('learningRate', value);
  }

  /**
   * One step: computes the loss, its gradients, and updates the variables.
   *
   * @param f gives the loss, a scalar
   * @param returnCost whether the loss is returned; it is freed otherwise
   * @param varList the variables to change; all trainable ones that the loss depends on when left out
   * @throws when the loss depends on none of the variables
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * const x = dl.tidy(() => dl.variable(dl.scalar(5)));
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
   * One step with gradients that are known: of all the variables, or of none where it fails.
   *
   * @param gradients by variable name, or as [{name, tensor}]
   * @param onlyIf a bool scalar: where it is false the device leaves the variables and the state as they are. It is not read, so
   *   {@link Optimizer.iterations} counts the step in any case
   * @throws when a name is no living variable's, a shape is not its variable's, or the condition is no bool scalar
   */
  applyGradients(
    gradients: NamedTensorMap | readonly { readonly name: string; readonly tensor: Tensor }[],
    onlyIf?: Tensor | null,
  ): void {
    if (typeof gradients !== 'object' || (gradients as unknown) === null) {
      throw wrongArgument(
        'applyGradients',
        'gradients',
        gradients,
        'gradients by the names of their variables',
      );
    }
    const pairs: [string, Tensor][] = Array.isArray(gradients)
      ? (gradients as readonly { name: string; tensor: Tensor }[]).map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients as NamedTensorMap);
    const gradientOf = new Map<Variable, Tensor>();
    for (const [name, gradient] of pairs) {
      const target = variableNamed(name);
      if (!target || gradientOf.has(target)) {
        const wanted = target ? 'each variable once' : 'names of living variables';
        throw new Error(
          `applyGradients: argument 'gradients' names '${name}'; wanted ${wanted}${perhapsCopies()}`,
        );
      }
      checkGradient(target, gradient);
      gradientOf.set(target, gradient);
    }
    if (onlyIf !== undefined && onlyIf !== null) checkCondition(onlyIf);
    const t = this.steps + 1;
    const { update, settings, hyperparameters } = this.definition;
    const named = hyperparameters(settings, t);
    const numbers = updateRules[update].hyperparameters.map((name) => named[name]!);
    this.withSlots([...gradientOf.keys()], (slotsOf) => {
      const updates: Update[] = [...gradientOf].map(([target, gradient]) => ({
        target,
        gradient,
        slots: slotsOf(target),
      }));
      step(updates, { optimizer: this.name, name: update, hyperparameters: numbers }, onlyIf ?? undefined);
    });
    this.steps = t;
  }

  /** Runs `work` with the slots of these variables; those that it has to make stay only where nothing fails. */
  private withSlots(
    targets: readonly Variable[],
    work: (slotsOf: (target: Variable) => Variable[]) => void,
  ): void {
    const made = new Map<Variable, Variable[]>();
    try {
      for (const target of targets) {
        if (this.slots.has(target)) continue;
        const slots: Variable[] = [];
        made.set(target, slots);
        for (const name of this.slotNames) slots.push(this.newSlot(target, name));
      }
      work((target) => (this.slots.get(target) ?? made.get(target))!);
    } catch (error) {
      for (const slots of made.values()) for (const slot of slots) slot.dispose();
      throw error;
    }
    for (const [target, slots] of made) this.slots.set(target, slots);
  }

  /** What it keeps for each variable. For checkpoints. */
  get slotNames(): readonly string[] {
    return updateRules[this.definition.update].slots;
  }

  private newSlot(target: Variable, name: string): Variable {
    return tidy(() => this.slotOf(target, name, fill(target.shape, this.definition.initialState ?? 0)));
  }

  private slotOf(target: Variable, name: string, initial: Tensor): Variable {
    return new Variable(initial, false, this.slotName(target, name), 'float32', true);
  }

  /** What a slot is called in {@link Optimizer.getWeights}: the same for every optimizer of this kind. */
  private slotName(target: Variable, slot: string): string {
    return `${target.name}/${this.name}/${slot}`;
  }

  /** The slot of that name: all before the last two parts is its variable's, whatever that looks like. */
  private slotNamed(name: string): { readonly target: Variable; readonly index: number } | undefined {
    for (const [index, slot] of this.slotNames.entries()) {
      const ending = `/${this.name}/${slot}`;
      if (!name.endsWith(ending)) continue;
      const target = variableNamed(name.slice(0, -ending.length));
      if (target) return { target, index };
    }
    return undefined;
  }

  /** The slots of the variables that are alive, in the order in which they were made. For checkpoints. */
  slotsOfLiving(): Slot[] {
    return [...this.slots].flatMap(([variable, slots]) =>
      variable.isDisposed ? [] : slots.map((value, i) => ({ variable, slot: this.slotNames[i]!, value })),
    );
  }

  /**
   * The state, as copies that the caller owns: the number of steps, then each slot in order of its variable.
   * `setWeights` with them continues a run exactly.
   */
  getWeights(): Promise<{ name: string; tensor: Tensor }[]> {
    const weights = this.slotsOfLiving().map(({ variable, slot, value }) => ({
      name: this.slotName(variable, slot),
      tensor: value.clone<Tensor>(),
    }));
    return Promise.resolve([{ name: 'iter', tensor: scalar(this.steps, 'int32') }, ...weights]);
  }

  /**
   * Takes over the state that {@link Optimizer.getWeights} gave, for the same variables: all of it, or nothing where it fails.
   *
   * @throws when a name is not that of a slot of a living variable, or a tensor is not of its variable's shape
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
      const found = this.slotNamed(name);
      if (!found)
        throw new Error(
          `setWeights: argument 'weights' names '${name}'; wanted the slot of a living variable`,
        );
      assertTensor('setWeights', 'weights', tensor);
      assertOfShape('setWeights', 'weights', name, tensor, found.target);
      return { ...found, tensor };
    });
    const targets = new Set(values.map(({ target }) => target));
    this.withSlots([...targets], (slotsOf) => {
      for (const { target, index, tensor } of values) slotsOf(target)[index]!.assign(tensor);
    });
    this.steps = steps;
  }

  /**
   * Replaces all of the state at once, for checkpoints: the values share their storage with the slots from then on. Nothing is
   * allocated. The values must have been checked: the slots of a variable are all there, and of its shape.
   */
  replaceState(iterations: number, values: readonly SlotValue[]): void {
    const byVariable = new Map<Variable, Map<string, Tensor>>();
    for (const { variable, slot, value } of values) {
      const named = byVariable.get(variable) ?? new Map<string, Tensor>();
      byVariable.set(variable, named.set(slot, value));
    }
    const slots = [...byVariable].map(
      ([target, named]) =>
        [target, this.slotNames.map((name) => this.slotOf(target, name, named.get(name)!))] as const,
    );
    this.dispose();
    for (const [target, made] of slots) this.slots.set(target, made);
    this.steps = iterations;
  }

  /** Frees the state. The variables are not touched. */
  dispose(): void {
    for (const slots of this.slots.values()) for (const slot of slots) slot.dispose();
    this.slots.clear();
  }
}

function checkGradient(target: Variable, gradient: unknown): asserts gradient is Tensor {
  if (!isTensor(gradient)) {
    throw new Error(
      `applyGradients: argument 'gradients' holds ${described(gradient)} for '${target.name}'; wanted a tensor`,
    );
  }
  gradient.assertUsable('applyGradients', 'gradients');
  assertOfShape('applyGradients', 'gradients', target.name, gradient, target);
}

/** @throws unless it is float32 of the shape of that variable */
function assertOfShape(op: string, argument: string, name: string, found: Tensor, { shape }: Variable): void {
  if (found.dtype === 'float32' && formatShape(found.shape) === formatShape(shape)) return;
  throw new Error(
    `${op}: argument '${argument}' holds ${found.dtype} of shape ${formatShape(found.shape)} for '${name}'; ` +
      `wanted float32 of shape ${formatShape(shape)}`,
  );
}

function checkCondition(condition: unknown): void {
  assertTensor('applyGradients', 'onlyIf', condition);
  const { dtype, shape } = condition;
  if (dtype === 'bool' && shape.length === 0) return;
  throw new Error(
    `applyGradients: argument 'onlyIf' is ${dtype} of shape ${formatShape(shape)}; wanted a scalar of bool`,
  );
}
