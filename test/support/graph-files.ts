/** Small graph models in memory, in the form of TensorFlow.js's files. */
import type { ModelFiles } from '../../src/models';

/** An attribute: a text that begins with DT_ is a type, a number is an integer or a float, `shape` holds extents. */
export type Attribute =
  boolean | number | string | readonly number[] | readonly string[] | { readonly shape: readonly number[] };

export interface JsonNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

/** A weight, with its numbers as they are stored. */
export interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly stored: ArrayBufferView;
  readonly quantization?: unknown;
}

function encoded(value: Attribute): unknown {
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { i: String(value) } : { f: value };
  if (typeof value === 'string') return value.startsWith('DT_') ? { type: value } : { s: btoa(value) };
  if (!('shape' in value)) {
    const isText = typeof value[0] === 'string';
    return { list: isText ? { s: value.map((each) => btoa(String(each))) } : { i: value.map(String) } };
  }
  return { shape: { dim: value.shape.map((size) => ({ size: String(size) })) } };
}

/** A node of a graph. Inputs are names in one text, with spaces between them. */
export function node(
  name: string,
  op: string,
  inputs = '',
  attributes: Readonly<Record<string, Attribute>> = {},
): JsonNode {
  const attr = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, encoded(value)]));
  return { name, op, input: inputs.split(' ').filter((input) => input !== ''), attr };
}

/** A node that stands for an input; −1 is an extent that is not known. */
export function placeholder(name: string, shape: readonly number[], dtype = 'DT_FLOAT'): JsonNode {
  return node(name, 'Placeholder', '', { dtype, shape: { shape } });
}

const dtypeNames = { DT_FLOAT: 'float32', DT_INT32: 'int32', DT_BOOL: 'bool' } as const;

/** A weight with float32 numbers, or others by their TensorFlow name. */
export function weight(
  name: string,
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: keyof typeof dtypeNames = 'DT_FLOAT',
): StoredWeight {
  const as = { DT_FLOAT: Float32Array, DT_INT32: Int32Array, DT_BOOL: Uint8Array }[dtype];
  return { name, shape, dtype: dtypeNames[dtype], stored: as.from(values) };
}

/** An int32 weight: a number is a scalar. */
export const ints = (name: string, values: number | readonly number[]): StoredWeight =>
  typeof values === 'number'
    ? weight(name, [values], [], 'DT_INT32')
    : weight(name, values, undefined, 'DT_INT32');

export interface GraphDescription {
  readonly nodes: readonly JsonNode[];
  readonly weights?: readonly StoredWeight[];
  /** Names of nodes by the name of the output. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

export interface GraphParts {
  /** The model's JSON, parsed. */
  readonly json: Record<string, unknown>;
  readonly bytes: Uint8Array;
}

/** The JSON and the binary file of a model. Each weight is a node, too. */
export function graphParts({ nodes, weights = [], outputs, inputs }: GraphDescription): GraphParts {
  const named = (names: Readonly<Record<string, string>>): object =>
    Object.fromEntries(Object.entries(names).map(([key, name]) => [key, { name }]));
  const own = new Set(nodes.map(({ name }) => name));
  const constants = weights.filter(({ name }) => !own.has(name)).map(({ name }) => node(name, 'Const'));
  return {
    json: {
      format: 'graph-model',
      modelTopology: { node: [...constants, ...nodes] },
      weightsManifest: [
        { paths: ['weights.bin'], weights: weights.map(({ stored: _stored, ...manifest }) => manifest) },
      ],
      ...(outputs || inputs
        ? {
            signature: {
              ...(inputs && { inputs: named(inputs) }),
              ...(outputs && { outputs: named(outputs) }),
            },
          }
        : {}),
    },
    bytes: joined(weights.map(({ stored }) => stored)),
  };
}

export function joined(views: readonly ArrayBufferView[]): Uint8Array {
  const parts = views.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Files with this JSON (a text, or what becomes one), and these binary files by path. */
export function filesWith(json: unknown, binary: Readonly<Record<string, Uint8Array>> = {}): ModelFiles {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return {
    name: 'model.json',
    readFirst: () => Promise.resolve(new TextEncoder().encode(text)),
    read: (path, onBytes) => {
      const bytes = new Map(Object.entries(binary)).get(path);
      if (!bytes) return Promise.reject(new Error(`loadGraphModel: there is no file '${path}'; wanted it`));
      onBytes?.(bytes.length, bytes.length);
      return Promise.resolve(bytes);
    },
  };
}

/** The files of a model. */
export function graphFiles(description: GraphDescription): ModelFiles {
  const { json, bytes } = graphParts(description);
  return filesWith(json, { 'weights.bin': bytes });
}
