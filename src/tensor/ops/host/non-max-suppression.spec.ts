import { begunAnew } from '../../../../test/support/begun-anew';
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../../test/support/close';
import { numbers } from '../../../../test/support/reference';

type Box = [number, number, number, number];

function overlap(a: Box, b: Box): number {
  const area = ([y1, x1, y2, x2]: Box): number => Math.abs(y2 - y1) * Math.abs(x2 - x1);
  const shared = (axis: 0 | 1): number => {
    const [low, high] = [a, b]
      .map((box) => [Math.min(box[axis], box[axis + 2]!), Math.max(box[axis], box[axis + 2]!)])
      .reduce(([l, h], [each, other]) => [Math.max(l!, each!), Math.min(h!, other!)]);
    return Math.max(0, high! - low!);
  };
  const both = shared(0) * shared(1);
  return area(a) > 0 && area(b) > 0 ? both / (area(a) + area(b) - both) : 0;
}

/** By the definition: again and again the best that is left, and what it covers struck out. */
function greedy(
  boxes: readonly Box[],
  scores: readonly number[],
  most: number,
  iou: number,
  least: number,
): number[] {
  const chosen: number[] = [];
  let left = scores.map((_, i) => i).filter((i) => scores[i]! > least);
  while (left.length > 0 && chosen.length < most) {
    const best = left.reduce((a, b) => (scores[b]! > scores[a]! ? b : a));
    chosen.push(best);
    left = left.filter((i) => i !== best && overlap(boxes[i]!, boxes[best]!) <= iou);
  }
  return chosen;
}

/** Soft-NMS by the definition: after each choice all scores left are lowered. */
function soft(
  boxes: readonly Box[],
  scores: readonly number[],
  most: number,
  sigma: number,
  least: number,
): [number[], number[]] {
  const score = [...scores];
  const chosen: number[] = [];
  while (chosen.length < most) {
    const left = score.map((_, i) => i).filter((i) => !chosen.includes(i) && score[i]! > least);
    if (left.length === 0) break;
    const best = left.reduce((a, b) => (score[b]! > score[a]! ? b : a));
    chosen.push(best);
    for (const i of left)
      if (i !== best) score[i]! *= Math.exp((-0.5 / sigma) * overlap(boxes[i]!, boxes[best]!) ** 2);
  }
  return [chosen, chosen.map((i) => score[i]!)];
}

const next = begunAnew(() => numbers(20));
const boxes = Array.from({ length: 40 }, (_, i): Box => {
  const [y, x, height, width] = [next() * 3, next() * 3, 0.5 + next(), 0.5 + next()];
  const box: Box = [y, x, y + height, x + width];
  // Corners in any order.
  return (i % 3 === 0 ? [box[2], box[1], box[0], box[3]] : box).map(
    (each) => Math.round(each * 64) / 64,
  ) as Box;
});
const scores = Array.from({ length: 40 }, () => Math.round(next() * 50) / 64);

describe('nonMaxSuppression', () => {
  for (const [most, iou, least] of [
    [40, 0.5, -Infinity],
    [5, 0.25, 0.2],
    [40, 1, 0.5],
    [40, 0.05, -Infinity],
    [40, 0, -Infinity],
    [0, 0.5, 0],
  ] as const) {
    it(`chooses at most ${most} of overlap up to ${iou} and score above ${least}`, async () => {
      const wanted = greedy(boxes, scores, most, iou, least);
      const now = dl.image.nonMaxSuppression(boxes, scores, most, iou, least);
      expect(now.dtype).toBe('int32');
      expectExact(now, wanted);
      const later = await dl.image.nonMaxSuppressionAsync(boxes, scores, most, iou, least);
      expectExact(later, wanted);
      dl.dispose([now, later]);

      const padded = dl.image.nonMaxSuppressionPadded(boxes, scores, most, iou, least, true);
      expectExact(padded.selectedIndices, [...wanted, ...new Array<number>(most - wanted.length).fill(0)]);
      expectExact(padded.validOutputs, { shape: [], values: [wanted.length] });
      const short = await dl.image.nonMaxSuppressionPaddedAsync(boxes, scores, most, iou, least);
      expectExact(short.selectedIndices, wanted);
      dl.dispose([padded, short]);
    });
  }

  it('with a sigma lowers scores instead', async () => {
    const [chosen, lowered] = soft(boxes, scores, 15, 0.5, 0.1);
    const now = dl.image.nonMaxSuppressionWithScore(boxes, scores, 15, 1, 0.1, 0.5);
    expectExact(now.selectedIndices, chosen);
    expectClose(now.selectedScores, lowered, 1e-5);
    const later = await dl.image.nonMaxSuppressionWithScoreAsync(boxes, scores, 15, 1, 0.1, 0.5);
    expectExact(later.selectedIndices, chosen);
    const hard = dl.image.nonMaxSuppressionWithScore(boxes, scores, 15);
    const wanted = greedy(boxes, scores, 15, 0.5, -Infinity);
    expectExact(hard.selectedIndices, wanted);
    expectExact(
      hard.selectedScores,
      wanted.map((i) => scores[i]!),
    );
    dl.dispose([now, later, hard]);
  });

  it('keeps boxes whose overlap is the threshold itself', async () => {
    const { image } = dl;
    const apart = [
      [0, 0, 1, 1],
      [2, 2, 3, 3],
      [0, 1, 1, 2],
    ];
    const halves = [
      [0, 0, 1, 2],
      [0, 0, 1, 1],
      [0, 0, 1, 2],
    ];
    const best = [0.9, 0.8, 0.7];
    const chosenOf = async (corners: number[][], iou: number): Promise<number[][]> => {
      const all = [
        image.nonMaxSuppression(corners, best, 3, iou),
        await image.nonMaxSuppressionAsync(corners, best, 3, iou),
        image.nonMaxSuppressionPadded(corners, best, 3, iou),
        await image.nonMaxSuppressionPaddedAsync(corners, best, 3, iou),
        image.nonMaxSuppressionWithScore(corners, best, 3, iou),
        await image.nonMaxSuppressionWithScoreAsync(corners, best, 3, iou),
      ];
      const chosen = all.map((each) => [
        ...('selectedIndices' in each ? each.selectedIndices : each).dataSync(),
      ]);
      dl.dispose(all);
      return chosen;
    };
    for (const chosen of await chosenOf(apart, 0)) expect(chosen).toEqual([0, 1, 2]);
    for (const chosen of await chosenOf(halves, 0.5)) expect(chosen).toEqual([0, 1]);
    for (const chosen of await chosenOf(halves, 0.25)) expect(chosen).toEqual([0]);
    for (const chosen of await chosenOf(halves, 1)) expect(chosen).toEqual([0, 1, 2]);
    // A score must be greater than its threshold.
    dl.tidy(() => expectExact(image.nonMaxSuppression(apart, [0.5, 0.25, 0.75], 3, 0, 0.5), [2]));
  });

  it('of no boxes chooses none', () => {
    dl.tidy(() => expect(dl.image.nonMaxSuppression(dl.zeros([0, 4]), [], 3).shape).toEqual([0]));
  });

  it('refuses what does not fit', async () => {
    const { nonMaxSuppression, nonMaxSuppressionWithScore } = dl.image;
    expect(() => nonMaxSuppression([[1, 2, 3]], [1], 1)).toThrowError(
      "nonMaxSuppression: argument 'boxes' has shape [1,3]; wanted [n,4]",
    );
    expect(() => nonMaxSuppression([[0, 0, 1, 1]], [1, 2], 1)).toThrowError(
      /argument 'scores' has 2 elements; wanted 1/,
    );
    expect(() => nonMaxSuppression([[0, 0, 1, 1]], [1], -1)).toThrowError(/argument 'maxOutputSize' is -1/);
    expect(() => nonMaxSuppression([[0, 0, 1, 1]], [1], 1, 2)).toThrowError(/argument 'iouThreshold' is 2/);
    expect(() => nonMaxSuppression([[0, 0, 1, 1]], [1], 1, 0.5, NaN)).toThrowError(
      /argument 'scoreThreshold' is NaN/,
    );
    expect(() => nonMaxSuppressionWithScore([[0, 0, 1, 1]], [1], 1, 1, 0, 2)).toThrowError(
      /argument 'softNmsSigma' is 2/,
    );
    await expectAsync(dl.image.nonMaxSuppressionAsync([1], [1], 1)).toBeRejectedWithError(
      /argument 'boxes' has rank 1/,
    );
  });
});
