/** Small models of ONNX in memory. */
import { PbfWriter } from 'pbf';
import type { ModelFiles } from '../../src/models';

/** The types of elements, by their numbers in the format. */
export const elementCodes = {
  float: 1, uint8: 2, int8: 3, uint16: 4, int16: 5, int32: 6, int64: 7, string: 8, bool: 9, float16: 10, double: 11, uint32: 12, uint64: 13, bfloat16: 16,
} as const; // prettier-ignore
export type ElementName = keyof typeof elementCodes;

/** A tensor: its numbers are stored in the list of its type, or as `raw` bytes. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly type?: ElementName;
  readonly values?: readonly number[];
  readonly raw?: Uint8Array;
  readonly external?: Readonly<Record<string, string>>;
}

/** An attribute: whole numbers are integers, but in `{ float }` and `{ floats }`. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  /** Names with spaces between them; _ is one that is left out. */
  readonly inputs: string;
  readonly outputs: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: string;
}

/** A type and a shape; null is an extent that is not known. */
export type OnnxValue = readonly [type: ElementName, shape: readonly (number | null)[] | null];

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs?: Readonly<Record<string, OnnxValue>>;
  readonly outputs: Readonly<Record<string, OnnxValue>>;
  readonly weights?: Readonly<Record<string, OnnxTensor>>;
}

export interface OnnxModel extends OnnxGraph {
  readonly opset?: number;
  readonly functions?: number;
}

type Write<T> = (value: T, to: PbfWriter) => void;

const names = (text: string): string[] =>
  text.split(' ').flatMap((name) => (name === '' ? [] : [name === '_' ? '' : name]));

const writePair: Write<readonly [string, string]> = ([key, value], to) => {
  to.writeStringField(1, key);
  to.writeStringField(2, value);
};

const writeTensor: Write<OnnxTensor & { readonly name: string }> = (
  { name, shape, type = 'float', values, raw, external },
  to,
) => {
  to.writePackedVarint(1, [...shape]);
  to.writeVarintField(2, elementCodes[type]);
  to.writeStringField(8, name);
  if (values) {
    const all = [...values];
    if (type === 'float') to.writePackedFloat(4, all);
    else if (type === 'double') to.writePackedDouble(10, all);
    else if (type === 'int64') to.writePackedVarint(7, all);
    else if (type === 'uint32' || type === 'uint64') to.writePackedVarint(11, all);
    else to.writePackedVarint(5, all);
  }
  if (raw) to.writeBytesField(9, raw);
  if (external) {
    for (const pair of Object.entries(external)) to.writeMessage(13, writePair, pair);
    to.writeVarintField(14, 1);
  }
};

const writeAttribute: Write<readonly [string, OnnxAttribute]> = ([name, value], to) => {
  to.writeStringField(1, name);
  const typed = (type: number): void => to.writeVarintField(20, type);
  if (typeof value === 'string') {
    to.writeStringField(4, value);
    typed(3);
  } else if (typeof value === 'number') {
    to.writeVarintField(3, value);
    typed(2);
  } else if ('float' in value) {
    to.writeFloatField(2, value.float);
    typed(1);
  } else if ('floats' in value) {
    for (const each of value.floats) to.writeFloatField(7, each);
    typed(6);
  } else if ('tensor' in value) {
    to.writeMessage(5, writeTensor, { ...value.tensor, name: '' });
    typed(4);
  } else if ('graph' in value) {
    to.writeMessage(6, writeGraph, value.graph);
    typed(5);
  } else if (typeof value[0] === 'string') {
    for (const each of value) to.writeStringField(9, String(each));
    typed(8);
  } else {
    // As converters write them: each integer is a field.
    for (const each of value) to.writeVarintField(8, Number(each));
    typed(7);
  }
};

const writeNode: Write<OnnxNode> = ({ op, inputs, outputs, attributes = {}, domain }, to) => {
  for (const name of names(inputs)) to.writeStringField(1, name);
  for (const name of names(outputs)) to.writeStringField(2, name);
  to.writeStringField(4, op);
  for (const entry of Object.entries(attributes)) to.writeMessage(5, writeAttribute, entry);
  if (domain !== undefined) to.writeStringField(7, domain);
};

const writeDimension: Write<number | null> = (extent, to) =>
  extent === null ? to.writeStringField(2, 'any') : to.writeVarintField(1, extent);

const writeShape: Write<readonly (number | null)[]> = (shape, to) => {
  for (const extent of shape) to.writeMessage(1, writeDimension, extent);
};

const writeValue: Write<readonly [string, OnnxValue]> = ([name, [type, shape]], to) => {
  to.writeStringField(1, name);
  const tensorType: Write<null> = (_, inner) => {
    inner.writeVarintField(1, elementCodes[type]);
    if (shape) inner.writeMessage(2, writeShape, shape);
  };
  to.writeMessage(2, (_: null, inner: PbfWriter) => inner.writeMessage(1, tensorType, null), null);
};

const writeGraph: Write<OnnxGraph> = ({ nodes, inputs = {}, outputs, weights = {} }, to) => {
  for (const node of nodes) to.writeMessage(1, writeNode, node);
  to.writeStringField(2, 'graph');
  for (const [name, tensor] of Object.entries(weights)) to.writeMessage(5, writeTensor, { ...tensor, name });
  for (const entry of Object.entries(inputs)) to.writeMessage(11, writeValue, entry);
  for (const entry of Object.entries(outputs)) to.writeMessage(12, writeValue, entry);
};

/** The file of a model. */
export function onnxBytes({ opset = 17, ...graph }: OnnxModel): Uint8Array {
  const to = new PbfWriter();
  to.writeVarintField(1, 8);
  to.writeMessage(7, writeGraph, graph);
  const imported: Write<null> = (_, inner) => {
    inner.writeStringField(1, '');
    inner.writeVarintField(2, opset);
  };
  to.writeMessage(8, imported, null);
  return to.finish().slice();
}

/** Files whose first one has these bytes, and others by path. */
export function onnxFilesOf(
  bytes: Uint8Array,
  others: Readonly<Record<string, Uint8Array>> = {},
): ModelFiles {
  return {
    name: 'model.onnx',
    readFirst: () => Promise.resolve(bytes),
    read: (path) => {
      const other = new Map(Object.entries(others)).get(path);
      return other
        ? Promise.resolve(other)
        : Promise.reject(new Error(`loadGraphModel: there is no file '${path}'; wanted it`));
    },
  };
}

export function onnxFiles(model: OnnxModel): ModelFiles {
  return onnxFilesOf(onnxBytes(model));
}
