import { op } from '../../tensor/op';
import { gather, tensor1d, transpose, unsortedSegmentSum, zeros } from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { asFloats } from '../complex-values';
import { greatestCommonDivisor } from '../greatest-common-divisor';
import { withLength } from '../with-length';
import { checked, frameRules, type FrameOptions } from './options';

/** The samples of a block: all frames are made of them. */
const blockOf = greatestCommonDivisor;

/** The blocks of each frame, one after the other. */
function blockIndices(frames: number, frame: number, hop: number): Int32Array {
  const block = blockOf(frame, hop);
  const parts = frame / block;
  return Int32Array.from(
    { length: frames * parts },
    (_, i) => Math.floor(i / parts) * (hop / block) + (i % parts),
  );
}

/** Frames of what is known to fit. */
export function framesOf(x: Tensor, { frame, hop, padEnd = false, padValue = 0 }: FrameOptions): Tensor {
  const outer = x.shape.slice(0, -1);
  const samples = x.shape.at(-1)!;
  const count = padEnd ? Math.ceil(samples / hop) : Math.max(0, 1 + Math.floor((samples - frame) / hop));
  if (count === 0) return zeros([...outer, 0, frame]);
  if (count === 1 && samples === frame) return x.reshape([...outer, 1, frame]);
  const block = blockOf(frame, hop);
  const needed = (count - 1) * hop + frame;
  const blocks = withLength(x, outer.length, needed, padValue).reshape([...outer, needed / block, block]);
  const indices = tensor1d(blockIndices(count, frame, hop), 'int32');
  return gather(blocks, indices, outer.length).reshape([...outer, count, frame]);
}

/** Adds frames up where they overlap: the adjoint of {@link framesOf}. */
export function overlapAdded(frames: Tensor, hop: number): Tensor {
  const outer = frames.shape.slice(0, -2);
  const [count, frame] = frames.shape.slice(-2) as [number, number];
  const block = blockOf(frame, hop);
  const length = (count - 1) * hop + frame;
  const rows = outer.reduce((a, b) => a * b, 1);
  const parts = (count * frame) / block;
  // The axis that is added up comes first.
  const first = transpose(frames.reshape([rows, parts, block]), [1, 0, 2]);
  const indices = tensor1d(blockIndices(count, frame, hop), 'int32');
  const sums = unsortedSegmentSum(first, indices, length / block);
  return transpose(sums, [1, 0, 2]).reshape([...outer, length]);
}

/**
 * Cuts signals into frames that may overlap.
 *
 * @param x signals […, samples]
 * @returns […, frames, frame]
 * @throws when `frame` or `hop` is missing, or an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => signal.frame([1, 2, 3, 4, 5], { frame: 3, hop: 2 }).print()); // [[1, 2, 3], [3, 4, 5]]
 * ```
 */
export const frame = op('frame', (x: TensorInput, options: FrameOptions): Tensor => {
  const given = checked('frame', options, frameRules, ['frame', 'hop']);
  return framesOf(asSignal('frame', x), given);
});

/** @throws unless x has an axis of samples */
export function asSignal(name: string, x: TensorInput): Tensor {
  const value = asFloats(name, 'x', x);
  if (value.rank > 0) return value;
  throw new Error(`${name}: argument 'x' is a scalar; wanted signals, with an axis of samples`);
}
