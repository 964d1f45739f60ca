/** From what was found to the region that the next model looks at. */
import { boxAround, type Box, type Point, type Region } from './geometry';

/** Which region of a picture a landmark model wants, as plain data. The numbers are those of the family's own pipeline. */
export interface RegionRule {
  /** The points whose direction tells how the region is turned: from the first to the second, which `angle` brings upright. Not turned when left out. */
  readonly axis?: readonly [from: number, to: number];
  /** The direction of the axis on an upright picture, in degrees: 0 to the right, 90 up; 0 when left out. */
  readonly angle?: number;
  /** The points that the region is to hold; when left out, all of them, or the box of a detection. */
  readonly around?: readonly number[];
  /** Whether the region is mirrored, for a model that knows one of two eyes; false when left out. */
  readonly isMirrored?: boolean;
  /** Whether the first point of the axis is the centre of the region, and the second one its reach, as in BlazePose; false when left out. */
  readonly isCircle?: boolean;
  /** How much larger than what it holds the region is. */
  readonly scale: number;
  /** By how many of its own heights the region is moved down, before it is made larger; 0 when left out. */
  readonly shiftDown?: number;
}

const turned = ({ x, y }: Point, rotation: number): Point => ({
  x: x * Math.cos(rotation) - y * Math.sin(rotation),
  y: x * Math.sin(rotation) + y * Math.cos(rotation),
});

/** The rotation, from −π to π, clockwise. */
function rotationOf(points: readonly Point[], { axis, angle = 0 }: RegionRule): number {
  if (!axis) return 0;
  const [from, to] = axis.map((i) => points[i]) as [Point | undefined, Point | undefined];
  if (!from || !to) return 0;
  const rotation = (angle * Math.PI) / 180 - Math.atan2(from.y - to.y, to.x - from.x);
  return rotation - 2 * Math.PI * Math.floor((rotation + Math.PI) / (2 * Math.PI));
}

/** The square region of that rotation around a rectangle of it. */
function square(center: Point, { width, height }: Box, rotation: number, rule: RegionRule): Region {
  const shift = turned({ x: 0, y: (rule.shiftDown ?? 0) * height }, rotation);
  const side = Math.max(width, height) * rule.scale;
  const [centerX, centerY] = [center.x + shift.x, center.y + shift.y];
  return {
    ...{ centerX, centerY, width: side, height: side, rotation },
    ...(rule.isMirrored ? { isMirrored: true } : {}),
  };
}

/** The square around the circle whose centre and reach the two points of the axis are. */
function aroundCircle(points: readonly Point[], rule: RegionRule): Region | null {
  const [center, end] = (rule.axis ?? []).map((i) => points[i]) as [Point | undefined, Point | undefined];
  if (!rule.isCircle || !center || !end) return null;
  const side = 2 * Math.hypot(end.x - center.x, end.y - center.y);
  return square(center, { x: 0, y: 0, width: side, height: side }, rotationOf(points, rule), rule);
}

/** The region of a detection: around its box or some of its keypoints, turned by its keypoints. */
export function regionOfBox(box: Box, keypoints: readonly Point[], rule: RegionRule): Region {
  if (rule.around) return regionOfPoints(keypoints, rule);
  const center = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return aroundCircle(keypoints, rule) ?? square(center, box, rotationOf(keypoints, rule), rule);
}

/** The region of landmarks: around their box, which is turned as they are. */
export function regionOfPoints(points: readonly Point[], rule: RegionRule): Region {
  const circle = aroundCircle(points, rule);
  if (circle) return circle;
  const rotation = rotationOf(points, rule);
  const held = rule.around ? rule.around.map((i) => points[i]!) : points;
  const box = boxAround(held.map((point) => turned(point, -rotation)));
  const center = turned({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, rotation);
  return square(center, box, rotation, rule);
}
