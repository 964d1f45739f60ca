/**
 * A second way from a photo to what models find on it, by plain loops and TensorFlow.js: nothing of it is shared with rxtensor/vision. The decoding follows
 * the comments in MediaPipe's `tensors_to_detections_calculator.proto`.
 */
import { onTensorFlow } from './packages';
import type { Photo } from './photos';

/** A rectangle of a photo, and how far it is turned. */
export interface Cut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** The square that holds a photo in its middle. */
export const wholeOf = ({ width, height }: Photo): Cut => {
  const side = Math.max(width, height);
  return { x: width / 2, y: height / 2, width: side, height: side, angle: 0 };
};

/** From a place of a cut, as shares of its sides, to the photo. */
export function onPhoto({ x, y, width, height, angle }: Cut, across: number, down: number): [number, number] {
  const [u, v] = [(across - 0.5) * width, (down - 0.5) * height];
  return [x + u * Math.cos(angle) - v * Math.sin(angle), y + u * Math.sin(angle) + v * Math.cos(angle)];
}

/** The pixels of a cut, `side` across and `rows` down, through `range`; black outside of the photo. */
export function cutOut(
  { width, height, values }: Photo,
  cut: Cut,
  side: number,
  range: (byte: number) => number,
  rows = side,
): Float32Array {
  const pixels = new Float32Array(rows * side * 3);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < side; column++) {
      const [px, py] = onPhoto(cut, (column + 0.5) / side, (row + 0.5) / rows);
      const [left, top] = [Math.floor(px - 0.5), Math.floor(py - 0.5)];
      const [fx, fy] = [px - 0.5 - left, py - 0.5 - top];
      for (let channel = 0; channel < 3; channel++) {
        const at = (x: number, y: number): number =>
          x >= 0 && y >= 0 && x < width && y < height ? values[(y * width + x) * 3 + channel]! : 0;
        const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
        const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
        pixels[(row * side + column) * 3 + channel] = range(upper * (1 - fy) + lower * fy);
      }
    }
  return pixels;
}

/** What a model gives on TensorFlow.js for a cut. */
export async function outputsOf(
  model: string,
  names: readonly string[],
  pixels: Float32Array,
  side: number,
  dtype: 'float32' | 'int32' = 'float32',
  rows = side,
): Promise<(readonly number[])[]> {
  const values = dtype === 'int32' ? Int32Array.from(pixels, Math.round) : pixels;
  const found = await onTensorFlow(model, names, [{ values, shape: [1, rows, side, 3], dtype }]);
  return found.map((each) => each.values);
}

/** A box of a reference, as left, top, right, bottom, with its points. */
export interface Found {
  readonly corners: readonly number[];
  readonly points: readonly (readonly [number, number])[];
  readonly score: number;
}

/** Boxes and points of a detector with fixed anchors, by the centres of its cells: `layers` are [cells a side, anchors a cell]. */
export function boxesOf(
  scores: readonly number[],
  boxes: readonly number[],
  columns: number,
  boxColumn: number,
  layers: readonly (readonly [cells: number, anchors: number])[],
  side: number,
  cut: Cut,
): Found[] {
  const found: Found[] = [];
  const centres = layers.flatMap(([cells, anchors]) =>
    Array.from({ length: cells * cells * anchors }, (_, i): [number, number] => {
      const cell = Math.floor(i / anchors);
      return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
    }),
  );
  const stride = scores.length / centres.length;
  centres.forEach(([across, down], i) => {
    const score = 1 / (1 + Math.exp(-scores[i * stride]!));
    if (score < 0.5) return;
    const raw = boxes.slice(i * columns + boxColumn, (i + 1) * columns);
    const [x, y] = [across + raw[0]! / side, down + raw[1]! / side];
    const [w, h] = [raw[2]! / side, raw[3]! / side];
    const corners = [...onPhoto(cut, x - w / 2, y - h / 2), ...onPhoto(cut, x + w / 2, y + h / 2)];
    const points = Array.from({ length: (raw.length - 4) / 2 }, (_, k) =>
      onPhoto(cut, across + raw[4 + 2 * k]! / side, down + raw[5 + 2 * k]! / side),
    );
    found.push({ corners, points, score });
  });
  return blended(found.sort((a, b) => b.score - a.score));
}

/** Intersection over union. */
export function shared(a: readonly number[], b: readonly number[]): number {
  const area = ([l, t, r, d]: readonly number[]): number => Math.max(0, r! - l!) * Math.max(0, d! - t!);
  const both = area([
    Math.max(a[0]!, b[0]!),
    Math.max(a[1]!, b[1]!),
    Math.min(a[2]!, b[2]!),
    Math.min(a[3]!, b[3]!),
  ]);
  return both / (area(a) + area(b) - both);
}

/** Each group of boxes that overlap the best of them becomes their mean, weighted by scores. */
function blended(left: readonly Found[]): Found[] {
  const [best] = left;
  if (!best) return [];
  const group = left.filter((each) => each === best || shared(each.corners, best.corners) > 0.3);
  const total = group.reduce((sum, { score }) => sum + score, 0);
  const mean = (of: (each: Found) => number): number =>
    group.reduce((sum, each) => sum + each.score * of(each), 0) / total;
  const corners = best.corners.map((_, i) => mean((each) => each.corners[i]!));
  const points = best.points.map((_, k): [number, number] => [
    mean((each) => each.points[k]![0]),
    mean((each) => each.points[k]![1]),
  ]);
  return [{ corners, points, score: best.score }, ...blended(left.filter((each) => !group.includes(each)))];
}
