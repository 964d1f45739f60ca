/** Joins the inputs of several requests along the first axis. All of it happens in main memory, so that a device is given one input. */
import type { DataType, TypedArray } from '../../tensor';
import { mapMatching } from '../../tensor/container';
import { sizeOf } from '../../tensor/shape';
import type { HostTensor } from '../../streams/data/host-array';
import type { Decoded } from '../codec';

const hostIn =
  (hosts: ReadonlySet<object>) =>
  (each: object): each is HostTensor =>
    hosts.has(each);

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
