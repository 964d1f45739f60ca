/** The weights of TensorFlow.js's formats: a manifest says what lies one after another in the binary files. */
import { sizeOf, type DataType, type TypedArray } from '../../kernels';
import { described, shortened } from '../../tensor/argument';
import { ofHalfFloats } from '../../tensor/half-floats';
import { joinedBytes } from '../../tensor/joined-bytes';
import { LONGEST_PATH, type BytesListener, type ModelFiles } from '../model-files';
import type { Constant } from '../graph/graph';
import { at, listAt, numberOf, textAt, type Json } from './json';
import { numbersIn, type ArrayOf } from './numbers-in';

/** The arrays in which the numbers of a weight are stored. */
const stored: Readonly<Record<string, ArrayOf<TypedArray | Uint16Array>>> = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly count: number;
  readonly dtype: DataType;
  readonly stored: ArrayOf<TypedArray | Uint16Array>;
  readonly isHalf: boolean;
  /** The value of a stored number q is q·scale + min. */
  readonly scale: number;
  readonly min: number;
}

/** Files with what lies in them. */
interface Group {
  readonly paths: readonly string[];
  readonly weights: readonly Weight[];
  readonly bytes: number;
}

const dtypes: Readonly<Record<string, DataType>> = { float32: 'float32', int32: 'int32', bool: 'bool' };

function weightOf(given: Json, where: string): Weight {
  const name = textAt(given, 'name', `${where}: a weight`);
  const of = `${where}: the weight '${shortened(name)}'`;
  const shape = listAt(given, 'shape', of).map(numberOf);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
    throw new Error(`${of} has shape ${described(at(given, 'shape'))}; wanted whole numbers from 0`);
  const count = sizeOf(shape);
  const declared = textAt(given, 'dtype', of);
  const dtype = Object.hasOwn(dtypes, declared) ? dtypes[declared] : undefined;
  const quantization = at(given, 'quantization') ?? undefined;
  const kind = quantization === undefined ? declared : textAt(quantization, 'dtype', of);
  const how = Object.hasOwn(stored, kind) ? stored[kind]! : undefined;
  if (!dtype || !how)
    throw new Error(
      `${of} is ${shortened(declared)} stored as ${shortened(kind)}; wanted float32, int32 or bool, stored as ${Object.keys(stored).join(', ')}`,
    );
  const isScaled = quantization !== undefined && kind !== 'float16';
  const number = (key: string, otherwise: number): number =>
    isScaled ? numberOf(at(quantization, key)) : otherwise;
  const [scale, min] = [number('scale', 1), number('min', 0)];
  if (!Number.isFinite(scale) || !Number.isFinite(min))
    throw new Error(`${of} has a quantization without a finite scale and min; wanted both`);
  return { name, shape, count, dtype, stored: how, isHalf: kind === 'float16', scale, min };
}

function groupOf(given: Json, where: string): Group {
  const paths = listAt(given, 'paths', where).map((path) => {
    if (typeof path === 'string' && path.length <= LONGEST_PATH) return path;
    throw new Error(
      `${where}: a path of the weights is ${described(path)}; wanted a text of at most ${LONGEST_PATH} characters`,
    );
  });
  const weights = listAt(given, 'weights', where).map((weight) => weightOf(weight, where));
  return {
    paths,
    weights,
    bytes: weights.reduce((sum, { count, stored }) => sum + count * stored.BYTES_PER_ELEMENT, 0),
  };
}

function valuesOf({ dtype, count, stored, isHalf, scale, min }: Weight, bytes: Uint8Array): TypedArray {
  const found = numbersIn(stored, bytes);
  const numbers = isHalf ? ofHalfFloats(found, 'float16') : found;
  const isFloat = dtype === 'float32';
  if (scale === 1 && min === 0 && numbers instanceof (isFloat ? Float32Array : Int32Array)) return numbers;
  const values = dtype === 'bool' ? new Uint8Array(count) : new (isFloat ? Float32Array : Int32Array)(count);
  // A loop: `from` with a function takes several times as long, and large models have millions of numbers.
  for (let i = 0; i < count; i++) {
    const value = numbers[i]! * scale + min;
    values[i] = isFloat ? value : dtype === 'bool' ? Number(value !== 0) : Math.round(value);
  }
  return values;
}

/**
 * Reads all weights, the files of all groups at the same time.
 *
 * @param manifest the list `weightsManifest` of the model's JSON
 * @returns the weights by name
 * @throws (rejects) when the manifest says something else than the files hold; nothing is allocated before the sizes agree
 */
export async function readWeights(
  files: ModelFiles,
  manifest: readonly Json[],
  where: string,
  onBytes?: BytesListener,
): Promise<Map<string, Constant>> {
  const groups = manifest.map((group) => groupOf(group, where));
  assertUnique(groups, where);
  const total = groups.reduce((sum, { bytes }) => sum + bytes, 0);
  const listen: BytesListener = (bytes) => onBytes?.(bytes, total);
  const contents = await Promise.all(
    groups.map(({ paths }) => Promise.all(paths.map((path) => files.read(path, listen)))),
  );
  return new Map(
    groups.flatMap((group, g) => {
      assertBytes(
        group,
        contents[g]!.reduce((sum, { length }) => sum + length, 0),
        `${where}: the files ${shortened(group.paths.join(', '))} hold`,
      );
      return weightsOf(group, joinedBytes(contents[g]!));
    }),
  );
}

/**
 * The weights in bytes.
 *
 * @param specs what lies in them, one after another
 * @throws when the specs say something else than the bytes hold
 */
export function weightsIn(bytes: Uint8Array, specs: readonly Json[], where: string): Map<string, Constant> {
  const group = groupOf({ weights: specs }, where);
  assertUnique([group], where);
  assertBytes(group, bytes.length, `${where}: the weights have`);
  return new Map(weightsOf(group, bytes));
}

function assertUnique(groups: readonly Group[], where: string): void {
  const names = new Set<string>();
  for (const { name } of groups.flatMap(({ weights }) => weights)) {
    if (names.has(name))
      throw new Error(`${where} has two weights '${shortened(name)}'; wanted unique names`);
    names.add(name);
  }
}

function assertBytes({ bytes, weights }: Group, found: number, what: string): void {
  if (found !== bytes)
    throw new Error(`${what} ${found} bytes; wanted ${bytes} for ${weights.length} weights`);
}

function weightsOf({ weights }: Group, bytes: Uint8Array): [name: string, weight: Constant][] {
  let to = 0;
  return weights.map((weight) => {
    const from = to;
    const end = (to += weight.count * weight.stored.BYTES_PER_ELEMENT);
    const { name, shape, dtype } = weight;
    const constant: Constant = {
      shape,
      dtype,
      get values() {
        return valuesOf(weight, bytes.subarray(from, end));
      },
    };
    return [name, constant];
  });
}
