import { assertOptionValues, isOneOf } from '../tensor/options';
import { formatShape } from '../tensor/shape';
import { assertGiven, sizeRule } from './arguments';
import type { Keypoint, Size } from './geometry';
import type { Values } from '../streams/data/read-values';
import { activated, readOne, type ScoreActivation } from './read-values';

/** How {@link decodeHeatmap} reads a heatmap. */
export interface DecodeHeatmapOptions {
  /** [height, width] of the model's input, in pixels: the unit of the result. */
  readonly inputSize: Size;
  /**
   * How far each point is from the corner of its cell, in pixels of the input: [rows, columns, 2 × points], first the distances down of all points, then those across,
   * as PoseNet gives them.
   */
  readonly offsets?: Values;
  /** What the heatmap goes through before it is a score; 'sigmoid' when left out. */
  readonly activation?: ScoreActivation;
}

const MAP = ['rows', 'columns', 'channels'];

/**
 * Decodes the keypoints of a model that gives a map of likelihoods for each of them (Papandreou et al. 2017): the highest place of each map. With offsets it
 * is where that place says; without, it is the centre of its cell.
 *
 * The cells lie from edge to edge: the first of them on the first pixel of the input, the last on the last one, where there are offsets; else each covers its share.
 *
 * @param heatmap [rows, columns, points], or a batch of one
 * @throws (rejects) when a shape does not fit, or an option is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { decodeHeatmap } from 'rxtensor/vision';
 * const heatmap = dl.tensor3d([-5, 5, -5, -5], [2, 2, 1]);
 * console.log(await decodeHeatmap(heatmap, { inputSize: [32, 32] })); // [{ x: 24, y: 8, score: 0.99 }]
 * heatmap.dispose();
 * ```
 */
export async function decodeHeatmap(heatmap: Values, options: DecodeHeatmapOptions): Promise<Keypoint[]> {
  const name = 'decodeHeatmap';
  assertOptionValues<DecodeHeatmapOptions>(name, options, {
    inputSize: sizeRule,
    offsets: [(value) => typeof value === 'object' && value !== null, 'a tensor'],
    activation: isOneOf(['none', 'sigmoid']),
  });
  assertGiven(name, options, ['inputSize']);
  const { inputSize, offsets, activation = 'sigmoid' } = options;
  const [map, moved] = await Promise.all([
    readOne(name, 'heatmap', heatmap, MAP),
    offsets && readOne(name, 'offsets', offsets, MAP),
  ]);
  const [rows, columns, points] = map.shape;
  if (map.values.length === 0)
    throw new Error(
      `${name}: argument 'heatmap' has shape ${formatShape(map.shape)}; wanted at least one cell`,
    );
  const wanted = [rows, columns, 2 * points!];
  if (moved && formatShape(moved.shape) !== formatShape(wanted as number[]))
    throw new Error(
      `${name}: option 'offsets' has shape ${formatShape(moved.shape)}; wanted ${formatShape(wanted as number[])}`,
    );
  return Array.from({ length: points! }, (_, point) => {
    let best = 0;
    for (let cell = 1; cell < rows! * columns!; cell++)
      if (map.values[cell * points! + point]! > map.values[best * points! + point]!) best = cell;
    const cells = [Math.floor(best / columns!), best % columns!];
    const score = activated(map.values[best * points! + point]!, activation);
    const [y, x] = cells.map((cell, axis) => {
      const [side, count] = [inputSize[axis]!, map.shape[axis]!];
      if (!moved) return ((cell + 0.5) * side) / count;
      const step = count > 1 ? (side - 1) / (count - 1) : 0;
      return cell * step + moved.values[(2 * best + axis) * points! + point]!;
    }) as [number, number];
    return { x, y, score };
  });
}
