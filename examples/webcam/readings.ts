import { map, scan, type OperatorFunction } from 'rxjs';
import type { Scalar, Tensor3D } from 'rxtensor';

/** What is known after a frame. */
export interface Reading {
  /** Frames that were worked on. */
  readonly frames: number;
  readonly perSecond: number;
  /** Of the whole picture, from 0 to 1. */
  readonly brightness: number;
  /** How much a pixel has changed since the frame before, from 0 to 1. */
  readonly motion: number;
}

/** Two gray pictures, one after the other, in two numbers. */
export function measure(pair: Tensor3D): { brightness: Scalar; motion: Scalar } {
  const [before, now] = pair.unstack();
  return { brightness: now!.mean<Scalar>(), motion: now!.sub(before!).abs().mean<Scalar>() };
}

/** Counts the frames, those of the last second too. */
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
