import * as dl from 'rxtensor';
import { interval, take, tap, type VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { fakeDevice, type FakeDevice, type FakeDeviceOptions } from '.';

/** Runs `work` on a fake device and a clock of its own; the device is removed however it ends. */
async function onDevice(
  options: FakeDeviceOptions,
  work: (device: FakeDevice, scheduler: TestScheduler) => void | Promise<void>,
): Promise<void> {
  const scheduler = new TestScheduler(() => true);
  const device = fakeDevice(scheduler, options);
  try {
    await work(device, scheduler);
  } finally {
    device.remove();
  }
}

/** Notes when a promise has settled, in virtual time. */
function settledAt(promise: Promise<unknown>, scheduler: VirtualTimeScheduler): { time: number | null } {
  const at: { time: number | null } = { time: null };
  void promise.then(() => (at.time = scheduler.now()));
  return at;
}

describe('fakeDevice', () => {
  it('is the backend in use until it is removed, and computes really', async () => {
    const before = dl.getBackend();
    await onDevice({ duration: 5 }, () => {
      expect(dl.getBackend()).toBe('fake');
      dl.tidy(() => expect(Array.from(dl.tensor1d([1, 2, 3]).square().dataSync())).toEqual([1, 4, 9]));
    });
    expect(dl.getBackend()).toBe(before);
    expect(() => dl.setBackend('fake')).toThrowError(/argument 'name' is 'fake'; wanted one of/);
  });

  it('takes over tensors of the backend before, and leaves them usable', async () => {
    const x = dl.tensor1d([1, 2]);
    const v = dl.tidy(() => dl.variable(dl.scalar(3)));
    await onDevice({ duration: 1 }, () => {
      dl.tidy(() => expect(Array.from(x.mul(v).dataSync())).toEqual([3, 6]));
    });
    dl.tidy(() => expect(Array.from(x.mul(v).add(1).dataSync())).toEqual([4, 7]));
    dl.dispose([x, v]);
  });

  it('does one piece of work after the other, and marks the end of what was submitted', async () => {
    await onDevice({ duration: 50 }, async (device, scheduler) => {
      expect(device.busyFor).toBe(0);
      const idle = settledAt(dl.backend().mark(), scheduler);
      const x = dl.tidy(() => dl.scalar(2).square());
      expect(device.submissions).toBe(1);
      expect(device.busyFor).toBe(50);
      const first = settledAt(dl.backend().mark(), scheduler);
      await device.pass(20);
      const y = x.square();
      expect(device.busyFor).toBe(80);
      const second = settledAt(dl.backend().mark(), scheduler);
      await device.pass(29);
      expect([idle.time, first.time, second.time]).toEqual([0, null, null]);
      await device.pass();
      expect([idle.time, first.time, second.time]).toEqual([0, 50, 100]);
      dl.dispose([x, y]);
    });
  });

  it('takes a duration by the name of the kernel', async () => {
    const duration = (kernel: dl.KernelName): number => (kernel === 'matMul' ? 40 : 1);
    await onDevice({ duration }, (device) => {
      dl.tidy(() => void dl.ones([2, 2]).matMul(dl.ones([2, 2])));
      expect(device.busyFor).toBe(42);
      expect(device.submissions).toBe(3);
    });
  });

  it('reads when the work is done, from a snapshot of the moment of the call', async () => {
    await onDevice({ duration: 10 }, async (device, scheduler) => {
      const x = dl.tidy(() => dl.tensor1d([1, 2]).square());
      const reading = x.data();
      const at = settledAt(reading, scheduler);
      x.dispose();
      await device.pass(9);
      expect(at.time).toBeNull();
      await device.pass(1);
      expect(at.time).toBe(10);
      expect(Array.from(await reading)).toEqual([1, 4]);
    });
  });

  it('tells the virtual time that work takes', async () => {
    await onDevice({ duration: 7 }, async (device, scheduler) => {
      const timing = dl.backend().time(() => dl.tidy(() => void dl.scalar(1).square().square()));
      expect(await timing).toEqual({ kernelMs: 14 });
      const at = settledAt(dl.backend().mark(), scheduler);
      await device.pass();
      expect(at.time).toBe(14);
    });
  });

  for (const inFlight of [1, 2, 3]) {
    it(`holds a source back that may have ${inFlight} emissions in flight`, async () => {
      await onDevice({ duration: 50 }, async (device, scheduler) => {
        const started: number[] = [];
        let unfinished = 0;
        let most = 0;
        dl.examples([1, 2, 3, 4, 5, 6], { inFlight, scheduler })
          .pipe(
            tap(() => {
              started.push(scheduler.now());
              most = Math.max(most, ++unfinished);
            }),
            dl.mapTensor((x) => dl.scalar(x).square()),
            dl.download(),
          )
          .subscribe(() => unfinished--);
        await device.pass();
        // As many as are allowed at once, then one as each is done.
        expect(started).toEqual([0, 0, 0, 50, 100, 150, 200, 250].slice(3 - inFlight, 9 - inFlight));
        expect(most).toBe(inFlight);
      });
    });
  }

  it('stays level through minutes of frames that come too fast', async () => {
    await onDevice({ duration: 50 }, async (device, scheduler) => {
      const frames = (2 * 60 * 1000) / 16;
      const latencies: number[] = [];
      const tensors: number[] = [];
      let dropped = 0;
      const before = dl.memory().numTensors;
      interval(16, scheduler)
        .pipe(
          take(frames),
          dl.latest({ onDrop: (count) => (dropped = count) }),
          dl.predict((i: number) => dl.scalar((i + 1) * 16).neg()),
          dl.download(),
        )
        .subscribe((shown) => {
          latencies.push(scheduler.now() + shown);
          tensors.push(dl.memory().numTensors - before);
        });
      await device.pass();
      expect(latencies.length + dropped).toBe(frames);
      expect(latencies.length).toBeGreaterThan(2350);
      // A frame waits for the one before it, and is worked on: never for a queue.
      expect(Math.max(...latencies)).toBeLessThanOrEqual(100);
      expect(Math.max(...tensors)).toBeLessThanOrEqual(1);
    });
  });

  it('says that a stream never ends', async () => {
    await onDevice({ duration: 1 }, async (device, scheduler) => {
      const endless = interval(60_000, scheduler).subscribe();
      await expectAsync(device.pass()).toBeRejectedWithError(
        /FakeDevice\.pass: something is still scheduled after an hour/,
      );
      endless.unsubscribe();
    });
  });

  it('refuses impossible durations, and a second device', async () => {
    const scheduler = new TestScheduler(() => true);
    expect(() => fakeDevice(scheduler, { duration: -1 })).toThrowError(
      "fakeDevice: option 'duration' is -1; wanted milliseconds, not negative",
    );
    await onDevice({ duration: () => NaN }, () => {
      expect(() => dl.tidy(() => void dl.scalar(1).square())).toThrowError(
        /fakeDevice: option 'duration' is NaN for the kernel 'unary'; wanted/,
      );
      expect(() => fakeDevice(scheduler, { duration: 1 })).toThrowError(
        'fakeDevice: a fake device is in use already; wanted one at a time: remove() it first',
      );
    });
  });
});
