/** Ten minutes of a camera in virtual time, and what becomes of its pictures below it. */
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

/** Ten minutes of a camera that has 60 pictures a second, and work of 50 ms on each. */
export const FRAMES = 36_000;
export const FRAME_MS = 1000 / 60;
export const WORK_MS = 50;
/** A sixtieth of a second is no binary fraction. */
export const ROUNDING = 1e-6;

/** A picture: one tensor that holds the number of the frame. */
export interface Picture {
  readonly image: dl.Scalar;
}

export type Work = MonoTypeOperatorFunction<Picture>;

/** A camera that shows the number of the frame, counted from 1. */
export class Camera {
  shown = 0;
  dropped = 0;

  constructor(private readonly time: SchedulerLike) {}

  /** A source of this library, which drops frames by itself. */
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

  /** A source that pushes every frame, below which `latest` drops them. */
  foreign(): Observable<Picture> {
    return new Observable<void>((subscriber) => this.ticks(() => subscriber.next())).pipe(
      dl.mapTensor(() => ({ image: dl.scalar(this.shown) })),
      dl.latest({ onDrop: (count) => (this.dropped = count) }),
    );
  }

  /** Tells of each frame until it is called back. */
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

/** What one may do with a picture that takes its time; `over` is told when that is over. */
export type Way = (time: SchedulerLike, over: () => void) => Work;

/** What is seen of a stream while it runs. */
export class Watch {
  /** Frames that went in, and those that came out. */
  readonly taken: number[] = [];
  readonly seen: number[] = [];
  mostUnfinished = 0;
  mostTensors = 0;
  /** Of a frame when it comes out, in milliseconds. */
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

/** What ten minutes have shown. */
export interface Minutes {
  readonly camera: Camera;
  readonly watch: Watch;
  /** Frames that were not the newest when they went in. */
  readonly stale: readonly (number | undefined)[];
}

/** Ten minutes of a camera, below which a picture takes its time. */
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

/** So it should be: memory and delay stay flat, and the newest frame comes next. */
export function expectFlat({ camera, watch, stale }: Minutes, inFlight: number): void {
  // The newest first: what goes in is what the camera shows at the time.
  expect(stale).toEqual([]);
  expect(watch.seen).toEqual(watch.taken);
  expect(watch.seen.length + camera.dropped).toBe(FRAMES);
  expect(watch.seen.length).toBeGreaterThan((0.7 * FRAMES * FRAME_MS) / WORK_MS);
  expect(watch.mostUnfinished).toBe(inFlight);
  // So old is a frame that waits for those before it and for its own work, and so many tensors are a frame, its copy, its result.
  expect(watch.oldest).toBeLessThan(inFlight * WORK_MS + FRAME_MS + ROUNDING);
  expect(watch.mostTensors).toBeLessThanOrEqual(3 * inFlight);
}
