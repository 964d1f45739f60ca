/** Small models of TensorFlow Lite in memory. */
import type { ModelFiles } from '../../src/models';
import { builtinName } from '../../src/models/formats/tflite/schema';
import {
  byte,
  flag,
  flatBuffer,
  float,
  int,
  ints,
  long,
  table,
  tables,
  text,
  vector,
  type Flat,
} from './flatbuffer';

/** The types of tensors, by their numbers in the schema. */
const types = {
  FLOAT32: 0, FLOAT16: 1, INT32: 2, UINT8: 3, INT64: 4, STRING: 5, BOOL: 6, INT16: 7, INT8: 9, FLOAT64: 10, UINT64: 12, UINT32: 15,
  UINT16: 16, INT4: 17,
} as const; // prettier-ignore
export type TypeName = keyof typeof types;

const arrays = {
  FLOAT32: Float32Array, FLOAT16: Uint16Array, INT32: Int32Array, UINT8: Uint8Array, INT64: BigInt64Array, BOOL: Uint8Array,
  INT16: Int16Array, INT8: Int8Array, FLOAT64: Float64Array, UINT64: BigUint64Array, UINT32: Uint32Array, UINT16: Uint16Array,
  INT4: Uint8Array, STRING: Uint8Array,
} as const; // prettier-ignore

/** A tensor: with values a constant. */
export interface TensorOf {
  readonly name?: string;
  readonly shape?: readonly number[];
  readonly type?: TypeName;
  readonly values?: readonly number[];
  readonly signature?: readonly number[];
  readonly scale?: readonly number[];
  readonly zeroPoint?: readonly number[];
  readonly axis?: number;
  readonly sparsity?: Flat;
}

export interface OperatorOf {
  /** A name of the schema, or another, which is a custom operator's. */
  readonly op: string;
  /** The numbers of tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: readonly (Flat | null)[];
  readonly custom?: Uint8Array;
}

export interface ModelOf {
  readonly tensors: readonly TensorOf[];
  readonly operators: readonly OperatorOf[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The names of inputs and outputs in a signature, by the numbers of tensors, and its own. */
  readonly signature?: readonly [
    inputs: Readonly<Record<string, number>>,
    outputs: Readonly<Record<string, number>>,
    key?: string,
  ];
}

const CUSTOM = 32;
const codes = new Map(Array.from({ length: 162 }, (_, code) => [builtinName(code), code]));

function stored({ type = 'FLOAT32', values }: TensorOf): Flat {
  if (!values) return table();
  const Array = arrays[type];
  const view =
    Array === BigInt64Array || Array === BigUint64Array
      ? Array.from(values.map(BigInt))
      : (Array as Uint8ArrayConstructor).from(values);
  return table(vector(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)));
}

const named = (names: Readonly<Record<string, number>>): Flat =>
  tables(...Object.entries(names).map(([name, index]) => table(text(name), int(index))));

/** The bytes of a model. */
export function tfliteBytes({ tensors, operators, inputs, outputs, signature }: ModelOf): Uint8Array {
  const ops = [...new Set(operators.map(({ op }) => op))];
  const codesOf = ops.map((op) => {
    const code = codes.get(op);
    if (code === undefined) return table(byte(CUSTOM), text(op), int(1), int(CUSTOM));
    return table(byte(Math.min(code, 127)), null, int(1), int(code));
  });
  const tensorTables = tensors.map((tensor, i) => {
    const { scale, zeroPoint = [], axis = 0, type = 'FLOAT32', sparsity = null } = tensor;
    const grid =
      scale &&
      table(
        null,
        null,
        vector(Float32Array.from(scale)),
        vector(BigInt64Array.from(zeroPoint.map(BigInt))),
        null,
        null,
        int(axis),
      );
    return table(
      ints(...(tensor.shape ?? [tensor.values?.length ?? 1])),
      byte(types[type]),
      int(i + 1),
      text(tensor.name ?? `t${i}`),
      grid ?? null,
      null,
      sparsity,
      tensor.signature ? ints(...tensor.signature) : null,
    );
  });
  const operatorTables = operators.map((operator) =>
    table(
      int(ops.indexOf(operator.op)),
      ints(...operator.inputs),
      ints(...operator.outputs),
      operator.options ? byte(1) : null,
      operator.options ? table(...operator.options) : null,
      operator.custom ? vector(operator.custom) : null,
    ),
  );
  return flatBuffer(
    table(
      int(3),
      tables(...codesOf),
      tables(table(tables(...tensorTables), ints(...inputs), ints(...outputs), tables(...operatorTables))),
      null,
      tables(table(), ...tensors.map(stored)),
      null,
      null,
      signature
        ? tables(table(named(signature[0]), named(signature[1]), signature[2] ? text(signature[2]) : null))
        : null,
    ),
  );
}

/** A model of one file. */
export function tfliteFiles(bytes: Uint8Array, name = 'model.tflite'): ModelFiles {
  return {
    name,
    readFirst: (onBytes) => {
      onBytes?.(bytes.length, bytes.length);
      return Promise.resolve(bytes);
    },
    read: (path) => Promise.reject(new Error(`there is no file '${path}'`)),
  };
}

export { byte, flag, float, int, ints, long };
