/** Turns an ONNX graph into the neutral one: names of values become outputs of nodes, and the branches of If become nodes behind a Switch. */
import { described, shortened } from '../../../tensor/argument';
import {
  CONSTANT,
  INPUT,
  type AttributeValue,
  type Constant,
  type Graph,
  type GraphInput,
  type GraphNode,
  type NodeOutput,
  type TensorDescription,
} from '../../graph/graph';
import { isControlFlow } from '../../graph/trace';
import { TO_FILTER } from '../../ops/onnx/layouts';
import { elementTypeOf } from './element-types';
import {
  emptyTensor,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type ValueProto,
} from './model-proto';
import { constantOf, within } from './tensors';

/** The node that stands for an optional input that is left out: a list of no numbers. */
const LEFT_OUT = '';

export interface Lowered extends Graph {
  /** The ranks that the file tells, by the value's node. */
  readonly ranks: ReadonlyMap<string, number>;
}

/** Where names of values are looked up: in a graph, then in those around it. */
interface Scope {
  readonly values: ReadonlyMap<string, NodeOutput>;
  readonly around: Scope | null;
}

/** Which input is the zero point of the result: the range of its type is the result's. */
const zeroPoints: Readonly<Record<string, number>> = { QuantizeLinear: 2, QLinearConv: 7, QLinearMatMul: 7 };

/** What a lowering is made with. */
export interface LoweringOptions {
  /** The version of ONNX's own ops. */
  readonly opset: number;
  /** Other files with values, by their paths. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly ops: Readonly<Record<string, unknown>>;
  /** Begins messages. */
  readonly where: string;
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The types of attributes (AttributeProto.AttributeType) that say which list they mean, also where it is empty. */
const lists: Readonly<Record<number, (attribute: AttributeProto) => AttributeValue>> = {
  6: ({ floats }) => floats,
  7: ({ integers }) => integers,
  8: ({ texts }) => texts.map(decoded),
};

function attributeValue(attribute: AttributeProto): AttributeValue | undefined {
  const list = Object.hasOwn(lists, attribute.type) ? lists[attribute.type] : undefined;
  if (list) return list(attribute);
  // Files in which a zero is not written say so by the type alone.
  if (attribute.type === 1) return attribute.float ?? 0;
  if (attribute.type === 2) return attribute.integer ?? 0;
  if (attribute.text) return decoded(attribute.text);
  const { floats, integers, texts } = attribute;
  const found = [floats, integers, texts.map(decoded)].find(({ length }) => length > 0);
  return attribute.float ?? attribute.integer ?? found;
}

/** The constant of a node Constant. @throws for texts, and for sparse tensors */
function constantOfNode(node: NodeProto, { files, where }: LoweringOptions): Constant {
  const of = `${where}: the node '${shortened(node.outputs[0] ?? '')}'`;
  const [attribute] = node.attributes;
  const tensor = emptyTensor();
  const { name, float, integer, floats, integers } = attribute ?? { name: 'nothing' };
  if (name === 'value' && attribute!.tensor) return constantOf(attribute!.tensor, files, of);
  if (name === 'value_float') return constantOf({ ...tensor, dataType: 1, floats: [float ?? 0] }, files, of);
  if (name === 'value_int') return constantOf({ ...tensor, dataType: 7, int64s: [integer ?? 0] }, files, of);
  if (name === 'value_floats')
    return constantOf({ ...tensor, dataType: 1, floats: floats!, dims: [floats!.length] }, files, of);
  if (name === 'value_ints')
    return constantOf({ ...tensor, dataType: 7, int64s: integers!, dims: [integers!.length] }, files, of);
  throw new Error(`${of} is a Constant of '${shortened(name)}'; wanted a tensor of numbers`);
}

/** @throws when the value is no tensor, or one of texts */
function descriptionOf({ name, tensor }: ValueProto, where: string): TensorDescription {
  const of = `${where}: the value '${shortened(name)}'`;
  if (!tensor) throw new Error(`${of} is no tensor; wanted one`);
  const dtype = tensor.elementType === 0 ? null : within(of, () => elementTypeOf(tensor.elementType)).dtype;
  return { name, shape: tensor.shape, dtype };
}

/** @throws when names are used twice, or not defined, or a constant is damaged */
export function lowered(proto: GraphProto, options: LoweringOptions): Lowered {
  const { opset, files, ops, where } = options;
  const nodes = new Map<string, GraphNode>();
  const constants = new Map<string, Constant>();
  const ranks = new Map<string, number>();
  /** The ranges of constants that were small integers, such as the zero points of quantized values. */
  const ranges = new Map<string, readonly [number, number]>();
  let made = 0;

  /** The name, or one like it that is not taken: the branches of an If may use the same ones. */
  const free = (name: string): string => {
    let found = name;
    while (nodes.has(found) || found === LEFT_OUT) found = `${name}_${++made}`;
    return found;
  };
  const add = (
    name: string,
    op: string,
    inputs: readonly NodeOutput[],
    gate: string | null,
    attributes: GraphNode['attributes'] = new Map(),
  ): NodeOutput => {
    nodes.set(name, { name, op, inputs, after: gate === null ? [] : [gate], attributes });
    return { node: name, output: 0 };
  };
  const addConstant = (name: string, constant: Constant, code = 0): NodeOutput => {
    constants.set(name, constant);
    const range = code === 0 ? undefined : elementTypeOf(code).range;
    if (range) ranges.set(name, range);
    return add(name, CONSTANT, [], null);
  };
  addConstant(LEFT_OUT, { shape: [0], dtype: 'int32', values: new Int32Array(0) });

  const found = (name: string, scope: Scope, by: string): NodeOutput => {
    if (name === '') return { node: LEFT_OUT, output: 0 };
    for (let at: Scope | null = scope; at; at = at.around) {
      const value = at.values.get(name);
      if (value) return value;
    }
    throw new Error(
      `${where}: the value '${shortened(name)}', on which ${by} depends, is computed nowhere; wanted a complete graph`,
    );
  };

  /** Attributes, with what a row cannot see: the version of its op, the number of its outputs, the range of its zero point. */
  const attributesOf = (node: NodeProto, inputs: readonly NodeOutput[]): Map<string, AttributeValue> => {
    const attributes = new Map<string, AttributeValue>();
    for (const attribute of node.attributes) {
      const { name, tensor } = attribute;
      if (tensor && node.op === 'ConstantOfShape') {
        const constant = constantOf(
          tensor,
          files,
          `${where}: the node '${shortened(node.outputs[0] ?? '')}'`,
        );
        attributes.set(name, constant.values[0] ?? 0);
        attributes.set('dtype', constant.dtype);
      }
      const value = tensor ? undefined : attributeValue(attribute);
      if (value !== undefined) attributes.set(name, value);
    }
    attributes.set('opset', opset);
    attributes.set('outputs', node.outputs.length);
    const zero = Object.hasOwn(zeroPoints, node.op) ? inputs[zeroPoints[node.op]!] : undefined;
    const range = ranges.get(zero?.node ?? LEFT_OUT);
    if (range) attributes.set('range', range);
    return attributes;
  };

  const addIf = (
    node: NodeProto,
    names: readonly string[],
    cond: NodeOutput,
    scope: Scope,
    gate: string | null,
  ): void => {
    const [name] = names;
    const sides = add(free(`${name}/switch`), 'Switch', [cond, cond], gate).node;
    const branches = ['else_branch', 'then_branch'].map((side, output) => {
      const graph = node.attributes.find((each) => each.name === side)?.graph;
      if (!graph) throw new Error(`${where}: the If '${shortened(name!)}' has no '${side}'; wanted a graph`);
      const taken = add(free(`${name}/${side}`), 'Identity', [{ node: sides, output }], null).node;
      const values = addGraph(graph, [], scope, taken);
      if (values.length >= names.length)
        // A value from outside is handed on only where this side is taken.
        return values.map((value) => add(free(`${name}/${side}`), 'Identity', [value], taken));
      throw new Error(
        `${where}: the If '${shortened(name!)}' has ${names.length} outputs, and its '${side}' ${values.length}; wanted as many`,
      );
    });
    names.forEach((each, i) => add(each, 'Merge', [branches[0]![i]!, branches[1]![i]!], null));
  };

  /** Adds the nodes of a graph, and returns its outputs. A gate is a node behind which all of them run. */
  const addGraph = (
    graph: GraphProto,
    inputs: readonly (readonly [string, NodeOutput])[],
    around: Scope | null,
    gate: string | null,
  ): NodeOutput[] => {
    const values = new Map<string, NodeOutput>(inputs);
    const scope: Scope = { values, around };
    const define = (name: string, value: NodeOutput): void => {
      if (values.has(name))
        throw new Error(`${where}: the value '${shortened(name)}' is computed twice; wanted unique names`);
      values.set(name, value);
    };
    if (graph.sparse > 0) throw new Error(`${where}: it has sparse tensors; wanted dense ones`);
    for (const tensor of graph.initializers) {
      // Also an input may have one, as its default.
      if (values.has(tensor.name)) values.delete(tensor.name);
      const name = free(tensor.name);
      define(tensor.name, addConstant(name, constantOf(tensor, files, where), tensor.dataType));
    }
    // All outputs first: nodes may stand in any order.
    const placed = graph.nodes.map((node) => {
      const named = node.outputs.filter((name) => name !== '');
      if (node.op === 'If' && node.domain === '') {
        const names = node.outputs.map((name) => reserve(free(name)));
        node.outputs.forEach((name, i) => name && define(name, { node: names[i]!, output: 0 }));
        return names;
      }
      const own = reserve(free(named[0] ?? (node.name || node.op)));
      node.outputs.forEach((name, output) => {
        if (name === '') return;
        define(name, { node: own, output });
        if (name !== named[0]) add(free(name), 'Identity', [{ node: own, output }], null);
      });
      return [own];
    });
    for (const { name, tensor } of [...graph.values, ...graph.outputs]) {
      const value = values.get(name);
      if (value?.output === 0 && tensor?.shape) ranks.set(value.node, tensor.shape.length);
    }
    graph.nodes.forEach((node, i) => {
      const names = placed[i]!;
      const [own] = names;
      const by = `'${shortened(own ?? '')}'`;
      const given = node.inputs.map((name) => found(name, scope, by));
      while (given.at(-1)?.node === LEFT_OUT) given.pop();
      const isOwn = node.domain === '' || node.domain === 'ai.onnx';
      if (isOwn && node.op === 'Constant') {
        const code = node.attributes[0]?.tensor?.dataType;
        addConstant(own!, constantOfNode(node, options), code);
        return;
      }
      if (isOwn && node.op === 'If') {
        if (given.length !== 1)
          throw new Error(`${where}: the If ${by} has ${given.length} inputs; wanted a condition`);
        addIf(node, names, given[0]!, scope, gate);
        return;
      }
      // No op of a file may pass for one of our own.
      const isKnown = Object.hasOwn(ops, node.op) || node.op === 'Identity' || !isControlFlow(node.op);
      const isSafe = isOwn && isKnown && ![CONSTANT, INPUT, ''].includes(node.op) && !node.op.includes(':');
      const op = isSafe ? node.op : `${node.domain || 'ai.onnx'}:${node.op}`;
      const attributes = attributesOf(node, given);
      // Where a filter is a weight, it is brought into our order once.
      if (op === 'Conv' || op === 'ConvTranspose') {
        attributes.set('transposed', op === 'ConvTranspose');
        if (given[1]) given[1] = add(free(`${own!}/filter`), TO_FILTER, [given[1]], gate, attributes);
      }
      add(own!, op, given, gate, attributes);
    });
    return graph.outputs.map(({ name }) => found(name, scope, 'an output'));
  };

  /** Takes a name, so that no other node gets it. */
  const reserve = (name: string): string => add(name, 'NoOp', [], null).node;

  const initialized = new Set(proto.initializers.map(({ name }) => name));
  const inputs: GraphInput[] = proto.inputs
    .filter(({ name }) => !initialized.has(name))
    .map((value) => {
      const node = free(value.name);
      if (node !== value.name)
        throw new Error(`${where} has two inputs '${shortened(value.name)}'; wanted unique names`);
      add(node, INPUT, [], null);
      const description = descriptionOf(value, where);
      if (description.shape) ranks.set(node, description.shape.length);
      return { ...description, node };
    });
  const results = addGraph(
    proto,
    inputs.map(({ node }) => [node, { node, output: 0 }]),
    null,
    null,
  );
  const outputs = proto.outputs.map((value, i) => ({ ...descriptionOf(value, where), from: results[i]! }));
  if (outputs.length === 0)
    throw new Error(`${where} has no outputs (${described(proto.nodes.length)} nodes); wanted a model`);
  return { nodes, constants, inputs, outputs, ranks };
}
