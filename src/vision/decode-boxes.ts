import { isIntegers, wrongArgument } from '../tensor/argument';
import { assertOptionValues, isOneOf } from '../tensor/options';
import { assertGiven, sizeRule } from './arguments';
import type { Box, Keypoint, Size } from './geometry';
import type { Values } from '../streams/data/read-values';
import { activated, bestOf, readRows, type Rows, type ScoreActivation } from './read-values';

/** Something that a detector has found. */
export interface Detection {
  /** Where it is, in pixels. */
  readonly box: Box;
  /** How sure the model is, from 0 to 1. */
  readonly score: number;
  /** The index of its class; 0 where the model knows one class. */
  readonly label: number;
  /** The points that the model gives with a box, in its order. */
  readonly keypoints: readonly Keypoint[];
}

/** How {@link decodeBoxes} reads what a model gives. */
export interface DecodeBoxesOptions {
  /** [height, width] of the model's input, in pixels: the unit of its numbers, and of the result. */
  readonly inputSize: Size;
  /** The column with which a box begins; 0 when left out. */
  readonly boxColumn?: number;
  /** The column with which the scores begin, one for each class; 0 when left out. */
  readonly scoreColumn?: number;
  /** How many classes there are; 1 when left out. */
  readonly labels?: number;
  /** How many keypoints follow a box, two columns each; 0 when left out. */
  readonly keypoints?: number;
  /** Whether x comes before y, as in BlazeFace; false when left out, as in TensorFlow's detectors. */
  readonly isXFirst?: boolean;
  /** Whether sizes are logarithms, as in TensorFlow's detectors; false when left out, as in BlazeFace. */
  readonly isLogSize?: boolean;
  /**
   * What places, and what sizes, are divided by before they are multiplied by the anchor's: [10, 5] in TensorFlow's detectors. When left out, it is the
   * side of the input: the numbers are pixels.
   */
  readonly divisors?: readonly [places: number, sizes: number];
  /**
   * Into how many steps the distances from the anchor's centre to the left, top, right and bottom are classified, so many columns for each: the distance is
   * the mean of the steps by their softmax, in sizes of the anchor (Li et al. 2020, Generalized Focal Loss), as in NanoDet. When left out, a box is a centre and a size.
   */
  readonly bins?: number;
  /** What scores go through; 'sigmoid' when left out. */
  readonly activation?: ScoreActivation;
  /** The least score; 0.5 when left out. */
  readonly minScore?: number;
}

const isColumn = (value: unknown): boolean => isIntegers([value], 0);
const COLUMN = 'a non-negative integer';

/** What both kinds of outputs hold. */
export interface BoxOutputs {
  /** [n, columns], or a batch of one: the boxes relative to their anchors. */
  readonly boxes: Values;
  /** [n, columns], or a batch of one; may be the same tensor. */
  readonly scores: Values;
}

/**
 * Decodes the boxes of a single-shot detector that are relative to anchors (Liu et al., SSD, ECCV 2016), as MediaPipe's `TensorsToDetections` does. Of
 * each anchor the best class counts. The outputs are read without blocking, and only boxes with a good score are decoded.
 *
 * @param outputs what the model gives; the tensors stay the caller's
 * @param anchors as {@link ssdAnchors} gives them
 * @returns the detections in pixels of the model's input, one for each anchor with a good score: see {@link nonMaxSuppression}
 * @throws (rejects) when the outputs do not have a row for each anchor, or an option is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { decodeBoxes } from 'rxtensor/vision';
 * const anchors = Float32Array.of(0.25, 0.25, 1, 1, 0.75, 0.25, 1, 1);
 * const [boxes, scores] = [dl.tensor2d([[0, 0, 8, 8], [4, 0, 8, 16]]), dl.tensor2d([[-3], [2]])];
 * const options = { inputSize: [32, 32], isXFirst: true } as const;
 * const found = await decodeBoxes({ boxes, scores }, anchors, options);
 * console.log(found); // one box: { x: 24, y: 0, width: 8, height: 16 }, score 0.88
 * dl.dispose([boxes, scores]);
 * ```
 */
export async function decodeBoxes(
  outputs: BoxOutputs,
  anchors: Float32Array,
  options: DecodeBoxesOptions,
): Promise<Detection[]> {
  const name = 'decodeBoxes';
  assertBoxOptions(name, options);
  if (!(anchors instanceof Float32Array && anchors.length % 4 === 0))
    throw wrongArgument(name, 'anchors', anchors, 'four numbers an anchor, as ssdAnchors() gives');
  if (typeof outputs !== 'object' || outputs === null)
    throw wrongArgument(name, 'outputs', outputs, '{ boxes, scores }');
  const { boxColumn = 0, scoreColumn = 0, labels = 1, keypoints = 0, bins = 1 } = options;
  const least = boxColumn + 4 * bins + 2 * keypoints;
  const [boxes, scores] = await Promise.all([
    readRows(name, 'boxes', outputs.boxes, (columns) => columns >= least, `${least} or more`),
    readRows(
      name,
      'scores',
      outputs.scores,
      (columns) => columns >= scoreColumn + labels,
      `${scoreColumn + labels} or more`,
    ),
  ]);
  const count = anchors.length / 4;
  if (boxes.rows !== count || scores.rows !== count)
    throw new Error(
      `${name}: there are ${boxes.rows} boxes and ${scores.rows} scores; wanted ${count}, one for each of the 'anchors'`,
    );
  return decoded(boxes, scores, anchors, options);
}

/** @throws when an option is missing or wrong */
export function assertBoxOptions(name: string, options: DecodeBoxesOptions): void {
  assertOptionValues<DecodeBoxesOptions>(name, options, {
    inputSize: sizeRule,
    bins: [(value) => isIntegers([value], 1), 'a positive integer'],
    boxColumn: [isColumn, COLUMN],
    scoreColumn: [isColumn, COLUMN],
    labels: [(value) => isIntegers([value], 1), 'a positive integer'],
    keypoints: [isColumn, COLUMN],
    isXFirst: isOneOf([true, false]),
    isLogSize: isOneOf([true, false]),
    divisors: [
      (value) =>
        Array.isArray(value) &&
        value.length === 2 &&
        value.every((each) => Number.isFinite(each) && each > 0),
      '[places, sizes], positive numbers',
    ],
    activation: isOneOf(['none', 'sigmoid']),
    minScore: [(value) => typeof value === 'number' && !Number.isNaN(value), 'a number'],
  });
  assertGiven(name, options, ['inputSize']);
}

/** {@link decodeBoxes} of what was read. */
export function decoded(
  boxes: Rows,
  scores: Rows,
  anchors: Float32Array,
  options: DecodeBoxesOptions,
): Detection[] {
  const { activation = 'sigmoid', minScore = 0.5, scoreColumn = 0, labels = 1 } = options;
  const found: Detection[] = [];
  for (let row = 0; row < scores.rows; row++) {
    const [best, label] = bestOf(scores.values, row * scores.columns + scoreColumn, labels);
    const score = activated(best, activation);
    if (score >= minScore)
      found.push({ ...placed(boxes, row, anchors.subarray(4 * row, 4 * row + 4), options), score, label });
  }
  return found;
}

/** The box of a row and its keypoints, in pixels of the input. */
function placed(
  { values, columns }: Rows,
  row: number,
  [anchorX, anchorY, anchorWidth, anchorHeight]: Iterable<number>,
  {
    inputSize,
    boxColumn = 0,
    keypoints = 0,
    isXFirst = false,
    isLogSize = false,
    divisors,
    bins,
  }: DecodeBoxesOptions,
): Pick<Detection, 'box' | 'keypoints'> {
  const [rows, cols] = inputSize;
  const first = row * columns + boxColumn;
  const pair = (column: number, divisor: number | undefined): [x: number, y: number] => {
    const [a, b] = [values[first + column]!, values[first + column + 1]!];
    const [x, y] = isXFirst ? [a, b] : [b, a];
    return [x / (divisor ?? cols), y / (divisor ?? rows)];
  };
  const at = (column: number): { x: number; y: number } => {
    const [x, y] = pair(column, divisors?.[0]);
    return { x: (x * anchorWidth! + anchorX!) * cols, y: (y * anchorHeight! + anchorY!) * rows };
  };
  const points = Array.from({ length: keypoints }, (_, i) => at(4 * (bins ?? 1) + 2 * i));
  if (bins !== undefined) {
    const [left, top, right, bottom] = [0, 1, 2, 3].map((side) =>
      meanStep(values, first + side * bins, bins),
    );
    const [across, down] = [anchorWidth! * cols, anchorHeight! * rows];
    return {
      box: {
        x: anchorX! * cols - left! * across,
        y: anchorY! * rows - top! * down,
        width: (left! + right!) * across,
        height: (top! + bottom!) * down,
      },
      keypoints: points,
    };
  }
  const [w, h] = pair(2, divisors?.[1]).map((each) => (isLogSize ? Math.exp(each) : each)) as [
    number,
    number,
  ];
  const [width, height] = [w * anchorWidth! * cols, h * anchorHeight! * rows];
  const center = at(0);
  return {
    box: { x: center.x - width / 2, y: center.y - height / 2, width, height },
    keypoints: points,
  };
}

/** The mean of 0, 1, … by the softmax of so many values. */
function meanStep(values: ArrayLike<number>, first: number, bins: number): number {
  let [greatest, sum, weighted] = [-Infinity, 0, 0];
  for (let i = 0; i < bins; i++) greatest = Math.max(greatest, values[first + i]!);
  for (let i = 0; i < bins; i++) {
    const power = Math.exp(values[first + i]! - greatest);
    sum += power;
    weighted += i * power;
  }
  return weighted / sum;
}
