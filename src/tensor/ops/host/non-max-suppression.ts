import { takingNull } from '../../op';
import { assertFraction, assertInteger, wrongArgument } from '../../argument';
import { formatShape } from '../../shape';
import type { Tensor, Tensor1D } from '../../tensor';
import { asRank, type TensorInput } from '../../tensor-like';
import type { PaddedSelection, ScoredSelection } from '../method-types';
import { hostOp, type HostArray, type HostOp } from './host-op';
import { suppress, type SuppressionLimits } from './suppression';

export type { PaddedSelection, ScoredSelection };

type Chosen = ReturnType<typeof suppress>;
type Arguments = [boxes: TensorInput, scores: TensorInput, limits: SuppressionLimits, padded?: boolean];

function assertLimits(
  name: string,
  { maxOutputSize, iouThreshold, softNmsSigma, scoreThreshold }: SuppressionLimits,
): void {
  assertInteger(name, 'maxOutputSize', maxOutputSize, 0);
  assertFraction(name, 'iouThreshold', iouThreshold);
  assertFraction(name, 'softNmsSigma', softNmsSigma);
  if (typeof scoreThreshold !== 'number' || Number.isNaN(scoreThreshold)) {
    throw wrongArgument(name, 'scoreThreshold', scoreThreshold, 'a number');
  }
}

const indicesOf = (chosen: Chosen): HostArray => ({
  values: Int32Array.from(chosen, ({ box }) => box),
  shape: [chosen.length],
  dtype: 'int32',
});
const scoresOf = (chosen: Chosen): HostArray => ({
  values: Float32Array.from(chosen, ({ score }) => score),
  shape: [chosen.length],
  dtype: 'float32',
});

/** The three forms differ in what they make of the chosen boxes. */
function suppression(
  name: string,
  results: (chosen: Chosen, limits: SuppressionLimits, padded: boolean) => readonly HostArray[],
): HostOp<Arguments> {
  return hostOp(
    name,
    (form, boxes: TensorInput, scores: TensorInput, limits: SuppressionLimits, padded = false) => {
      const corners = asRank(form, 'boxes', boxes, 2, 'float32');
      const values = asRank(form, 'scores', scores, 1, 'float32');
      if (corners.shape[1] !== 4) {
        throw new Error(`${form}: argument 'boxes' has shape ${formatShape(corners.shape)}; wanted [n,4]`);
      }
      if (values.size !== corners.shape[0]) {
        throw new Error(
          `${form}: argument 'scores' has ${values.size} elements; wanted ${corners.shape[0]}, one for each of the 'boxes'`,
        );
      }
      assertLimits(form, limits);
      return {
        inputs: [corners, values],
        compute: (box: HostArray, score: HostArray) =>
          results(suppress(box.values, score.values, limits), limits, padded),
      };
    },
  );
}

const plain = suppression('nonMaxSuppression', (chosen) => [indicesOf(chosen)]);
const withScore = suppression('nonMaxSuppressionWithScore', (chosen) => [
  indicesOf(chosen),
  scoresOf(chosen),
]);
const padded = suppression('nonMaxSuppressionPadded', (chosen, { maxOutputSize }, fill) => {
  const indices = indicesOf(chosen);
  const valid: HostArray = { values: Int32Array.of(chosen.length), shape: [], dtype: 'int32' };
  if (!fill) return [indices, valid];
  const values = new Int32Array(maxOutputSize);
  values.set(indices.values);
  return [{ values, shape: [maxOutputSize], dtype: 'int32' }, valid];
});

const limitsOf = takingNull(function limitsOf(
  maxOutputSize: number,
  iouThreshold = 0.5,
  scoreThreshold = Number.NEGATIVE_INFINITY,
  softNmsSigma = 0,
): SuppressionLimits {
  return { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma };
});

/**
 * Which boxes remain when, from the best score down, those are dropped that overlap a better one too much. A host op: it reads its
 * inputs, and blocks.
 *
 * @param boxes [n, 4]: y₁, x₁, y₂, x₂ of each, any two opposite corners
 * @param scores one for each box
 * @param maxOutputSize how many to choose at most
 * @param iouThreshold the overlap, intersection over union, beyond which a box is dropped: at 0 all that overlap at all, at 1 none
 * @param scoreThreshold boxes must have a greater score
 * @returns the numbers of the chosen boxes, best first; int32
 * @throws when a shape does not fit, or a number is out of its range
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const boxes = dl.tensor2d([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 5, 1, 6]]);
 * dl.image.nonMaxSuppression(boxes, [0.8, 0.9, 0.5], 3).print(); // 1, 2
 * ```
 */
export function nonMaxSuppression(
  boxes: TensorInput,
  scores: TensorInput,
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
): Tensor1D {
  return plain.now(boxes, scores, limitsOf(maxOutputSize, iouThreshold, scoreThreshold))[0] as Tensor1D;
}

/** As {@link nonMaxSuppression}, without blocking. */
export async function nonMaxSuppressionAsync(
  boxes: TensorInput,
  scores: TensorInput,
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
): Promise<Tensor1D> {
  const [indices] = await plain.later(boxes, scores, limitsOf(maxOutputSize, iouThreshold, scoreThreshold));
  return indices as Tensor1D;
}

const scored = ([selectedIndices, selectedScores]: Tensor[]): ScoredSelection =>
  ({ selectedIndices, selectedScores }) as ScoredSelection;

/**
 * As {@link nonMaxSuppression}, with the scores of the chosen boxes.
 *
 * @param softNmsSigma greater than 0: instead of being dropped, boxes lose score by overlap: Soft-NMS, for which give an
 *   `iouThreshold` of 1, beyond which there is nothing
 */
export function nonMaxSuppressionWithScore(
  boxes: TensorInput,
  scores: TensorInput,
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
  softNmsSigma?: number,
): ScoredSelection {
  return scored(
    withScore.now(boxes, scores, limitsOf(maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma)),
  );
}

/** As {@link nonMaxSuppressionWithScore}, without blocking. */
export async function nonMaxSuppressionWithScoreAsync(
  boxes: TensorInput,
  scores: TensorInput,
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
  softNmsSigma?: number,
): Promise<ScoredSelection> {
  return scored(
    await withScore.later(boxes, scores, limitsOf(maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma)),
  );
}

const counted = ([selectedIndices, validOutputs]: Tensor[]): PaddedSelection =>
  ({ selectedIndices, validOutputs }) as PaddedSelection;

/**
 * As {@link nonMaxSuppression}, with how many were chosen.
 *
 * @param padToMaxOutputSize fills the indices up with zeros, so that their number is always the same
 */
export function nonMaxSuppressionPadded(
  boxes: TensorInput,
  scores: TensorInput,
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
  padToMaxOutputSize = false,
): PaddedSelection {
  const limits = limitsOf(maxOutputSize, iouThreshold, scoreThreshold);
  return counted(padded.now(boxes, scores, limits, padToMaxOutputSize));
}

/** As {@link nonMaxSuppressionPadded}, without blocking. */
export async function nonMaxSuppressionPaddedAsync(
  boxes: TensorInput,
  scores: TensorInput,
  maxOutputSize: number,
  iouThreshold?: number,
  scoreThreshold?: number,
  padToMaxOutputSize = false,
): Promise<PaddedSelection> {
  const limits = limitsOf(maxOutputSize, iouThreshold, scoreThreshold);
  return counted(await padded.later(boxes, scores, limits, padToMaxOutputSize));
}
