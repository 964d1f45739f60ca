/** How programs make models of layers. */
import type { DataType } from '../kernels';
import { wrongArgument } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import type { Tensor } from '../tensor/tensor';
import { LayersModel } from './layers-model';
import { InputLayer } from './layers/core';
import { assertShape, commonOptions } from './layers/factory';
import type { LayerKind, Shape } from './layers/kind';
import { Layer, type CommonOptions } from './layers/layer';
import { networkOf } from './layers/network';
import { symbolicCall, SymbolicTensor } from './layers/symbolic';

/** What {@link input} takes. */
export interface InputOptions {
  /** The shape of one example, without the batch; null where an extent varies. */
  readonly shape?: Shape;
  /** The shape with the batch. */
  readonly batchShape?: Shape;
  /** Its name; one is made when it is left out. */
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
  /** What goes in: results of {@link input}. */
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  /** What comes out: results of layers that were applied to the inputs. */
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
  /** Its name; one is made when it is left out. */
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
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { input, layers, model } from 'rxtensor/models';
 * const x = input({ shape: [4] });
 * const hidden = layers.dense({ units: 4, activation: 'relu' }).apply(x);
 * const net = model({ inputs: x, outputs: layers.add().apply([x, hidden]) });
 * dl.tidy(() => console.log(net.apply(dl.ones([1, 4])).shape)); // [1, 4]
 * net.dispose();
 * ```
 */
export function model(options: ModelOptions & { readonly outputs: SymbolicTensor }): LayersModel<Tensor>;
export function model(options: ModelOptions): LayersModel;
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
export function sequential(layers: readonly Layer[], options: CommonOptions = {}): LayersModel<Tensor> {
  const operator = 'sequential';
  const isList = Array.isArray(layers) && layers.length > 0 && layers.every((each) => each instanceof Layer);
  if (!isList) throw wrongArgument(operator, 'layers', layers, 'a list of layers');
  if (new Set(layers).size < layers.length)
    throw new Error(
      `${operator}: a layer is there twice; wanted each once, or model() for layers that are shared`,
    );
  const made = sequentialOf(operator, layers, commonOptions(operator, options));
  const [{ inputShape }] = layers as [Layer];
  const first =
    layers[0] instanceof LayersModel && !inputShape ? knownInput(layers[0] as LayersModel) : undefined;
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
): LayersModel<Tensor> {
  return new LayersModel<Tensor>(
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
