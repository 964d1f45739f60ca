import type { OperatorFunction } from 'rxjs';
import type { OptionRules } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import { checked } from '../signal/options';
import { framed } from './framed';

/** Options of {@link overlapping}. */
export interface OverlappingOptions {
  /** The samples of a frame. */
  readonly frame: number;
  /** The samples from the beginning of a frame to that of the next; `frame` by default, so that frames do not overlap. */
  readonly hop?: number;
  /**
   * Samples a second. With it every frame has the time of its own first sample; without it, that of the chunk that completed it. null by default.
   */
  readonly sampleRate?: number | null;
}

const count = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;
const rules: OptionRules<OverlappingOptions> = {
  frame: [count, 'a positive integer'],
  hop: [count, 'a positive integer'],
  sampleRate: [
    (value) => value === null || (Number.isFinite(value) && (value as number) > 0),
    'a positive number, or null',
  ],
};

/**
 * Cuts a stream of chunks, of any length, into frames of one length that may overlap. No sample is lost between chunks; what does not fill a frame waits for the
 * next chunk, and is left out at the end.
 *
 * ```text
 *  chunks                               --abc---de----fg---|
 *  overlapping({ frame: 4, hop: 2 })    -------abcd---cdef-|
 * ```
 *
 * @param options the length of frames, and how they follow each other
 * @returns frames […, frame], of chunks […, samples]
 * @throws when an option is missing, unknown or does not fit; as error notifications, when a chunk does not fit those before it, and for a chunk on the tape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { overlapping } from 'rxtensor/sound';
 * dl.examples([[1, 2, 3], [4, 5, 6]])
 *   .pipe(
 *     dl.mapTensor((chunk) => dl.tensor1d(chunk as number[])),
 *     overlapping({ frame: 4, hop: 2 }),
 *     dl.mapTensor((frame) => frame.sum()),
 *     dl.download(),
 *   )
 *   .subscribe((sum) => console.log(sum)); // 10, 18
 * ```
 */
export function overlapping(options: OverlappingOptions): OperatorFunction<Tensor, Tensor> {
  const name = 'overlapping';
  const { frame, hop = frame, sampleRate = null } = checked(name, options, rules, ['frame']);
  return framed(name, { frame, hop, sampleRate }, (x) => x);
}
