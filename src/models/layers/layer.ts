import { Tensor, tidy, variable, type Variable } from '../../tensor';
import { shortened, wrongArgument } from '../../tensor/argument';
import { isDryRun } from '../../tensor/dry-run';
import { freeName } from '../free-name';
import { initialValues } from './initializers';
import type { CallOptions, LayerCall, LayerKind, Shape, WeightDescription } from './kind';
import { writtenSettings } from './setting';
import { symbolicCall, SymbolicTensor } from './symbolic';

/** What every layer can be given. */
export interface CommonOptions {
  /** A name that is unique in its model; made from the class if left out. */
  readonly name?: string | undefined;
  /** Whether its weights are trained; true by default. */
  readonly trainable?: boolean | undefined;
  /** For the first layer of `sequential`: the shape of one example, without the batch. */
  readonly inputShape?: Shape | undefined;
}

/** Makes the first values of a weight, which the open scope owns. `path` has the names of the layers around it. */
export type WeightMaker = (path: string, description: WeightDescription) => Tensor;

/** A weight of a layer, or of one within it. */
export interface DescribedWeight extends WeightDescription {
  /** The names of the layers around it, and its own, with slashes. */
  readonly path: string;
  /** The same without its own. */
  readonly layer: string;
  /** Which of the layer's own weights it is. */
  readonly index: number;
}

/** What a layer gives: tensors that the open scope owns, and which steps of the first one count. */
export interface LayerResult {
  /** What the layer gives. */
  readonly outputs: readonly Tensor[];
  /** Which steps of the sequences count, [batch, steps]; null if all do. */
  readonly mask: Tensor | null;
}

/** What is told to all layers of a run. */
export interface LayerRun extends CallOptions {
  /** Which steps of the sequences count, [batch, steps]; all when left out. */
  readonly mask?: Tensor | null;
}

type Weights = Map<string, { readonly value: Variable; readonly description: WeightDescription }>;

const initial: WeightMaker = (_, { initializer, shape }) => initialValues(initializer, shape);

/**
 * A layer: a function of tensors with weights. Called with values of a model that is being described, it becomes part of that model; called
 * with tensors, it computes.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers, type Layer } from 'rxtensor/models';
 * const layer: Layer = layers.dense({ units: 2 });
 * dl.tidy(() => console.log(layer.apply(dl.ones([1, 3])).shape)); // [1, 2]
 * console.log(Object.keys(layer.variables)); // kernel and bias
 * layer.dispose();
 * ```
 */
export class Layer {
  /** The class in Keras. */
  readonly className: string;
  /** The shape of one example, if it was given. */
  readonly inputShape: Shape | undefined;
  /** The layers within. */
  readonly parts: readonly Layer[];
  readonly #kind: LayerKind;
  readonly #settings: Readonly<Record<string, never>>;
  #name: string | undefined;
  #weights: Weights | null = null;
  #trainable: boolean;
  #isDisposed = false;

  /** @param settings as `kind` reads them */
  constructor(kind: LayerKind, settings: object, { name, trainable = true, inputShape }: CommonOptions = {}) {
    this.className = kind.className;
    this.inputShape = inputShape;
    this.#kind = kind;
    this.#settings = settings as Readonly<Record<string, never>>;
    this.#name = name;
    this.#trainable = trainable;
    this.parts = kind.parts?.(this.#settings) ?? [];
    if (!trainable) this.trainable = false;
  }

  /** Its name, which the names of its weights begin with. */
  get name(): string {
    return this.#name ?? defaultName(this.className);
  }

  /** Gives a name to a layer without one: the first of `name`, `name_1`, … that is not taken. */
  named(isTaken: (name: string) => boolean): void {
    if (this.#name !== undefined) return;
    const base = defaultName(this.className);
    let name = base;
    for (let number = 1; isTaken(name); number++) name = `${base}_${number}`;
    this.#name = name;
  }

  /** Whether it has a name yet. */
  get hasName(): boolean {
    return this.#name !== undefined;
  }

  /** Whether its weights have been made. */
  get isBuilt(): boolean {
    return this.#weights !== null;
  }

  /** Whether its weights are trained. Setting it sets all of them, also in the layers within; moving averages are never trained. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(trainable: boolean) {
    this.#trainable = trainable;
    for (const part of this.parts) part.trainable = trainable;
    for (const { value, description } of this.#weights?.values() ?? [])
      value.trainable = trainable && description.trainable !== false;
  }

  /** The weights by their names in Keras, such as `dense/kernel`; none before the shape of the input is known. */
  get variables(): Readonly<Record<string, Variable>> {
    return Object.fromEntries(this.weightsBelow(this.name));
  }

  /** The weights with paths that begin with `prefix`. */
  *weightsBelow(prefix: string): Generator<readonly [path: string, value: Variable]> {
    for (const [name, { value }] of this.#weights ?? []) yield [below(prefix, name), value];
    for (const part of this.parts) yield* part.weightsBelow(this.#partPath(prefix, part));
  }

  /** The weights that the layer has for inputs of these shapes. @throws when such inputs do not fit */
  *describeWeights(inputs: readonly Shape[], prefix: string = this.name): Generator<DescribedWeight> {
    for (const [index, each] of this.#describeOwn(inputs).entries())
      yield { ...each, layer: prefix, index, path: below(prefix, each.name) };
    for (const [i, part] of this.parts.entries())
      yield* part.describeWeights(this.#partInputs(inputs, i), this.#partPath(prefix, part));
  }

  /** The shapes of the outputs. @throws when inputs of these shapes do not fit */
  outputShapes(inputs: readonly Shape[]): readonly Shape[] {
    return this.#about(() => this.#kind.shapes?.(this.#settings, inputs) ?? inputs.slice(0, 1));
  }

  /**
   * Makes the weights, unless they are there.
   *
   * @param prefix the names of the layers around it, and its own
   * @throws when inputs of these shapes do not fit. No weight is left then
   */
  build(inputs: readonly Shape[], make: WeightMaker = initial, prefix: string = this.name): void {
    this.#assertUsable();
    if (this.#weights) return;
    if (isDryRun())
      throw new Error(
        `${this.name}: the layer has no weights yet; wanted a layer whose inputShape is known before it is warmed up`,
      );
    const weights: Weights = new Map();
    try {
      for (const description of this.#describeOwn(inputs)) {
        const path = below(prefix, description.name);
        const trainable = this.#trainable && description.trainable !== false;
        tidy(() => {
          const value = make(path, description);
          weights.set(description.name, { value: variable(value, trainable, freeName(path)), description });
        });
      }
      this.parts.forEach((part, i) =>
        part.build(this.#partInputs(inputs, i), make, this.#partPath(prefix, part)),
      );
      this.#weights = weights;
    } catch (error) {
      for (const { value } of weights.values()) value.dispose();
      for (const part of this.parts) part.release();
      throw error;
    }
  }

  /**
   * Calls the layer: with values of a model that is being described, or with tensors.
   *
   * @returns the only output
   * @throws when the inputs do not fit, or the layer has several outputs: {@link Layer.applyAll} gives them
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: CallOptions): SymbolicTensor;
  apply(inputs: Tensor | readonly Tensor[], options?: CallOptions): Tensor;
  apply(inputs: LayerInputs, options: CallOptions = {}): SymbolicTensor | Tensor {
    const outputs = this.applyAll(inputs as Tensor, options) as readonly (SymbolicTensor | Tensor)[];
    if (outputs.length === 1) return outputs[0]!;
    for (const each of outputs) if (each instanceof Tensor) each.dispose();
    throw new Error(
      `${this.name}: the layer has ${outputs.length} outputs; wanted applyAll, which gives a list`,
    );
  }

  /** As {@link Layer.apply}, for a layer with several outputs. */
  applyAll(
    inputs: SymbolicTensor | readonly SymbolicTensor[],
    options?: CallOptions,
  ): readonly SymbolicTensor[];
  applyAll(inputs: Tensor | readonly Tensor[], options?: CallOptions): readonly Tensor[];
  applyAll(inputs: LayerInputs, options: CallOptions = {}): readonly SymbolicTensor[] | readonly Tensor[] {
    const list: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
    if (list.length > 0 && list.every((each) => each instanceof SymbolicTensor))
      return this.#describe(list, options);
    if (list.length > 0 && list.every((each) => each instanceof Tensor)) {
      const tensors = list as readonly Tensor[];
      return tidy(this.name, () => {
        const shapes = tensors.map(({ shape }) => shape);
        // Throws where they do not fit, before ops throw something about arguments that nobody gave.
        this.outputShapes(shapes);
        this.build(shapes);
        return this.run(tensors, options).outputs;
      });
    }
    throw wrongArgument(this.name, 'inputs', inputs, 'tensors, or values of a model that is being described');
  }

  /** Computes. The weights must be there, and a scope be open. */
  run(inputs: readonly Tensor[], { mask = null, ...options }: LayerRun = {}): LayerResult {
    this.#assertUsable();
    return this.#about(() =>
      tidy(this.name, () => {
        const call: LayerCall = {
          x: inputs[0]!,
          inputs,
          settings: this.#settings,
          training: options.training ?? false,
          isTrainable: this.#trainable,
          options,
          mask,
          weight: (name) => this.#weight(name),
          update: (name, value) => this.#weight(name).assign(value),
          parts: this.parts,
        };
        const result = this.#kind.run(call);
        const outputs = Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
        const { mask: maskOf } = this.#kind;
        return {
          // What gives its input back would else be freed twice.
          outputs: outputs.map((y) => (inputs.includes(y) ? y.clone<Tensor>() : y)),
          mask: maskOf ? maskOf(call) : passed(mask, outputs[0]!),
        };
      }),
    );
  }

  /** What a setting has been set to; undefined if there is none of that name. */
  setting(name: string): unknown {
    return (this.#settings as Readonly<Record<string, unknown>>)[name];
  }

  /** A layer of the same kind without weights, with some settings changed. */
  like(changed: object, name: string): Layer {
    return new Layer(this.#kind, { ...this.#settings, ...changed }, { name, trainable: this.#trainable });
  }

  /** Class and settings, as Keras writes them. */
  toJson(): { readonly class_name: string; readonly config: Record<string, unknown> } {
    const { inputShape } = this;
    return {
      class_name: this.className,
      config: {
        name: this.name,
        trainable: this.#trainable,
        ...(inputShape && { batch_input_shape: [null, ...inputShape] }),
        ...(this.#kind.isFree ? this.#settings : writtenSettings(this.#kind.settings, this.#settings)),
      },
    };
  }

  /** Frees the weights. */
  dispose(): void {
    this.#isDisposed = true;
    this.release();
  }

  /** Frees the weights; they may be made again. */
  release(): void {
    for (const { value } of this.#weights?.values() ?? []) if (!value.isDisposed) value.dispose();
    this.#weights = null;
    for (const part of this.parts) part.release();
  }

  #assertUsable(): void {
    if (this.#isDisposed) throw new Error(`${this.name}: the layer was disposed; wanted one that is not`);
  }

  #describe(inputs: readonly SymbolicTensor[], options: CallOptions): readonly SymbolicTensor[] {
    const shapes = inputs.map(({ shape }) => shape);
    // Throws where weights do not fit.
    Array.from(this.describeWeights(shapes));
    const dtype = this.#kind.dtype ?? inputs[0]!.dtype;
    return symbolicCall(this, inputs, this.outputShapes(shapes), dtype, options);
  }

  #describeOwn(inputs: readonly Shape[]): readonly WeightDescription[] {
    return this.#about(() => {
      const described = this.#kind.weights?.(this.#settings, inputs) ?? [];
      for (const { name, shape } of described) {
        if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
          throw new Error(
            `the weight '${name}' would be [${shape.map((each) => each ?? '?').join(', ')}], for inputs of ${shown(inputs)}; wanted inputs whose last axis is known`,
          );
      }
      return described;
    });
  }

  #partInputs(inputs: readonly Shape[], part: number): readonly Shape[] {
    return this.#about(() => this.#kind.partInputs?.(this.#settings, inputs, part) ?? inputs);
  }

  #partPath(prefix: string, part: Layer): string {
    return this.#kind.hidesParts ? prefix : below(prefix, part.name);
  }

  #weight(name: string): Variable {
    const found = this.#weights?.get(name)?.value;
    if (found) return found;
    throw new Error(`the weight '${name}' is not there; wanted a layer that was built`);
  }

  /** Puts the layer's name before an error's message. */
  #about<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if ((cause as Error | null)?.constructor !== Error) throw cause;
      const where = `${this.className} '${shortened(this.name)}'`;
      throw new Error(`${where}: ${(cause as Error).message}`, { cause });
    }
  }
}

/** The mask, if the steps are still there. */
function passed(mask: Tensor | null, { shape }: Tensor): Tensor | null {
  return mask && mask.shape[0] === shape[0] && mask.shape[1] === shape[1] ? mask : null;
}

type LayerInputs = SymbolicTensor | Tensor | readonly SymbolicTensor[] | readonly Tensor[];

/** The path of something in a layer. */
const below = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}/${name}`);

/** `Conv2D` gives `conv2d`, as in Keras. */
export function defaultName(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Shapes for messages. */
export function shown(shapes: readonly Shape[]): string {
  return shapes.map((shape) => `[${shape.map((extent) => extent ?? '?').join(', ')}]`).join(', ');
}
