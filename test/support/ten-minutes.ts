/** Runs a stream of a camera's pictures for ten minutes of virtual time, and observes memory and delays. */
import {
  Observable,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
  type VirtualTimeScheduler,
} from 'rxjs';
import * as dl from '../../src/index';
import { live } from '../../src/streams/pulling/live';
import type { FakeDevice } from '../../src/testing/fake-device';

/** The number of frames in ten minutes, at 60 a second. The work on each takes 50 ms. */
export const FRAMES = 36_000;
export const FRAME_MS = 1000 / 60;
export const WORK_MS = 50;
/** A tolerance in milliseconds, since a sixtieth of a second is not a binary fraction. */
export const ROUNDING = 1e-6;

/** A picture: a tensor with the number of the frame. */
export interface Picture {
  readonly image: dl.Scalar;
}

export type Work = MonoTypeOperatorFunction<Picture>;

/** A camera whose pictures show the number of the frame, counted from 1. */
export class Camera {
  shown = 0;
  dropped = 0;

  constructor(private readonly time: SchedulerLike) {}

  /** The camera as a source of this library, which drops frames itself. */
  source(inFlight: number): Observable<Picture> {
    return live<Picture>(
      'camera',
      ({ frame, end }) => {
        const stop = this.ticks(() => {
          frame();
          if (this.shown === FRAMES) end();
        });
        return {
          grab: () => ({ image: dl.scalar(this.shown) }),
          keepsFrame: true,
          release: stop,
        };
      },
      { inFlight, scheduler: this.time, onDrop: (count) => (this.dropped = count) },
    );
  }

  /** The camera as a source that pushes every frame, with `latest` to drop them. */
  foreign(): Observable<Picture> {
    return new Observable<void>((subscriber) => this.ticks(() => subscriber.next())).pipe(
      dl.mapTensor(() => ({ image: dl.scalar(this.shown) })),
      dl.latest({ onDrop: (count) => (this.dropped = count) }),
    );
  }

  /** Calls `tell` at each frame, until the returned function is called. */
  private ticks(tell: () => void): () => void {
    let isOn = true;
    const wait = (): void => {
      timer(FRAME_MS, this.time).subscribe(() => {
        if (!isOn || this.shown === FRAMES) return;
        this.shown++;
        tell();
        wait();
      });
    };
    wait();
    return () => (isOn = false);
  }
}

/** Makes an operator that works on pictures for a while, and calls `over` when the work on one is done. */
export type Way = (time: SchedulerLike, over: () => void) => Work;

/** Observations of a running stream. */
export class Watch {
  /** The frames that went in, and those that came out. */
  readonly taken: number[] = [];
  readonly seen: number[] = [];
  mostUnfinished = 0;
  mostTensors = 0;
  /** The greatest age of a frame when it came out, in milliseconds. */
  oldest = 0;
  private unfinished = 0;
  private readonly before = dl.memory().numTensors;

  readonly over = (): void => {
    this.unfinished--;
  };

  in(): Work {
    return tap(({ image }) => {
      this.taken.push(image.dataSync()[0]!);
      this.mostUnfinished = Math.max(this.mostUnfinished, ++this.unfinished);
      this.countTensors();
    });
  }

  out(time: SchedulerLike): Work {
    return tap(({ image }) => {
      const frame = image.dataSync()[0]!;
      this.seen.push(frame);
      this.oldest = Math.max(this.oldest, time.now() - frame * FRAME_MS);
      this.countTensors();
    });
  }

  private countTensors(): void {
    this.mostTensors = Math.max(this.mostTensors, dl.memory().numTensors - this.before);
  }
}

/** The observations of ten minutes. */
export interface Minutes {
  readonly camera: Camera;
  readonly watch: Watch;
  /** The frames that were not the newest when they went in. */
  readonly stale: readonly (number | undefined)[];
}

/** Runs a camera for ten minutes, with work on its pictures. */
export async function tenMinutes(
  time: VirtualTimeScheduler,
  device: FakeDevice,
  way: Way,
  inFlight: number,
  kind: 'source' | 'foreign' = 'source',
): Promise<Minutes> {
  const camera = new Camera(time);
  const watch = new Watch();
  const stale: (number | undefined)[] = [];
  const work = way(time, watch.over);
  const subscription = (kind === 'source' ? camera.source(inFlight) : camera.foreign())
    .pipe(
      watch.in(),
      tap(() => {
        const frame = watch.taken.at(-1);
        if (frame !== camera.shown) stale.push(frame);
      }),
      work,
      watch.out(time),
    )
    .subscribe();
  await device.pass(FRAMES * FRAME_MS + 1000);
  subscription.unsubscribe();
  return { camera, watch, stale };
}

/** Expects memory and delay to stay bounded, and each frame that goes in to be the newest. */
export function expectFlat({ camera, watch, stale }: Minutes, inFlight: number): void {
  // Each frame that goes in is the one that the camera shows.
  expect(stale).toEqual([]);
  expect(watch.seen).toEqual(watch.taken);
  expect(watch.seen.length + camera.dropped).toBe(FRAMES);
  expect(watch.seen.length).toBeGreaterThan((0.7 * FRAMES * FRAME_MS) / WORK_MS);
  expect(watch.mostUnfinished).toBe(inFlight);
  // A frame waits for the frames in flight before it and for its own work. For each there are a frame, its copy and its result.
  expect(watch.oldest).toBeLessThan(inFlight * WORK_MS + FRAME_MS + ROUNDING);
  expect(watch.mostTensors).toBeLessThanOrEqual(3 * inFlight);
}
