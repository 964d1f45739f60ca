/** Joins the inputs of several requests along the first axis. All of it happens in main memory, so that a device is given one input. */
import type { DataType, TypedArray } from '../../tensor';
import { mapMatching } from '../../tensor/container';
import { numberTypesOf } from '../../tensor/number-types';
import { sizeOf } from '../../tensor/shape';
import type { HostTensor } from '../../streams/data/host-array';
import { classOf, type Decoded } from '../codec';

const hostIn =
  (hosts: ReadonlySet<object>) =>
  (each: object): each is HostTensor =>
    hosts.has(each);

/** How many rows an input has; null if it cannot be joined with others. */
export function rowsOf({ tensors }: Decoded): number | null {
  const rows = tensors[0]?.shape[0];
  return rows !== undefined && tensors.every(({ shape }) => shape[0] === rows) ? rows : null;
}

/** An input, and the places of its tensors in it. */
export interface Form {
  readonly input: Decoded;
  readonly places: ReadonlyMap<object, number>;
}

export const formOf = (input: Decoded): Form => ({
  input,
  places: new Map(input.tensors.map((each, i) => [each, i])),
});

/**
 * Whether inputs can be joined: they differ in their tensors' numbers and first extents alone. The values are compared, not texts of them: then nothing that a client
 * writes can stand for something else.
 */
export function haveOneForm(one: Form, other: Form): boolean {
  const [tensors, others] = [one.input.tensors, other.input.tensors];
  const areAlike = tensors.every(({ dtype, shape }, i) => {
    const found = others[i];
    return found?.dtype === dtype && areEqual(shape.slice(1), found.shape.slice(1));
  });
  return tensors.length === others.length && areAlike && matches(one.input.value, other.input.value);

  function matches(a: unknown, b: unknown): boolean {
    // So NaN is NaN, and 0 is not -0.
    if (Object.is(a, b)) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    const place = one.places.get(a);
    if (place !== undefined || other.places.has(b)) return place === other.places.get(b);
    if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return areEqualArrays(a, b);
    if (Array.isArray(a) || Array.isArray(b))
      return (
        Array.isArray(a) &&
        Array.isArray(b) &&
        a.length === b.length &&
        a.every((each, i) => matches(each, b[i]))
      );
    return (
      areEqual([...(numberTypesOf(a) ?? [])].flat(), [...(numberTypesOf(b) ?? [])].flat()) &&
      areEqual(Object.keys(a), Object.keys(b)) &&
      Object.entries(a).every(([key, each]) => matches(each, (b as Record<string, unknown>)[key]))
    );
  }
}

const areEqual = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
};

const areEqualArrays = (a: object, b: object): boolean =>
  classOf(a) === classOf(b) && areEqual(a as TypedArray, b as TypedArray);

const arrays: Readonly<Record<DataType, new (length: number) => TypedArray>> = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
};

/** One input with the rows of all, which have one form. */
export function joined(inputs: readonly Decoded[]): Decoded {
  const [first] = inputs;
  if (!first || inputs.length === 1) return first!;
  const tensors = first.tensors.map(({ shape, dtype }, i): HostTensor => {
    const parts = inputs.map((each) => each.tensors[i]!);
    const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
    const whole = [rows, ...shape.slice(1)];
    const values = new arrays[dtype](sizeOf(whole));
    let offset = 0;
    for (const part of parts) {
      values.set(part.values, offset);
      offset += part.values.length;
    }
    return { values, shape: whole, dtype };
  });
  const places = new Map<object, HostTensor>(first.tensors.map((each, i) => [each, tensors[i]!]));
  return {
    value: mapMatching(first.value, hostIn(new Set(first.tensors)), (each) => places.get(each)),
    tensors,
  };
}
