/** Values whose tensors may be joined along their first axis, as those of requests that wait for a model. */
import type { DataType, Shape } from '../../kernels';
import { isPlainObject } from '../container';
import { numberTypesOf } from '../number-types';

/** A tensor, as far as it is looked at here: of a device, or in main memory. */
interface Described {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** A value, and the tensors in it, each once. */
export interface WithTensors {
  readonly value: unknown;
  readonly tensors: readonly Described[];
}

/** How many rows a value has; null if it cannot be joined with others. */
export function rowsOf({ tensors }: WithTensors): number | null {
  const rows = tensors[0]?.shape[0];
  return rows !== undefined && tensors.every(({ shape }) => shape[0] === rows) ? rows : null;
}

/** A value, and the places of its tensors in it. */
export interface Form<T extends WithTensors = WithTensors> {
  readonly input: T;
  readonly places: ReadonlyMap<object, number>;
}

export const formOf = <T extends WithTensors>(input: T): Form<T> => ({
  input,
  places: new Map(input.tensors.map((each, i) => [each, i])),
});

/**
 * Whether values can be joined: they differ in their tensors' numbers and first extents alone. The values are compared, not texts of them: then nothing that is
 * in one can stand for something else.
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
    if (kindOf(a) !== kindOf(b)) return false;
    if (ArrayBuffer.isView(a))
      return !(a instanceof DataView) && areEqual(a as never, b as ArrayLike<unknown>);
    if (Array.isArray(a)) {
      const [left, right] = [a as readonly unknown[], b as readonly unknown[]];
      return left.length === right.length && left.every((each, i) => matches(each, right[i]));
    }
    return (
      isPlainObject(a) &&
      isPlainObject(b) &&
      areEqual([...(numberTypesOf(a) ?? [])].flat(), [...(numberTypesOf(b) ?? [])].flat()) &&
      areEqual(Object.keys(a), Object.keys(b)) &&
      Object.entries(a).every(([key, each]) => matches(each, b[key]))
    );
  }
}

/** `[object Float32Array]`: also of another window. */
const kindOf = (value: object): string => Object.prototype.toString.call(value);

function areEqual(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
