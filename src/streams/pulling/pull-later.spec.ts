import { deferred, settle } from '../../../test/support/marbles';
import { scalar } from '../../tensor/ops/creation';
import type { Tensor } from '../../tensor/tensor';
import { waitUntil } from '../emission';
import { pulled, type Supply } from './pull';

describe('A pulling source that has to wait for its values', () => {
  function waited(values: Promise<Tensor>[], closed: string[] = []): () => Supply<Tensor> {
    return () => {
      const rest = [...values];
      return {
        when: 'later',
        next: async () => {
          const next = rest.shift();
          return next ? { done: false, value: await next } : { done: true, value: undefined };
        },
        close: () => closed.push('closed'),
      };
    };
  }

  it('asks for one at a time, and frees each when its emission ends', async () => {
    const [first, second] = [deferred<Tensor>(), deferred<Tensor>()];
    const seen: unknown[] = [];
    pulled('spec', waited([first.promise, second.promise])).subscribe({
      next: (x) => seen.push(x.dataSync()[0]),
      complete: () => seen.push('complete'),
    });
    const made = [scalar(1), scalar(2)] as const;
    second.resolve(made[1]);
    await settle();
    expect(seen).toEqual([]);
    first.resolve(made[0]);
    await settle();
    expect(seen).toEqual([1, 2, 'complete']);
    expect(made.map((x) => x.isDisposed)).toEqual([true, true]);
  });

  it('frees a value that comes when nobody listens any more', async () => {
    const late = deferred<Tensor>();
    const closed: string[] = [];
    const subscription = pulled('spec', waited([late.promise], closed)).subscribe();
    await settle();
    subscription.unsubscribe();
    expect(closed).toEqual(['closed']);
    const made = scalar(1);
    late.resolve(made);
    await settle();
    expect(made.isDisposed).toBeTrue();
    expect(closed).toEqual(['closed']);
  });

  it('makes a rejection an error notification', async () => {
    const seen: unknown[] = [];
    const waiting = deferred<Tensor>();
    pulled('spec', waited([waiting.promise])).subscribe({ error: (error: unknown) => seen.push(error) });
    await settle();
    waiting.reject(new Error('lost'));
    await settle();
    expect(seen).toEqual([new Error('lost')]);
  });

  it('has at most inFlight unfinished', async () => {
    const values = [1, 2, 3].map((x) => Promise.resolve(x));
    const supply = (): Supply<number> => {
      const rest = [...values];
      return {
        when: 'later',
        next: async () => ({
          done: false,
          value: await (rest.shift() ?? new Promise<number>(() => undefined)),
        }),
      };
    };
    const seen: number[] = [];
    const first = deferred();
    const subscription = pulled('spec', supply, { inFlight: 1 }).subscribe((x) => {
      seen.push(x);
      waitUntil(x === 1 ? first.promise : new Promise(() => undefined));
    });
    await settle();
    expect(seen).toEqual([1]);
    first.resolve();
    await settle();
    expect(seen).toEqual([1, 2]);
    subscription.unsubscribe();
  });
});
