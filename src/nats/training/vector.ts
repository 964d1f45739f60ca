import { zeros } from '../../tensor/ops/creation';
import { getOwn } from '../../tensor/own-property';
import { tensor } from '../../tensor/api';
import type { Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import type { Contribution } from '../../streams/training/accumulation';
import type { Segment } from './layout';

/** What is averaged besides gradients: their names and shapes. The loss comes first. */
export interface Extras {
  readonly names: readonly string[];
  readonly segments: readonly Segment[];
}

/** The loss and the metrics of a contribution, in an order that all members have. */
export function extrasOf({ loss, metrics }: Contribution): Extras {
  const names = Object.keys(metrics).sort();
  const segments = [loss, ...names.map((name) => metrics[name]!)].map(({ shape, size }, i) => ({
    name: i === 0 ? 'loss' : names[i - 1]!,
    shape,
    size,
  }));
  return { names, segments };
}

/** The tensors of a contribution in the order of the layout. A variable that the loss does not reach has zeros. */
export function tensorsOf(
  { loss, grads, metrics }: Contribution,
  trained: readonly Variable[],
  statistics: readonly Variable[],
  { names }: Extras,
): Tensor[] {
  return [
    ...trained.map(({ name, shape }) => getOwn(grads, name) ?? zeros(shape)),
    ...statistics,
    loss,
    ...names.map((name) => metrics[name]!),
  ];
}

/** Reads tensors into one vector. The reads are of the moment of the call. */
export async function vectorOf(tensors: readonly Tensor[]): Promise<Float32Array> {
  const reads = tensors.map((each) => each.data());
  const vector = new Float32Array(tensors.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  for (const values of await Promise.all(reads)) {
    vector.set(values, offset);
    offset += values.length;
  }
  return vector;
}

/** The tensors of a vector, which the innermost scope owns. */
export function tensorsFrom(vector: Float32Array, segments: readonly Segment[]): Tensor[] {
  let offset = 0;
  return segments.map(({ shape, size }) =>
    tensor(vector.slice(offset, (offset += size)), [...shape] as number[], 'float32'),
  );
}
