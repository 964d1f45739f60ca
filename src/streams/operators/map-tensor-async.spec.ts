import * as dl from 'rxtensor';
import { from, of, Subject, take, throwError, concatWith, type Observable } from 'rxjs';
import {
  deferred,
  plain,
  read,
  settle,
  unhandledErrors,
  until,
  type Deferred,
} from '../../../test/support/marbles';
import { scopeDepth } from '../../tensor/extent';
import { trackedEmission } from '../emission';

/** A projection whose promises are settled by hand. */
class ByHand {
  readonly begun: number[] = [];
  readonly inputs: dl.Tensor[] = [];
  readonly waiting: Deferred<dl.Tensor>[] = [];

  readonly project = (x: dl.Tensor): Promise<dl.Tensor> => {
    const made = deferred<dl.Tensor>();
    this.begun.push(plain(x) as number);
    this.inputs.push(x);
    this.waiting.push(made);
    return made.promise;
  };

  async settle(index: number, value: number): Promise<void> {
    this.waiting[index]!.resolve(dl.scalar(value));
    await settle();
  }
}

const scalars = dl.mapTensor((x: number): dl.Tensor => dl.scalar(x));

describe('mapTensorAsync', () => {
  let hand: ByHand;
  let seen: unknown[];
  beforeEach(() => {
    hand = new ByHand();
    seen = [];
  });

  function subscribe(stream: Observable<unknown>): ReturnType<Observable<unknown>['subscribe']> {
    return stream.pipe(read()).subscribe({
      next: (value) => seen.push(value),
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    });
  }

  /** Whether so many of the streams have ended. */
  const isOver = (streams: number): boolean => seen.filter((each) => each === 'complete').length === streams;

  it('runs one after another, and keeps its input until the promise has settled', async () => {
    subscribe(from([1, 2]).pipe(scalars, dl.mapTensorAsync(hand.project)));
    expect(hand.begun).toEqual([1]);
    await settle();
    expect(plain(hand.inputs[0])).toBe(1);
    await hand.settle(0, 10);
    expect(hand.begun).toEqual([1, 2]);
    expect(hand.inputs.map((x) => x.isDisposed)).toEqual([true, false]);
    expect(seen).toEqual([10]);
    await hand.settle(1, 20);
    expect(seen).toEqual([10, 20, 'complete']);
    expect(hand.inputs.map((x) => x.isDisposed)).toEqual([true, true]);
  });

  it('runs as many at once as it may, and emits in order', async () => {
    subscribe(from([1, 2, 3, 4]).pipe(scalars, dl.mapTensorAsync(hand.project, { concurrency: 2 })));
    expect(hand.begun).toEqual([1, 2]);
    await hand.settle(1, 20);
    expect(seen).toEqual([]);
    await hand.settle(0, 10);
    expect(seen).toEqual([10, 20]);
    expect(hand.begun).toEqual([1, 2, 3, 4]);
    await hand.settle(3, 40);
    await hand.settle(2, 30);
    expect(seen).toEqual([10, 20, 30, 40, 'complete']);
  });

  it('runs all at once with concurrency Infinity', async () => {
    subscribe(from([1, 2, 3]).pipe(scalars, dl.mapTensorAsync(hand.project, { concurrency: Infinity })));
    expect(hand.begun).toEqual([1, 2, 3]);
    for (const i of [2, 1, 0]) await hand.settle(i, i);
    expect(seen).toEqual([0, 1, 2, 'complete']);
  });

  it('calls the projection outside of every emission, in a scope of its own: what it makes lives on', async () => {
    const depths: number[] = [];
    const stream = of(3).pipe(
      scalars,
      dl.mapTensorAsync(async (x) => {
        depths.push(scopeDepth());
        const between = dl.add(x, 1);
        const square = dl.square(x);
        await settle(1);
        expect(plain(between)).toBe(4);
        return { square, list: [x] };
      }),
    );
    subscribe(stream);
    await until(() => isOver(1));
    expect(depths).toEqual([1]);
    expect(seen).toEqual([{ square: 9, list: [3] }, 'complete']);
  });

  it('makes a rejection an error notification, in its turn', async () => {
    subscribe(from([1, 2, 3]).pipe(scalars, dl.mapTensorAsync(hand.project, { concurrency: 3 })));
    hand.waiting[1]!.reject(new Error('no answer'));
    await settle();
    expect(seen).toEqual([]);
    await hand.settle(0, 10);
    expect(seen).toEqual([10, new Error('no answer')]);
    // The last one settles when nobody listens any more.
    await hand.settle(2, 30);
    expect(hand.inputs.every((x) => x.isDisposed)).toBeTrue();
  });

  it('makes an error thrown before the first await a notification too', async () => {
    const failing = (): Promise<dl.Tensor> => {
      throw new Error('at once');
    };
    subscribe(of(1).pipe(scalars, dl.mapTensorAsync(failing)));
    await settle();
    expect(seen).toEqual([new Error('at once')]);
  });

  it('lets an error from above wait for the values before it', async () => {
    const failing = of(1).pipe(concatWith(throwError(() => new Error('from above'))), scalars);
    subscribe(failing.pipe(dl.mapTensorAsync(hand.project)));
    await settle();
    expect(seen).toEqual([]);
    await hand.settle(0, 10);
    expect(seen).toEqual([10, new Error('from above')]);
  });

  it('drops what is pending when it is unsubscribed from, and frees it as it settles', async () => {
    const before = dl.memory().numTensors;
    const found = await unhandledErrors(async () => {
      const stream = from([1, 2, 3, 4, 5]).pipe(scalars, dl.mapTensorAsync(hand.project, { concurrency: 3 }));
      const subscription = subscribe(stream);
      await hand.settle(1, 20);
      subscription.unsubscribe();
      // The second is there, and the fifth never begins: only what three projections still read is left.
      expect(dl.memory().numTensors).toBe(before + 3);
      // Though those before it have not.
      await hand.settle(3, 40);
      expect(dl.memory().numTensors).toBe(before + 2);
      await hand.settle(0, 10);
      hand.waiting[2]!.reject(new Error('nobody asks'));
      await settle();
    });
    expect(seen).toEqual([]);
    expect(hand.begun).toEqual([1, 2, 3, 4]);
    expect(found).toEqual([]);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('may be left in mid-emission', async () => {
    subscribe(
      from([1, 2]).pipe(
        scalars,
        dl.mapTensorAsync((x) => Promise.resolve(dl.square(x))),
        take(1),
      ),
    );
    await settle();
    expect(seen).toEqual([1, 'complete']);
  });

  it('keeps the emission above waiting until its own is finished', async () => {
    const subject = new Subject<number>();
    const slow = deferred();
    const order: string[] = [];
    const subscription = subject.pipe(scalars, dl.mapTensorAsync(hand.project)).subscribe(() => {
      order.push('emitted');
      dl.waitUntil(slow.promise);
    });
    void trackedEmission('spec', () => subject.next(1))?.then(() => order.push('finished'));
    await hand.settle(0, 10);
    expect(order).toEqual(['emitted']);
    slow.resolve();
    await settle();
    expect(order).toEqual(['emitted', 'finished']);
    subscription.unsubscribe();
  });

  it('never has more than inFlight frames waiting below a pulling source', async () => {
    let alive = 0;
    let most = 0;
    const slow = async (x: dl.Tensor): Promise<dl.Tensor> => {
      most = Math.max(most, dl.memory().numTensors - alive);
      await settle(1);
      return dl.square(x);
    };
    alive = dl.memory().numTensors;
    subscribe(
      dl
        .examples(
          Array.from({ length: 30 }, (_, i) => i),
          { inFlight: 3 },
        )
        .pipe(scalars, dl.mapTensorAsync(slow)),
    );
    await until(() => isOver(1));
    expect(seen).toEqual([...Array.from({ length: 30 }, (_, i) => i * i), 'complete']);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('refuses a tensor on the tape, and impossible arguments', async () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    subscribe(
      of(1).pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        dl.mapTensorAsync(hand.project),
      ),
    );
    await settle();
    expect(String(seen[0])).toMatch(
      /^Error: mapTensorAsync: the value has a tensor of shape \[\] that was computed from trainable variables/,
    );
    weight.dispose();
    expect(() => dl.mapTensorAsync(1 as never)).toThrowError(
      "mapTensorAsync: argument 'project' is number; wanted a function",
    );
    expect(() => dl.mapTensorAsync(hand.project, { concurrency: 0 })).toThrowError(
      "mapTensorAsync: option 'concurrency' is 0; wanted a positive integer",
    );
  });

  it('frees what the projection makes before its first await, when its promise has settled', async () => {
    const before = dl.memory().numTensors;
    subscribe(
      of(1, 2, 3).pipe(
        scalars,
        dl.mapTensorAsync((x) => Promise.resolve(x.square().mul(2))),
      ),
    );
    await settle();
    expect(seen).toEqual([2, 8, 18, 'complete']);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('frees it also where the promise is rejected, or nobody listens any more', async () => {
    const before = dl.memory().numTensors;
    const failing = async (x: dl.Tensor): Promise<dl.Tensor> => {
      x.square();
      await settle(1);
      throw new Error('no answer');
    };
    subscribe(of(1).pipe(scalars, dl.mapTensorAsync(failing)));
    await until(() => seen.length > 0);
    expect(seen).toEqual([new Error('no answer')]);
    const slow = async (x: dl.Tensor): Promise<dl.Tensor> => {
      const square = x.square();
      await settle(1);
      return dl.tidy(() => square.add(1));
    };
    subscribe(of(1, 2).pipe(scalars, dl.mapTensorAsync(slow, { concurrency: 2 }))).unsubscribe();
    await until(() => dl.memory().numTensors === before);
  });

  it('does not free what the projection keeps', async () => {
    const kept: dl.Tensor[] = [];
    subscribe(
      of(1, 2).pipe(
        scalars,
        dl.mapTensorAsync(async (x) => {
          kept.push(dl.keep(x.square()));
          await settle(1);
        }),
      ),
    );
    await until(() => isOver(1));
    expect(plain(kept)).toEqual([1, 4]);
    dl.dispose(kept);
  });

  describe('warns, once,', () => {
    let warn: jasmine.Spy;
    beforeEach(() => {
      dl.disableDebugMode(); // what was warned of before is forgotten
      warn = spyOn(console, 'warn');
    });
    /** Makes one tensor more than it returns, between two awaits. */
    const leaky =
      (made: dl.Tensor[]) =>
      async (x: dl.Tensor): Promise<dl.Tensor> => {
        await settle(1);
        const square = dl.square(x);
        made.push(square);
        await settle(1);
        return square.add(1);
      };

    for (const concurrency of [1, 2, Infinity]) {
      it(`of what nobody frees between two awaits, and names the cure: concurrency ${concurrency}`, async () => {
        const made: dl.Tensor[] = [];
        subscribe(from([1, 2, 3]).pipe(scalars, dl.mapTensorAsync(leaky(made), { concurrency })));
        await until(() => isOver(1) && warn.calls.any());
        await settle();
        expect(seen).toEqual([2, 5, 10, 'complete']);
        expect(warn).toHaveBeenCalledOnceWith(
          jasmine.stringMatching(
            /^rxtensor: tensors that belong to nobody were made while the function of mapTensorAsync awaited.*tidy\(\)/,
          ),
        );
        dl.dispose(made);
      });
    }

    it('of nothing where all of it is in tidy, or was made for the result', async () => {
      const before = dl.memory().numTensors;
      const careful = async (x: dl.Tensor): Promise<dl.Tensor> => {
        const square = x.square();
        await settle(1);
        return dl.tidy(() => square.mul(2).add(1));
      };
      subscribe(from([1, 2, 3]).pipe(scalars, dl.mapTensorAsync(careful, { concurrency: 2 })));
      subscribe(from([4, 5]).pipe(scalars, dl.mapTensorAsync(careful)));
      await until(() => isOver(2));
      await settle();
      expect(seen.filter((x) => x !== 'complete').sort()).toEqual([19, 3, 33, 51, 9]);
      expect(warn).not.toHaveBeenCalled();
      expect(dl.memory().numTensors).toBe(before);
    });
  });
});
