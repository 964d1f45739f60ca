/**
 * The schema of each message. The whole message is checked before any part of it is used, because the other side may be another program or
 * may have a bug.
 */
import type { DataType } from '../tensor';
import { described } from '../tensor/argument';
import { formatShape, sizeOf } from '../tensor/shape';
import {
  anything,
  expected,
  faultMessage,
  fields,
  integer,
  list,
  oneOf,
  optional,
  orNull,
  table,
  text,
  type Expected,
  type ExpectedOf,
  type Fault,
} from '../streams/checks/schema';
import type { FrameTime, Place } from '../streams/trail';
import type { PageMessage, WorkerMessage } from './protocol';
import type { PortableTrail } from './portable-trail';
import type { HostTensor } from '../streams/data/host-array';

/** The class name of the typed array for each data type. Names also identify arrays from another realm, where `instanceof` fails. */
const ARRAYS: Readonly<Record<DataType, string>> = {
  float32: 'Float32Array',
  int32: 'Int32Array',
  bool: 'Uint8Array',
};

function isArrayOf(kind: string, value: unknown): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${kind}]`;
}

const shape = list(integer(0));
const dtype = oneOf(Object.keys(ARRAYS));

/**
 * Returns the first fault in a {@link HostTensor}, or null when it is valid. With `mayLeaveOutType`, a tensor without a dtype is valid, and
 * its values may be in any of the typed arrays.
 */
export function faultInTensor(value: unknown, field: string, mayLeaveOutType = false): Fault | null {
  const type = expected(
    'a tensor: {values, shape, dtype}',
    (each) => typeof each === 'object' && each !== null,
  );
  const fault = type(value, field);
  if (fault) return fault;
  const tensor = value as Partial<HostTensor>;
  const isTyped = !(mayLeaveOutType && tensor.dtype === undefined);
  const part =
    shape(tensor.shape, `${field}.shape`) ?? (isTyped ? dtype(tensor.dtype, `${field}.dtype`) : null);
  if (part) return part;
  const arrays = isTyped ? [ARRAYS[tensor.dtype!]] : Object.values(ARRAYS);
  const size = sizeOf(tensor.shape!);
  const { values } = tensor;
  if (arrays.some((each) => isArrayOf(each, values)) && values!.length === size) return null;
  const found = ArrayBuffer.isView(values) ? `${described(values)} of ${values.length}` : described(values);
  return {
    field: `${field}.values`,
    found,
    wanted: `a ${arrays.join(' or ')} of ${size}, for the shape ${formatShape(tensor.shape!)}`,
  };
}

/** The data types of the numbers in an object; see `NumberTypes`. */
const typesByName = expected(
  `a Map of names to ${Object.keys(ARRAYS).join(', ')}`,
  (value) =>
    value instanceof Map &&
    [...value].every(([name, type]) => typeof name === 'string' && Object.hasOwn(ARRAYS, type as string)),
);
const anObject = expected('an object', (value) => typeof value === 'object' && value !== null);
const typedObject: Expected = (value, field) => {
  const fault = list(anything, 2)(value, field);
  if (fault) return fault;
  const [object, types] = value as readonly [unknown, unknown];
  return anObject(object, `${field}[0]`) ?? typesByName(types, `${field}[1]`);
};
const typedObjects: Expected = (value, field) =>
  value === undefined ? null : list(typedObject)(value, field);

const packed = fields({ value: anything, tensors: list(faultInTensor), numberTypes: typedObjects });
const count = integer(0);
const aNumber = expected('a number', (value) => typeof value === 'number');
const trail = fields({
  place: orNull(
    fields({
      source: text,
      position: count,
      length: orNull(count),
      epochs: (value, field) => (value === Infinity ? null : count(value, field)),
      obstacle: orNull(text),
      passes: optional(oneOf([true, false])),
      fraction: optional(orNull(aNumber)),
    } satisfies ExpectedOf<Place>),
  ),
  steps: list(fields({ id: text, step: count })),
  time: orNull(fields({ media: aNumber, capture: aNumber } satisfies ExpectedOf<FrameTime>)),
} satisfies ExpectedOf<PortableTrail>);
const request = count;

const thrownError: Expected = (value, field) => anError(value, field);
const anError = fields({
  kind: oneOf(['error']),
  name: text,
  message: text,
  stack: expected('text, or undefined', (value) => value === undefined || typeof value === 'string'),
  cause: orNull((value, field) => thrown(value, field)),
  details: table(anything),
});
const anythingThrown = fields({ kind: oneOf(['other']), value: anything });

/** Checks a thrown value: an error, or any other value. */
function thrown(value: unknown, field: string): Fault | null {
  return (value as { kind?: unknown } | null | undefined)?.kind === 'other'
    ? anythingThrown(value, field)
    : thrownError(value, field);
}

/** For each kind of message, the schemas of its fields. */
type Table<M extends { readonly kind: string }> = {
  readonly [K in M['kind']]: Readonly<
    Record<Exclude<keyof Extract<M, { readonly kind: K }>, 'kind'>, Expected>
  >;
};

const ofStreams = {
  next: { id: count, packed, trail: orNull(trail) },
  finished: { id: count },
  error: { error: thrown },
  complete: {},
};

const ofPages: Table<PageMessage> = {
  ...ofStreams,
  open: { parameters: list(text), values: table(anything) },
  parameter: { name: text, value: anything },
  'get variables': { request, names: orNull(list(text)) },
  'set variables': { request, packed },
  ping: {},
  close: {},
};

const ofWorkers: Table<WorkerMessage> = {
  ...ofStreams,
  ready: {},
  alive: {},
  answer: { request, packed },
  refusal: { request, error: thrown },
};

/** Makes a function that checks a message. @param who the sender, for error messages */
function reader<M extends { readonly kind: string }>(who: string, messages: Table<M>): (data: unknown) => M {
  const kinds = Object.keys(messages);
  const byKind = new Map(
    Object.entries(messages).map(([kind, parts]) => [
      kind,
      fields({ kind: anything, ...(parts as Readonly<Record<string, Expected>>) }),
    ]),
  );
  return (data) => {
    const { kind } = (data ?? {}) as { kind?: unknown };
    const schema = byKind.get(kind as string);
    if (typeof data !== 'object' || !schema) {
      const found =
        typeof data === 'object' && data !== null ? `a message of kind ${described(kind)}` : described(data);
      throw new Error(`${who} sent ${found}; wanted one of ${kinds.join(', ')}`);
    }
    const fault = schema(data, '');
    if (fault) throw new Error(`${who} sent a message '${String(kind)}' whose ${faultMessage(fault)}`);
    return data as M;
  };
}

/** Checks a message from the page. @throws when the data is not a valid message */
export const readPageMessage = reader<PageMessage>('serve: the page', ofPages);

/** Like {@link readPageMessage}, for messages from a worker. @param worker the worker's name in error messages */
export function workerMessageReader(worker: string): (data: unknown) => WorkerMessage {
  return reader<WorkerMessage>(`inWorker: ${worker}`, ofWorkers);
}

/** Makes the error for a valid message that comes at the wrong time. */
export function outOfTurn(who: string, kind: string, wanted: string): Error {
  return new Error(`${who} sent a message '${kind}' out of turn; wanted ${wanted}`);
}
