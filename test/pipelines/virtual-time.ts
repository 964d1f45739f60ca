/** Virtual time in which promises have their say: between two actions of the scheduler, all that has become due by itself happens. */
import { VirtualTimeScheduler, type SchedulerLike } from 'rxjs';
import { backend } from '../../src/tensor/running';
import { nextTurnOf } from '../../src/streams/turn';
import { READ_TIME } from './timing';

/** More are a pipeline that never ends. */
const MOST_ACTIONS = 20_000;

const nextTurn = nextTurnOf(undefined);

export class VirtualTime extends VirtualTimeScheduler {
  private readonly later: (() => void)[] = [];

  /** Runs `work` when the action that is under way is over, as a promise would. For {@link VirtualTime.runAll}. */
  soon(work: () => void): void {
    this.later.push(work);
  }

  /** Runs everything there is, at once. */
  runAll(): void {
    for (let count = 0; this.actions.length > 0; count++) {
      this.act(count);
      for (let work = this.later.shift(); work; work = this.later.shift()) work();
    }
  }

  /** Runs everything there is, letting promises settle after each action. */
  async runSettling(afterEach: () => void): Promise<void> {
    for (let count = 0; this.actions.length > 0; count++) {
      this.act(count);
      await new Promise<void>((resolve) => void nextTurn(resolve));
      afterEach();
    }
  }

  private act(count: number): void {
    if (count > MOST_ACTIONS) throw new Error(`virtual time does not end: ${count} actions`);
    const action = this.actions.shift()!;
    // What an action of a virtual scheduler is due at.
    this.frame = (action as unknown as { delay: number }).delay;
    const error: unknown = action.execute(action.state, this.frame);
    if (error) throw error as Error;
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
  const before = ['read', 'mark'].map(
    (name) => [name, Object.getOwnPropertyDescriptor(device, name)] as const,
  );
  Object.defineProperty(device, 'read', { configurable: true, value: read });
  Object.defineProperty(device, 'mark', { configurable: true, value: () => Promise.resolve() });
  return () => {
    for (const [name, descriptor] of before) {
      Reflect.deleteProperty(device, name);
      if (descriptor) Object.defineProperty(device, name, descriptor);
    }
  };
}
