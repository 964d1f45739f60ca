/** Arrays and plain objects, whatever is in them: without the engine of tensors, which pages of a worker do not load. */
import { numberTypesOf, withNumberTypes } from './number-types';
import { setOwn } from './own-property';

/** Whether it is an object as made by `{…}`. Only the properties of such objects are searched for tensors. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Copies the arrays and plain objects of a container, and replaces every leaf that matches. Other leaves are not copied. */
export function mapMatching<T, M extends object>(
  container: T,
  matches: (value: object) => value is M,
  replace: (match: M) => unknown,
): T {
  const copies = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (copies.has(value)) return copies.get(value);
    if (matches(value)) {
      const replaced = replace(value);
      copies.set(value, replaced);
      return replaced;
    }
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      copies.set(value, items);
      for (const item of value) items.push(copy(item));
      return items;
    }
    if (isPlainObject(value)) {
      const object: Record<string, unknown> = {};
      const types = numberTypesOf(value);
      if (types) withNumberTypes(object, types);
      copies.set(value, object);
      for (const key of Object.keys(value)) setOwn(object, key, copy(value[key]));
      return object;
    }
    return value;
  };
  return copy(container) as T;
}
