/** The models of TensorFlow Lite: one file, a FlatBuffer with tensors, operators, and the buffers with the weights. */
import { shortened } from '../../tensor/argument';
import {
  CONSTANT,
  INPUT,
  type AttributeValue,
  type Constant,
  type Graph,
  type GraphNode,
  type NodeOutput,
} from '../graph/graph';
import { tfliteOps } from '../ops/tflite';
import { FlatFile, type FlatTable } from './flatbuffer';
import type { ModelFormat } from './format';
import { customOptions } from './tflite/custom';
import {
  builtinName,
  CUSTOM,
  MODEL,
  NAMED_TENSOR,
  OPERATOR,
  OPERATOR_CODE,
  optionsOf,
  SIGNATURE,
  SUBGRAPH,
} from './tflite/schema';
import { constantOf, isConstant, tensorOf, transposed, type FileTensor } from './tflite/tensors';

const IDENTIFIER = 'TFL3';

/** Operators that only change how a weight is kept: here all weights are kept as they are computed with. */
const UNPACKING = ['DEQUANTIZE', 'DENSIFY'];
/** Operators that give their input: to quantize is what is done to every tensor on a grid. */
const HANDS_ON = 'Identity';

/** The order in which an operator's filter has its axes here, by the number of the input. */
const FILTERS: Readonly<Record<string, readonly [input: number, order: readonly number[]]>> = {
  CONV_2D: [1, [1, 2, 3, 0]],
  TRANSPOSE_CONV: [1, [1, 2, 0, 3]],
  'custom Convolution2DTransposeBias': [1, [1, 2, 0, 3]],
};

function fileOf(bytes: Uint8Array, where: string): FlatFile {
  const found = new TextDecoder('latin1').decode(bytes.subarray(4, 8));
  if (found === IDENTIFIER) return new FlatFile(bytes, where);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 40)).trim();
  throw new Error(
    `${where} ${start.startsWith('<') ? `is a page of HTML: ${shortened(start)}` : `has '${shortened(found)}' at byte 4 of ${bytes.length}`}; wanted '${IDENTIFIER}', as a model of TensorFlow Lite has`,
  );
}

/** The op of an operator. A custom one cannot be mistaken for one of the schema, or for control flow. */
function opOf(codes: readonly FlatTable[], operator: FlatTable): string {
  const index = operator.int(OPERATOR.code);
  const code = codes[index];
  if (!code)
    throw new Error(
      `${operator.file.where}: an operator has the code ${index}; wanted one of the ${codes.length} of the file`,
    );
  // Numbers beyond those of a byte are in a later field.
  const builtin = Math.max(code.byte(OPERATOR_CODE.oldBuiltin), code.int(OPERATOR_CODE.builtin));
  return builtin === CUSTOM ? `custom ${code.text(OPERATOR_CODE.custom)}` : builtinName(builtin);
}

/** The signature of the main subgraph. */
function signatureOf(model: FlatTable): FlatTable | undefined {
  return model.tables(MODEL.signatures).find((each) => each.int(SIGNATURE.subgraph) === 0);
}

/** The names that a signature gives to tensors. */
function namesIn(signature: FlatTable | undefined, field: number): ReadonlyMap<number, string> {
  return new Map(
    (signature?.tables(field) ?? []).map((each) => [
      each.int(NAMED_TENSOR.index),
      each.text(NAMED_TENSOR.name),
    ]),
  );
}

/** The graph of a model while it is read. Operators come in the order in which they run. */
class Reading {
  readonly nodes = new Map<string, GraphNode>();
  readonly constants = new Map<string, Constant>();
  readonly #values = new Map<number, NodeOutput>();
  /** Constants by their tensor and the order of their axes. */
  readonly #placed = new Map<string, NodeOutput>();
  /** Tensors that have the values of a constant, and need no node. */
  readonly #sameAs = new Map<number, FileTensor>();

  constructor(
    private readonly tensors: readonly FileTensor[],
    private readonly where: string,
  ) {}

  tensor(index: number): FileTensor {
    const tensor = this.tensors[index];
    if (tensor) return tensor;
    throw new Error(
      `${this.where}: the tensor ${index} is used; wanted one of the ${this.tensors.length} of the file`,
    );
  }

  input(index: number): string {
    const tensor = this.tensor(index);
    const node = this.#add(tensor.name, INPUT, []);
    this.#give(tensor, tensor.grid ? this.#onGrid(tensor, 'DEQUANTIZE', node) : node);
    return node.node;
  }

  operator(op: string, operator: FlatTable): void {
    const outputs = operator.ints(OPERATOR.outputs).map((index) => this.tensor(index));
    const given = operator.ints(OPERATOR.inputs);
    while (given.at(-1) === -1) given.pop();
    const [first] = outputs;
    const name = first?.name ?? op;
    const source = UNPACKING.includes(op) && given.length === 1 ? this.#constant(given[0]!) : undefined;
    if (source && first) {
      this.#sameAs.set(first.index, source);
      return;
    }
    const isKnown = Object.hasOwn(tfliteOps, op);
    const missing = given.indexOf(-1);
    if (isKnown && missing >= 0)
      throw new Error(
        `${this.where}: ${op} of '${shortened(name)}' leaves out input ${missing}, which is optional; wanted all inputs`,
      );
    const [filter, order] = Object.hasOwn(FILTERS, op) ? FILTERS[op]! : [-1, []];
    const inputs = given.flatMap((index, i) =>
      index === -1 ? [] : [this.#value(index, i === filter ? order : [])],
    );
    const isIdentity = op === 'QUANTIZE' || UNPACKING.includes(op);
    const { node } = this.#add(
      name,
      isIdentity ? HANDS_ON : op,
      inputs,
      this.#attributes(op, operator, first),
    );
    outputs.forEach((tensor, output) => {
      const value = { node, output };
      this.#give(tensor, tensor.grid ? this.#onGrid(tensor, 'QUANTIZE', value) : value);
    });
  }

  /** The value of an output, as the file has it: integers for a tensor on a grid. */
  output(index: number): NodeOutput {
    const tensor = this.tensor(index);
    const value = this.#value(index, []);
    return tensor.grid ? this.#onGrid(tensor, 'QUANTIZE', value, true) : value;
  }

  #attributes(op: string, operator: FlatTable, output?: FileTensor): Map<string, AttributeValue> {
    const attributes = new Map<string, AttributeValue>();
    const options = operator.table(OPERATOR.options);
    const fields = Object.hasOwn(optionsOf, op) ? Object.entries(optionsOf[op]!) : [];
    if (options) fields.forEach(([key, read], field) => attributes.set(key, read(options, field)));
    if (op === 'CAST' && output?.kind) attributes.set('DstT', output.grid ? 'float32' : output.kind.dtype);
    for (const [key, value] of customOptions(op, operator.bytes(OPERATOR.customOptions)))
      attributes.set(key, value);
    return attributes;
  }

  #constant(index: number): FileTensor | undefined {
    const tensor = this.#sameAs.get(index) ?? this.tensor(index);
    return !this.#values.has(index) && isConstant(tensor) ? tensor : undefined;
  }

  /** The value of a tensor, which was computed before, or is a constant. */
  #value(index: number, order: readonly number[]): NodeOutput {
    const tensor = this.#constant(index);
    if (tensor) {
      const key = `${tensor.index}:${order.join()}`;
      let placed = this.#placed.get(key);
      if (!placed) {
        const read = constantOf(tensor);
        const isTurned = order.length === read.shape.length && order.length > 0;
        placed = this.#literal(tensor.name, isTurned ? transposed(read, order) : read);
        this.#placed.set(key, placed);
      }
      return placed;
    }
    const value = this.#values.get(index);
    if (!value)
      throw new Error(
        `${this.tensor(index).where} is read before an operator has given it; wanted operators in the order in which they run`,
      );
    if (order.length === 0) return value;
    const name = `${value.node}/turned`;
    const axes = this.#literal(`${name}/axes`, {
      shape: [order.length],
      dtype: 'int32',
      values: Int32Array.from(order),
    });
    return this.#add(name, 'TRANSPOSE', [value, axes]);
  }

  #literal(name: string, constant: Constant): NodeOutput {
    const value = this.#add(name, CONSTANT, []);
    this.constants.set(value.node, constant);
    return value;
  }

  #onGrid({ name, grid, where }: FileTensor, op: string, value: NodeOutput, integers = false): NodeOutput {
    const { scale, zeroPoint, range } = grid!;
    if (scale.length !== 1)
      throw new Error(`${where} is computed, and has ${scale.length} scales; wanted one`);
    const attributes = new Map<string, AttributeValue>([
      ['scale', scale[0]!],
      ['zero_point', zeroPoint[0] ?? 0],
      ['range', range],
      ['integers', integers],
    ]);
    return this.#add(`${name}/${integers ? 'integers' : 'values'}`, op, [value], attributes);
  }

  #give(tensor: FileTensor, value: NodeOutput): void {
    if (this.#values.has(tensor.index))
      throw new Error(`${tensor.where} is given twice; wanted one operator, or an input`);
    this.#values.set(tensor.index, value);
  }

  #add(
    wanted: string,
    op: string,
    inputs: readonly NodeOutput[],
    attributes: ReadonlyMap<string, AttributeValue> = new Map(),
  ): NodeOutput {
    // `:1` behind a name would be read as its second output.
    const plain = wanted.replace(/:0$/, '').replace(/:(\d+)$/, '_$1') || op;
    let node = plain;
    for (let number = this.nodes.size; this.nodes.has(node); number++) node = `${plain}_${number}`;
    this.nodes.set(node, { name: node, op, inputs, after: [], attributes });
    return { node, output: 0 };
  }
}

/**
 * The format of TensorFlow Lite's models, such as MediaPipe's: one file `.tflite`, of which the first subgraph is read.
 *
 * @example
 * ```ts
 * import { loadGraphModel, tflite } from 'rxtensor/models';
 * const file = new File(['<html>no model</html>'], 'face.tflite');
 * await loadGraphModel([file], { format: tflite }).catch((error: unknown) => console.log(String(error))); // … is a page of HTML
 * ```
 */
export const tflite: ModelFormat = {
  name: 'a model of TensorFlow Lite',
  ops: tfliteOps,
  read: async (files, operator, onBytes): Promise<Graph> => {
    const where = `${operator}: ${shortened(files.name)}`;
    const model = fileOf(await files.readFirst(onBytes), where).root();
    const [graph] = model.tables(MODEL.subgraphs);
    if (!graph) throw new Error(`${where} has no subgraph; wanted one`);
    const buffers = model.tables(MODEL.buffers);
    const tensors = graph.tables(SUBGRAPH.tensors).map((table, i) => tensorOf(table, i, buffers));
    const reading = new Reading(tensors, where);
    const codes = model.tables(MODEL.operatorCodes);
    const signature = signatureOf(model);
    const inputNames = namesIn(signature, SIGNATURE.inputs);
    const inputs = graph.ints(SUBGRAPH.inputs).map((index) => {
      const { name, extents, kind } = reading.tensor(index);
      const node = reading.input(index);
      return { name: inputNames.get(index) ?? name, node, shape: extents, dtype: kind?.dtype ?? null };
    });
    for (const operator of graph.tables(SUBGRAPH.operators))
      reading.operator(opOf(codes, operator), operator);
    const outputNames = namesIn(signature, SIGNATURE.outputs);
    const outputs = graph.ints(SUBGRAPH.outputs).map((index) => {
      const { name, extents, kind } = reading.tensor(index);
      const from = reading.output(index);
      return { name: outputNames.get(index) ?? name, from, shape: extents, dtype: kind?.dtype ?? null };
    });
    const name = signature?.text(SIGNATURE.key);
    return {
      nodes: reading.nodes,
      constants: reading.constants,
      inputs,
      outputs,
      ...(name && { signature: name }),
    };
  },
};
