import { described } from '../../tensor/argument';
import { setOwn } from '../../tensor/own-property';

/** What was thrown, in a form that can be posted: a structured clone alone would lose the names of errors and their properties. */
export type PortableError =
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: PortableError | null;
      /** Its own properties that are plain, as the `code` of Node's errors. */
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'other'; readonly value: unknown };

/** The constructors that `instanceof` may be asked about on the other side, by name. */
const standard = new Map<string, ErrorConstructor>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((each) => [each.name, each]),
);

/** Causes of causes go over up to here: an error may be its own cause. */
const MOST_CAUSES = 8;

function isPlain(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** What was thrown, as text: not all of it can be made into text, and none of that may throw again. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return described(thrown);
  }
}

/** A property that may be a getter which throws; undefined then. */
function read(thrown: Error, name: 'name' | 'message' | 'stack' | 'cause'): unknown {
  try {
    return thrown[name];
  } catch {
    return undefined;
  }
}

/** Makes what was thrown ready to be posted: whatever it is, the result can be cloned. */
export function toPortable(thrown: unknown, causes = MOST_CAUSES): PortableError {
  if (!(thrown instanceof Error)) return { kind: 'other', value: isPlain(thrown) ? thrown : textOf(thrown) };
  const [name, message, stack] = (['name', 'message', 'stack'] as const).map((each) => read(thrown, each));
  const cause = read(thrown, 'cause');
  return {
    kind: 'error',
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : textOf(message),
    stack: typeof stack === 'string' ? stack : undefined,
    cause: cause === undefined || causes === 0 ? null : toPortable(cause, causes - 1),
    details: detailsOf(thrown),
  };
}

/** Its own properties that are plain; none where one of them is a getter that throws. */
function detailsOf(thrown: Error): Readonly<Record<string, unknown>> {
  try {
    return Object.fromEntries(Object.entries(thrown).filter(([, value]) => isPlain(value)));
  } catch {
    return {};
  }
}

/** What was thrown on the other side, with its name, message and stack. */
export function fromPortable(portable: PortableError): unknown {
  if (portable.kind === 'other') return portable.value;
  const { name, message, stack, cause, details } = portable;
  const Constructor = standard.get(name) ?? Error;
  const error = new Constructor(message, cause ? { cause: fromPortable(cause) } : {});
  for (const [key, value] of Object.entries(details)) setOwn(error, key, value);
  // As the engine defines them: not enumerable.
  const define = (key: string, value: unknown): void => {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  };
  define('stack', stack);
  if (error.name !== name) define('name', name);
  return error;
}
