/**
 * TensorFlow.js's graph models: a JSON file with the nodes as TensorFlow's GraphDef has them, in protobuf's JSON form, and binary files
 * with the weights.
 */
import type { DataType } from '../../kernels';
import { described, shortened } from '../../tensor/argument';
import {
  CONSTANT,
  INPUT,
  type AttributeValue,
  type GraphInput,
  type GraphNode,
  type GraphOutput,
  type NodeOutput,
  type Topology,
} from '../graph/graph';
import { opTable } from '../ops';
import type { ModelFormat } from './format';
import { valueIn, withoutCalls, type GraphFunction } from './functions';
import { at, isObject, listAt, numberOf, parseJson, textAt, type Json, type JsonObject } from './json';
import { readWeights } from './weights';

/** TensorFlow's types of elements, by name and by number (types.proto), with the type that holds their values here. */
const dtypes: Readonly<Record<string, DataType>> = {
  DT_FLOAT: 'float32', DT_DOUBLE: 'float32', DT_HALF: 'float32', DT_INT32: 'int32', DT_INT64: 'int32', DT_INT16: 'int32',
  DT_INT8: 'int32', DT_UINT8: 'int32', DT_UINT16: 'int32', DT_BOOL: 'bool',
  1: 'float32', 2: 'float32', 3: 'int32', 4: 'int32', 5: 'int32', 6: 'int32', 9: 'int32', 10: 'bool', 17: 'int32', 19: 'float32',
}; // prettier-ignore

function dtypeOf(given: Json): DataType | null {
  const name = typeof given === 'string' || typeof given === 'number' ? String(given) : '';
  return Object.hasOwn(dtypes, name) ? dtypes[name]! : null;
}

/** Texts are in Base64. */
function decoded(given: Json): string {
  const text = typeof given === 'string' ? given : '';
  try {
    return atob(text);
  } catch {
    return text;
  }
}

/** The extents of a shape; null if even the rank is not known. */
function shapeOf(given: Json, where: string): (number | null)[] | null {
  if (!isObject(given) || at(given, 'unknownRank') === true) return null;
  return listAt(given, 'dim', `${where}: a shape`).map((dim) => {
    const found = at(dim, 'size') ?? -1;
    const size = numberOf(found);
    if (Number.isSafeInteger(size)) return size >= 0 ? size : null;
    throw new Error(`${where}: a shape has the extent ${described(found)}; wanted whole numbers`);
  });
}

/** The value of an attribute; undefined for kinds that no op reads. */
function attributeOf(given: Json, where: string): AttributeValue | undefined {
  if (!isObject(given)) return undefined;
  const [kind] = Object.keys(given);
  const value = given[kind!];
  if (kind === 'i' || kind === 'f') return numberOf(value);
  if (kind === 'b') return value === true;
  if (kind === 's') return decoded(value);
  if (kind === 'type') return dtypeOf(value) ?? described(value);
  if (kind === 'shape') return shapeOf(value, where)?.map((extent) => extent ?? -1);
  if (kind === 'func') return textAt(value, 'name', `${where}: a function`);
  if (kind !== 'list' || !isObject(value)) return undefined;
  const texts = at(value, 's');
  if (Array.isArray(texts)) return (texts as readonly Json[]).map(decoded);
  const numbers = at(value, 'i') ?? at(value, 'f');
  return Array.isArray(numbers) ? numbers.map(numberOf) : [];
}

/** `name`, `name:2`: an output of a node. */
function outputOf(text: string): NodeOutput {
  const colon = /:(\d+)$/.exec(text);
  return colon ? { node: text.slice(0, colon.index), output: Number(colon[1]) } : { node: text, output: 0 };
}

function nodeOf(given: Json, where: string, inputOf = outputOf): GraphNode {
  const name = textAt(given, 'name', `${where}: a node`);
  const of = `${where}: the node '${shortened(name)}'`;
  const all = listAt(given, 'input', of).map((input) => {
    if (typeof input === 'string') return input;
    throw new Error(`${of} has an input that is ${typeof input}; wanted a text`);
  });
  // Inputs behind ^ only say what runs first.
  const inputs = all.filter((input) => !input.startsWith('^')).map(inputOf);
  const after = all.filter((input) => input.startsWith('^')).map((input) => input.slice(1));
  const attributes = new Map<string, AttributeValue>();
  const attr = at(given, 'attr');
  for (const key of isObject(attr) ? Object.keys(attr) : []) {
    const value = attributeOf((attr as JsonObject)[key], of);
    if (value !== undefined) attributes.set(key, value);
  }
  return { name, op: textAt(given, 'op', of), inputs, after, attributes };
}

/** A function of the graph's library. */
function functionOf(given: Json, where: string): GraphFunction {
  const signature = at(given, 'signature');
  const name = textAt(signature, 'name', `${where}: a function`);
  const of = `${where}: the function '${shortened(name)}'`;
  const all = listAt(given, 'nodeDef', of);
  const ops = new Map(all.map((node) => [at(node, 'name'), at(node, 'op')]));
  const inputOf = (text: string): NodeOutput =>
    valueIn(text, (node) => {
      const op = ops.get(node);
      return typeof op === 'string' ? op : undefined;
    });
  const nodes = all.map((node) => nodeOf(node, of, inputOf));
  if (new Set(nodes.map((node) => node.name)).size !== nodes.length)
    throw new Error(`${of} has two nodes of one name; wanted unique names`);
  const namesIn = (key: string): string[] =>
    listAt(signature, key, of).map((each) => textAt(each, 'name', `${of}: '${key}'`));
  const results = namesIn('outputArg').map((result) => inputOf(textAt(at(given, 'ret'), result, of)));
  return { name, parameters: namesIn('inputArg'), nodes, results };
}

/** The names of inputs or outputs in the signature, by the node's output: converters put it in one of two places. */
function signatureOf(
  json: JsonObject,
  which: 'inputs' | 'outputs',
): { key: string; info: Json; from: NodeOutput }[] {
  const signature = at(json, 'signature', which) ?? at(json, 'userDefinedMetadata', 'signature', which);
  if (!isObject(signature)) return [];
  return Object.keys(signature).map((key) => {
    const info = signature[key];
    const name = at(info, 'name');
    return { key, info, from: outputOf(typeof name === 'string' ? name : key) };
  });
}

function inputsOf(
  json: JsonObject,
  nodes: ReadonlyMap<string, GraphNode>,
  given: ReadonlyMap<string, Json>,
  where: string,
): GraphInput[] {
  const signature = signatureOf(json, 'inputs').filter(({ from }) => nodes.get(from.node)?.op === INPUT);
  const named = new Map(signature.map(({ key, from }) => [from.node, key]));
  const all = [...nodes.values()].filter(({ op }) => op === INPUT).map(({ name }) => name);
  // In the signature's order, then those that it does not name.
  const ordered = [...named.keys(), ...all.filter((name) => !named.has(name))];
  return ordered.map((node) => ({
    name: named.get(node) ?? node,
    node,
    shape: shapeOf(at(given.get(node), 'shape', 'shape'), where),
    dtype: dtypeOf(at(given.get(node), 'dtype', 'type')),
  }));
}

function outputsOf(json: JsonObject, nodes: ReadonlyMap<string, GraphNode>, where: string): GraphOutput[] {
  const signature = signatureOf(json, 'outputs').map(({ key, info, from }) => ({
    name: key,
    from,
    shape: shapeOf(at(info, 'tensorShape'), where),
    dtype: dtypeOf(at(info, 'dtype')),
  }));
  if (signature.length > 0) return signature;
  const used = new Set(
    [...nodes.values()].flatMap(({ inputs, after }) => [...inputs.map(({ node }) => node), ...after]),
  );
  const isResult = ({ name, op }: GraphNode): boolean =>
    !used.has(name) && ![CONSTANT, INPUT, 'NoOp'].includes(op);
  return [...nodes.values()]
    .filter(isResult)
    .map(({ name }) => ({ name, from: { node: name, output: 0 }, shape: null, dtype: null }));
}

/** The format of TensorFlow.js's graph models: `model.json` and binary files beside it. */
export const tfjsGraph: ModelFormat = {
  name: 'a graph model of TensorFlow.js',
  ops: opTable,
  read: async (files, operator, onBytes) => {
    const where = `${operator}: ${shortened(files.name)}`;
    const json = parseJson(await files.readFirst(), where);
    const graph = graphOf(json, where);
    const manifest = listAt(json, 'weightsManifest', where);
    return { ...graph, constants: await readWeights(files, manifest, where, onBytes) };
  },
};

/** The graph in a model's JSON, without the values of constants. @throws when it is damaged */
export function graphOf(json: JsonObject, where: string): Topology {
  const given = at(json, 'modelTopology', 'node');
  if (!Array.isArray(given)) {
    const isLayers =
      at(json, 'modelTopology', 'model_config') !== undefined || at(json, 'format') === 'layers-model';
    throw new Error(
      `${where} has no 'modelTopology' with a list 'node'; wanted a graph model of TensorFlow.js${isLayers ? '; this is a layers model' : ''}`,
    );
  }
  const nodes = new Map<string, GraphNode>();
  const attributes = new Map<string, Json>();
  for (const each of given as readonly Json[]) {
    const node = nodeOf(each, where);
    if (nodes.has(node.name))
      throw new Error(`${where} has two nodes '${shortened(node.name)}'; wanted unique names`);
    nodes.set(node.name, node);
    attributes.set(node.name, at(each, 'attr'));
  }
  const functions = listAt(at(json, 'modelTopology', 'library'), 'function', where).map((each) =>
    functionOf(each, where),
  );
  const called = new Map(functions.map((each) => [each.name, each]));
  return {
    nodes: called.size > 0 ? withoutCalls(nodes, called, where) : nodes,
    inputs: inputsOf(json, nodes, attributes, where),
    outputs: outputsOf(json, nodes, where),
  };
}
