/** The weights of TensorFlow.js's formats: a manifest says what lies one after another in the binary files. */
import { sizeOf, type DataType, type TypedArray } from '../../kernels';
import { described, shortened } from '../../tensor/argument';
import { ofHalf } from '../../tensor/half-floats';
import { joinedBytes } from '../../tensor/joined-bytes';
import type { BytesListener, ModelFiles } from '../model-files';
import type { Constant } from '../graph/graph';
import { at, listAt, numberOf, textAt, type Json } from './json';

/** How the numbers of a weight are stored. */
interface Stored {
  readonly bytes: number;
  readonly read: (bytes: Uint8Array, count: number) => ArrayLike<number>;
}

/** A copy, so that it begins at a multiple of the element's size. Node's Buffer has a `slice` that copies nothing. */
const own = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const stored: Readonly<Record<string, Stored>> = {
  float32: { bytes: 4, read: (bytes) => new Float32Array(own(bytes)) },
  float16: { bytes: 2, read: (bytes) => Float32Array.from(new Uint16Array(own(bytes)), ofHalf) },
  int32: { bytes: 4, read: (bytes) => new Int32Array(own(bytes)) },
  uint16: { bytes: 2, read: (bytes) => new Uint16Array(own(bytes)) },
  uint8: { bytes: 1, read: (bytes) => bytes },
  bool: { bytes: 1, read: (bytes) => bytes },
};

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly count: number;
  readonly dtype: DataType;
  readonly stored: Stored;
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
  return { name, shape, count, dtype, stored: how, scale, min };
}

function groupOf(given: Json, where: string): Group {
  const paths = listAt(given, 'paths', where).map((path) => {
    if (typeof path === 'string') return path;
    throw new Error(`${where}: a path of the weights is ${typeof path}; wanted a text`);
  });
  const weights = listAt(given, 'weights', where).map((weight) => weightOf(weight, where));
  return { paths, weights, bytes: weights.reduce((sum, { count, stored }) => sum + count * stored.bytes, 0) };
}

function valuesOf({ dtype, count, stored, scale, min }: Weight, bytes: Uint8Array): TypedArray {
  const numbers = stored.read(bytes, count);
  if (dtype === 'bool') return Uint8Array.from(numbers, (value) => Number(value !== 0));
  if (scale === 1 && min === 0) {
    if (dtype === 'float32') return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
    return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);
  }
  return dtype === 'int32'
    ? Int32Array.from(numbers, (q) => Math.round(q * scale + min))
    : Float32Array.from(numbers, (q) => q * scale + min);
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
    to += weight.count * weight.stored.bytes;
    const { name, shape, dtype } = weight;
    return [name, { shape, dtype, values: valuesOf(weight, bytes.subarray(from, to)) }];
  });
}
