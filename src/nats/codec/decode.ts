/** Bytes to values. Everything is checked before anything is allocated. */
import type { DataType, TypedArray } from '../../tensor';
import { described } from '../../tensor/argument';
import { isPlainObject, mapMatching } from '../../tensor/container';
import { ofHalfFloats } from '../../tensor/half-floats';
import { withNumberTypes } from '../../tensor/number-types';
import { setOwn } from '../../tensor/own-property';
import { formatShape } from '../../tensor/shape';
import { makeTensor } from '../../tensor/tensor-like';
import { elementsOf, littleEndian, paddedLength, unseal } from '../../streams/checkpoints/sealed';
import { expected, faultMessage, fields, integer, list, oneOf } from '../../streams/checks/schema';
import type { HostTensor } from '../../streams/data/host-array';
import {
  arrayClasses,
  arrayOfType,
  format,
  isFloat,
  MARK,
  MOST_LEVELS,
  precisions,
  step,
  type AnyArray,
  type Header,
  type Part,
} from './format';
import { tooManyParts } from './proportion';

/** A decoded value: its tensors are in main memory, and found in it by identity. */
export interface Decoded {
  readonly value: unknown;
  readonly tensors: readonly HostTensor[];
}

const types = [...Object.keys(arrayOfType), ...Object.keys(arrayClasses)];
const headerSchema = fields({
  value: () => null,
  parts: list(
    fields({ type: oneOf(types), shape: list(integer(0)), precision: oneOf(precisions) } satisfies Record<
      keyof Part,
      unknown
    >),
  ),
});
const typeNames = expected(
  'a dtype',
  (value) => typeof value === 'string' && Object.hasOwn(arrayOfType, value),
);

/**
 * Reads an emission. Everything is checked before it returns anything; tensors stay in main memory, for checks of their shapes.
 *
 * @param place for messages: where the bytes come from
 * @throws if the bytes are not an emission, have another version, are cut short or damaged, or if a field is invalid (the error names it)
 */
export function decodeEmission(received: Uint8Array, place: string): Decoded {
  const { header, bytes, end } = unseal(format, received, place);
  const wrong = (message: string): Error =>
    new Error(`${place} holds an emission that is not right: ${message}`);
  const listed = (header as Partial<Header> | null)?.parts;
  const excess = Array.isArray(listed) ? tooManyParts(listed.length, bytes.length) : null;
  if (excess !== null) throw wrong(excess);
  const fault = headerSchema(header, '');
  if (fault) throw wrong(faultMessage(fault.field === '' ? { ...fault, field: 'header' } : fault));
  const { value, parts } = header as Header;
  const leaves = leavesOf(bytes, end, parts, wrong);
  const tensors = leaves.filter((each): each is HostTensor => !ArrayBuffer.isView(each));
  return { value: valueOf(value, leaves, wrong), tensors };
}

/** Makes tensors of the tensors in a decoded value. The innermost scope owns them. */
export function toTensors(receiver: string, { value, tensors }: Decoded): unknown {
  const sent = new Set<object>(tensors);
  return mapMatching(
    value,
    (each): each is HostTensor => sent.has(each),
    ({ values, shape, dtype }) => makeTensor(receiver, values, shape, dtype),
  );
}

type Wrong = (message: string) => Error;

/** How many bytes one number of a part takes. */
function widthOf({ type, precision }: Part): number {
  if (precision !== 'float32') return 2;
  const array = Object.hasOwn(arrayOfType, type) ? arrayOfType[type as DataType] : type;
  return (arrayClasses[array] as unknown as typeof Uint8Array).BYTES_PER_ELEMENT;
}

function leavesOf(
  bytes: Uint8Array,
  start: number,
  parts: readonly Part[],
  wrong: Wrong,
): (HostTensor | AnyArray)[] {
  // Check the sizes first: a shape in a hostile message may claim any number of bytes.
  let end = start;
  for (const [i, part] of parts.entries()) {
    if (part.precision !== 'float32' && !isFloat(part.type))
      throw wrong(`'parts[${i}].precision' is ${part.precision}; wanted float32 for ${part.type}`);
    if (Object.hasOwn(arrayClasses, part.type) && part.shape.length !== 1)
      throw wrong(`'parts[${i}].shape' is ${formatShape(part.shape)}; wanted one extent for an array`);
    const size = paddedLength(widthOf(part) * elementsOf(part.shape));
    if (!(size <= bytes.length - end))
      throw wrong(
        `'parts[${i}].shape' is ${formatShape(part.shape)}, which takes ${size} bytes; wanted one for the ${bytes.length - end} bytes that are left`,
      );
    end += size;
  }
  if (end !== bytes.length)
    throw wrong(`it has ${bytes.length - end} bytes after the numbers of its last part; wanted none`);
  let offset = start;
  return parts.map((part, i) => {
    const { type, shape, precision } = part;
    const width = widthOf(part);
    const length = width * elementsOf(shape);
    // A copy: the payload of a message is a view at any offset, where wider numbers cannot begin.
    const piece = littleEndian(bytes.slice(offset, offset + length), width);
    offset += paddedLength(length);
    const isTensorPart = Object.hasOwn(arrayOfType, type);
    const values =
      precision === 'float32'
        ? new arrayClasses[isTensorPart ? arrayOfType[type as DataType] : type]!(piece.buffer)
        : ofHalfFloats(new Uint16Array(piece.buffer), precision);
    if (!isTensorPart) return values;
    if (type === 'bool' && (values as Uint8Array).some((each) => each > 1))
      throw wrong(`the values of 'parts[${i}]' are not all bools; wanted 0 and 1`);
    return { values: values as TypedArray, shape: [...shape], dtype: type as DataType };
  });
}

const specialNumbers: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  '-Infinity': -Infinity,
  '-0': -0,
};

/** Makes the value of the JSON of the header, in place: a copy would take as much memory again. */
function valueOf(json: unknown, leaves: readonly unknown[], wrong: Wrong): unknown {
  /** The keys on the way to what is looked at. Paths are made for messages alone: there may be millions. */
  const keys: (string | number)[] = [];
  const path = (): string => keys.reduce<string>(step, 'value');
  const child = (node: unknown, key: string | number): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    keys.push(key);
    const built = build(node, MOST_LEVELS - keys.length);
    keys.pop();
    return built;
  };
  const build = (node: object, levels: number): unknown => {
    if (levels <= 0) throw wrong(`'${path()}' lies more than ${MOST_LEVELS} levels deep; wanted fewer`);
    if (Array.isArray(node)) {
      for (let i = 0; i < node.length; i++) node[i] = child(node[i], i);
      return node;
    }
    if (Object.hasOwn(node, MARK)) return buildSpecial((node as Record<string, unknown>)[MARK]);
    const all = Object.keys(node);
    const object = all.some((key) => key.startsWith(MARK)) ? {} : node;
    for (const key of all) {
      if (key.startsWith(MARK) && !key.startsWith(MARK + MARK))
        throw wrong(`'${path()}' has the key '${described(key)}'; wanted '${MARK}' alone, or doubled`);
      const each = (node as Record<string, unknown>)[key];
      const made = child(each, key);
      if (object === node && made === each) continue;
      setOwn(object, key.startsWith(MARK) ? key.slice(1) : key, made);
    }
    return object;
  };
  const buildSpecial = (words: unknown): unknown => {
    const [word, first, second] = Array.isArray(words) ? (words as unknown[]) : [];
    if (word === 'undefined') return undefined;
    if (word === 'value' && Number.isInteger(first) && Object.hasOwn(leaves, first as number))
      return leaves[first as number];
    if (word === 'number' && typeof first === 'string' && Object.hasOwn(specialNumbers, first))
      return specialNumbers[first];
    if (word === 'typed' && isPlainObject(first) && isPlainObject(second)) {
      const entries = Object.entries(first);
      const fault = list(typeNames)(
        entries.map(([, type]) => type),
        path(),
      );
      if (!fault && !Object.hasOwn(second, MARK))
        return withNumberTypes(
          build(second, MOST_LEVELS - keys.length) as object,
          new Map(entries as [string, DataType][]),
        );
    }
    throw wrong(`'${path()}' is ${described(words)}; wanted a value that this version knows`);
  };
  return typeof json === 'object' && json !== null ? build(json, MOST_LEVELS) : json;
}
