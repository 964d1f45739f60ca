import { takingNull } from '../../op';
import { sizeOf, stridesOf } from '../../../kernels';
import { detached } from '../../detached';
import { formatShape, normalizeAxis } from '../../shape';
import { tidy } from '../../scope';
import type { Tensor, Tensor2D } from '../../tensor';
import { asTensor, type TensorInput } from '../../tensor-like';
import { gather } from '../gather';
import { reshape } from '../reshape';
import { hostOp, type HostArray } from './host-op';

/** The flat positions of the true elements, in row-major order. */
function positionsOf({ values }: HostArray): number[] {
  const positions: number[] = [];
  values.forEach((value, i) => {
    if (value !== 0) positions.push(i);
  });
  return positions;
}

/** The host op of {@link whereAsync}, which models also run at once. */
export const indicesOfTrue = hostOp('whereAsync', (name, condition: TensorInput) => {
  const chosen = asTensor(name, 'condition', condition, 'bool');
  if (chosen.dtype !== 'bool')
    throw new Error(`${name}: argument 'condition' is ${chosen.dtype}; wanted bool`);
  return {
    inputs: [chosen],
    compute: (read: HostArray) => {
      const { shape } = read;
      const positions = positionsOf(read);
      const strides = stridesOf(shape);
      const values = Int32Array.from(
        positions.flatMap((position) =>
          strides.map((stride, axis) => Math.floor(position / stride) % shape[axis]!),
        ),
      );
      return [{ values, shape: [positions.length, shape.length], dtype: 'int32' }];
    },
  };
});

/**
 * Finds the indices of the true elements of a condition. A host op: it reads the condition from the device, without blocking.
 *
 * @returns int32, [number of true elements, rank of the condition]: the index of each, in row-major order
 * @throws (rejects the promise) unless the condition is bool
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const places = await dl.whereAsync([[true, false], [false, true]]);
 * places.print(); // [0, 0], [1, 1]
 * ```
 */
export async function whereAsync(condition: TensorInput): Promise<Tensor2D> {
  const [indices] = await indicesOfTrue.later(condition);
  return indices as Tensor2D;
}

const positionsOfTrue = hostOp('booleanMaskAsync', (name, mask: TensorInput) => ({
  inputs: [asTensor(name, 'mask', mask, 'bool')],
  compute: (read: HostArray) => {
    const positions = Int32Array.from(positionsOf(read));
    return [{ values: positions, shape: [positions.length], dtype: 'int32' as const }];
  },
}));

/**
 * Selects the slices of a tensor where a mask is true. In the result, one axis replaces the axes that the mask covers. A host op: it reads
 * the mask from the device, without blocking. No gradient flows.
 *
 * @param mask bool; its shape equals the extents of the tensor from `axis` on
 * @param axis the first axis that the mask covers; 0 by default
 * @throws (rejects the promise) when the mask does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const rows = await dl.booleanMaskAsync([[1, 2], [3, 4], [5, 6]], [true, false, true]);
 * rows.print(); // [1, 2], [5, 6]
 * ```
 */
export const booleanMaskAsync = takingNull(async function booleanMaskAsync(
  tensor: TensorInput,
  mask: TensorInput,
  axis = 0,
): Promise<Tensor> {
  const name = 'booleanMaskAsync';
  const { value, joined, along, reading } = tidy(name, () => {
    const given = asTensor(name, 'tensor', tensor);
    const chosen = asTensor(name, 'mask', mask, 'bool');
    if (chosen.dtype !== 'bool') throw new Error(`${name}: argument 'mask' is ${chosen.dtype}; wanted bool`);
    if (chosen.rank === 0) throw new Error(`${name}: argument 'mask' is a scalar; wanted at least one axis`);
    const first = normalizeAxis(name, axis, given.rank);
    const shape = given.shape as number[];
    const covered = shape.slice(first, first + chosen.rank);
    if (formatShape(covered) !== formatShape(chosen.shape)) {
      throw new Error(
        `${name}: argument 'mask' has shape ${formatShape(chosen.shape)}; wanted the extents of the argument 'tensor', of shape ` +
          `${formatShape(shape)}, from axis ${first} on`,
      );
    }
    return {
      // The tensor may be disposed while the mask is read.
      value: detached(given),
      joined: [...shape.slice(0, first), sizeOf(covered), ...shape.slice(first + chosen.rank)],
      along: first,
      reading: positionsOfTrue.later(chosen),
    };
  });
  try {
    const [positions] = await reading;
    const result = tidy(name, () => gather(reshape(value, joined), positions!, along));
    positions!.dispose();
    return result;
  } finally {
    value.dispose();
  }
});
