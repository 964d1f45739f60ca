import { defer, type OperatorFunction } from 'rxjs';
import { wrongGiven } from '../streams/checks/arguments';
import { mapTensorAsync } from '../streams/operators/map-tensor-async';
import { isIntegerFrom } from '../tensor/argument';
import { assertOptionValues } from '../tensor/options';
import { overlap } from '../tensor/ops/host/suppression';
import type { Tensor3D } from '../tensor/tensor';
import type { Detection } from './decode-boxes';
import { boxAround, cornersOf, type Box, type Region } from './geometry';
import type { Landmarker, Landmarks } from './landmarker';
import { sizeOfPicture, type Picture } from './picture';
import { timeOfValue, type Track, type Tracked } from './tracked';

/** How {@link track} follows things. */
export interface TrackOptions<P extends Picture = Tensor3D> {
  /** Finds things on a picture: what {@link detector} gives. When left out, the landmark model looks at whole pictures, and follows one thing. */
  readonly detect?: (picture: P) => PromiseLike<readonly Detection[]>;
  /** Finds the points of one thing: what {@link landmarker} gives. */
  readonly landmarks: Landmarker<P>;
  /** After how many frames it looks for further things; 15 when left out. While nothing is followed, it looks on each frame. */
  readonly every?: number;
  /** A thing is lost where the score of its landmarks is less than this; 0.5 when left out. */
  readonly minScore?: number;
  /** The most things that are followed at once; 4 when left out. */
  readonly maxTracks?: number;
}

/** Boxes that overlap as much, by intersection over union, are of the same thing. */
const SAME = 0.4;

/**
 * Follows things, such as faces or hands, from frame to frame: detects them once, and then looks for the points of each where they were on the frame before, which
 * takes a fraction of the time (Bazarevsky et al. 2020, BlazePose; Zhang et al. 2020, MediaPipe Hands). It detects again when a thing is lost, and each `every` frames
 * while there is room for more. A frame waits for the one before, so a live source drops frames meanwhile, and nothing piles up.
 *
 * ```text
 *  webcam()        --a---b---c---d---e--     pictures
 *  track(…)        ----A---B---C---D---E     detect(a), then landmarks alone; again on each 15th frame
 * ```
 *
 * Each subscription begins with nothing, and numbers what it finds from 1. The models stay yours.
 *
 * @throws when an option is missing or wrong; as error notifications, for a value that is no picture, and what the functions reject with
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { track, type Landmarker } from 'rxtensor/vision';
 * // In place of the models: one thing, that is at the same place on each picture.
 * const region = { centerX: 4, centerY: 4, width: 4, height: 4 };
 * const find = (): ReturnType<Landmarker> =>
 *   Promise.resolve({ points: [{ x: 3, y: 4 }, { x: 5, y: 4 }], score: 0.9, region, next: region });
 * const box = { x: 2, y: 2, width: 4, height: 4 };
 * dl.examples([1, 2, 3])
 *   .pipe(
 *     dl.mapTensor(() => dl.zeros([8, 8, 3])),
 *     track({
 *       detect: () => Promise.resolve([{ box, score: 0.8, label: 0, keypoints: [] }]),
 *       landmarks: Object.assign(find, { regionOf: () => region }),
 *     }),
 *   )
 *   .subscribe(({ tracks }) => console.log(tracks.map(({ id, box }) => [id, box.x]))); // [[1, 3]], three times
 * ```
 */
export function track<P extends Picture = Tensor3D>(
  // The source says what its pictures are.
  options: TrackOptions<NoInfer<P>>,
): OperatorFunction<P, Tracked<P>> {
  const name = 'track';
  assertOptionValues<TrackOptions<P>>(name, options, {
    detect: [(value) => typeof value === 'function', 'a function, as detector() gives'],
    landmarks: [
      (value) =>
        typeof value === 'function' && typeof (value as Partial<Landmarker<P>>).regionOf === 'function',
      'what landmarker() gives',
    ],
    every: [(value) => value === Infinity || isIntegerFrom(value, 1), 'a positive integer'],
    minScore: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number in [0, 1]'],
    maxTracks: [(value) => isIntegerFrom(value, 1), 'a positive integer'],
  });
  if (options.landmarks === undefined)
    throw wrongGiven(name, "option 'landmarks'", undefined, 'what landmarker() gives');
  return (source) => defer(() => source.pipe(mapTensorAsync(following(name, options))));
}

/** A track, and where to look for it on the next frame. */
interface Followed extends Track {
  readonly next: Region | null;
}

/** A function of one frame after the other, which remembers what it follows. */
function following<P extends Picture>(
  name: string,
  { detect, landmarks, every = 15, minScore = 0.5, maxTracks = 4 }: TrackOptions<P>,
): (picture: P) => Promise<Tracked<P>> {
  let followed: readonly Followed[] = [];
  let since = Infinity;
  let seen = 0;

  const locate = async (picture: P, region: Region | null, id?: number): Promise<Followed | null> => {
    const { points, score, next }: Landmarks = await landmarks(picture, region ?? undefined);
    if (!(score >= minScore) || points.length === 0) return null;
    return { id: id ?? ++seen, score, points, box: boxAround(points), next };
  };

  /** Adds the things that are not followed yet. */
  const detected = async (picture: P, known: readonly Followed[]): Promise<readonly Followed[]> => {
    const all = [...known];
    for (const detection of await detect!(picture)) {
      if (all.length >= maxTracks) break;
      if (all.some(({ box }) => isCovered(detection.box, box))) continue;
      const found = await locate(picture, landmarks.regionOf(detection));
      if (found) all.push(found);
    }
    return all;
  };

  return async (picture) => {
    sizeOfPicture(name, picture);
    const time = timeOfValue();
    const before = followed;
    const still: Followed[] = [];
    for (const { id, next } of detect ? before : [{ id: before[0]?.id, next: before[0]?.next ?? null }]) {
      const found = await locate(picture, next, id);
      // Two that have come to the same thing: the older one stays.
      if (found && !still.some(({ box }) => isSame(box, found.box))) still.push(found);
    }
    const isDue = still.length < before.length || still.length === 0 || since >= every;
    since = isDue ? 1 : since + 1;
    followed = detect && isDue && still.length < maxTracks ? await detected(picture, still) : still;
    const tracks = followed.map(({ id, score, points, box }): Track => ({ id, score, points, box }));
    return { picture, tracks, time };
  };
}

const isSame = (a: Box, b: Box): boolean => overlap([...cornersOf(a), ...cornersOf(b)], 0, 1) > SAME;

/** Whether the middle of a detection lies in the box of a track: detections are smaller than what their landmarks cover, as palms are. */
function isCovered(detection: Box, track: Box): boolean {
  const [x, y] = [detection.x + detection.width / 2, detection.y + detection.height / 2];
  const isInside = x >= track.x && x <= track.x + track.width && y >= track.y && y <= track.y + track.height;
  return isInside || isSame(detection, track);
}
