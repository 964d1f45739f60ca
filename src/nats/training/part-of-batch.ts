import { isTensor, mapContainer, tensorsIn } from '../../tensor/container';
import { slice } from '../../tensor/ops/slice';
import { formatShape } from '../../tensor/shape';

/** The rows that one member computes: from `from` up to `to`. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows of a member: contiguous parts, as even as possible, in the order of the members. When there are fewer rows than members, some get
 * none.
 */
export function rowsOf(rows: number, members: number, rank: number): Rows {
  return { from: Math.floor((rows * rank) / members), to: Math.floor((rows * (rank + 1)) / members) };
}

/** How many rows a batch has. @throws unless it has tensors, and all have as many rows */
export function rowsIn(name: string, batch: unknown): number {
  const shapes = tensorsIn(batch).map(({ shape }) => shape);
  const [first] = shapes;
  if (first && first.length > 0 && first[0]! > 0 && shapes.every((shape) => shape[0] === first[0]))
    return first[0]!;
  throw new Error(
    `${name}: the batch has ${shapes.length === 0 ? 'no tensor' : `tensors of shape ${shapes.map(formatShape).join(' and ')}`}; wanted ` +
      "tensors with as many rows, of which each member takes a part (or the option batches: 'own' of dataParallel)",
  );
}

/** A part of a batch: those rows of every tensor in it. The innermost scope owns them. */
export function partOf<T>(batch: T, { from, to }: Rows): T {
  return mapContainer(batch, (tensor) => {
    if (!isTensor(tensor) || (from === 0 && to === tensor.shape[0])) return tensor.clone();
    return slice(
      tensor,
      [from, ...tensor.shape.slice(1).map(() => 0)],
      [to - from, ...tensor.shape.slice(1)],
    );
  });
}
