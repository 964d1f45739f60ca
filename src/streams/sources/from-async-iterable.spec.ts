import * as dl from 'rxtensor';
import { firstValueFrom, lastValueFrom, retry, take, toArray } from 'rxjs';
import { deferred, settle, unhandledErrors } from '../../../test/support/marbles';

const numTensors = (): number => dl.memory().numTensors;

/** Counts up for ever, and writes down what is asked of it. */
async function* counting(log: string[]): AsyncGenerator<number> {
  try {
    for (let i = 0; ; i++) {
      log.push(`ask ${i}`);
      await Promise.resolve();
      yield i;
    }
  } finally {
    log.push('return');
  }
}

/** An iterator that writes down its calls; `next` gives what a function says. */
function iterable<T>(log: string[], next: () => Promise<IteratorResult<T>>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        log.push('next');
        return next();
      },
      return: () => {
        log.push('return');
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
}

describe('fromAsyncIterable', () => {
  it('emits what an async generator yields, and completes', async () => {
    async function* letters(): AsyncGenerator<string> {
      yield 'a';
      await settle(1);
      yield 'b';
    }
    expect(await lastValueFrom(dl.fromAsyncIterable(letters()).pipe(toArray()))).toEqual(['a', 'b']);
  });

  it('asks for a value only when there is room for its emission', async () => {
    const log: string[] = [];
    const seen: number[] = [];
    const waiting = Array.from({ length: 4 }, () => deferred());
    const subscription = dl.fromAsyncIterable(counting(log), { inFlight: 2 }).subscribe((x) => {
      seen.push(x);
      dl.waitUntil(waiting[x]!.promise);
    });
    expect(log).toEqual([]);
    await settle();
    expect(seen).toEqual([0, 1]);
    waiting[0]!.resolve();
    await settle();
    expect(log).toEqual(['ask 0', 'ask 1', 'ask 2']);
    subscription.unsubscribe();
    await settle();
    expect(log).toEqual(['ask 0', 'ask 1', 'ask 2', 'return']);
    expect(seen).toEqual([0, 1, 2]);
  });

  it('ends the iteration when nobody listens any more, also while a value is awaited', async () => {
    const log: string[] = [];
    expect(await lastValueFrom(dl.fromAsyncIterable(counting(log)).pipe(take(2), toArray()))).toEqual([0, 1]);
    await settle();
    expect(log.at(-1)).toBe('return');
    const silent: string[] = [];
    const subscription = dl
      .fromAsyncIterable(iterable(silent, () => new Promise<never>(() => undefined)))
      .subscribe();
    await settle();
    subscription.unsubscribe();
    expect(silent).toEqual(['next', 'return']);
  });

  it('does not end an iteration that is over or has failed, as for await does not', async () => {
    const log: string[] = [];
    await dl
      .fromAsyncIterable(iterable(log, () => Promise.resolve({ done: true, value: undefined })))
      .forEach(() => undefined);
    const failing = dl.fromAsyncIterable(iterable(log, () => Promise.reject(new RangeError('torn'))));
    await expectAsync(lastValueFrom(failing)).toBeRejectedWithError(RangeError, 'torn');
    expect(log).toEqual(['next', 'next']);
  });

  it('fails with what the iterable throws, after what came before; retry begins anew', async () => {
    let begun = 0;
    const torn: AsyncIterable<number> = {
      async *[Symbol.asyncIterator]() {
        begun++;
        await Promise.resolve();
        yield begun;
        if (begun < 3) throw new Error(`torn ${begun}`);
      },
    };
    const seen: number[] = [];
    await expectAsync(dl.fromAsyncIterable(torn).forEach((x) => seen.push(x))).toBeRejectedWithError(
      'torn 1',
    );
    expect(seen).toEqual([1]);
    expect(await lastValueFrom(dl.fromAsyncIterable(torn).pipe(retry(2), toArray()))).toEqual([2, 3]);
    const broken = {
      [Symbol.asyncIterator]: () => {
        throw new TypeError('no iterator today');
      },
    } as unknown as AsyncIterable<number>;
    await expectAsync(lastValueFrom(dl.fromAsyncIterable(broken))).toBeRejectedWithError(
      TypeError,
      'no iterator today',
    );
  });

  it('reports an error of return() that nobody can hear', async () => {
    const angry: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: 1 }),
        return: () => Promise.reject(new Error('not now')),
      }),
    };
    const errors = await unhandledErrors(async () => {
      expect(await firstValueFrom(dl.fromAsyncIterable(angry))).toBe(1);
    });
    expect(errors.map(String)).toEqual(['Error: not now']);
  });

  it('takes iterators that were written by hand, and fails with one that gives no results', async () => {
    let closed = 0;
    const byHand = (next: () => unknown, giveBack: () => unknown): AsyncIterable<number> =>
      ({ [Symbol.asyncIterator]: () => ({ next, return: giveBack }) }) as unknown as AsyncIterable<number>;
    const plain = byHand(
      () => ({ value: 1 }),
      () => {
        closed++;
      },
    );
    const angry = byHand(
      () => ({ value: 1 }),
      () => {
        throw new Error('not now');
      },
    );
    const errors = await unhandledErrors(async () => {
      expect(await firstValueFrom(dl.fromAsyncIterable(plain))).toBe(1);
      expect(await firstValueFrom(dl.fromAsyncIterable(angry))).toBe(1);
    });
    expect(closed).toBe(1);
    expect(errors.map(String)).toEqual(['Error: not now']);
    const none = byHand(
      () => Promise.resolve(5),
      () => undefined,
    );
    await expectAsync(firstValueFrom(dl.fromAsyncIterable(none))).toBeRejectedWithError(
      TypeError,
      "the iterator's next() gave 5; wanted { value, done }",
    );
  });

  it('owns the tensors that come, and frees them', async () => {
    const before = numTensors();
    const made: dl.Tensor[] = [];
    async function* tensors(): AsyncGenerator<dl.Tensor> {
      for (let i = 0; i < 3; i++) {
        await Promise.resolve();
        made.push(dl.scalar(i));
        yield made[i]!;
      }
    }
    const seen: unknown[] = [];
    await dl
      .fromAsyncIterable(tensors())
      .pipe(dl.download())
      .forEach((x) => seen.push(x));
    expect(seen).toEqual([0, 1, 2]);
    expect(made.every((x) => x.isDisposed)).toBeTrue();
    expect(numTensors()).toBe(before);
  });
});
