import type { OperatorFunction } from 'rxjs';
import { trailNow } from '../streams/emission';
import { operator } from '../streams/operator';
import type { FrameTime } from '../streams/trail';

export type { FrameTime };

/** A value with the time of its frame. */
export interface Timed<T> {
  /** The value as it came. */
  readonly value: T;
  /** When the value's frame was taken; null where its source does not tell. */
  readonly time: FrameTime | null;
}

/**
 * When the frame of the current value was taken: its place in its film, and the moment when the camera took it. Call it while the value is being emitted, in a callback
 * of an operator or of `subscribe`: the emission carries it from the source through operators and workers. A batch has the time of its latest value, a
 * combination that of its first source with one. Past an `await` it is gone: take it before, or put {@link withTime} into the pipe.
 *
 * @returns null where the source tells no time, and outside of emissions
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { timeOf } from 'rxtensor/vision';
 * import { take } from 'rxjs';
 * document.body.innerHTML = '<canvas></canvas>';
 * dl.canvasFrames(document.querySelector('canvas')!, { size: [8, 8] })
 *   .pipe(dl.mapTensor((frame) => frame.toFloat().mean()), dl.download(), take(3))
 *   .subscribe((mean) => console.log(mean, Date.now() - timeOf()!.capture)); // 0, and how many ms ago it was on the canvas
 * ```
 */
export function timeOf(): FrameTime | null {
  return trailNow().time;
}

/**
 * Passes each value on with the time of its frame, for code that looks at it when its emission is over: loops, promises, stock operators that move values in time.
 *
 * ```text
 *  frames        --a-------b-------
 *  withTime()    --{a, 0}--{b, 1}--
 * ```
 *
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { withTime } from 'rxtensor/vision';
 * import { take } from 'rxjs';
 * document.body.innerHTML = '<canvas></canvas>';
 * const means = dl
 *   .canvasFrames(document.querySelector('canvas')!, { size: [8, 8] })
 *   .pipe(dl.mapTensor((frame) => frame.toFloat().mean()), dl.download(), withTime(), take(3));
 * for await (const { value, time } of dl.each(means)) console.log(value, time?.media);
 * ```
 */
export function withTime<T>(): OperatorFunction<T, Timed<T>> {
  return operator<T, Timed<T>>('withTime', (output) => ({
    next: (value) => output.emit(() => ({ value, time: timeOf() })),
  }));
}
