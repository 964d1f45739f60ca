import * as dl from 'rxtensor';
import { toArray, lastValueFrom, take, type Observable } from 'rxjs';
import { deferred, plain, read, settle, unhandledErrors } from '../../../test/support/marbles';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));

describe('examples of an iterable', () => {
  it('asks for an iterator for each epoch', async () => {
    let opened = 0;
    const data = {
      *[Symbol.iterator]() {
        opened++;
        yield* [1, 2];
      },
    };
    expect(await all(dl.examples(data, { epochs: 2 }))).toEqual([1, 2, 1, 2]);
    expect(opened).toBe(2);
    expect(await all(dl.examples(new Set([5, 6]), { epochs: Infinity }).pipe(take(3)))).toEqual([5, 6, 5]);
    expect(await all(dl.examples(new Set([]), { epochs: Infinity }))).toEqual([]);
  });

  it('says so where a generator is to be gone through again, after its values', async () => {
    function* rows(): Generator<number> {
      yield* [1, 2];
    }
    async function* later(): AsyncGenerator<number> {
      await settle(1);
      yield* rows();
    }
    for (const epochs of [2, Infinity]) {
      for (const data of [rows(), later()]) {
        const seen: number[] = [];
        await expectAsync(
          dl
            .examples<AsyncIterable<number> | Iterable<number>>(data, { epochs })
            .forEach((x) => seen.push(x)),
        ).toBeRejectedWithError(
          `examples: option 'epochs' is ${epochs}, but the iterable has no values after epoch 1; wanted one that begins anew: ` +
            '{ [Symbol.iterator]: () => rows() } in place of the generator rows()',
        );
        expect(seen).toEqual([1, 2]);
      }
    }
    // The cure.
    expect(await all(dl.examples({ [Symbol.iterator]: () => rows() }, { epochs: 2 }))).toEqual([1, 2, 1, 2]);
  });

  it('owns what it yields, wherever that was made, but for what is kept', async () => {
    const kept = dl.keep(dl.scalar(3));
    const outside = dl.scalar(1);
    function* tensors(): Generator<dl.Scalar> {
      yield outside;
      yield dl.scalar(2);
      yield kept;
    }
    expect(await all(dl.examples(tensors()).pipe(read()))).toEqual([1, 2, 3]);
    expect(outside.isDisposed).toBeTrue();
    expect(plain(kept)).toBe(3);
    kept.dispose();
  });

  it('closes the iterator when it is left, after the emission', async () => {
    const log: unknown[] = [];
    function* data(): Generator<number> {
      try {
        yield* [1, 2, 3];
      } finally {
        log.push('closed');
      }
    }
    await dl
      .examples(data())
      .pipe(take(1))
      .forEach((x) => log.push(x));
    expect(log).toEqual([1, 'closed']);
    log.length = 0;
    await dl.examples(data()).forEach((x) => log.push(x));
    expect(log).toEqual([1, 2, 3, 'closed']);
  });

  it('makes what it throws an error notification', async () => {
    function* data(): Generator<number> {
      yield 1;
      throw new Error('row 2 is malformed');
    }
    const seen: unknown[] = [];
    dl.examples(data()).subscribe({
      next: (x) => seen.push(x),
      error: (error: unknown) => seen.push(error),
    });
    await settle();
    expect(seen).toEqual([1, new Error('row 2 is malformed')]);
  });

  it('can be neither shuffled nor entered in the middle', () => {
    expect(() => dl.examples(new Set([1]), { shuffle: true })).toThrowError(
      /^examples: option 'shuffle' is given with an iterable.*shuffle\(buffer\)/,
    );
    expect(() => dl.examples(new Set([1]), { startAt: 2 })).toThrowError(
      /^examples: option 'startAt' is given with an iterable/,
    );
  });
});

describe('of an async iterable', () => {
  async function* tensors(): AsyncGenerator<dl.Scalar> {
    yield dl.scalar(1);
    await settle(1);
    yield dl.scalar(2);
  }

  it('owns what it yields', async () => {
    const rows: dl.Tensor[] = [];
    const seen: unknown[] = [];
    await dl.examples(tensors()).forEach((x) => {
      rows.push(x);
      seen.push(plain(x));
    });
    expect(seen).toEqual([1, 2]);
    expect(rows.every((row) => row.isDisposed)).toBeTrue();
  });

  it('goes through it again for each epoch', async () => {
    const data = { [Symbol.asyncIterator]: tensors };
    expect(await all(dl.examples(data, { epochs: 2 }).pipe(read()))).toEqual([1, 2, 1, 2]);
  });

  it('closes the iterator when it is left, and frees what comes too late', async () => {
    const log: unknown[] = [];
    const gate = deferred();
    async function* data(): AsyncGenerator<dl.Scalar> {
      try {
        yield dl.scalar(1);
        await gate.promise;
        yield dl.scalar(2);
      } finally {
        log.push('closed');
      }
    }
    const subscription = dl.examples(data()).subscribe((x) => {
      log.push(plain(x));
    });
    await settle();
    subscription.unsubscribe();
    gate.resolve();
    await settle();
    expect(log).toEqual([1, 'closed']);
  });

  it('makes a rejection an error notification, and reports one while closing', async () => {
    const failing = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject<IteratorResult<number>>(new Error('connection lost')),
      }),
    };
    await expectAsync(all(dl.examples(failing))).toBeRejectedWithError('connection lost');
    const sticky = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>(() => undefined),
        return: () => Promise.reject<IteratorResult<number>>(new Error('cannot close')),
      }),
    };
    const found = await unhandledErrors(async () => {
      const subscription = dl.examples(sticky).subscribe();
      await settle(2);
      subscription.unsubscribe();
    });
    expect(found).toEqual([new Error('cannot close')]);
  });
});
