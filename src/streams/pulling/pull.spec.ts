import {
  asyncScheduler,
  mergeMap,
  Observable,
  queueScheduler,
  Subscription,
  take,
  tap,
  type SchedulerLike,
} from 'rxjs';
import {
  busyDevice,
  deferred,
  marbles,
  settle,
  unhandledErrors,
  until,
  type BusyDevice,
  type Deferred,
} from '../../../test/support/marbles';
import { scopeDepth } from '../../tensor/extent';
import { scalar } from '../../tensor/ops/creation';
import type { Tensor } from '../../tensor/tensor';
import { emission, isEmitting, waitUntil } from '../emission';
import { pulled, type PullOptions, type Supply } from './pull';

/** Counts up from 0 to `count`. */
function counting(count: number, log: string[] = []): () => Supply<number> {
  return () => {
    let i = 0;
    return {
      when: 'at once',
      next: () => {
        log.push(`next ${i}`);
        return i < count ? { done: false, value: i++ } : { done: true, value: undefined };
      },
      close: () => log.push('close'),
    };
  };
}

function source(count: number, options?: PullOptions): Observable<number> {
  return pulled('spec', counting(count), options);
}

describe('A pulling source', () => {
  it('never emits while it is subscribed to', async () => {
    const seen: number[] = [];
    const subscription = source(3).subscribe((x) => seen.push(x));
    expect(seen).toEqual([]);
    await settle();
    expect(seen).toEqual([0, 1, 2]);
    expect(subscription.closed).toBeTrue();
  });

  it('emits on the scheduler it is given', () => {
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(source(3, { scheduler })).toBe('(abc|)', { a: 0, b: 1, c: 2 });
      expectObservable(source(3, { scheduler }), '!').toBe('');
      expectObservable(source(9, { scheduler }).pipe(take(2))).toBe('(ab|)', { a: 0, b: 1 });
    });
  });

  it('makes each value in its emission', async () => {
    const emitting: boolean[] = [];
    const supply = (): Supply<Tensor> => ({
      when: 'at once',
      next: () => {
        emitting.push(isEmitting());
        return emitting.length < 3 ? { done: false, value: scalar(1) } : { done: true, value: undefined };
      },
    });
    const seen: Tensor[] = [];
    await pulled('spec', supply).forEach((x) => seen.push(x));
    expect(emitting).toEqual([true, true, true]);
    expect(seen.map((x) => x.isDisposed)).toEqual([true, true]);
  });

  it('emits after the emission in which it was subscribed to, on a scheduler that does not wait too', async () => {
    const depths: number[] = [];
    emission('outer', () => {
      source(2, { scheduler: queueScheduler }).subscribe(() => depths.push(scopeDepth()));
    });
    expect(depths).toEqual([]);
    await until(() => depths.length === 2);
    expect(depths).toEqual([1, 1]);
  });

  describe('with emissions that are waited for', () => {
    for (const inFlight of [1, 2, 5]) {
      it(`has at most ${inFlight} unfinished, keeps the order and drops nothing`, async () => {
        const seen: number[] = [];
        const waiting: Deferred[] = [];
        let unfinished = 0;
        let most = 0;
        source(20, { inFlight }).subscribe((x) => {
          seen.push(x);
          most = Math.max(most, ++unfinished);
          const wait = deferred();
          waiting.push(wait);
          waitUntil(wait.promise.then(() => unfinished--));
        });
        await settle();
        expect(seen.length).toBe(inFlight);
        // The latest first: which one finishes must not matter.
        for (let i = 0; i < 20; i++) {
          waiting.pop()!.resolve();
          const begun = Math.min(20, inFlight + i + 1);
          await until(() => seen.length === begun && unfinished === begun - i - 1);
        }
        expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
        expect(most).toBe(inFlight);
        expect(unfinished).toBe(0);
      });
    }

    it('goes on after a promise that was rejected', async () => {
      const seen: number[] = [];
      await source(5, { inFlight: 1 })
        .pipe(tap(() => waitUntil(Promise.reject(new Error('has its own way to be seen')))))
        .forEach((x) => seen.push(x));
      expect(seen).toEqual([0, 1, 2, 3, 4]);
    });

    it('waits for what an inner subscription of a mergeMap waits for', async () => {
      const waiting: Deferred[] = [];
      let made = 0;
      const subscription = source(10, { inFlight: 2 })
        .pipe(
          tap(() => made++),
          mergeMap(
            () =>
              new Observable<void>(() => {
                const wait = deferred();
                waiting.push(wait);
                waitUntil(wait.promise);
              }),
          ),
        )
        .subscribe();
      await settle();
      expect(made).toBe(2);
      waiting[0]!.resolve();
      await settle();
      expect(made).toBe(3);
      subscription.unsubscribe();
    });

    it('completes though the last are unfinished', async () => {
      let completed = false;
      source(2).subscribe({
        next: () => waitUntil(new Promise(() => undefined)),
        complete: () => (completed = true),
      });
      await settle();
      // Whether the end has been reached is asked for only when there is room again.
      expect(completed).toBeFalse();
      source(2, { inFlight: 3 }).subscribe({
        next: () => waitUntil(new Promise(() => undefined)),
        complete: () => (completed = true),
      });
      await settle();
      expect(completed).toBeTrue();
    });

    it('counts its own emissions only: two streams do not starve each other', async () => {
      const seen: string[] = [];
      source(3, { inFlight: 1 }).subscribe((x) => {
        seen.push(`a${x}`);
        waitUntil(new Promise(() => undefined));
      });
      source(3, { inFlight: 1 }).subscribe((x) => seen.push(`b${x}`));
      await settle();
      expect(seen).toEqual(['a0', 'b0', 'b1', 'b2']);
    });
  });

  describe('with a busy device', () => {
    let device: BusyDevice;
    beforeEach(() => (device = busyDevice()));
    afterEach(() => device.restore());

    it('has at most inFlight emissions whose work the device has not done, in order, and drops nothing', async () => {
      const seen: number[] = [];
      source(6, { inFlight: 2 }).subscribe((x) => {
        seen.push(x);
        device.submit();
      });
      await settle();
      expect(seen).toEqual([0, 1]);
      for (let done = 0; done < 4; done++) {
        device.marks[done]!.resolve();
        await settle();
        expect(seen.length).toBe(done + 3);
      }
      expect(device.marks.length).toBe(6);
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    });

    it('does not ask it to mark where nothing was submitted', async () => {
      const seen: number[] = [];
      await source(4, { inFlight: 1 }).forEach((x) => seen.push(x));
      expect(seen.length).toBe(4);
      expect(device.marks.length).toBe(0);
    });
  });

  it('leaves the page its turn every few milliseconds', () => {
    let now = 0;
    const turns: number[] = [];
    const work: (() => void)[] = [];
    const scheduler = {
      // Of virtual time.
      frame: 0,
      now: () => now,
      schedule: (action: () => void) => {
        work.push(action);
        return new Subscription();
      },
    } as unknown as SchedulerLike;
    let seen = 0;
    source(10, { scheduler }).subscribe(() => {
      seen++;
      now += 3;
    });
    while (work.length > 0) {
      work.shift()!();
      turns.push(seen);
      now += 100;
    }
    expect(turns).toEqual([3, 6, 9, 10]);
  });

  it('lets timers run while it has work for ever', async () => {
    let seen = 0;
    const subscription = source(Infinity).subscribe(() => seen++);
    const ticks: number[] = [];
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      ticks.push(seen);
    }
    subscription.unsubscribe();
    expect(ticks[4]).toBeGreaterThan(ticks[0]!);
  });

  it('closes its supply once: at the end, when unsubscribed, and not before its first emission has ended', async () => {
    const log: string[] = [];
    await pulled('spec', counting(1, log)).forEach((x) => log.push(`seen ${x}`));
    expect(log.splice(0)).toEqual(['next 0', 'seen 0', 'next 1', 'close']);
    pulled('spec', counting(1, log)).subscribe().unsubscribe();
    await settle();
    expect(log.splice(0)).toEqual(['close']);
    const subscription = pulled('spec', counting(9, log)).subscribe((x) => {
      subscription.unsubscribe();
      log.push(`seen ${x}`);
    });
    await settle();
    expect(log.splice(0)).toEqual(['next 0', 'seen 0', 'close']);
  });

  it('makes an error of its supply a notification, sent when the emission has ended', async () => {
    const failing = (): Supply<number> => ({
      when: 'at once',
      next: () => {
        throw new Error('no more');
      },
    });
    const seen: unknown[] = [];
    pulled('spec', failing).subscribe({
      error: (error: unknown) => seen.push(error, isEmitting(), scopeDepth()),
    });
    await settle();
    expect(seen).toEqual([new Error('no more'), false, 0]);
  });

  it('reports an error thrown by a teardown', async () => {
    const found = await unhandledErrors(async () => {
      const log: string[] = [];
      const supply = (): Supply<number> => ({
        ...counting(1, log)(),
        close: () => {
          throw new Error('in close');
        },
      });
      await pulled('spec', supply).forEach(() => undefined);
    });
    expect(found).toEqual([new Error('in close')]);
  });

  it('refuses an inFlight that is no positive integer, and takes Infinity', () => {
    for (const inFlight of [0, -1, 1.5, NaN]) {
      expect(() => source(1, { inFlight })).toThrowError(
        `spec: option 'inFlight' is ${inFlight}; wanted a positive integer`,
      );
    }
    expect(() => source(1, { inFlight: Infinity, scheduler: asyncScheduler })).not.toThrow();
  });
});
