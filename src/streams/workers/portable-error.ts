import { described } from '../../tensor/argument';
import { ContextLostError } from '../../tensor/backend';
import { setOwn } from '../../tensor/own-property';

/** A thrown value in a form that can be posted: a structured clone alone would lose the names and properties of errors. */
export type PortableError =
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: PortableError | null;
      /** Its own properties that can be cloned, such as the `code` of Node's errors. */
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'other'; readonly value: unknown };

/** The error classes, by name: `instanceof` works with them on the other side. */
const standard = new Map<string, new (message: string, options: ErrorOptions) => Error>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((each) => [each.name, each]),
).set('ContextLostError', ContextLostError);

/** How many causes of causes are posted: an error may be its own cause. */
const MOST_CAUSES = 8;

function isPlain(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** A thrown value as text. It never throws, though not every value can be converted to text. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return described(thrown);
  }
}

/** A property of the error; undefined when it is a getter that throws. */
function read(thrown: Error, name: 'name' | 'message' | 'stack' | 'cause'): unknown {
  try {
    return thrown[name];
  } catch {
    return undefined;
  }
}

/** Makes a thrown value portable: whatever it is, the result can be cloned. */
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

/** Its own properties that are plain, or lists of plain values; none where one of them is a getter that throws. */
function detailsOf(thrown: Error): Readonly<Record<string, unknown>> {
  try {
    return Object.fromEntries(
      Object.entries(thrown).filter(
        ([, value]) => isPlain(value) || (Array.isArray(value) && value.every(isPlain)),
      ),
    );
  } catch {
    return {};
  }
}

/** The value that was thrown on the other side; an error has its name, message and stack. */
export function fromPortable(portable: PortableError): unknown {
  if (portable.kind === 'other') return portable.value;
  const { name, message, stack, cause, details } = portable;
  const Constructor = standard.get(name) ?? Error;
  const error = new Constructor(message, cause ? { cause: fromPortable(cause) } : {});
  for (const [key, value] of Object.entries(details)) setOwn(error, key, value);
  // Not enumerable, as the engine defines them.
  const define = (key: string, value: unknown): void => {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  };
  define('stack', stack);
  if (error.name !== name) define('name', name);
  return error;
}
