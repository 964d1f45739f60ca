import { map, scan, type OperatorFunction } from 'rxjs';
import type { Scalar, Tensor3D } from 'rxtensor';

/** The measurements after a frame. */
export interface Reading {
  /** The number of processed frames. */
  readonly frames: number;
  readonly perSecond: number;
  /** The mean brightness of the picture, from 0 to 1. */
  readonly brightness: number;
  /** The mean change of a pixel since the frame before, from 0 to 1. */
  readonly motion: number;
}

/** The brightness, and the motion between two successive gray pictures. */
export function measure(pair: Tensor3D): { brightness: Scalar; motion: Scalar } {
  const [before, now] = pair.unstack();
  return { brightness: now!.mean<Scalar>(), motion: now!.sub(before!).abs().mean<Scalar>() };
}

/** Counts all frames, and the frames of the last second. */
export function counted(): OperatorFunction<{ brightness: number; motion: number }, Reading> {
  return (source) =>
    source.pipe(
      scan(
        ({ frames, times }, numbers) => {
          const now = performance.now();
          return {
            frames: frames + 1,
            times: [...times.filter((time) => time > now - 1000), now],
            numbers,
          };
        },
        { frames: 0, times: [] as readonly number[], numbers: { brightness: 0, motion: 0 } },
      ),
      map(({ frames, times, numbers }) => ({ frames, perSecond: times.length, ...numbers })),
    );
}
