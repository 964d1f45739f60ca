import { isPlainObject, mapMatching } from './structure';
import { Tensor } from './tensor';

export { isPlainObject, mapMatching } from './structure';

/** A tensor, or arrays and plain objects to any depth whose leaves may be tensors. */
export type TensorContainer =
  | Tensor
  | string
  | number
  | boolean
  | null
  | undefined
  | ArrayBufferView
  | readonly TensorContainer[]
  | { readonly [key: string]: TensorContainer };

/** Whether it is a tensor; variables are tensors. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/**
 * Calls `visit` once for each tensor in a container, which may have cycles.
 *
 * @throws the first error of a getter or a proxy in the container, after all tensors that can be reached have been visited
 */
export function forEachTensor(container: unknown, visit: (tensor: Tensor) => void): void {
  if (typeof container !== 'object' || container === null) return;
  if (isTensor(container)) {
    visit(container);
    return;
  }
  const faults: unknown[] = [];
  walk(container, visit, new Set(), faults);
  if (faults.length > 0) throw faults[0];
}

function walk(value: unknown, visit: (tensor: Tensor) => void, seen: Set<object>, faults: unknown[]): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  let tensor: Tensor | null = null;
  let keys: readonly string[] | null = null;
  let length = 0;
  try {
    if (isTensor(value)) tensor = value;
    else if (Array.isArray(value)) length = value.length;
    else if (isPlainObject(value)) keys = Object.keys(value);
  } catch (fault) {
    faults.push(fault);
  }
  if (tensor) visit(tensor);
  if (keys) length = keys.length;
  for (let i = 0; i < length; i++) {
    let part: unknown;
    try {
      part = (value as Record<string | number, unknown>)[keys ? keys[i]! : i];
    } catch (fault) {
      faults.push(fault);
    }
    if (typeof part === 'object') walk(part, visit, seen, faults);
  }
}

/** The tensors in a container, each once. */
export function tensorsIn(container: unknown): Tensor[] {
  const tensors: Tensor[] = [];
  forEachTensor(container, (tensor) => tensors.push(tensor));
  return tensors;
}

/** Copies the arrays and plain objects of a container, and replaces every tensor. Other leaves are not copied. */
export function mapContainer<T>(container: T, replace: (tensor: Tensor) => unknown): T {
  return mapMatching(container, isTensor, replace);
}

/** Whether it is a promise, or another object with a method `then`. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
