import { partedRows } from '../../tensor/rows/parted-rows';
import type { HostTensor } from '../../streams/data/host-array';
import type { Decoded } from '../codec';

/**
 * Parts the result of a batch into those of its requests, of so many rows each.
 *
 * @throws when a part of the result is not made of rows
 */
export function parted(result: Decoded, rows: readonly number[]): Decoded[] {
  if (rows.length === 1) return [result];
  const hosts = new Set<object>(result.tensors);
  const tensors: HostTensor[][] = rows.map(() => []);
  const values = partedRows(result.value, rows, {
    isTensor: (value): value is HostTensor => hosts.has(value),
    cut: ({ values: all, shape, dtype }, request, from, count) => {
      const row = all.length / Math.max(shape[0]!, 1);
      const part = {
        values: all.subarray(from * row, (from + count) * row),
        shape: [count, ...shape.slice(1)],
        dtype,
      };
      tensors[request]!.push(part);
      return part;
    },
  });
  return values.map((value, i) => ({ value, tensors: tensors[i]! }));
}
