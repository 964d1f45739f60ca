/** Virtual time in which promises have their say: between two actions of the scheduler, all that has become due by itself happens. */
import { VirtualTimeScheduler, type SchedulerLike } from 'rxjs';
import { backend } from '../../src/tensor/running';
import { nextTurnOf } from '../../src/streams/turn';
import { READ_TIME } from './timing';

/** More are a pipeline that never ends. */
const MOST_ACTIONS = 20_000;

const nextTurn = nextTurnOf(undefined);

export class VirtualTime extends VirtualTimeScheduler {
  /** Runs everything there is, at once. */
  runAll(): void {
    this.step(() => undefined);
  }

  /** Runs everything there is, letting promises settle after each action. */
  async runSettling(afterEach: () => void): Promise<void> {
    for (let count = 0; this.actions.length > 0; count++) {
      this.guard(count);
      this.act();
      await new Promise<void>((resolve) => void nextTurn(resolve));
      afterEach();
    }
  }

  private step(afterEach: () => void): void {
    for (let count = 0; this.actions.length > 0; count++) {
      this.guard(count);
      this.act();
      afterEach();
    }
  }

  private act(): void {
    const action = this.actions.shift()!;
    // What an action of a virtual scheduler is due at.
    this.frame = (action as unknown as { delay: number }).delay;
    const error: unknown = action.execute(action.state, this.frame);
    if (error) throw error as Error;
  }

  private guard(count: number): void {
    if (count > MOST_ACTIONS) throw new Error(`virtual time does not end: ${count} actions`);
  }
}

/** A promise that resolves when some virtual time has passed. */
export function after(scheduler: SchedulerLike, time: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.schedule(() => resolve(), time);
  });
}

/** Lets reads of the device in use take virtual time, and its marks none; gives what puts it back. */
export function virtualDevice(scheduler: SchedulerLike): () => void {
  const device = backend();
  const read: typeof device.read = async (handle, size, dtype) => {
    const values = device.readSync(handle, size, dtype).slice();
    await after(scheduler, READ_TIME);
    return values;
  };
  const before = ['read', 'mark'].map((name) => [name, Object.getOwnPropertyDescriptor(device, name)] as const);
  Object.defineProperty(device, 'read', { configurable: true, value: read });
  Object.defineProperty(device, 'mark', { configurable: true, value: () => Promise.resolve() });
  return () => {
    for (const [name, descriptor] of before) {
      Reflect.deleteProperty(device, name);
      if (descriptor) Object.defineProperty(device, name, descriptor);
    }
  };
}
