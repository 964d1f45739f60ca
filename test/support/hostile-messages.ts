/** Messages that `serve` and `inWorker` never send: for each kind, each field with each value of a table of wrong values. */

/** Values that can be posted, and are wrong in most fields. */
function wrongValues(): unknown[] {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  let deep: unknown = 1;
  for (let i = 0; i < 500; i++) deep = [deep];
  return [
    ...[null, undefined, true, false, -1, 0, 1, 7, 0.5, -0.5, NaN, Infinity, 2 ** 40, 2 ** 53, 10n],
    ...['', 'x', 'toString', '__proto__', 'constructor', 'float64', 'x'.repeat(10_000)],
    ...[[], [null], ['x'], [-1], [0.5], [3], [2 ** 40, 2 ** 40], [[2]], {}, { name: 'x' }, { length: 2 }],
    JSON.parse('{"__proto__":{"kind":"complete"},"toString":1}'),
    ...[new Float32Array(2), new Float32Array(1), new Int32Array(2), new Uint8Array(2), new ArrayBuffer(8)],
    ...[new DataView(new ArrayBuffer(8)), new Map([['kind', 'complete']]), new Set([1]), new Date(0), /x/],
    ...[new Error('an error'), cycle, deep],
  ];
}

/** A field of a message, with the values of the table that are right for it. */
interface Field {
  readonly path: readonly (string | number)[];
  readonly isRight: (value: unknown) => boolean;
}

const never = (): boolean => false;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const isPlainTable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const among =
  (...values: unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

function inPacked(at: (string | number)[]): Field[] {
  const tensor = [...at, 'tensors', 0];
  return [
    { path: at, isRight: never },
    { path: [...at, 'tensors'], isRight: (value) => Array.isArray(value) && value.length === 0 },
    { path: tensor, isRight: never },
    { path: [...tensor, 'shape'], isRight: never },
    { path: [...tensor, 'shape', 0], isRight: never },
    { path: [...tensor, 'dtype'], isRight: never },
    { path: [...tensor, 'values'], isRight: (value) => value instanceof Float32Array && value.length === 2 },
  ];
}

function inTrail(at: (string | number)[]): Field[] {
  const place = [...at, 'place'];
  const step = [...at, 'steps', 0];
  return [
    { path: at, isRight: among(null) },
    { path: place, isRight: among(null) },
    { path: [...place, 'source'], isRight: isText },
    { path: [...place, 'position'], isRight: isCount },
    { path: [...place, 'length'], isRight: (value) => value === null || isCount(value) },
    { path: [...place, 'epochs'], isRight: (value) => value === Infinity || isCount(value) },
    { path: [...place, 'obstacle'], isRight: (value) => value === null || isText(value) },
    { path: [...at, 'steps'], isRight: (value) => Array.isArray(value) && value.length === 0 },
    { path: step, isRight: never },
    { path: [...step, 'id'], isRight: isText },
    { path: [...step, 'step'], isRight: isCount },
    { path: [...at, 'time'], isRight: among(null) },
    { path: [...at, 'time', 'media'], isRight: (value) => typeof value === 'number' },
    { path: [...at, 'time', 'capture'], isRight: (value) => typeof value === 'number' },
  ];
}

function inError(at: (string | number)[]): Field[] {
  return [
    { path: at, isRight: never },
    { path: [...at, 'kind'], isRight: never },
    { path: [...at, 'name'], isRight: isText },
    { path: [...at, 'message'], isRight: isText },
    { path: [...at, 'stack'], isRight: (value) => value === undefined || isText(value) },
    { path: [...at, 'cause'], isRight: among(null) },
    { path: [...at, 'details'], isRight: isPlainTable },
  ];
}

/** A value with a tensor, in the form in which it is posted. */
export function packedTensor(): unknown {
  const tensor = { values: new Float32Array([1, 2]), shape: [2], dtype: 'float32' };
  return { value: { x: tensor }, tensors: [tensor] };
}

/** The trail of that value, in the form in which it is posted. */
function postedTrail(): unknown {
  return {
    place: { source: 'a:1', position: 3, length: 10, epochs: Infinity, obstacle: null },
    steps: [{ id: 'a:2', step: 3 }],
    time: { media: 0.5, capture: 1.5 },
  };
}

export function packedError(name = 'RangeError'): object {
  return {
    kind: 'error',
    name,
    message: 'out of range',
    stack: undefined,
    cause: null,
    details: { code: 7 },
  };
}

interface Kind {
  readonly make: () => object;
  readonly fields: readonly Field[];
}

const number = (name: string, ...right: unknown[]): Field => ({ path: [name], isRight: among(...right) });

/** The kinds of messages that both sides send, at a moment when only the first value of the other side has arrived. */
const streamKinds: readonly Kind[] = [
  {
    make: () => ({ kind: 'next', id: 0, packed: packedTensor(), trail: postedTrail() }),
    fields: [number('id', 0), ...inPacked(['packed']), ...inTrail(['trail'])],
  },
  { make: () => ({ kind: 'finished', id: 0 }), fields: [number('id', 0)] },
  { make: () => ({ kind: 'error', error: packedError() }), fields: inError(['error']) },
];

/** The kinds that a worker sends, while request 0 waits. */
const workerKinds: readonly Kind[] = [
  ...streamKinds,
  {
    make: () => ({ kind: 'answer', request: 0, packed: packedTensor() }),
    fields: [number('request', 0), ...inPacked(['packed'])],
  },
  {
    make: () => ({ kind: 'refusal', request: 0, error: packedError() }),
    fields: [number('request', 0), ...inError(['error'])],
  },
];

/** The kinds that a page sends, after it has forwarded the parameter 'x'. */
const pageKinds: readonly Kind[] = [
  ...streamKinds,
  {
    make: () => ({ kind: 'parameter', name: 'x', value: 1 }),
    fields: [{ path: ['name'], isRight: among('x') }],
  },
  {
    make: () => ({ kind: 'get variables', request: 0, names: null }),
    fields: [
      { path: ['request'], isRight: among(0, 1, 7, 2 ** 40) },
      {
        path: ['names'],
        isRight: (value) => value === null || (Array.isArray(value) && value.every(isText)),
      },
    ],
  },
  {
    make: () => ({ kind: 'set variables', request: 0, packed: packedTensor() }),
    fields: [{ path: ['request'], isRight: among(0, 1, 7, 2 ** 40) }, ...inPacked(['packed'])],
  },
];

export interface HostileMessage {
  readonly name: string;
  readonly message: unknown;
}

function replaced(message: object, path: readonly (string | number)[], value: unknown): object {
  let part = message as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) part = part[key] as Record<string | number, unknown>;
  part[path.at(-1)!] = value;
  return message;
}

function named(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `${Object.prototype.toString.call(value)} of ${Object.keys(value).slice(0, 3).join()}`
    : String(value).slice(0, 40);
}

function wrongMessages(kinds: readonly Kind[]): HostileMessage[] {
  const whole = wrongValues().map((message) => ({ name: `the message ${named(message)}`, message }));
  const ofKinds = wrongValues().map((kind) => ({ name: `kind ${named(kind)}`, message: { kind } }));
  const inFields = kinds.flatMap(({ make, fields }) => {
    const { kind } = make() as { kind: string };
    const others = [...fields, { path: ['another field'], isRight: never }];
    return others.flatMap(({ path, isRight }) =>
      wrongValues()
        .filter((value) => !isRight(value))
        .map((value) => ({
          name: `${kind}: ${path.join('.')} is ${named(value)}`,
          message: replaced(make(), path, value),
        })),
    );
  });
  return [...whole, ...ofKinds, ...inFields];
}

/** Wrong messages to the page; the tables above say which messages must come before. */
export const wrongWorkerMessages = (): HostileMessage[] => wrongMessages(workerKinds);
/** Wrong messages to the worker. */
export const wrongPageMessages = (): HostileMessage[] => wrongMessages(pageKinds);

const wrongOnes: { worker?: HostileMessage[]; page?: HostileMessage[] } = {};

/** A random sequence of right and wrong messages from that side. */
export function randomMessages(side: 'worker' | 'page', next: () => number): HostileMessage[] {
  const below = (most: number): number => Math.floor(next() * most);
  const kinds = side === 'worker' ? workerKinds : pageKinds;
  const wrong = (wrongOnes[side] ??= wrongMessages(kinds));
  const first = side === 'worker' ? { kind: 'ready' } : { kind: 'open', parameters: ['x'], values: {} };
  const simple = ['ready', 'complete', 'alive', 'ping', 'close', 'open'];
  return Array.from({ length: 2 + below(8) }, (_, i) => {
    const draw = below(10);
    if (i === 0 && draw < 8) return { name: first.kind, message: first };
    if (draw < 2) return wrong[below(wrong.length)]!;
    if (draw < 4) return { name: 'simple', message: { kind: simple[below(simple.length)] } };
    const message = kinds[below(kinds.length)]!.make() as Record<string, unknown>;
    for (const key of ['id', 'request']) if (key in message) message[key] = below(3);
    return { name: String(message.kind), message };
  });
}
