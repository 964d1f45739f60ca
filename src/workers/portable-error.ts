import { described } from '../tensor/argument';
import { setOwn } from '../tensor/own-property';

/** A thrown value in a form that can be posted. A structured clone of an error would lose its properties, and its name if not standard. */
export type PortableError =
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: PortableError | null;
      /** The error's own properties whose values are plain or lists of plain values, such as the `code` of Node's errors. */
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'other'; readonly value: unknown };

/** Error classes by name. An error of such a class has the same class on the other side, so that `instanceof` works. */
export const errorClasses = new Map<string, new (message: string, options: ErrorOptions) => Error>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((each) => [each.name, each]),
);

/** The longest chain of causes that is posted. The chain needs a limit, because an error may be its own cause. */
const MOST_CAUSES = 8;

function isPlain(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** Converts a thrown value to text. It never throws: a value that cannot be converted is described instead. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return described(thrown);
  }
}

/** Reads a property of an error. Returns undefined when the property is a getter that throws. */
function read(thrown: Error, name: 'name' | 'message' | 'stack' | 'cause'): unknown {
  try {
    return thrown[name];
  } catch {
    return undefined;
  }
}

/** Converts any thrown value to a form that can be cloned. */
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

/** Returns the error's own properties that are plain values or lists of them. Returns none when one is a getter that throws. */
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

/** Restores the value that was thrown on the other side. An error keeps its name, message, stack, causes and details. */
export function fromPortable(portable: PortableError): unknown {
  if (portable.kind === 'other') return portable.value;
  const { name, message, stack, cause, details } = portable;
  const Constructor = errorClasses.get(name) ?? Error;
  const error = new Constructor(message, cause ? { cause: fromPortable(cause) } : {});
  for (const [key, value] of Object.entries(details)) setOwn(error, key, value);
  // These properties are not enumerable, just as in errors that the engine makes.
  const define = (key: string, value: unknown): void => {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  };
  define('stack', stack);
  if (error.name !== name) define('name', name);
  return error;
}
