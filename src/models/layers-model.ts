import type { DataType } from '../kernels';
import type { Recorded } from '../programs';
import { tidy, type Tensor, type Variable } from '../tensor';
import { described, shortened, wrongArgument } from '../tensor/argument';
import { setOwn } from '../tensor/own-property';
import { withOperator } from './with-operator';
import type { NamedTensors } from './named-tensors';
import type { TensorDescription } from './graph/graph';
import type { LayerKind, Shape } from './layers/kind';
import { Layer, shown, type CommonOptions, type WeightMaker } from './layers/layer';
import { runNetwork, shapesThrough, type Network } from './layers/network';
import type { SymbolicTensor } from './layers/symbolic';
import { inMicroBatches, type MicroBatchOptions } from './micro-batches';
import { givenTensors, type ModelInputs } from './model-inputs';
import { currentRecorder, RECORDING } from './recorder';
import { writeModel, type ModelSink } from './save-layers-model';

/** Makes the network when the shapes of the inputs are known. */
type NetworkMaker = (inputs: readonly Shape[]) => Network;

/**
 * A model that is made of layers: a function of tensors with named variables. It can be called in `tidy`, `mapTensor` and `predict`, and inside a
 * loss. It is a layer itself, so models can be parts of models.
 *
 * The type parameter tells what `predict` gives: a tensor where a program makes a model with one output; of a loaded model the program says it,
 * `loadLayersModel<Tensor2D>(…)`.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers, sequential } from 'rxtensor/models';
 * const model = sequential([layers.dense({ units: 1, inputShape: [3] })]);
 * console.log(model.summary());
 * dl.tidy(() => model.predict(dl.ones([2, 3])).print());
 * model.dispose();
 * ```
 */
export class LayersModel<Outputs extends Tensor | NamedTensors = Tensor | NamedTensors> extends Layer {
  /** The layers, in the order in which they are called, without the inputs. */
  readonly layers: readonly Layer[];
  readonly #network: () => Network | null;
  #program: Recorded<(...x: readonly Tensor[]) => readonly Tensor[]> | null = null;

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

  /** The inputs as values of a model that is being described, for another model that begins as this one does. */
  get symbolicInputs(): readonly SymbolicTensor[] {
    return this.network.inputs;
  }

  /**
   * What a layer of this model gives, as a value of a model that is being described: another model can go on from there. The two models share
   * their layers, with the weights.
   *
   * @param layer the name of the layer; of a layer that is called several times, the first call counts
   * @throws when the model has no such layer, or the layer has several outputs
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * import { layers, model, sequential } from 'rxtensor/models';
   *
   * const trained = sequential([
   *   layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'features' }),
   *   layers.dense({ units: 3, activation: 'softmax' }),
   * ]);
   * trained.trainable = false;
   * const head = layers.dense({ units: 2, activation: 'softmax', name: 'head' });
   * const tuned = model({
   *   inputs: trained.symbolicInputs,
   *   outputs: head.apply(trained.symbolicOutput('features')),
   * });
   * const x = dl.ones([1, 4]);
   * const y = tuned.apply(x);
   * console.log(y.shape); // [1, 2]
   * dl.dispose([x, y]);
   * tuned.dispose();
   * trained.dispose();
   * ```
   */
  symbolicOutput(layer: string): SymbolicTensor {
    const operator = 'symbolicOutput';
    const call = this.network.calls.find((each) => each.inputs.length > 0 && each.layer.name === layer);
    if (!call)
      throw new Error(
        `${operator}: argument 'layer' is ${described(layer)}; wanted the name of a layer of '${this.name}', as summary() lists them`,
      );
    if (call.outputs.length === 1) return call.outputs[0]!;
    throw new Error(
      `${operator}: layer '${shortened(layer)}' has ${call.outputs.length} outputs; wanted a layer with one`,
    );
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
  predict(inputs: ModelInputs): Outputs {
    return this.#given('predict', inputs);
  }

  /** As {@link LayersModel.predict}, in a promise: a program that awaits models need not know their kind. */
  predictAsync(inputs: ModelInputs): Promise<Outputs> {
    return new Promise((resolve) => resolve(this.#given('predictAsync', inputs)));
  }

  /**
   * A function that runs the model on a value, together with others that come meanwhile: `predict(model, { maxBatch })` of streams uses it.
   *
   * @returns a function whose promise gives what `predict` would; the value's tensors must live until then
   */
  inBatches(options: MicroBatchOptions): (inputs: ModelInputs) => Promise<Outputs> {
    return inMicroBatches('predict', (inputs: ModelInputs) => this.predictAsync(inputs), options);
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

  override dispose(): void {
    this.#program?.dispose();
    super.dispose();
  }

  /** Runs the layers, as a program if there is what records it. */
  #outputsOf(given: readonly Tensor[]): readonly Tensor[] {
    this.#program ??=
      currentRecorder()?.((...x: readonly Tensor[]) => this.run(x).outputs, RECORDING) ?? null;
    return this.#program ? this.#program(...given) : this.run(given).outputs;
  }

  #given(operator: string, inputs: ModelInputs): Outputs {
    try {
      return tidy(operator, () => this.#computed(operator, inputs)) as Outputs;
    } catch (error) {
      throw withOperator(operator, error);
    }
  }

  #computed(operator: string, inputs: ModelInputs): Tensor | NamedTensors {
    if (!this.#network()) {
      if (Array.isArray(inputs) || !(inputs instanceof Object && 'shape' in inputs))
        throw wrongArgument(operator, 'inputs', inputs, 'a tensor: the shape of the input is not known yet');
      this.build([(inputs as Tensor).shape]);
    }
    const { inputs: known } = this;
    const descriptions = known.map((each, i) => ({ ...each, node: String(i), dtype: null }));
    const given = givenTensors(operator, descriptions, inputs).map((each, i) => {
      const dtype: DataType = known[i]!.dtype ?? each.dtype;
      return each.dtype === dtype ? each : each.cast<Tensor>(dtype);
    });
    this.build(given.map(({ shape }) => shape));
    const results = this.#outputsOf(given);
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
