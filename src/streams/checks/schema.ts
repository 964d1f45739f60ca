/**
 * Schemas for values from outside, such as the header of a file or a message of another thread. A format is one table of such schemas, and a
 * value is checked whole before any part of it is used.
 */
import { described, isIntegerFrom } from '../../tensor/argument';

/** A part of a value that does not fit its schema. */
export interface Fault {
  /** The path to it: `variables[2].shape`. */
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
}

/** A schema: finds the first fault of a value; null when there is none. */
export type Expected = (value: unknown, field: string) => Fault | null;

/** A schema for each field of a type. */
export type ExpectedOf<T> = Readonly<Record<keyof T, Expected>>;

/** A value that passes a test. */
export function expected(wanted: string, fits: (value: unknown) => boolean): Expected {
  return (value, field) => (fits(value) ? null : { field, found: described(value), wanted });
}

export const anything: Expected = () => null;
export const text = /* @__PURE__ */ expected('text', (value) => typeof value === 'string');

/** An integer that float64 represents exactly. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Expected {
  const wanted =
    most === Number.MAX_SAFE_INTEGER ? `an integer from ${least} on` : `an integer from ${least} to ${most}`;
  return expected(wanted, (value) => isIntegerFrom(value, least) && value <= most);
}

/** One of a few values. */
export function oneOf(values: readonly unknown[]): Expected {
  return expected(values.map((each) => described(each)).join(' or '), (value) => values.includes(value));
}

/** Null, or a value of another schema. */
export function orNull(other: Expected): Expected {
  return (value, field) => {
    const fault = value === null ? null : other(value, field);
    return fault?.field === field ? { ...fault, wanted: `${fault.wanted}, or null` } : fault;
  };
}

/** A field that may be left out. */
export function optional(other: Expected): Expected {
  return (value, field) => (value === undefined ? null : other(value, field));
}

/** JSON in a text. */
export const json = /* @__PURE__ */ expected('JSON in a text', (value) => {
  try {
    JSON.parse(value as string);
    return typeof value === 'string';
  } catch {
    return false;
  }
});

/** An array whose items all fit one schema; with exactly `length` items, if given. */
export function list(items: Expected, length?: number): Expected {
  return (value, field) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
      return {
        field,
        found: described(value),
        wanted: length === undefined ? 'a list' : `a list of ${length}`,
      };
    }
    for (const [i, item] of value.entries()) {
      const fault = items(item, `${field}[${i}]`);
      if (fault) return fault;
    }
    return null;
  };
}

/** An object with any property names, whose values all fit one schema. */
export function table(values: Expected): Expected {
  return (value, field) => {
    if (!isObject(value)) return { field, found: described(value), wanted: 'an object' };
    for (const [key, each] of Object.entries(value)) {
      const fault = values(each, `${field}.${key}`);
      if (fault) return fault;
    }
    return null;
  };
}

/** An object with exactly these fields, as its own properties. */
export function fields(parts: Readonly<Record<string, Expected>>): Expected {
  const names = Object.keys(parts);
  return (value, field) => {
    if (!isObject(value))
      return { field, found: described(value), wanted: `an object of ${names.join(', ')}` };
    for (const name of names) {
      const part = Object.hasOwn(value, name) ? value[name] : undefined;
      const fault = parts[name]!(part, field === '' ? name : `${field}.${name}`);
      if (fault) return fault;
    }
    const other = Object.keys(value).find((name) => !names.includes(name));
    if (other === undefined) return null;
    return {
      field,
      found: `an object with the field ${described(other)}`,
      wanted: `one of ${names.join(', ')} alone`,
    };
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A fault in one sentence. */
export function faultMessage({ field, found, wanted }: Fault): string {
  return `'${field}' is ${found}; wanted ${wanted}`;
}
