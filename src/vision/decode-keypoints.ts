import { assertOptionValues, isOneOf } from '../tensor/options';
import { assertGiven } from './arguments';
import type { Keypoint } from './geometry';
import { readValues, type Values } from '../streams/data/read-values';
import { activated, type ScoreActivation } from './read-values';

/** What a number of a keypoint is. */
export type KeypointColumn = 'x' | 'y' | 'z' | 'score' | 'ignored';

/** How {@link decodeKeypoints} reads what a model gives. */
export interface DecodeKeypointsOptions {
  /** What the numbers of a keypoint are, in their order. */
  readonly columns: readonly KeypointColumn[];
  /** What x, y and z are multiplied by: [across, down, depth], or one number; 1 when left out. */
  readonly scale?: number | readonly [across: number, down: number, depth?: number];
  /** What scores go through; 'none' when left out. */
  readonly activation?: ScoreActivation;
}

const COLUMNS = ['x', 'y', 'z', 'score', 'ignored'];

export const keypointColumns = [
  (value: unknown): boolean =>
    Array.isArray(value) &&
    ['x', 'y'].every((each) => value.includes(each)) &&
    value.every((each) => COLUMNS.includes(each as string)),
  `a list of 'x', 'y', 'z', 'score' and 'ignored', with 'x' and 'y'`,
] as const;

/**
 * Decodes the keypoints of a model that gives coordinates, as those of faces, hands and bodies do.
 *
 * @param values all numbers, keypoint by keypoint, in any shape
 * @throws (rejects) when the numbers are no multiple of the columns, or an option is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { decodeKeypoints } from 'rxtensor/vision';
 * const output = dl.tensor4d([0.5, 0.25, 0.9, 0.75, 0.5, 0.8], [1, 1, 2, 3]);
 * const points = await decodeKeypoints(output, { columns: ['y', 'x', 'score'], scale: 192 });
 * console.log(points[0]); // { x: 48, y: 96, score: 0.9 }
 * output.dispose();
 * ```
 */
export async function decodeKeypoints(values: Values, options: DecodeKeypointsOptions): Promise<Keypoint[]> {
  const name = 'decodeKeypoints';
  assertKeypointOptions(name, options);
  return keypointsIn(
    `${name}: argument 'values'`,
    (await readValues(name, 'values', values)).values,
    options,
  );
}

/** @throws when an option is missing or wrong */
export function assertKeypointOptions(name: string, options: DecodeKeypointsOptions): void {
  assertOptionValues<DecodeKeypointsOptions>(name, options, {
    columns: keypointColumns,
    scale: [
      (value) => [value].flat().every(Number.isFinite) && (!Array.isArray(value) || value.length > 1),
      'a finite number, or [across, down, depth]',
    ],
    activation: isOneOf(['none', 'sigmoid']),
  });
  assertGiven(name, options, ['columns']);
}

/** {@link decodeKeypoints} of what was read. @throws unless the numbers are whole rows; `what` begins the message */
export function keypointsIn(
  what: string,
  values: ArrayLike<number>,
  { columns, scale = 1, activation = 'none' }: DecodeKeypointsOptions,
): Keypoint[] {
  if (values.length % columns.length !== 0)
    throw new Error(
      `${what} has ${values.length} numbers; wanted a multiple of ${columns.length}, one for each of 'columns'`,
    );
  const [across, down, depth = across] = typeof scale === 'number' ? [scale, scale] : scale;
  const factors: Partial<Record<KeypointColumn, number>> = { x: across, y: down, z: depth };
  return Array.from({ length: values.length / columns.length }, (_, i) => {
    const point: Partial<Record<KeypointColumn, number>> = {};
    columns.forEach((column, j) => {
      const value = values[i * columns.length + j]!;
      if (column === 'score') point.score = activated(value, activation);
      else if (column !== 'ignored') point[column] = value * factors[column]!;
    });
    return point as Keypoint;
  });
}
