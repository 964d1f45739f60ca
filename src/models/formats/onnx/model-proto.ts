/** The messages of an ONNX file, as far as they are read (https://onnx.ai/onnx/repo-docs/IR.html; the numbers of fields are those of onnx.proto). */
import type { Fields } from './messages';

export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  floats: number[];
  /** Also smaller integers, bool, and the bits of halves. */
  int32s: number[];
  int64s: number[];
  doubles: number[];
  uint64s: number[];
  raw: Uint8Array | null;
  /** Where the values are, if in another file: `location`, `offset`, `length`. */
  external: Map<string, string>;
  isExternal: boolean;
}

export interface AttributeProto {
  name: string;
  type: number;
  float?: number;
  integer?: number;
  text?: Uint8Array;
  tensor?: TensorProto;
  graph?: GraphProto;
  floats: number[];
  integers: number[];
  texts: Uint8Array[];
}

export interface NodeProto {
  name: string;
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: AttributeProto[];
}

export interface ValueProto {
  name: string;
  /** Undefined for values that are no tensors. */
  tensor?: { elementType: number; shape: (number | null)[] | null };
}

export interface GraphProto {
  nodes: NodeProto[];
  initializers: TensorProto[];
  sparse: number;
  inputs: ValueProto[];
  outputs: ValueProto[];
  values: ValueProto[];
}

export interface ModelProto {
  irVersion: number;
  graph?: GraphProto;
  opsets: { domain: string; version: number }[];
}

export const emptyTensor = (): TensorProto => ({
  name: '',
  dims: [],
  dataType: 0,
  floats: [],
  int32s: [],
  int64s: [],
  doubles: [],
  uint64s: [],
  raw: null,
  external: new Map(),
  isExternal: false,
});

const emptyGraph = (): GraphProto => ({
  nodes: [],
  initializers: [],
  sparse: 0,
  inputs: [],
  outputs: [],
  values: [],
});

const entry: Fields<{ key: string; value: string }> = {
  1: (pair, value) => (pair.key = value.text()),
  2: (pair, value) => (pair.value = value.text()),
};

const tensor: Fields<TensorProto> = {
  1: (to, value) => value.integers(to.dims),
  2: (to, value) => (to.dataType = value.integer()),
  4: (to, value) => value.floats(to.floats),
  5: (to, value) => value.integers(to.int32s),
  7: (to, value) => value.integers(to.int64s),
  8: (to, value) => (to.name = value.text()),
  9: (to, value) => (to.raw = value.bytes()),
  10: (to, value) => value.doubles(to.doubles),
  11: (to, value) => value.integers(to.uint64s),
  13: (to, value) => {
    const pair = value.message({ key: '', value: '' }, entry);
    to.external.set(pair.key, pair.value);
  },
  14: (to, value) => (to.isExternal = value.integer() === 1),
};

const attribute: Fields<AttributeProto> = {
  1: (to, value) => (to.name = value.text()),
  2: (to, value) => (to.float = value.float()),
  3: (to, value) => (to.integer = value.integer()),
  4: (to, value) => (to.text = value.bytes()),
  5: (to, value) => (to.tensor = value.message(emptyTensor(), tensor)),
  6: (to, value) => (to.graph = value.message(emptyGraph(), graph)),
  7: (to, value) => value.floats(to.floats),
  8: (to, value) => value.integers(to.integers),
  9: (to, value) => to.texts.push(value.bytes()),
  20: (to, value) => (to.type = value.integer()),
};

const node: Fields<NodeProto> = {
  1: (to, value) => to.inputs.push(value.text()),
  2: (to, value) => to.outputs.push(value.text()),
  3: (to, value) => (to.name = value.text()),
  4: (to, value) => (to.op = value.text()),
  5: (to, value) =>
    to.attributes.push(
      value.message<AttributeProto>({ name: '', type: 0, floats: [], integers: [], texts: [] }, attribute),
    ),
  7: (to, value) => (to.domain = value.text()),
};

const dimension: Fields<{ extent: number | null }> = {
  // Some converters write 0 or −1 for an extent that is not known.
  1: (to, value) => {
    const extent = value.integer();
    to.extent = extent > 0 ? extent : null;
  },
};

const shape: Fields<(number | null)[]> = {
  1: (to, value) => to.push(value.message({ extent: null }, dimension).extent),
};

const tensorType: Fields<NonNullable<ValueProto['tensor']>> = {
  1: (to, value) => (to.elementType = value.integer()),
  2: (to, value) => (to.shape = value.message([], shape)),
};

const type: Fields<ValueProto> = {
  1: (to, value) => (to.tensor = value.message({ elementType: 0, shape: null }, tensorType)),
};

const valueInfo: Fields<ValueProto> = {
  1: (to, value) => (to.name = value.text()),
  2: (to, value) => value.message(to, type),
};

const graph: Fields<GraphProto> = {
  1: (to, value) =>
    to.nodes.push(
      value.message<NodeProto>(
        { name: '', op: '', domain: '', inputs: [], outputs: [], attributes: [] },
        node,
      ),
    ),
  5: (to, value) => to.initializers.push(value.message(emptyTensor(), tensor)),
  11: (to, value) => to.inputs.push(value.message<ValueProto>({ name: '' }, valueInfo)),
  12: (to, value) => to.outputs.push(value.message<ValueProto>({ name: '' }, valueInfo)),
  13: (to, value) => to.values.push(value.message<ValueProto>({ name: '' }, valueInfo)),
  15: (to) => to.sparse++,
};

const opset: Fields<{ domain: string; version: number }> = {
  1: (to, value) => (to.domain = value.text()),
  2: (to, value) => (to.version = value.integer()),
};

export const model: Fields<ModelProto> = {
  1: (to, value) => (to.irVersion = value.integer()),
  7: (to, value) => (to.graph = value.message(emptyGraph(), graph)),
  8: (to, value) => to.opsets.push(value.message({ domain: '', version: 0 }, opset)),
};
