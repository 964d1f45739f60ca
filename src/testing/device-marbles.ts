import type { TestScheduler } from 'rxjs/testing';
import { fakeDevice, type FakeDevice, type FakeDeviceOptions } from './fake-device';
import {
  marbleHelpers,
  marbleScheduler,
  refuseLater,
  type MarbleOptions,
  type TensorMarbles,
} from './tensor-marbles';
import { passTime } from './virtual-time';

/** RxJS's marble helpers, one for tensors, and the device that takes its time. */
export interface DeviceMarbles extends Pick<
  TensorMarbles,
  'cold' | 'hot' | 'time' | 'scheduler' | 'expectTensors' | 'expectSubscriptions'
> {
  /** The device that takes its time. */
  readonly device: FakeDevice;
}

/** How long the device takes, and how exact numbers must be. */
export type DeviceMarbleOptions = FakeDeviceOptions & MarbleOptions;

/**
 * Runs marble diagrams over streams of tensors on a {@link fakeDevice}, with promises settling as virtual time passes: for tests of
 * back-pressure, and of `download`, `mapTensorAsync` and all else that waits for promises. What is awaited is the end of it.
 *
 * Give `scheduler` to every operator that uses time: outside of RxJS's `run` the stock ones use the real clock otherwise.
 *
 * @throws (as rejections) for the first expectation that does not hold, and when an hour of virtual time has passed without an end
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { deviceMarbles } from 'rxtensor/testing';
 * // A model takes 3 ms, and a camera does not wait for it: the newest frame is next.
 * await deviceMarbles({ duration: 3 }, ({ cold, expectTensors }) => {
 *   const camera = cold('abcdefgh|', { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 });
 *   const model = dl.predict((frame: number) => dl.scalar(frame).square());
 *   expectTensors(camera.pipe(dl.latest(), model)).toBe('a--d--g--h--|', { a: 1, d: 16, g: 49, h: 64 });
 * });
 * ```
 */
export async function deviceMarbles(
  options: DeviceMarbleOptions,
  work: (helpers: DeviceMarbles) => void,
): Promise<void> {
  const name = 'deviceMarbles';
  const scheduler = marbleScheduler(name, options);
  const device = fakeDevice(scheduler, options);
  const expectations = new Expectations();
  try {
    inRunMode(scheduler, (helpers) => {
      // Nothing happens yet; hot observables are made ready.
      scheduler.maxFrames = -Infinity;
      refuseLater(name, () => work({ ...expectations.deferred(helpers), device }));
    });
    await passTime(name, scheduler);
    inRunMode(scheduler, () => expectations.state());
  } finally {
    device.remove();
  }
}

/** Marbles have the meaning that they have in RxJS's `run`: a millisecond each, and spaces for nothing. */
function inRunMode(scheduler: TestScheduler, work: (helpers: TensorMarbles) => void): void {
  scheduler.run((helpers) => work(marbleHelpers(scheduler, helpers)));
}

/** RxJS checks an expectation at the first flush after it was stated: it is stated when all is over. */
class Expectations {
  readonly #stated: (() => void)[] = [];

  deferred(helpers: TensorMarbles): Omit<DeviceMarbles, 'device'> {
    const { cold, hot, time, scheduler, expectTensors, expectSubscriptions } = helpers;
    const later =
      <A extends unknown[]>(state: (...marbles: A) => void) =>
      (...marbles: A): void => {
        this.#stated.push(() => state(...marbles));
      };
    return {
      cold,
      hot,
      time,
      scheduler,
      expectTensors: (...stream) => ({ toBe: later(expectTensors(...stream).toBe) }),
      expectSubscriptions: (logs) => ({ toBe: later(expectSubscriptions(logs).toBe) }),
    };
  }

  state(): void {
    for (const state of this.#stated) state();
  }
}
