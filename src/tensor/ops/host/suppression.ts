/** Non-maximum suppression on plain arrays. */

export interface SuppressionLimits {
  readonly maxOutputSize: number;
  /** A box is dropped if its intersection over union with a chosen box is greater than this. */
  readonly iouThreshold: number;
  /** Only boxes with a greater score are chosen. */
  readonly scoreThreshold: number;
  /** If greater than 0, overlap with chosen boxes lowers the score of a box. */
  readonly softNmsSigma: number;
}

interface Candidate {
  readonly box: number;
  score: number;
  /** The number of chosen boxes it has been compared with; those after them may still lower its score. */
  compared: number;
}

/** The intersection over union of boxes i and j in a flat list of y₁, x₁, y₂, x₂ (corners in any order). 0 for a box without area. */
export function overlap(boxes: ArrayLike<number>, i: number, j: number): number {
  const side = (box: number, axis: number): [low: number, high: number] => {
    const a = boxes[box * 4 + axis]!;
    const b = boxes[box * 4 + axis + 2]!;
    return [Math.min(a, b), Math.max(a, b)];
  };
  const [topI, bottomI] = side(i, 0);
  const [leftI, rightI] = side(i, 1);
  const [topJ, bottomJ] = side(j, 0);
  const [leftJ, rightJ] = side(j, 1);
  const areaI = (bottomI - topI) * (rightI - leftI);
  const areaJ = (bottomJ - topJ) * (rightJ - leftJ);
  if (!(areaI > 0 && areaJ > 0)) return 0;
  const height = Math.max(0, Math.min(bottomI, bottomJ) - Math.max(topI, topJ));
  const width = Math.max(0, Math.min(rightI, rightJ) - Math.max(leftI, leftJ));
  return (height * width) / (areaI + areaJ - height * width);
}

const isBefore = (a: Candidate, b: Candidate): boolean =>
  a.score > b.score || (a.score === b.score && a.box < b.box);

/** Inserts a candidate into the list, which is sorted with the best one last. */
function insert(candidates: Candidate[], candidate: Candidate): void {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(candidate, candidates[middle]!)) low = middle + 1;
    else high = middle;
  }
  candidates.splice(low, 0, candidate);
}

/**
 * Chooses boxes, best first. With softNmsSigma > 0 it is Soft-NMS (Bodla, Singh, Chellappa & Davis, ICCV 2017): an overlap u multiplies the
 * score by e^(−u²/2σ).
 */
export function suppress(
  boxes: ArrayLike<number>,
  scores: ArrayLike<number>,
  { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma }: SuppressionLimits,
): { readonly box: number; readonly score: number }[] {
  const candidates: Candidate[] = [];
  for (let box = 0; box < scores.length; box++) {
    if (scores[box]! > scoreThreshold) candidates.push({ box, score: scores[box]!, compared: 0 });
  }
  candidates.sort((a, b) => (isBefore(a, b) ? 1 : -1));
  const chosen: Candidate[] = [];
  while (chosen.length < maxOutputSize && candidates.length > 0) {
    const candidate = candidates.pop()!;
    const { score } = candidate;
    let isDropped = false;
    for (let k = chosen.length - 1; k >= candidate.compared; k--) {
      const shared = overlap(boxes, candidate.box, chosen[k]!.box);
      isDropped = shared > iouThreshold;
      if (isDropped) break;
      if (softNmsSigma > 0) candidate.score *= Math.exp((-0.5 / softNmsSigma) * shared * shared);
      if (candidate.score <= scoreThreshold) break;
    }
    candidate.compared = chosen.length;
    if (isDropped) continue;
    if (candidate.score === score) chosen.push(candidate);
    else if (candidate.score > scoreThreshold) insert(candidates, candidate);
  }
  return chosen;
}
