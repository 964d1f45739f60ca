import { TestScheduler } from 'rxjs/testing';
import { settle } from '../../../test/support/marbles';
import { nextTurnOf } from './turn';

describe('The next turn', () => {
  it('comes after promises, and after what the event loop has to do already', async () => {
    const order: string[] = [];
    const done = new Promise<void>((resolve) => {
      nextTurnOf(undefined)(() => {
        order.push('turn');
        resolve();
      });
    });
    order.push('now');
    void Promise.resolve()
      .then(() => order.push('promise'))
      .then(() => order.push('promise after it'));
    await done;
    expect(order).toEqual(['now', 'promise', 'promise after it', 'turn']);
  });

  it('can be cancelled', async () => {
    let ran = false;
    const cancel = nextTurnOf(undefined)(() => (ran = true));
    cancel();
    await settle();
    expect(ran).toBeFalse();
  });

  it('is the one of a scheduler where one is given', () => {
    const scheduler = new TestScheduler(() => undefined);
    let ran = 0;
    const cancel = nextTurnOf(scheduler)(() => ran++);
    nextTurnOf(scheduler)(() => ran++);
    cancel();
    expect(ran).toBe(0);
    scheduler.flush();
    expect(ran).toBe(1);
  });

  for (const missing of [['setImmediate'], ['setImmediate', 'MessageChannel']]) {
    it(`comes and can be cancelled on a machine without ${missing.join(' and ')}`, async () => {
      const globals = globalThis as Record<string, unknown>;
      const saved = missing.map((name) => [name, globals[name]] as const);
      let ran = 0;
      let cancelled = 0;
      try {
        for (const name of missing) globals[name] = undefined;
        nextTurnOf(undefined)(() => ran++);
        nextTurnOf(undefined)(() => cancelled++)();
      } finally {
        for (const [name, value] of saved) globals[name] = value;
      }
      expect(ran).toBe(0);
      await settle();
      expect([ran, cancelled]).toEqual([1, 0]);
    });
  }
});
