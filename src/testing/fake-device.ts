import type { VirtualTimeScheduler } from 'rxjs';
import { findBackend, getBackend, registerBackend, removeBackend, setBackend } from '../kernels';
import type { Backend, KernelName } from '../kernels';
import { passTime } from './virtual-time';

/** How a fake device behaves. */
export interface FakeDeviceOptions {
  /** Milliseconds of virtual time that a piece of work takes: for all kernels alike, or by the kernel's name. */
  readonly duration: number | ((kernel: KernelName) => number);
}

/** A device that computes at once and says that it took its time. */
export interface FakeDevice {
  /** How many kernels it was given so far. */
  readonly submissions: number;
  /** Milliseconds of virtual time until it will have done all it was given; 0 when it is idle. */
  readonly busyFor: number;
  /**
   * Lets virtual time pass, promises settling in between as they do in real time; without an argument, until nothing is scheduled
   * any more. Not inside of RxJS's `run`, which lets it pass in one go.
   */
  readonly pass: (milliseconds?: number) => Promise<void>;
  /** Puts back the backend that was in use before. */
  readonly remove: () => void;
}

const NAME = 'fake';

/**
 * A device whose work takes virtual time, for tests of back-pressure: becomes the backend in use, until it is removed. Kernels compute
 * really, on the CPU and at once; but `mark()`, and the asynchronous reads behind `download` and `tensor.data()`, resolve only when
 * the scheduler's clock has reached the end of what was submitted, one piece after the other. Blocking reads do not wait.
 *
 * A `TestScheduler` alone cannot test this: its time passes in one go, before any promise settles. {@link FakeDevice.pass} lets it pass
 * action by action. Give the scheduler to every operator that uses time (`interval(16, scheduler)`, `examples(data, {scheduler})`):
 * outside of RxJS's `run` the stock ones use the real clock otherwise. What waits for the real world (a file, a fetch) is not virtual.
 *
 * For diagrams on such a device there is {@link deviceMarbles}.
 *
 * @throws when a fake device is in use already, and for a duration that is negative
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { fakeDevice } from 'rxtensor/testing';
 * import { interval, take } from 'rxjs';
 * import { TestScheduler } from 'rxjs/testing';
 *
 * const scheduler = new TestScheduler(() => true);
 * const device = fakeDevice(scheduler, { duration: 50 }); // a model that takes 50 ms a frame
 * const classified: number[] = [];
 * interval(16, scheduler) // a camera of 60 Hz
 *   .pipe(take(60), dl.latest(), dl.predict((frame: number) => dl.scalar(frame).square()), dl.download())
 *   .subscribe((result) => classified.push(result));
 *
 * await device.pass(1000);
 * if (classified.length > 20) throw new Error('frames that came too fast were not dropped');
 * await device.pass();
 * device.remove();
 * ```
 */
export function fakeDevice(scheduler: VirtualTimeScheduler, options: FakeDeviceOptions): FakeDevice {
  const durationOf = durations(options);
  const before = getBackend();
  const clock = new WorkClock(scheduler, durationOf);
  if (before === NAME) {
    throw new Error('fakeDevice: a fake device is in use already; wanted one at a time: remove() it first');
  }
  registerBackend(NAME, () => timed(findBackend('cpu')!, clock), 0);
  setBackend(NAME);
  return {
    get submissions() {
      return clock.submissions;
    },
    get busyFor() {
      return clock.busyFor;
    },
    pass: (milliseconds) => passTime('FakeDevice.pass', scheduler, { milliseconds }),
    remove: () => {
      if (getBackend() === NAME) setBackend(before);
      removeBackend(NAME);
    },
  };
}

function durations({ duration }: FakeDeviceOptions): (kernel: KernelName) => number {
  if (typeof duration !== 'function') {
    const milliseconds = checked(duration, '');
    return () => milliseconds;
  }
  return (kernel) => checked(duration(kernel), ` for the kernel '${kernel}'`);
}

function checked(milliseconds: number, of: string): number {
  if (milliseconds >= 0 && Number.isFinite(milliseconds)) return milliseconds;
  throw new Error(`fakeDevice: option 'duration' is ${milliseconds}${of}; wanted milliseconds, not negative`);
}

/** When the device will have done what it was given. */
class WorkClock {
  submissions = 0;
  #doneAt = 0;

  constructor(
    private readonly scheduler: VirtualTimeScheduler,
    private readonly durationOf: (kernel: KernelName) => number,
  ) {}

  get busyFor(): number {
    return Math.max(0, this.#doneAt - this.scheduler.now());
  }

  submit(kernel: KernelName): void {
    const duration = this.durationOf(kernel);
    this.submissions++;
    this.#doneAt = this.scheduler.now() + this.busyFor + duration;
  }

  /** Resolves when all that was submitted by now is done. */
  async done(): Promise<void> {
    const { busyFor } = this;
    if (busyFor > 0) await new Promise<void>((resolve) => this.scheduler.schedule(() => resolve(), busyFor));
  }
}

/** A backend that computes as `device` does, and takes its time. */
function timed(device: Backend, clock: WorkClock): Backend {
  return {
    name: NAME,
    writesInPlace: device.writesInPlace,
    allocate: (size, dtype) => device.allocate(size, dtype),
    free: (handle) => device.free(handle),
    write: (handle, values) => device.write(handle, values),
    read: async (handle, size, dtype) => {
      const values = device.readSync!(handle, size, dtype);
      await clock.done();
      return values;
    },
    readSync: (handle, size, dtype) => device.readSync!(handle, size, dtype),
    run: (kernel, inputs, outputs, attributes) => {
      clock.submit(kernel);
      device.run(kernel, inputs, outputs, attributes);
    },
    get submissions() {
      return clock.submissions;
    },
    mark: () => clock.done(),
    time: (work) => {
      const before = clock.busyFor;
      work();
      return Promise.resolve({ kernelMs: clock.busyFor - before });
    },
    memory: () => device.memory(),
    dispose: () => undefined,
  };
}
