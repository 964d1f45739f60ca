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

/** Makes one of the three forms. They differ in what they return for the chosen boxes. */
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
 * Non-maximum suppression: goes through the boxes from the best score down, and drops each box that overlaps a chosen one too much. A host
 * op: it reads its inputs from the device, and blocks until they are there.
 *
 * @param boxes [n, 4]: y₁, x₁, y₂, x₂ of two opposite corners of each box
 * @param scores [n], one for each box
 * @param maxOutputSize the greatest number of boxes to choose
 * @param iouThreshold a box is dropped if its intersection over union with a chosen box is greater than this, in [0, 1]; 0.5 by default
 * @param scoreThreshold only boxes with a greater score are chosen; −∞ by default
 * @returns the indices of the chosen boxes, best first, as int32
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

/**
 * {@link nonMaxSuppression} without blocking.
 *
 * @throws where it does, by rejecting the promise
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const boxes = dl.tensor2d([[0, 0, 1, 1], [0, 0, 1, 1.1], [2, 2, 3, 3]]);
 * const chosen = await dl.image.nonMaxSuppressionAsync(boxes, [0.9, 0.8, 0.7], 2);
 * chosen.print(); // 0, 2
 * dl.dispose([boxes, chosen]);
 * ```
 */
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
 * {@link nonMaxSuppression} that also returns the scores of the chosen boxes.
 *
 * @param softNmsSigma if greater than 0, overlap lowers the score of a box (Soft-NMS: Bodla et al., ICCV 2017). Give an `iouThreshold` of 1
 *   with it, so that no box is dropped for its overlap. 0 by default
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => {
 *   const boxes = dl.tensor2d([[0, 0, 1, 1], [0, 0, 1, 1.1], [2, 2, 3, 3]]);
 *   dl.image.nonMaxSuppressionWithScore(boxes, [0.9, 0.8, 0.7], 2).selectedScores.print(); // 0.9, 0.7
 * });
 * ```
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

/**
 * {@link nonMaxSuppressionWithScore} without blocking.
 *
 * @throws where it does, by rejecting the promise
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const boxes = dl.tensor2d([[0, 0, 1, 1], [0, 0, 1, 1.1], [2, 2, 3, 3]]);
 * const chosen = await dl.image.nonMaxSuppressionWithScoreAsync(boxes, [0.9, 0.8, 0.7], 2);
 * chosen.selectedIndices.print(); // 0, 2
 * dl.dispose([boxes, chosen]);
 * ```
 */
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
 * {@link nonMaxSuppression} that also returns the number of chosen boxes.
 *
 * @param padToMaxOutputSize pads the indices with zeros to `maxOutputSize` elements, so that their shape does not depend on values
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => {
 *   const boxes = dl.tensor2d([[0, 0, 1, 1], [0, 0, 1, 1.1], [2, 2, 3, 3]]);
 *   dl.image.nonMaxSuppressionPadded(boxes, [0.9, 0.8, 0.7], 3, 0.5, -Infinity, true).selectedIndices.print(); // 0, 2, 0
 * });
 * ```
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

/**
 * {@link nonMaxSuppressionPadded} without blocking.
 *
 * @throws where it does, by rejecting the promise
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const boxes = dl.tensor2d([[0, 0, 1, 1], [0, 0, 1, 1.1], [2, 2, 3, 3]]);
 * const chosen = await dl.image.nonMaxSuppressionPaddedAsync(boxes, [0.9, 0.8, 0.7], 3, 0.5, -Infinity, true);
 * chosen.validOutputs.print(); // 2
 * dl.dispose([boxes, chosen]);
 * ```
 */
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
