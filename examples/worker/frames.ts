import { animationFrames, map, pairwise, scan, share, type Observable } from 'rxjs';

/** The number of frames to keep: about five seconds at 60 Hz. */
const REMEMBERED = 300;

/** The milliseconds between frames of the page, for the last frames, newest last. */
export const gaps$: Observable<readonly number[]> = animationFrames().pipe(
  map(({ timestamp }) => timestamp),
  pairwise(),
  scan((gaps: readonly number[], [before, now]) => [...gaps.slice(1 - REMEMBERED), now - before], []),
  share(),
);

/** Frames per second, over the last second. */
export function framesPerSecond(gaps: readonly number[]): number {
  let time = 0;
  let frames = 0;
  for (let i = gaps.length - 1; i >= 0 && time < 1000; i--) {
    time += gaps[i] ?? 0;
    frames++;
  }
  return time === 0 ? 0 : (1000 * frames) / time;
}

export function longestGap(gaps: readonly number[]): number {
  return Math.max(0, ...gaps);
}
