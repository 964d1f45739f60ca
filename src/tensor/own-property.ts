/** Access to objects whose keys come from a program or a file, and may be `__proto__`, `constructor`, `toString`, … */

/**
 * Sets an own property of an object, whatever the key. A plain `object[key] = value` with the key `__proto__` would set the
 * object's prototype instead (ECMA-262, B.2.2.1).
 */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}

/** An own property of an object; undefined if there is none, even if the object inherits one of that name. */
export function getOwn<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
