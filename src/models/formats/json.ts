import { shortened } from '../../tensor/argument';

/** JSON as it was parsed: anything may be anywhere. */
export type Json =
  string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** @throws when the bytes are no JSON; a page of HTML, which servers send for a missing file, is named as such */
export function anyJson(bytes: Uint8Array, where: string): Json {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const found = /^\s*</.test(text) ? `a page of HTML: ${shortened(text.trim())}` : String(cause);
    throw new Error(`${where} is no JSON; found ${found}`, { cause });
  }
}

/** As {@link anyJson}. @throws, too, when it is no object */
export function parseJson(bytes: Uint8Array, where: string): JsonObject {
  const value = anyJson(bytes, where);
  if (isObject(value)) return value;
  throw new Error(`${where} is ${shortened(JSON.stringify(value))}; wanted a JSON object`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property of that name, if the value is an object. */
export function at(value: Json, ...path: readonly string[]): Json {
  let found = value;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** A list; none if it is missing. @throws for something else */
export function listAt(value: Json, key: string, where: string): readonly Json[] {
  const list = at(value, key);
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return list as readonly Json[];
  throw new Error(`${where}: '${key}' is ${typeof list}; wanted a list`);
}

/** @throws unless it is a text */
export function textAt(value: Json, key: string, where: string): string {
  const text = at(value, key);
  if (typeof text === 'string') return text;
  throw new Error(`${where}: '${key}' is ${typeof text}; wanted a text`);
}

/** A number; a text stands for one, since protobuf writes long integers so. NaN for all else: `Number` would read [[3]] as 3. */
export function numberOf(value: Json): number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : NaN;
}
