/** What messages have to be: each is checked whole before any of it is believed. The other side may be another program, or broken. */
import type { DataType } from '../../tensor';
import { described, isIntegerFrom } from '../../tensor/argument';
import { formatShape, sizeOf } from '../../tensor/shape';
import {
  anything,
  expected,
  faultMessage,
  fields,
  integer,
  list,
  oneOf,
  orNull,
  table,
  text,
  type Expected,
  type ExpectedOf,
  type Fault,
} from '../expected';
import type { Place } from '../trail';
import type { PageMessage, WorkerMessage } from './protocol';
import type { PortableTrail } from './portable-trail';
import type { HostTensor } from '../host-array';

/** The arrays that elements of a type come in, by the name that tells them, from another realm too. */
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

/** A tensor as numbers: as many as its shape says, of its dtype. Where a dtype may be left out, any of the arrays will do. */
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

/** Of which types the numbers in an object are; see `NumberTypes`. */
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
const trail = fields({
  place: orNull(
    fields({
      source: text,
      position: count,
      length: orNull(count),
      epochs: expected('a count, or Infinity', (value) => value === Infinity || isIntegerFrom(value, 0)),
      obstacle: orNull(text),
    } satisfies ExpectedOf<Place>),
  ),
  steps: list(fields({ id: text, step: count })),
  time: orNull(expected('a number', (value) => typeof value === 'number')),
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

/** An error, or what else was thrown. */
function thrown(value: unknown, field: string): Fault | null {
  return (value as { kind?: unknown } | null | undefined)?.kind === 'other'
    ? anythingThrown(value, field)
    : thrownError(value, field);
}

/** For each kind of message, what its other fields have to be. */
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

/** @param who speaks, for messages */
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

/** @throws for what is no message of a page */
export const readPageMessage = reader<PageMessage>('serve: the page', ofPages);

/** As {@link readPageMessage}, for messages of a worker. @param worker as messages call it */
export function workerMessageReader(worker: string): (data: unknown) => WorkerMessage {
  return reader<WorkerMessage>(`inWorker: ${worker}`, ofWorkers);
}

/** The error of a message that may not come now, though it is one. */
export function outOfTurn(who: string, kind: string, wanted: string): Error {
  return new Error(`${who} sent a message '${kind}' out of turn; wanted ${wanted}`);
}
