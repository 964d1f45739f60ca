import { assertList, wrongArgument } from '../tensor/argument';
import { assertOptionValues } from '../tensor/options';
import { overlap, suppress } from '../tensor/ops/host/suppression';
import { isOneOf } from '../tensor/options';
import { isIntegerFrom } from '../tensor/argument';
import type { Detection } from './decode-boxes';
import { cornersOf, type Box, type Keypoint } from './geometry';

/** Which detections {@link nonMaxSuppression} keeps. */
export interface SuppressionOptions {
  /** A detection belongs to a better one if the intersection over union of their boxes is greater than this; 0.3 when left out. */
  readonly iouThreshold?: number;
  /** The most detections; all when left out. */
  readonly maxDetections?: number;
  /**
   * Whether a detection is the mean of all that belong to it, weighted by their scores, instead of the best of them: it trembles less from frame to frame
   * (Bazarevsky et al., BlazeFace, 2019, section 3.4). false when left out.
   */
  readonly weighted?: boolean;
}

/**
 * Keeps one detection of each thing: goes from the best score down, and drops what overlaps a better one of its label too much, or blends it into that. It is
 * `image.nonMaxSuppression` for plain objects.
 *
 * @returns the detections, the best score first
 * @throws when an argument is wrong
 * @example
 * ```ts
 * import { nonMaxSuppression } from 'rxtensor/vision';
 * const found = [0.9, 0.3].map((score, i) => ({
 *   box: { x: 4 * i, y: 0, width: 12, height: 12 },
 *   score,
 *   label: 0,
 *   keypoints: [],
 * }));
 * console.log(nonMaxSuppression(found, { weighted: true })); // one box, at x = 1
 * ```
 */
export function nonMaxSuppression(
  detections: readonly Detection[],
  options: SuppressionOptions = {},
): Detection[] {
  const name = 'nonMaxSuppression';
  if (!Array.isArray(detections) || detections.length > 0)
    assertList(name, 'detections', detections, 'a list of detections, as decodeBoxes() gives');
  for (const each of detections) assertDetection(name, each);
  assertOptionValues<SuppressionOptions>(name, options, {
    iouThreshold: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number in [0, 1]'],
    maxDetections: [(value) => value === Infinity || isIntegerFrom(value, 0), 'a non-negative integer'],
    weighted: isOneOf([true, false]),
  });
  const { iouThreshold = 0.3, maxDetections = Infinity, weighted = false } = options;
  const labels = [...new Set(detections.map(({ label }) => label))];
  const kept = labels.flatMap((label) =>
    ofOneLabel(
      detections.filter((each) => each.label === label),
      iouThreshold,
      maxDetections,
      weighted,
    ),
  );
  return kept.sort((a, b) => b.score - a.score).slice(0, maxDetections);
}

function ofOneLabel(
  detections: readonly Detection[],
  iouThreshold: number,
  maxOutputSize: number,
  weighted: boolean,
): Detection[] {
  const corners = detections.flatMap(({ box }) => cornersOf(box));
  const scores = detections.map(({ score }) => score);
  const limits = { maxOutputSize, iouThreshold, scoreThreshold: -Infinity, softNmsSigma: 0 };
  const chosen = suppress(corners, scores, limits).map(({ box }) => box);
  if (!weighted) return chosen.map((i) => detections[i]!);
  const belonging = new Map(chosen.map((i) => [i, [detections[i]!]]));
  detections.forEach((detection, i) => {
    if (belonging.has(i)) return;
    const best = chosen.find((j) => overlap(corners, i, j) > iouThreshold);
    if (best !== undefined) belonging.get(best)!.push(detection);
  });
  return [...belonging.values()].map(blended);
}

/** The first of the detections, in the middle of all, by their scores. */
function blended(detections: readonly Detection[]): Detection {
  const total = detections.reduce((sum, { score }) => sum + score, 0);
  const best = detections[0]!;
  if (!(total > 0)) return best;
  const mean = (of: (detection: Detection) => number): number =>
    detections.reduce((sum, each) => sum + each.score * of(each), 0) / total;
  const box: Box = {
    x: mean(({ box }) => box.x),
    y: mean(({ box }) => box.y),
    width: mean(({ box }) => box.width),
    height: mean(({ box }) => box.height),
  };
  const keypoints = best.keypoints.map((point, k): Keypoint => ({
    ...point,
    x: mean(({ keypoints }) => keypoints[k]!.x),
    y: mean(({ keypoints }) => keypoints[k]!.y),
  }));
  return { ...best, box, keypoints };
}

function assertDetection(name: string, detection: unknown): void {
  const { box, score, label, keypoints } = (detection ?? {}) as Partial<Detection>;
  const { x, y, width, height } = (box ?? {}) as Partial<Box>;
  const isRight = [x, y, width, height, score, label].every((each) => typeof each === 'number');
  if (!isRight || !Array.isArray(keypoints))
    throw wrongArgument(
      name,
      'detections',
      [detection],
      'detections { box: { x, y, width, height }, score, label, keypoints }',
    );
}
