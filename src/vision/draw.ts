/** Draws what was followed over its picture. */
import { BODY_BY_COUNT, FACE, HAND } from './connections';
import type { OverlayContext } from './overlay';
import type { Tracked, Track } from './tracked';

/** Points of which a model is less sure are not drawn. */
const LEAST_SCORE = 0.3;
/** Lines are this share of the box's longer side wide, and at least one pixel and a half. */
const LINE = 0.008;
const THINNEST = 1.5;
/** One for each track in turn: the colour-blind safe palette of Okabe & Ito (2008), without black. */
const COLOURS = ['#56B4E9', '#E69F00', '#009E73', '#F0E442', '#CC79A7', '#D55E00', '#0072B2'];

/** Chains of points: a line from each to the next. */
export type Chains = readonly (readonly number[])[];

/**
 * Draws the outlines of faces for {@link overlay}: of 468 points the oval, eyes, brows, nose and lips; of fewer, the points.
 *
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { drawFaces } from 'rxtensor/vision';
 * const context = document.createElement('canvas').getContext('2d')!;
 * const points = [{ x: 10, y: 10 }, { x: 20, y: 10 }];
 * const box = { x: 10, y: 10, width: 10, height: 0 };
 * drawFaces(context, { tracks: [{ id: 1, score: 1, points, box }] });
 * console.log(context.getImageData(10, 10, 1, 1).data[3]! > 0); // true
 * ```
 */
export function drawFaces(context: OverlayContext, { tracks }: Pick<Tracked, 'tracks'>): void {
  for (const track of tracks) {
    const isMesh = track.points.length >= 468;
    drawTrack(context, track, isMesh ? FACE : [], isMesh ? [] : track.points.map((_, i) => i));
  }
}

/**
 * Draws the bones and joints of hands of 21 points for {@link overlay}.
 *
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { drawHands } from 'rxtensor/vision';
 * const context = document.createElement('canvas').getContext('2d')!;
 * const points = Array.from({ length: 21 }, (_, i) => ({ x: 10 + i, y: 10 }));
 * const box = { x: 10, y: 10, width: 20, height: 0 };
 * drawHands(context, { tracks: [{ id: 1, score: 1, points, box }] });
 * console.log(context.getImageData(20, 10, 1, 1).data[3]! > 0); // true
 * ```
 */
export function drawHands(context: OverlayContext, { tracks }: Pick<Tracked, 'tracks'>): void {
  for (const track of tracks) drawTrack(context, track, track.points.length === 21 ? HAND : []);
}

/**
 * Draws the limbs and joints of bodies for {@link overlay}: of the 17 points of COCO, as MoveNet and PoseNet give them, or the 33 of BlazePose; of others the points. Points with
 * a score below 0.3 are left out.
 *
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { drawBodies } from 'rxtensor/vision';
 * const context = document.createElement('canvas').getContext('2d')!;
 * const points = Array.from({ length: 17 }, (_, i) => ({ x: 10 + i, y: 10, score: 0.9 }));
 * const box = { x: 10, y: 10, width: 16, height: 0 };
 * drawBodies(context, { tracks: [{ id: 1, score: 1, points, box }] });
 * console.log(context.getImageData(20, 10, 1, 1).data[3]! > 0); // true
 * ```
 */
export function drawBodies(context: OverlayContext, { tracks }: Pick<Tracked, 'tracks'>): void {
  for (const track of tracks) drawTrack(context, track, BODY_BY_COUNT[track.points.length] ?? []);
}

function drawTrack(
  context: OverlayContext,
  { id, points, box }: Track,
  chains: Chains,
  joints: readonly number[] = points.map((_, i) => i),
): void {
  const isSure = (i: number): boolean => (points[i]?.score ?? 1) >= LEAST_SCORE && points[i] !== undefined;
  const width = Math.max(THINNEST, LINE * Math.max(box.width, box.height));
  context.strokeStyle = context.fillStyle = COLOURS[(id - 1) % COLOURS.length]!;
  context.lineWidth = width;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  for (const chain of chains)
    chain.forEach((i, place) => {
      if (!isSure(i)) return;
      const { x, y } = points[i]!;
      if (place > 0 && isSure(chain[place - 1]!)) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
  context.stroke();
  context.beginPath();
  for (const i of joints.filter(isSure)) {
    const { x, y } = points[i]!;
    context.moveTo(x + 1.5 * width, y);
    context.arc(x, y, 1.5 * width, 0, 2 * Math.PI);
  }
  context.fill();
}
