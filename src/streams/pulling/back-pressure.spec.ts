import * as dl from 'rxtensor';
import {
  concatMap,
  delay,
  firstValueFrom,
  of,
  pipe,
  Subscription,
  tap,
  timer,
  VirtualTimeScheduler,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { backend } from '../../tensor/backend';
import { fakeDevice, type FakeDevice } from '../../testing/fake-device';
import { settle } from '../../../test/support/marbles';
import {
  Camera,
  expectFlat,
  FRAME_MS,
  FRAMES,
  ROUNDING,
  tenMinutes,
  Watch,
  WORK_MS,
  type Picture,
  type Way,
} from '../../../test/support/ten-minutes';

const SHORT_WORK_MS = 10;

/** What one may do with a picture that takes its time; tells when that is over. */
const ways: Readonly<Record<string, Way>> = {
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
    dl.across(
      concatMap((picture: Picture) => of(picture).pipe(delay(WORK_MS, time), tap(over))),
      { holds: 'all' },
    ),
  'a store that is slow': (time, over) =>
    tap(() => dl.waitUntil(firstValueFrom(timer(WORK_MS, time)).then(over))),
};

describe('Back-pressure on a device in virtual time', () => {
  let time: VirtualTimeScheduler;
  let device: FakeDevice;

  beforeEach(() => {
    time = new VirtualTimeScheduler();
    device = fakeDevice(time, { duration: (kernel) => (kernel === 'unary' ? WORK_MS : SHORT_WORK_MS) });
  });

  afterEach(() => device.remove());

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
      expectFlat(await tenMinutes(time, device, ways[way]!, inFlight), inFlight);
    }, 60_000);
  }

  it('keeps them flat for a camera that pushes, below latest', async () => {
    const { camera, watch } = await tenMinutes(time, device, ways.mapTensorAsync!, 1, 'foreign');
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

  it('keeps them flat for pictures that train, above a checkpoint whose store is slow', async () => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
    const sgd = dl.train.sgd(0.001);
    const saving: Way = (_time, over) => {
      const store = {
        name: 'a store that is slow',
        save: () => firstValueFrom(timer(WORK_MS, time)).then(over),
        load: () => Promise.resolve(null),
      };
      return pipe(
        dl.trainStep(sgd, ({ image }: Picture) => dl.square(dl.mul(slope, dl.mul(image, 0))), {
          metrics: { image: (_, { image }: Picture) => image.clone() },
        }),
        dl.checkpoint({ every: 1, store, position: false, variables: [slope] }),
        dl.mapTensor(({ metrics: { image } }) => ({ image })),
      );
    };
    device.remove();
    device = fakeDevice(time, { duration: 0 });
    expectFlat(await tenMinutes(time, device, saving, 2), 2);
    dl.dispose(slope);
    sgd.dispose();
  }, 120_000);

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
