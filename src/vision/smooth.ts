import type { OperatorFunction } from 'rxjs';
import { operator } from '../streams/operator';
import { described } from '../tensor/argument';
import { assertOptionValues } from '../tensor/options';
import { boxAround, type Keypoint } from './geometry';
import { oneEuro, type OneEuroOptions } from './one-euro';
import type { Track, Tracked } from './tracked';

const positive = [
  (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value > 0,
  'a positive number of Hz',
] as const;

/**
 * Calms the points of what {@link track} follows, with little delay where they move: a One Euro filter (Casiez, Roussel & Vogel, CHI 2012) for each coordinate of each
 * point of each track, by the times of the values. A track begins without a past, and a lost one is forgotten.
 *
 * ```text
 *  x of a point     --10--12--11--40--70--
 *  smooth(…)        --10--11--11--35--68--
 * ```
 *
 * @param options the unit of speed is one pixel a second; see {@link OneEuroOptions}
 * @throws when an option is wrong; as error notifications, for a value without tracks and time
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { smooth, type Track } from 'rxtensor/vision';
 * import { from } from 'rxjs';
 * const track = (x: number): Track => ({ id: 1, score: 1, points: [{ x, y: 0 }], box: { x, y: 0, width: 0, height: 0 } });
 * from([10, 12, 10, 12].map((x, i) => ({ tracks: [track(x)], time: 33 * i })))
 *   .pipe(smooth({ minCutoff: 1, beta: 0.02 }))
 *   .subscribe(({ tracks }) => console.log(tracks[0]!.points[0]!.x)); // 10, then from 10.2 to 10.5
 * ```
 */
export function smooth<T extends Pick<Tracked, 'tracks' | 'time'>>(
  options: OneEuroOptions = {},
): OperatorFunction<T, T> {
  const name = 'smooth';
  assertOptionValues<OneEuroOptions>(name, options, {
    minCutoff: positive,
    beta: [
      (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
      'a number that is not negative',
    ],
    derivativeCutoff: positive,
  });
  return operator<T, T>(name, (output) => {
    let filters = new Map<number, ReturnType<typeof oneEuro>>();
    return {
      next: (value) => {
        const { tracks, time } = (value ?? {}) as Partial<Tracked>;
        if (!Array.isArray(tracks) || !Number.isFinite(time))
          throw new Error(
            `${name}: the value is ${described(value)}; wanted { tracks, time }, as track() gives`,
          );
        const used = new Map<number, ReturnType<typeof oneEuro>>();
        const smoothed = (tracks as readonly Track[]).map((track): Track => {
          const filter = filters.get(track.id) ?? oneEuro(options);
          used.set(track.id, filter);
          const points = pointsOf(track.points, filter(numbersOf(track.points), time!));
          return { ...track, points, box: points.length > 0 ? boxAround(points) : track.box };
        });
        filters = used;
        output.emit(() => ({ ...value, tracks: smoothed }));
      },
    };
  });
}

const numbersOf = (points: readonly Keypoint[]): Float64Array => {
  const numbers = new Float64Array(3 * points.length);
  points.forEach(({ x, y, z = 0 }, i) => numbers.set([x, y, z], 3 * i));
  return numbers;
};

const pointsOf = (points: readonly Keypoint[], numbers: Float64Array): Keypoint[] =>
  points.map((point, i) => ({
    ...point,
    x: numbers[3 * i]!,
    y: numbers[3 * i + 1]!,
    ...(point.z === undefined ? {} : { z: numbers[3 * i + 2]! }),
  }));
