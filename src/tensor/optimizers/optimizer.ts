import { assertTensor } from '../tensor-like';
import { assertFunction, assertList, assertOneOf, described, wrongArgument } from '../argument';
import { activeBackend, Storage, updateRules, type UpdateName } from '../../kernels';
import { isDebugMode } from '../debug';
import { runObserved } from '../kernel-observers';
import { assertLoss, gradientsOfVariables, lossGradients, type NamedTensorMap } from '../gradients';
import { isTensor } from '../container';
import { tidy } from '../scope';
import { formatShape } from '../shape';
import { popFrame, pushFrame, withoutRecording } from '../tape';
import { Tensor, type Scalar } from '../tensor';
import { livingVariables, variable, type Variable } from '../variable';
import { fill, zerosLike } from '../ops/creation';
import { where } from '../ops/where';

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

/** What optimizers keep for variables: these are nobody's parameters. */
const slotVariables = new WeakSet<Variable>();

/** Whether a variable is the state that an optimizer keeps for another one. */
export function isSlot(variable: Variable): boolean {
  return slotVariables.has(variable);
}

/**
 * Changes variables so that a loss gets smaller. State ("slots") is kept for each variable in variables of its own, made
 * at the variable's first step.
 */
export class Optimizer {
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
    assertOneOf(this.name, 'name', name, Object.keys(settings));
    if (typeof value !== 'number' || !Number.isFinite(value) || (name === 'learningRate' && value < 0)) {
      throw new Error(
        `${this.name}: argument '${name}' is ${described(value)}; wanted a finite${name === 'learningRate' ? ', non-negative' : ''} number`,
      );
    }
    settings[name] = value;
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
    return tidy('minimize', () => {
      const frame = pushFrame('gradient', 'minimize', true);
      try {
        const loss: unknown = f();
        assertLoss('minimize', loss);
        this.applyGradients(
          lossGradients('minimize', loss, varList, { differentiable: false, consume: true }),
        );
        return returnCost ? (loss as Scalar) : null;
      } finally {
        popFrame(frame);
      }
    });
  }

  /** The loss and its gradients, without a step. See {@link variableGrads}. */
  computeGradients(f: () => Scalar, varList?: Variable[]): { value: Scalar; grads: NamedTensorMap } {
    return gradientsOfVariables('computeGradients', f, varList);
  }

  /**
   * One step with gradients that are known.
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
    const living = new Map(livingVariables().map((each) => [each.name, each]));
    const updates = pairs.map(([name, gradient]) => {
      const target = living.get(name);
      if (!target)
        throw new Error(
          `applyGradients: argument 'gradients' names '${name}'; wanted names of living variables`,
        );
      checkGradient(target, gradient);
      return { target, gradient };
    });
    if (onlyIf !== undefined && onlyIf !== null) checkCondition(onlyIf);
    const t = this.steps + 1;
    const { update, settings, hyperparameters } = this.definition;
    const named = hyperparameters(settings, t);
    const numbers = updateRules[update].hyperparameters.map((name) => named[name]!);
    for (const { target, gradient } of updates) {
      const slots = this.slotsOf(target);
      const step = (): void => updateVariable(this.name, update, target, gradient, slots, numbers);
      if (onlyIf) changeOnlyIf(onlyIf, [target, ...slots], step);
      else step();
    }
    this.steps = t;
  }

  private slotsOf(target: Variable): Variable[] {
    let slots = this.slots.get(target);
    if (!slots) {
      slots = updateRules[this.definition.update].slots.map((_, i) =>
        tidy(() => {
          const initial = fill(target.shape, this.definition.initialState ?? 0);
          return variable(initial, false, uniqueName(this.slotName(target, i)));
        }),
      );
      for (const slot of slots) slotVariables.add(slot);
      this.slots.set(target, slots);
    }
    return slots;
  }

  /** What a slot is called in {@link Optimizer.getWeights}: the same for every optimizer of this kind. */
  private slotName(target: Variable, slot: number): string {
    return `${target.name}/${this.name}/${updateRules[this.definition.update].slots[slot]!}`;
  }

  /**
   * The state, as copies that the caller owns: the number of steps, then each slot in order of its variable.
   * `setWeights` with them continues a run exactly.
   */
  getWeights(): Promise<{ name: string; tensor: Tensor }[]> {
    const weights = [...this.slots].flatMap(([target, slots]) =>
      slots.map((slot, i) => ({ name: this.slotName(target, i), tensor: slot.clone() })),
    );
    const iterations = tidy(() => zerosLike([0]).add(this.steps).asScalar());
    return Promise.resolve([{ name: 'iter', tensor: iterations }, ...weights]);
  }

  /**
   * Takes over the state that {@link Optimizer.getWeights} gave, for the same variables.
   *
   * @throws when a name is not that of a slot of a living variable
   */
  async setWeights(weights: readonly { readonly name: string; readonly tensor: Tensor }[]): Promise<void> {
    assertList('setWeights', 'weights', weights, 'what getWeights gives');
    const [first, ...rest] = weights;
    if (first?.name !== 'iter')
      throw new Error(`setWeights: argument 'weights' begins with ${described(first?.name)}; wanted 'iter'`);
    assertTensor('setWeights', 'weights', first.tensor);
    const steps = (await first.tensor.data())[0]!;
    for (const { name, tensor } of rest) {
      const owner = livingVariables().find((each) => name.startsWith(`${each.name}/${this.name}/`));
      const slot = owner && this.slotsOf(owner).find((_, i) => this.slotName(owner, i) === name);
      if (!slot)
        throw new Error(
          `setWeights: argument 'weights' names '${name}'; wanted the slot of a living variable`,
        );
      slot.assign(tensor);
    }
    this.steps = steps;
  }

  /** Frees the state. The variables are not touched. */
  dispose(): void {
    for (const slots of this.slots.values()) for (const slot of slots) slot.dispose();
    this.slots.clear();
  }
}

function uniqueName(wanted: string): string {
  const taken = new Set(livingVariables().map((each) => each.name));
  let name = wanted;
  for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`;
  return name;
}

function checkGradient(target: Variable, gradient: unknown): asserts gradient is Tensor {
  if (!isTensor(gradient)) {
    throw new Error(
      `applyGradients: argument 'gradients' holds ${described(gradient)} for '${target.name}'; wanted a tensor`,
    );
  }
  gradient.assertUsable('applyGradients', 'gradients');
  if (gradient.dtype !== 'float32' || formatShape(gradient.shape) !== formatShape(target.shape)) {
    throw new Error(
      `applyGradients: argument 'gradients' holds ${gradient.dtype} of shape ${formatShape(gradient.shape)} for '${target.name}'; ` +
        `wanted float32 of shape ${formatShape(target.shape)}`,
    );
  }
}

function checkCondition(condition: unknown): void {
  assertTensor('applyGradients', 'onlyIf', condition);
  const { dtype, shape } = condition;
  if (dtype === 'bool' && shape.length === 0) return;
  throw new Error(
    `applyGradients: argument 'onlyIf' is ${dtype} of shape ${formatShape(shape)}; wanted a scalar of bool`,
  );
}

/** Runs `change`, and lets the device take it back where the condition does not hold. */
function changeOnlyIf(condition: Tensor, variables: readonly Variable[], change: () => void): void {
  withoutRecording(() =>
    tidy('applyGradients', () => {
      const before = variables.map((each) => each.clone());
      change();
      variables.forEach((each, i) => each.assign(where(condition, each, before[i]!)));
    }),
  );
}

/**
 * One kernel call that reads a variable, its gradient and its slots, and writes the variable and the slots: in place where nobody
 * else looks at the storage and the backend allows it, else into new storage that is swapped in.
 */
function updateVariable(
  optimizer: string,
  name: UpdateName,
  target: Variable,
  gradient: Tensor,
  slots: readonly Variable[],
  hyperparameters: readonly number[],
): void {
  const backend = activeBackend();
  const changed = [target, ...slots];
  for (const each of [...changed, gradient]) each.storage.moveTo(backend);
  // Debug mode tells of what went in beside what came out.
  const mayWriteOver = backend.writesInPlace && !isDebugMode();
  const inPlace = changed.map((each) => mayWriteOver && each.storage.isExclusive);
  const outputs: Tensor[] = [];
  try {
    changed.forEach(({ storage, size, shape }, i) => {
      const written = inPlace[i] ? storage.retain() : Storage.allocate(backend, size, 'float32');
      outputs.push(new Tensor(written, shape, 'float32', 'hidden'));
    });
    const inputs = [target, gradient, ...slots];
    runObserved(optimizer, backend, 'update', inputs, outputs, { name, hyperparameters });
    changed.forEach((each, i) => each.swap(outputs[i]!.storage.retain()));
  } finally {
    for (const output of outputs) output.disposeHidden();
  }
}
