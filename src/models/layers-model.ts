import type { DataType } from '../kernels';
import { tidy, type Tensor, type Variable } from '../tensor';
import { wrongArgument } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import { setOwn } from '../tensor/own-property';
import { named, type NamedTensors } from './graph-model';
import type { TensorDescription } from './graph/graph';
import { InputLayer } from './layers/core';
import { assertShape, commonOptions } from './layers/factory';
import type { CallOptions, LayerKind, Shape } from './layers/kind';
import { Layer, shown, type CommonOptions, type WeightMaker } from './layers/layer';
import { networkOf, runNetwork, shapesThrough, type Network } from './layers/network';
import { symbolicCall, SymbolicTensor } from './layers/symbolic';
import { givenTensors, type ModelInputs } from './model-inputs';
import { writeModel, type ModelSink } from './save-layers-model';

/** Makes the network when the shapes of the inputs are known. */
type NetworkMaker = (inputs: readonly Shape[]) => Network;

/**
 * A model that is made of layers: a function of tensors with named variables. It can be called in `tidy`, `mapTensor` and `predict`, and inside a
 * loss. It is a layer itself, so models can be parts of models.
 */
export class LayersModel extends Layer {
  /** The layers, in the order in which they are called, without the inputs. */
  readonly layers: readonly Layer[];
  readonly #network: () => Network | null;

  /** @param layers the layers without the inputs */
  constructor(
    className: 'Sequential' | 'Functional',
    layers: readonly Layer[],
    make: NetworkMaker,
    options: CommonOptions = {},
  ) {
    let network: Network | null = null;
    const known = (inputs: readonly Shape[]): Network => (network ??= make(inputs));
    const kind: LayerKind = {
      className,
      settings: {},
      parts: () => layers,
      partInputs: (_, inputs, i) => {
        const call = known(inputs).calls.find(({ layer }) => layer === layers[i]);
        return call?.inputs.map(({ shape }) => shape) ?? [];
      },
      shapes: (_, inputs) => {
        const wanted = known(inputs).inputs;
        if (inputs.length === wanted.length) return shapesThrough(known(inputs), inputs);
        throw new Error(`the inputs are ${shown(inputs)}; wanted ${wanted.length}`);
      },
      run: ({ inputs, options, mask }) =>
        runNetwork(known(inputs.map(({ shape }) => shape)), inputs, { ...options, mask }).outputs,
    };
    super(kind, {}, options);
    this.layers = layers;
    this.#network = () => network;
  }

  /** The network. @throws while the shape of the input is not known */
  get network(): Network {
    const network = this.#network();
    if (network) return network;
    throw new Error(
      `${this.name}: the shape of the input is not known yet; wanted 'inputShape' at the first layer, or a first call`,
    );
  }

  /** The inputs, in the order in which `predict` takes them. @throws while their shapes are not known */
  get inputs(): readonly TensorDescription[] {
    return this.network.inputs.map(({ shape, dtype, call }) => ({ name: call.layer.name, shape, dtype }));
  }

  /** The outputs, in the order in which `predict` gives them, with the names of their layers. @throws while their shapes are not known */
  get outputs(): readonly TensorDescription[] {
    const names = new Set<string>();
    return this.network.outputs.map(({ shape, dtype, call }) => {
      let name = call.layer.name;
      for (let number = 1; names.has(name); number++) name = `${call.layer.name}_${number}`;
      names.add(name);
      return { name, shape, dtype };
    });
  }

  /** The weights by their names in Keras, without the model's own: `dense/kernel`. */
  override get variables(): Readonly<Record<string, Variable>> {
    return Object.fromEntries(this.weightsBelow(''));
  }

  override build(inputs: readonly Shape[], make?: WeightMaker, prefix = ''): void {
    super.build(inputs, make, prefix);
  }

  /**
   * Runs the model as it is used, not trained: nothing is dropped, and moving statistics stay as they are.
   *
   * @param inputs the only input, a list, or an object by the names in {@link LayersModel.inputs}
   * @returns the output; of a model with several, an object by the names in {@link LayersModel.outputs}
   * @throws when an input is missing, or has another shape than the model takes
   */
  predict(inputs: ModelInputs): Tensor | NamedTensors {
    return this.#given('predict', inputs);
  }

  /** As {@link LayersModel.predict}, in a promise: a program that awaits models need not know their kind. */
  predictAsync(inputs: ModelInputs): Promise<Tensor | NamedTensors> {
    return new Promise((resolve) => resolve(this.#given('predictAsync', inputs)));
  }

  /** A table of the layers, with the shapes of their outputs and their parameters. */
  summary(): string {
    const rows = this.network.calls.map(({ layer, outputs }) => [
      `${layer.name} (${layer.className})`,
      shown(outputs.map(({ shape }) => shape)),
      String(parameters([layer])),
    ]);
    const table = [['layer', 'output shape', 'parameters'], ...rows];
    const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]!.length)));
    const lines = table.map(([layer, shape, count]) =>
      `${layer!.padEnd(widths[0]!)}  ${shape!.padEnd(widths[1]!)}  ${count!}`.trimEnd(),
    );
    const all = parameters(this.layers);
    const trained = parameters(this.layers, true);
    return [...lines, `parameters: ${all}, of which ${trained} are trained`].join('\n');
  }

  /**
   * Saves layers and weights in the format of TensorFlow.js's layers models.
   *
   * @param sink {@link toDownload}, {@link toServer}, a store such as `memoryStore()`, or an object that writes files
   * @throws (rejects) when the sink does
   */
  save(sink: ModelSink): Promise<void> {
    return writeModel(this, sink);
  }

  #given(operator: string, inputs: ModelInputs): Tensor | NamedTensors {
    try {
      return tidy(operator, () => this.#computed(operator, inputs));
    } catch (error) {
      throw named(operator, error);
    }
  }

  #computed(operator: string, inputs: ModelInputs): Tensor | NamedTensors {
    if (!this.#network()) {
      if (Array.isArray(inputs) || !(inputs instanceof Object && 'shape' in inputs))
        throw wrongArgument(operator, 'inputs', inputs, 'a tensor: the shape of the input is not known yet');
      this.build([(inputs as Tensor).shape]);
    }
    const { inputs: described } = this;
    const descriptions = described.map((each, i) => ({ ...each, node: String(i), dtype: null }));
    const given = givenTensors(operator, descriptions, inputs).map((each, i) => {
      const dtype: DataType = described[i]!.dtype ?? each.dtype;
      return each.dtype === dtype ? each : each.cast<Tensor>(dtype);
    });
    this.build(given.map(({ shape }) => shape));
    const results = this.run(given).outputs;
    if (results.length === 1) return results[0]!;
    const byName: Record<string, Tensor> = {};
    this.outputs.forEach(({ name }, i) => setOwn(byName, name, results[i]));
    return byName;
  }
}

/** How many numbers the weights of layers have. */
function parameters(layers: readonly Layer[], onlyTrained = false): number {
  const variables = new Set(layers.flatMap((layer) => Object.values(layer.variables)));
  return [...variables].reduce((sum, { size, trainable }) => sum + (onlyTrained && !trainable ? 0 : size), 0);
}

/** What {@link input} takes. */
export interface InputOptions {
  /** The shape of one example, without the batch; null where an extent varies. */
  readonly shape?: Shape;
  /** The shape with the batch. */
  readonly batchShape?: Shape;
  readonly name?: string;
  /** float32 by default. */
  readonly dtype?: DataType;
}

const inputOptions = { shape: 'array', batchShape: 'array', name: 'string', dtype: 'string' };

/**
 * An input of a model that is being described. Layers are applied to it.
 *
 * @throws unless there is one shape
 * @example
 * ```ts
 * import { input, layers, model } from 'rxtensor/models';
 * const x = input({ shape: [4] });
 * const hidden = layers.dense({ units: 8, activation: 'relu' }).apply(x);
 * const net = model({ inputs: x, outputs: layers.add().apply([hidden, layers.dense({ units: 8 }).apply(hidden)]) });
 * console.log(net.summary());
 * net.dispose();
 * ```
 */
export function input(options: InputOptions): SymbolicTensor {
  const operator = 'input';
  assertOptions<InputOptions>(operator, options, inputOptions);
  const { shape, batchShape, dtype = 'float32', name } = options;
  if ((shape === undefined) === (batchShape === undefined))
    throw new Error(
      `${operator}: there ${shape ? 'are two shapes' : 'is no shape'}; wanted 'shape' or 'batchShape'`,
    );
  const extents = batchShape
    ? assertShape(operator, 'batchShape', batchShape)
    : [null, ...assertShape(operator, 'shape', shape)];
  if (!['float32', 'int32', 'bool'].includes(dtype))
    throw wrongArgument(operator, 'dtype', dtype, "'float32', 'int32' or 'bool'");
  return inputOf(extents, dtype, commonOptions(operator, { name }));
}

/** An input with this shape, with the batch. */
export function inputOf(batchInputShape: Shape, dtype: DataType, options: CommonOptions): SymbolicTensor {
  const layer = new Layer(
    InputLayer as unknown as LayerKind,
    { batchInputShape, dtype, sparse: false },
    options,
  );
  return symbolicCall(layer, [], [batchInputShape], dtype)[0]!;
}

/** What {@link model} takes. */
export interface ModelOptions {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly name?: string;
}

const modelOptions = { inputs: 'object', outputs: 'object', name: 'string' };

function symbolic(operator: string, argument: string, given: unknown): readonly SymbolicTensor[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > 0 && list.every((each) => each instanceof SymbolicTensor)) return list;
  throw wrongArgument(operator, argument, given, 'what input and layers give, or a list of it');
}

/**
 * A model between inputs and outputs that layers have been applied to.
 *
 * @throws when an output depends on an input that is not given
 */
export function model(options: ModelOptions): LayersModel {
  const operator = 'model';
  assertOptions<ModelOptions>(operator, options, modelOptions);
  const made = modelOf(
    operator,
    symbolic(operator, 'inputs', options.inputs),
    symbolic(operator, 'outputs', options.outputs),
    commonOptions(operator, { name: options.name }),
  );
  made.build(made.network.inputs.map(({ shape }) => shape));
  return made;
}

/** A model without weights. */
export function modelOf(
  operator: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
  options: CommonOptions,
): LayersModel {
  if (inputs.some(({ call }) => call.inputs.length > 0))
    throw new Error(`${operator}: an input is what a layer gives; wanted what input() gives`);
  const network = networkOf(operator, inputs, outputs);
  const own = network.layers.filter((layer) => !inputs.some(({ call }) => call.layer === layer));
  const made = new LayersModel('Functional', own, () => network, options);
  // It is known, whatever comes.
  made.outputShapes(inputs.map(({ shape }) => shape));
  return made;
}

/**
 * A model of layers, each applied to what the one before gives. Its weights are made at once if the first layer has `inputShape`, else at the
 * first call.
 *
 * @throws when there are no layers, or two that do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers, sequential } from 'rxtensor/models';
 * const net = sequential([
 *   layers.dense({ units: 8, activation: 'relu', inputShape: [4] }),
 *   layers.dense({ units: 2, activation: 'softmax' }),
 * ]);
 * const x = dl.ones([3, 4]);
 * const y = net.apply(x);
 * console.log(y.shape); // [3, 2]
 * dl.dispose([x, y]);
 * net.dispose();
 * ```
 */
export function sequential(layers: readonly Layer[], options: CommonOptions = {}): LayersModel {
  const operator = 'sequential';
  const isList = Array.isArray(layers) && layers.length > 0 && layers.every((each) => each instanceof Layer);
  if (!isList) throw wrongArgument(operator, 'layers', layers, 'a list of layers');
  if (new Set(layers).size < layers.length)
    throw new Error(
      `${operator}: a layer is there twice; wanted each once, or model() for layers that are shared`,
    );
  const made = sequentialOf(operator, layers, commonOptions(operator, options));
  const [{ inputShape }] = layers as [Layer];
  const first = layers[0] instanceof LayersModel && !inputShape ? knownInput(layers[0]) : undefined;
  if (inputShape) made.build([[null, ...inputShape]]);
  else if (first) made.build([first]);
  return made;
}

/** The shape that a model takes, if it is known. */
function knownInput(first: LayersModel): Shape | undefined {
  try {
    return first.inputs[0]?.shape ?? undefined;
  } catch {
    return undefined;
  }
}

/** A sequential model without weights. */
export function sequentialOf(
  operator: string,
  layers: readonly Layer[],
  options: CommonOptions,
  inputOptions: CommonOptions = { name: `${layers[0]!.name}_input` },
  dtype: DataType = 'float32',
): LayersModel {
  return new LayersModel(
    'Sequential',
    layers,
    ([shape = []]) => {
      // The next batch may be of any size.
      const first = inputOf([null, ...shape.slice(1)], dtype, inputOptions);
      const last = layers.reduce((value, layer) => layer.apply(value), first);
      return networkOf(operator, [first], [last]);
    },
    options,
  );
}

export type { CallOptions };
