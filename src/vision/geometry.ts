/** Places on a picture. Coordinates are in pixels: x to the right, y down, from the upper left corner of the upper left pixel. */
import { described } from '../tensor/argument';

/** A point of a picture. */
export interface Point {
  /** Pixels from the left. */
  readonly x: number;
  /** Pixels from the top. */
  readonly y: number;
}

/** A point that a model has found. */
export interface Keypoint extends Point {
  /** The depth in the unit of x, smaller towards the camera, where the model tells it. */
  readonly z?: number;
  /** How sure the model is of it, where the model tells it: from 0 to 1, or what its documentation says. */
  readonly score?: number;
}

/** A box by its upper left corner and its size. */
export interface Box extends Point {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** A rectangle that may be turned: what {@link cropRegion} cuts out. */
export interface Region {
  /** Pixels from the left to its centre. */
  readonly centerX: number;
  /** Pixels from the top to its centre. */
  readonly centerY: number;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** In radians, clockwise as one looks at the picture; 0 when left out. */
  readonly rotation?: number;
  /** Whether its left and right sides are swapped, as for a model that knows one of two eyes; false when left out. */
  readonly isMirrored?: boolean;
}

/** The height and the width of a picture, in pixels. */
export type Size = readonly [height: number, width: number];

/**
 * A map of the plane that keeps lines straight and parallel: (x, y) goes to (a·x + b·y + c, d·x + e·y + f).
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The map from points of a crop of that size to points of the picture that the region was cut from. */
export function regionToPicture(
  { centerX, centerY, width, height, rotation = 0, isMirrored = false }: Region,
  [rows, columns]: Size,
): Affine {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const [across, down] = [((isMirrored ? -1 : 1) * width) / columns, height / rows];
  const [a, b, d, e] = [cos * across, -sin * down, sin * across, cos * down];
  return [a, b, centerX - (a * columns + b * rows) / 2, d, e, centerY - (d * columns + e * rows) / 2];
}

/** The map back. The determinant is not 0 where the map came from a region with an area. */
export function inverseOf([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  const [p, q, r, s] = [e, -b, -d, a].map((each) => each / determinant) as [number, number, number, number];
  return [p, q, -(p * c + q * f), r, s, -(r * c + s * f)];
}

/**
 * Takes points through a map: {@link Cropped.toPicture} brings what a model finds on a crop back to the picture. Depths are scaled as lengths are, other
 * properties stay.
 *
 * @throws unless the map is six finite numbers
 * @example
 * ```ts
 * import { mapPoints } from 'rxtensor/vision';
 * // Twice as large, and ten pixels to the right.
 * console.log(mapPoints([{ x: 1, y: 2 }], [2, 0, 10, 0, 2, 0])); // [{ x: 12, y: 4 }]
 * ```
 */
export function mapPoints<P extends Keypoint>(points: readonly P[], map: Affine): P[] {
  if (!(Array.isArray(map) && map.length === 6 && map.every(Number.isFinite)))
    throw new Error(
      `mapPoints: argument 'map' is ${described(map)}; wanted six finite numbers, as 'toPicture' of cropRegion`,
    );
  const [a, b, c, d, e, f] = map;
  const depth = Math.sqrt(Math.abs(a * e - b * d));
  return points.map((point) => ({
    ...point,
    x: a * point.x + b * point.y + c,
    y: d * point.x + e * point.y + f,
    ...(point.z === undefined ? {} : { z: depth * point.z }),
  }));
}

/** The smallest upright box around points. */
export function boxAround(points: readonly Point[]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The corners of a box as non-maximum suppression takes them: y₁, x₁, y₂, x₂. */
export const cornersOf = ({ x, y, width, height }: Box): [number, number, number, number] => [
  y,
  x,
  y + height,
  x + width,
];
