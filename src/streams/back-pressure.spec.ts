import * as dl from 'rxtensor';
import {
  concatMap,
  delay,
  firstValueFrom,
  Observable,
  of,
  Subscription,
  tap,
  timer,
  VirtualTimeScheduler,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { backend } from '../tensor/running';
import { fakeDevice, type FakeDevice } from '../testing/fake-device';
import { settle } from '../testing/marbles';
import { live } from './live';

/** Ten minutes of a camera that has 60 pictures a second, and work of 50 ms on each. */
const FRAMES = 36_000;
const FRAME_MS = 1000 / 60;
const WORK_MS = 50;
const SHORT_WORK_MS = 10;
/** A sixtieth of a second is no binary fraction. */
const ROUNDING = 1e-6;

/** A picture: one tensor that holds the number of the frame. */
interface Picture {
  readonly image: dl.Scalar;
}

type Work = MonoTypeOperatorFunction<Picture>;

/** A camera that shows the number of the frame, counted from 1. */
class Camera {
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

/** What one may do with a picture that takes its time; tells when that is over. */
const ways: Readonly<Record<string, (time: SchedulerLike, over: () => void) => Work>> = {
  'a device that is busy': (_time, over) =>
    tap(({ image }) => {
      image.square();
      void backend().mark().then(over);
    }),
  mapTensorAsync: (_time, over) =>
    dl.mapTensorAsync(async (picture) => {
      const image: dl.Scalar = picture.image.abs();
      await image.data();
      over();
      return { image };
    }),
  'across(concatMap(…))': (time, over) =>
    dl.across(concatMap((picture: Picture) => of(picture).pipe(delay(WORK_MS, time), tap(over)))),
  'a store that is slow': (time, over) =>
    tap(() => dl.waitUntil(firstValueFrom(timer(WORK_MS, time)).then(over))),
};

/** What is seen of a stream while it runs. */
class Watch {
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

describe('Back-pressure on a device in virtual time', () => {
  let time: VirtualTimeScheduler;
  let device: FakeDevice;

  beforeEach(() => {
    time = new VirtualTimeScheduler();
    device = fakeDevice(time, { duration: (kernel) => (kernel === 'unary' ? WORK_MS : SHORT_WORK_MS) });
  });

  afterEach(() => device.remove());

  /** Ten minutes of a camera, below which a picture takes its time. */
  async function tenMinutes(way: string, inFlight: number, kind: 'source' | 'foreign') {
    const camera = new Camera(time);
    const watch = new Watch();
    const stale: number[] = [];
    const work = ways[way]!(time, watch.over);
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

  const rows = Object.keys(ways).flatMap((way) =>
    way.startsWith('a device')
      ? ([
          [way, 1],
          [way, 2],
        ] as const)
      : ([[way, 2]] as const),
  );
  for (const [way, inFlight] of rows) {
    it(`keeps memory and delay flat over ten minutes of a camera, with ${inFlight} in flight: ${way}`, async () => {
      const { camera, watch, stale } = await tenMinutes(way, inFlight, 'source');
      // The newest first: what goes in is what the camera shows at the time.
      expect(stale).toEqual([]);
      expect(watch.seen).toEqual(watch.taken);
      expect(watch.seen.length + camera.dropped).toBe(FRAMES);
      expect(watch.seen.length).toBeGreaterThan((0.7 * FRAMES * FRAME_MS) / WORK_MS);
      expect(watch.mostUnfinished).toBe(inFlight);
      // So old is a frame that waits for those before it and for its own work, and so many tensors are a frame, its copy, its result.
      expect(watch.oldest).toBeLessThan(inFlight * WORK_MS + FRAME_MS + ROUNDING);
      expect(watch.mostTensors).toBeLessThanOrEqual(3 * inFlight);
    }, 60_000);
  }

  it('keeps them flat for a camera that pushes, below latest', async () => {
    const { camera, watch } = await tenMinutes('mapTensorAsync', 1, 'foreign');
    expect(watch.seen).toEqual(watch.taken);
    expect(watch.seen.length + camera.dropped).toBeGreaterThanOrEqual(camera.shown - 2);
    expect(watch.seen.length).toBeGreaterThan((0.7 * FRAMES * FRAME_MS) / WORK_MS);
    expect(watch.mostUnfinished).toBe(1);
    expect(watch.oldest).toBeLessThan(2 * WORK_MS + FRAME_MS + ROUNDING);
    expect(watch.mostTensors).toBeLessThanOrEqual(4);
  }, 60_000);

  for (const way of Object.keys(ways)) {
    it(`drops nothing of a data source, and keeps its order: ${way}`, async () => {
      const watch = new Watch();
      const numbers = Array.from({ length: 1000 }, (_, i) => i + 1);
      let isComplete = false;
      dl.examples(numbers, { scheduler: time })
        .pipe(
          dl.mapTensor((x) => ({ image: dl.scalar(x) })),
          watch.in(),
          ways[way]!(time, watch.over),
          watch.out(time),
        )
        .subscribe({ complete: () => (isComplete = true) });
      await device.pass(1000 * WORK_MS + 1000);
      expect(watch.seen).toEqual(numbers);
      expect(isComplete).toBeTrue();
      expect(watch.mostUnfinished).toBe(2);
      expect(watch.mostTensors).toBeLessThanOrEqual(6);
    });
  }

  it('lets two streams share a device: neither starves the other', async () => {
    const camera = new Camera(time);
    const longest = { camera: 0, data: 0 };
    const count = { camera: 0, data: 0 };
    const timed = <T>(name: 'camera' | 'data', work: (value: T) => void): MonoTypeOperatorFunction<T> => {
      let before = 0;
      return tap((value) => {
        longest[name] = Math.max(longest[name], time.now() - before);
        before = time.now();
        count[name]++;
        work(value);
      });
    };
    const subscriptions = [
      camera
        .source(2)
        .pipe(timed('camera', ({ image }) => image.square()))
        .subscribe(),
      dl
        .examples([1], { epochs: Infinity, scheduler: time })
        .pipe(timed('data', (x) => dl.add(x, 1)))
        .subscribe(),
    ];
    await device.pass(60_000);
    for (const each of subscriptions) each.unsubscribe();
    // Each has two pieces of work in the device's queue at most, so that a turn comes after those of the other and its own.
    const round = 2 * WORK_MS + 2 * SHORT_WORK_MS + FRAME_MS;
    expect(longest.camera).toBeLessThan(round + ROUNDING);
    expect(longest.data).toBeLessThan(round + ROUNDING);
    expect(count.camera).toBeGreaterThan(60_000 / round);
    expect(count.data).toBeGreaterThan(60_000 / round);
  });
});

describe('A page that trains', () => {
  for (const stepMs of [1, 3, 30]) {
    it(`keeps no turn longer than 8 ms and a step of ${stepMs} ms`, async () => {
      let now = 0;
      const due: (() => void)[] = [];
      const scheduler = {
        now: () => now,
        schedule: (work: () => void) => {
          due.push(work);
          return new Subscription();
        },
      } as unknown as SchedulerLike;
      const weight = dl.tidy(() => dl.variable(dl.scalar(0)));
      let steps = 0;
      let isComplete = false;
      dl.examples([1, 2, 3], { epochs: 20, scheduler })
        .pipe(
          dl.batch(2),
          dl.trainStep(dl.train.sgd(0.01), (x) => {
            now += stepMs;
            steps++;
            return dl.losses.meanSquaredError(x, x.mul(weight));
          }),
          dl.download(),
        )
        .subscribe({ complete: () => (isComplete = true) });
      const turns: number[] = [];
      while (!isComplete) {
        const begun = now;
        due.shift()?.();
        // What promises go on with belongs to the turn.
        await settle(1);
        turns.push(now - begun);
        now += 100;
      }
      expect(steps).toBe(30);
      expect(Math.max(...turns)).toBeLessThan(8 + stepMs);
      expect(Math.max(...turns)).toBeGreaterThanOrEqual(Math.min(8, 2 * stepMs));
      weight.dispose();
    });
  }
});
