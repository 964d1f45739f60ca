/**
 * Models of layers as Keras 2 and 3 describe them in JSON. A file is read into layers without weights; all unsupported ones are named at once.
 */
import { described, shortened } from '../../tensor/argument';
import type { DataType } from '../../kernels';
import { withOperator } from '../with-operator';
import { inputOf, modelOf, sequentialOf } from '../build-model';
import type { LayersModel } from '../layers-model';
import { batchShape } from '../layers/core';
import type { LayerKind, Shape } from '../layers/kind';
import { Layer, type CommonOptions } from '../layers/layer';
import { isModel } from '../layers/network';
import { readSettings, snakeCase } from '../layers/setting';
import type { SymbolicTensor } from '../layers/symbolic';
import { layerTable } from '../layers/table';
import { at, isObject, textAt, type Json, type JsonObject } from './json';
import { callsOf, runInOrder, type Reference } from './keras-calls';

/** Models within models to this depth. */
const MOST_DEPTH = 32;
const MODELS = ['Sequential', 'Functional', 'Model'];

/** What layers are made with. */
interface Reading {
  readonly operator: string;
  readonly table: ReadonlyMap<string, LayerKind>;
}

/** The class of a layer; a custom one may have a package in front. */
function classOf(json: Json): string {
  const name = at(json, 'class_name');
  return typeof name === 'string' ? name : described(name);
}

/** The JSON of the layers within: those of a model, the one of a wrapper. */
function within(json: Json): readonly Json[] {
  const config = at(json, 'config');
  const layers = Array.isArray(config) ? (config as readonly Json[]) : at(config, 'layers');
  if (MODELS.includes(classOf(json))) return Array.isArray(layers) ? (layers as readonly Json[]) : [];
  return ['layer', 'backward_layer'].map((key) => at(config, key)).filter(isObject);
}

/** @throws naming all layers that there is no row for, and models that are too deep */
function assertSupported(json: Json, { operator, table }: Reading): void {
  const missing = new Map<string, number>();
  const toSee: (readonly [Json, number])[] = [[json, 0]];
  for (let next = toSee.pop(); next; next = toSee.pop()) {
    const [layer, depth] = next;
    if (depth > MOST_DEPTH)
      throw new Error(`${operator}: layers are nested more than ${MOST_DEPTH} deep; wanted fewer`);
    const name = classOf(layer);
    if (!MODELS.includes(name) && name !== 'InputLayer' && !table.has(name))
      missing.set(name, (missing.get(name) ?? 0) + 1);
    for (const each of within(layer)) toSee.push([each, depth + 1]);
  }
  if (missing.size === 0) return;
  const named = [...missing].map(([name, count]) => `${shortened(name)} (${count})`).join(', ');
  throw new Error(
    `${operator}: these layers of the model are not supported: ${named}; wanted layers of docs/models.md, or option 'layers' with them`,
  );
}

/**
 * The model of a file, without weights.
 *
 * @param topology the JSON's `modelTopology`: a model, or an object with it
 * @param own rows of layers of the program's own
 * @throws naming what is damaged, or not supported
 */
export function readModel(
  operator: string,
  topology: Json,
  own: Readonly<Record<string, LayerKind>>,
): LayersModel {
  const json = at(topology, 'model_config') ?? topology;
  if (!isObject(json) || !MODELS.includes(classOf(json)))
    throw new Error(
      `${operator}: the model is ${described(at(json, 'class_name'))}; wanted one of ${MODELS.join(', ')}. A graph model is loaded by loadGraphModel`,
    );
  const table = new Map([...layerTable(), ...Object.entries(own)]);
  const reading = { operator, table };
  assertSupported(json, reading);
  try {
    return modelFrom(json, reading);
  } catch (error) {
    throw withOperator(operator, error);
  }
}

function modelFrom(json: JsonObject, reading: Reading): LayersModel {
  return classOf(json) === 'Sequential' ? sequentialFrom(json, reading) : functionalFrom(json, reading);
}

/** Name and trainability. Names with slashes would be paths. */
function commonFrom(config: Json, where: string): CommonOptions {
  const name = textAt(config, 'name', where);
  const trainable = at(config, 'trainable');
  return { name: name.replaceAll('/', '_'), trainable: trainable !== false };
}

/** The shape of an input, with the batch; undefined if there is none. */
function batchShapeOf(config: Json, where: string): Shape | undefined {
  const given = at(config, 'batch_input_shape') ?? at(config, 'batch_shape') ?? undefined;
  if (given === undefined) return undefined;
  const shape = batchShape.read(given);
  if (shape) return shape;
  throw new Error(`${where}: the shape of the input is ${described(given)}; wanted ${batchShape.wanted}`);
}

const dtypes: readonly Json[] = ['float32', 'int32', 'bool'];
/** Other kinds of floats and integers are computed in the one that there is. */
function dtypeOf(config: Json): DataType {
  const given = at(config, 'dtype');
  if (dtypes.includes(given)) return given as DataType;
  return typeof given === 'string' && given.startsWith('int') ? 'int32' : 'float32';
}

function inputFrom(json: Json, reading: Reading): SymbolicTensor {
  const config = at(json, 'config');
  const where = `${reading.operator}: the input '${described(at(config, 'name'))}'`;
  const shape = batchShapeOf(config, where);
  if (shape) return inputOf(shape, dtypeOf(config), commonFrom(config, where));
  throw new Error(`${where} has no shape; wanted batch_shape or batch_input_shape`);
}

function sequentialFrom(json: JsonObject, reading: Reading): LayersModel {
  const { operator } = reading;
  const config = at(json, 'config');
  const list = [...within(json)];
  const [first] = list;
  if (first === undefined)
    throw new Error(`${operator}: a sequential model has no layers; wanted one at least`);
  const hasInput = classOf(first) === 'InputLayer';
  const input = hasInput ? inputFrom(list.shift(), reading) : undefined;
  if (list.length === 0)
    throw new Error(`${operator}: a sequential model has no layers; wanted one at least`);
  const layers = list.map((each) => layerFrom(each, reading));
  const own = at(first, 'config');
  const shape =
    input?.shape ??
    batchShapeOf(own, `${operator}: the first layer`) ??
    batchShapeOf({ batch_shape: at(config, 'build_input_shape') }, operator);
  const options = Array.isArray(config) ? {} : commonFrom(config, `${operator}: the model`);
  const made = sequentialOf(
    operator,
    layers,
    options,
    { name: input?.call.layer.name ?? `${layers[0]!.name}_input` },
    input?.dtype ?? dtypeOf(own),
  );
  const found = shape ?? shapeOfFirst(layers[0]!);
  // Describes all of it.
  if (found) made.outputShapes([found]);
  return made;
}

function shapeOfFirst(layer: Layer): Shape | undefined {
  return isModel(layer) ? layer.network.inputs[0]!.shape : undefined;
}

/** A layer that is no input. */
function layerFrom(json: Json, reading: Reading): Layer {
  const { operator, table } = reading;
  if (!isObject(json)) throw new Error(`${operator}: a layer is ${described(json)}; wanted an object`);
  if (MODELS.includes(classOf(json))) return modelFrom(json, reading);
  const className = classOf(json);
  const config = at(json, 'config') ?? {};
  const where = `${operator}: ${className} '${described(at(config, 'name'))}'`;
  const kind = table.get(className);
  if (!kind || !isObject(config))
    throw new Error(`${where} has the config ${described(config)}; wanted an object`);
  const common = commonFrom(config, where);
  if (kind.isFree) {
    const { name: _name, trainable: _trainable, dtype: _dtype, ...free } = config;
    return new Layer(kind, free, common);
  }
  // Settings of layers are made to layers.
  const parts = ['layer', 'backward_layer'].filter((key) => isObject(at(config, key)));
  const given = {
    ...withAliases(className, config),
    ...Object.fromEntries(parts.map((key) => [key, layerFrom(at(config, key), reading)])),
  };
  return new Layer(kind, readSettings(where, kind.settings, given, snakeCase), common);
}

/** Keras 3 calls some settings otherwise. */
function withAliases(className: string, config: JsonObject): JsonObject {
  if (className === 'LeakyReLU')
    return { ...config, alpha: at(config, 'alpha') ?? at(config, 'negative_slope') };
  return config;
}

function functionalFrom(json: JsonObject, reading: Reading): LayersModel {
  const { operator } = reading;
  const config = at(json, 'config');
  const entries = within(json).map((each) => {
    const name = at(each, 'name') ?? at(each, 'config', 'name');
    if (typeof name === 'string') return { name, json: each, isModel: MODELS.includes(classOf(each)) };
    throw new Error(`${operator}: a layer has the name ${described(name)}; wanted a text`);
  });
  const layers = new Map<string, Layer | null>();
  /** The outputs of each layer, call by call. */
  const values = new Map<string, (readonly SymbolicTensor[])[]>();
  for (const { name, json: each } of entries) {
    if (layers.has(name))
      throw new Error(`${operator}: two layers have the name '${shortened(name)}'; wanted unique names`);
    const isInput = classOf(each) === 'InputLayer';
    layers.set(name, isInput ? null : layerFrom(each, reading));
    values.set(name, isInput ? [[inputFrom(each, reading)]] : []);
  }
  const found = ({ layer, call, output }: Reference): SymbolicTensor | undefined =>
    values.get(layer)?.[call]?.[output];
  const { calls, inputs, outputs } = callsOf(operator, entries, config);
  runInOrder(operator, calls, (call) => {
    const given = call.inputs.map(found);
    if (given.includes(undefined)) return false;
    const layer = layers.get(call.layer);
    if (!layer)
      throw new Error(`${operator}: the input '${shortened(call.layer)}' is called; wanted no inbound_nodes`);
    values.get(call.layer)![call.index] = layer.applyAll(given as SymbolicTensor[], call.options);
    return true;
  });
  const end = (reference: Reference): SymbolicTensor => {
    const value = found(reference);
    if (value) return value;
    const { layer, call, output } = reference;
    throw new Error(
      `${operator}: the model begins or ends at output ${output} of call ${call} of '${shortened(layer)}', which is not there; wanted a layer of the model`,
    );
  };
  return modelOf(operator, inputs.map(end), outputs.map(end), commonFrom(config, `${operator}: the model`));
}
