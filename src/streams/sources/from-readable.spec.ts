import * as dl from 'rxtensor';
import { take, toArray, lastValueFrom, type Observable } from 'rxjs';
import { deferred, plain, settle, unhandledErrors } from '../../../test/support/marbles';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));

/** Counts up for ever, and writes down what is asked of it. */
function counting(log: string[]): ReadableStream<number> {
  let count = 0;
  return new ReadableStream<number>(
    {
      pull: (controller) => {
        log.push('pull');
        controller.enqueue(count++);
      },
      cancel: () => void log.push('cancel'),
    },
    { highWaterMark: 0 },
  );
}

describe('fromReadable', () => {
  it('emits the chunks of a web stream, and completes', async () => {
    const stream = new Blob(['a', 'b']).stream().pipeThrough(new TextDecoderStream());
    expect((await all(dl.fromReadable(stream))).join('')).toBe('ab');
  });

  it('decompresses a Blob and a response that begin as gzip, and nothing else', async () => {
    const textOf = async (given: Blob | Response): Promise<string> =>
      new Blob((await all(dl.fromReadable(given))) as BlobPart[]).text();
    const plainText = 'abc'.repeat(50_000);
    const gzipped = await new Response(
      new Blob([plainText]).stream().pipeThrough(new CompressionStream('gzip')),
    ).blob();
    expect(gzipped.size).toBeLessThan(2000);
    for (const [blob, wanted] of [
      [gzipped, plainText],
      [new Blob([plainText]), plainText],
      [new Blob(['a']), 'a'],
      [new Blob([]), ''],
    ] as const) {
      expect(await textOf(blob)).toBe(wanted);
      expect(await textOf(new Response(blob))).toBe(wanted);
    }
    const single = (bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> =>
      new ReadableStream({
        start: (controller) => {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
          controller.close();
        },
      });
    const bytes = new Uint8Array(await gzipped.arrayBuffer());
    expect(await textOf(new Response(single(bytes)))).toBe(plainText);
    await expectAsync(textOf(gzipped.slice(0, 100))).toBeRejected();
    const log: string[] = [];
    const endless = new Response(
      new ReadableStream<Uint8Array<ArrayBuffer>>(
        {
          pull: (controller) =>
            controller.enqueue(log.push('pull') === 1 ? bytes.slice(0, 1) : bytes.slice(1, 50)),
          cancel: () => void log.push('cancel'),
        },
        { highWaterMark: 0 },
      ),
    );
    const silent = new Response(
      new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => void log.push('silent cancel') }),
    );
    for (const response of [endless, silent]) {
      const subscription = dl.fromReadable(response).subscribe({ error: () => undefined });
      await settle();
      subscription.unsubscribe();
    }
    await settle();
    await settle();
    expect(log).toContain('silent cancel');
    expect(log).toContain('cancel');
  });

  it('never emits while it is subscribed to, and asks only for what may be emitted', async () => {
    const log: string[] = [];
    const seen: number[] = [];
    const waiting = [deferred(), deferred(), deferred()];
    const subscription = dl.fromReadable(counting(log), { inFlight: 2 }).subscribe((x) => {
      seen.push(x);
      dl.waitUntil(waiting[x]!.promise);
    });
    expect(log).toEqual([]);
    await settle();
    expect(seen).toEqual([0, 1]);
    expect(log).toEqual(['pull', 'pull']);
    waiting[1]!.resolve();
    await settle();
    expect(seen).toEqual([0, 1, 2]);
    subscription.unsubscribe();
    await settle();
    expect(log).toEqual(['pull', 'pull', 'pull', 'cancel']);
  });

  it('cancels a stream that is being waited for, and one that was never read', async () => {
    const cancelled: string[] = [];
    const silent = (name: string): ReadableStream<number> =>
      new ReadableStream<number>({ cancel: () => void cancelled.push(name) });
    const subscription = dl.fromReadable(silent('waiting')).subscribe();
    await settle();
    subscription.unsubscribe();
    dl.fromReadable(silent('unread')).subscribe().unsubscribe();
    await settle();
    expect(cancelled).toEqual(['waiting', 'unread']);
  });

  it('owns the tensors of a stream, those that come too late too', async () => {
    const made = [dl.scalar(1), dl.scalar(2)] as const;
    const gate = deferred();
    const stream = new ReadableStream<dl.Scalar>(
      {
        start: (controller) => controller.enqueue(made[0]),
        pull: async (controller) => {
          await gate.promise;
          controller.enqueue(made[1]);
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const seen: unknown[] = [];
    const done = dl.fromReadable(stream).forEach((x) => seen.push(plain(x)));
    await settle();
    expect(made[0].isDisposed).toBeTrue();
    gate.resolve();
    await done;
    expect(seen).toEqual([1, 2]);
    expect(made[1].isDisposed).toBeTrue();
  });

  it('makes the error of a stream its own, after what came before', async () => {
    const stream = new ReadableStream<number>({
      start: (controller) => controller.enqueue(1),
      pull: (controller) => controller.error(new Error('the line is dead')),
    });
    const seen: unknown[] = [];
    dl.fromReadable(stream).subscribe({
      next: (x) => seen.push(x),
      error: (error: unknown) => seen.push(error),
    });
    await settle();
    expect(seen.at(-1)).toEqual(new Error('the line is dead'));
  });

  it('says so when a stream has a reader already, or is none', async () => {
    const log: string[] = [];
    const stream = counting(log);
    expect(await all(dl.fromReadable(stream).pipe(take(2)))).toEqual([0, 1]);
    await expectAsync(all(dl.fromReadable(stream))).toBeRejectedWithError(
      "fromReadable: argument 'stream' has a reader already; wanted one without, or one of its tee()",
    );
    expect(() => dl.fromReadable(null as never)).toThrowError(
      "fromReadable: argument 'stream' is null; wanted a ReadableStream, an async iterable, a Blob or a Response",
    );
    expect(() => dl.fromReadable([1] as never)).toThrowError(/argument 'stream' is object/);
    expect(() => dl.fromReadable(counting([]), { inFlight: 0 })).toThrowError(/option 'inFlight' is 0/);
  });

  it('takes async iterables, closes them when it is left, and reports what closing fails with', async () => {
    const log: string[] = [];
    async function* numbers(): AsyncGenerator<number> {
      try {
        await settle(1);
        yield* [1, 2, 3];
      } finally {
        log.push('closed');
      }
    }
    expect(await all(dl.fromReadable(numbers()).pipe(take(2)))).toEqual([1, 2]);
    await settle();
    expect(log).toEqual(['closed']);
    const sticky = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>(() => undefined),
        return: () => Promise.reject<IteratorResult<number>>(new Error('cannot close')),
      }),
    };
    const found = await unhandledErrors(async () => {
      const subscription = dl.fromReadable(sticky).subscribe();
      await settle(2);
      subscription.unsubscribe();
    });
    expect(found).toEqual([new Error('cannot close')]);
  });
});
