/**
 * The data types of the numbers in a plain object. A row of an int32 column has a number like any other, so the row remembers what its
 * numbers are: whoever stacks rows to tensors then keeps the type. Nobody sees it: a private field is no property, and no copy has it.
 */
import type { DataType } from '../kernels';

/** By key, what the numbers are that are not float32. Two objects with the same map have the same types. */
export type NumberTypes = ReadonlyMap<string, DataType>;

/** A constructor that returns what it is given: fields of a subclass are then added to any object. */
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

/** Notes what the numbers in an object are, and gives it back. */
export function withNumberTypes<T extends object>(object: T, types: NumberTypes): T {
  if (!Typed.change(object, types)) new Typed(object, types);
  return object;
}

/** What was noted of the numbers in an object; null: nothing, they are float32. */
export function numberTypesOf(object: object): NumberTypes | null {
  return Typed.types(object);
}
