/** Objects whose keys come from a program or a file, which may be any text: `__proto__`, `constructor`, `toString`, … */

/**
 * Gives an object a property of its own under any key. A plain `object[key] = value` with the key `__proto__` would replace
 * what the object inherits from instead (ECMA-262, B.2.2.1), and the value would be lost.
 */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}

/** The object's own property; undefined where there is none, though the object may inherit one of that name. */
export function getOwn<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
