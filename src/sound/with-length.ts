import { pad, slice } from '../tensor/ops';
import type { Tensor } from '../tensor/tensor';

/** Cuts an axis of x (not negative) to `length`, or fills it up with `value`. */
export function withLength(x: Tensor, axis: number, length: number, value = 0): Tensor {
  const { shape } = x;
  const extent = shape[axis]!;
  if (length === extent) return x;
  if (length < extent)
    return slice(
      x,
      shape.map(() => 0),
      shape.map((size, i) => (i === axis ? length : size)),
    );
  const padding = shape.map((_, i): [number, number] => [0, i === axis ? length - extent : 0]);
  return pad(x, padding, value);
}
