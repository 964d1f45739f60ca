/**
 * The data types of the numbers in a row of data (a plain object). JavaScript has one type of number, so that a row notes which of its
 * numbers are int32, for when rows are stacked to tensors. The note is a private field: it is not a property, and is not copied.
 */
import type { DataType } from '../kernels';

/** The data types by key; numbers whose key is missing are float32. Rows with the same map object have the same types. */
export type NumberTypes = ReadonlyMap<string, DataType>;

/** A base class whose constructor returns its argument, so that the private fields of a subclass are added to any object. */
const Given = function (object: object): object {
  return object;
} as unknown as new (object: object) => object;

class Typed extends Given {
  #types: NumberTypes;

  constructor(object: object, types: NumberTypes) {
    super(object);
    this.#types = types;
  }

  static types(object: object): NumberTypes | null {
    return #types in object ? object.#types : null;
  }

  static change(object: object, types: NumberTypes): boolean {
    if (!(#types in object)) return false;
    object.#types = types;
    return true;
  }
}

/** Notes the types of the numbers in an object, and returns it. */
export function withNumberTypes<T extends object>(object: T, types: NumberTypes): T {
  if (!Typed.change(object, types)) new Typed(object, types);
  return object;
}

/** The types that were noted for an object; null if none were: all of its numbers are float32. */
export function numberTypesOf(object: object): NumberTypes | null {
  return Typed.types(object);
}
