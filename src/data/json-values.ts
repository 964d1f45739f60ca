/** What JSON does not keep of plain data: NaN, infinities, and which numbers of a row are int32 (a row notes it: number-types.ts). */
import { described } from '../tensor/argument';
import { isPlainObject } from '../tensor/container';
import { numberTypesOf, withNumberTypes } from '../tensor/number-types';

/** The key of a note in an object, which no column has. */
const NOTE = '\0';

/**
 * A copy of plain data of which JSON keeps all.
 *
 * @param name for messages
 * @throws for what is neither a number, a text, a boolean nor null, in arrays or plain objects
 */
export function forJson(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => forJson(name, each));
  if (isPlainObject(value)) {
    const copy = mapped(value, (each) => forJson(name, each));
    const types = numberTypesOf(value);
    return types ? { ...copy, [NOTE]: [...types.keys()] } : copy;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [NOTE]: String(value) };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new Error(
    `${name}: a value has ${described(value)}, which JSON does not keep; wanted plain data, as [...x] for a typed array`,
  );
}

/** A copy of what {@link forJson} has made, as it was. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (!isPlainObject(value)) return value;
  const { [NOTE]: note, ...fields } = value;
  if (typeof note === 'string') return Number(note);
  const copy = mapped(fields, fromJson);
  return Array.isArray(note)
    ? withNumberTypes(copy, new Map(note.map((name: string) => [name, 'int32'])))
    : copy;
}

function mapped(object: object, f: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value)]));
}
