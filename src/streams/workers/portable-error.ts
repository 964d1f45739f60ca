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

/** The constructors that `instanceof` may be asked about on the other side. */
const standard: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function isPlain(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** Makes what was thrown ready to be posted. */
export function toPortable(thrown: unknown): PortableError {
  if (!(thrown instanceof Error)) return { kind: 'other', value: isPlain(thrown) ? thrown : String(thrown) };
  const { name, message, stack, cause } = thrown;
  const details = Object.fromEntries(Object.entries(thrown).filter(([, value]) => isPlain(value)));
  return {
    kind: 'error',
    name,
    message,
    stack,
    cause: cause === undefined ? null : toPortable(cause),
    details,
  };
}

/** What was thrown on the other side, with its name, message and stack. */
export function fromPortable(portable: PortableError): unknown {
  if (portable.kind === 'other') return portable.value;
  const { name, message, stack, cause, details } = portable;
  const Constructor = standard[name] ?? Error;
  const error = new Constructor(message, cause ? { cause: fromPortable(cause) } : {});
  Object.assign(error, details);
  // As the engine defines them: not enumerable.
  const define = (key: string, value: unknown): void => {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  };
  define('stack', stack);
  if (error.name !== name) define('name', name);
  return error;
}
