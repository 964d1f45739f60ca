/** Joins the inputs of several requests along the first axis, and parts the results. All of it happens in main memory, so that a device is given one input. */
import type { DataType, TypedArray } from '../../tensor';
import { mapMatching } from '../../tensor/container';
import { formatShape, sizeOf } from '../../tensor/shape';
import type { HostTensor } from '../../streams/data/host-array';
import type { Decoded } from '../codec';

const hostIn =
  (hosts: ReadonlySet<object>) =>
  (each: object): each is HostTensor =>
    hosts.has(each);

/** How many rows an input has; null if it cannot be joined with others. */
export function rowsOf({ tensors }: Decoded): number | null {
  const rows = tensors[0]?.shape[0];
  return rows !== undefined && tensors.every(({ shape }) => shape[0] === rows) ? rows : null;
}

/** A text that is equal for inputs that can be joined: they differ in their tensors' numbers and first extents alone. */
export function formOf({ value, tensors }: Decoded): string {
  const described = mapMatching(value, hostIn(new Set(tensors)), ({ dtype, shape }) => [
    'tensor',
    dtype,
    shape.slice(1),
  ]);
  return JSON.stringify(described, (_, each: unknown) => {
    if (ArrayBuffer.isView(each)) return ['array', ...(each as TypedArray)];
    return typeof each === 'number' && !Number.isFinite(each) ? ['number', String(each)] : each;
  });
}

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

/**
 * Parts a result into so many rows each.
 *
 * @throws when a tensor of the result has another number of rows than the input had
 */
export function parted(result: Decoded, rows: readonly number[]): Decoded[] {
  if (rows.length === 1) return [result];
  const total = rows.reduce((sum, each) => sum + each, 0);
  for (const { shape } of result.tensors)
    if (shape[0] !== total)
      throw new Error(
        `the model gave a tensor of shape ${formatShape(shape)} for ${total} rows of ${rows.length} requests; wanted ${total} rows, or the option 'maxBatch: 1'`,
      );
  let from = 0;
  return rows.map((count) => {
    const tensors = result.tensors.map(({ values, shape, dtype }): HostTensor => {
      const row = values.length / Math.max(total, 1);
      return {
        values: values.subarray(from * row, (from + count) * row),
        shape: [count, ...shape.slice(1)],
        dtype,
      };
    });
    const places = new Map<object, HostTensor>(result.tensors.map((each, i) => [each, tensors[i]!]));
    from += count;
    return {
      value: mapMatching(result.value, hostIn(new Set(result.tensors)), (each) => places.get(each)),
      tensors,
    };
  });
}
