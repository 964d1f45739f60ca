import { firstValueFrom, take, toArray } from 'rxjs';
import { batch } from '../streams/operators/batch';
import { download } from '../streams/operators/download';
import { idx, loadIdx } from './idx';

const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1);
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 10, 11, 20, 21, 30, 31);

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Response(bytes).body!.pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** An address under which `fetch` finds the bytes. */
async function withAddress<T>(
  bytes: Uint8Array<ArrayBuffer>,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const address = URL.createObjectURL(new Blob([bytes]));
  try {
    return await use(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

describe('loadIdx', () => {
  it('takes an address, a URL, a blob, a buffer and bytes', async () => {
    const wanted = { values: Uint8Array.of(7, 2, 1), shape: [3] };
    await withAddress(labels, async (address) => {
      expect(await loadIdx(address)).toEqual(wanted);
      expect(await loadIdx(new URL(address))).toEqual(wanted);
    });
    expect(await loadIdx(new Blob([labels]))).toEqual(wanted);
    expect(await loadIdx(labels.buffer)).toEqual(wanted);
    expect(await loadIdx(labels)).toEqual(wanted);
  });

  it('decompresses what is compressed', async () => {
    expect((await loadIdx(await gzip(labels))).values).toEqual(Uint8Array.of(7, 2, 1));
    expect((await loadIdx(new Blob([await gzip(images)]))).shape).toEqual([3, 1, 2]);
  });

  it('names the file that cannot be had', async () => {
    const address = URL.createObjectURL(new Blob([labels]));
    URL.revokeObjectURL(address);
    await expectAsync(loadIdx(address)).toBeRejectedWithError(/^loadIdx: blob:\S+ could not be fetched: /);
  });

  it('tells the status of an answer that is none', async () => {
    spyOn(globalThis, 'fetch').and.resolveTo(new Response('', { status: 404, statusText: 'Not Found' }));
    await expectAsync(loadIdx('https://files.test/digits.idx')).toBeRejectedWithError(
      'loadIdx: https://files.test/digits.idx could not be fetched: found status 404 Not Found; wanted 200',
    );
  });

  it('names a file that is not whole, compressed or not', async () => {
    const short = labels.slice(0, -1);
    await withAddress(short, async (address) => {
      await expectAsync(loadIdx(address)).toBeRejectedWithError(
        /blob:\S+ is truncated: found 10 bytes; wanted 11/,
      );
    });
    await expectAsync(loadIdx(new File([await gzip(short)], 'labels.gz'))).toBeRejectedWithError(
      /labels\.gz is truncated/,
    );
    await expectAsync(loadIdx((await gzip(labels)).slice(0, -9))).toBeRejectedWithError(
      /the data cannot be decompressed/,
    );
  });

  it('refuses what is no source', async () => {
    await expectAsync(loadIdx(7 as never)).toBeRejectedWithError(
      /argument 'source' is 7; wanted an address, a path, a Blob, bytes/,
    );
    await expectAsync(loadIdx(null as never)).toBeRejectedWithError(/argument 'source' is null/);
  });
});

describe('loadIdx of a hostile file', () => {
  /** A file that zeros go on after, compressed: a thousandth of its size. */
  function bomb(): Promise<Blob> {
    const zeros = new Uint8Array(1 << 20);
    let made = 0;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        if (made === 256) controller.close();
        else controller.enqueue(made++ === 0 ? labels : zeros);
      },
    });
    return new Response(stream.pipeThrough(new CompressionStream('gzip'))).blob();
  }

  it('stops inflating where its header says that it ends', async () => {
    const file = await bomb();
    const Inflating = DecompressionStream;
    let inflated = 0;
    spyOn(globalThis, 'DecompressionStream').and.callFake(function (format) {
      const { readable, writable } = new Inflating(format);
      const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: (chunk, controller) => {
          inflated += chunk.length;
          controller.enqueue(chunk);
        },
      });
      return { readable: readable.pipeThrough(count), writable };
    });
    const bytes = new Uint8Array(await file.arrayBuffer());
    spyOn(globalThis, 'fetch').and.callFake(() => Promise.resolve(new Response(file)));
    for (const source of [file, bytes, bytes.buffer, 'https://files.test/bomb.gz']) {
      await expectAsync(loadIdx(source)).toBeRejectedWithError(
        /^parseIdx: .* goes on after its last element: found more than 11 bytes; wanted 11 for shape \[3\]$/,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(inflated).toBeLessThan(4 << 20);
  });

  it('stops at once where the content is no IDX file, and at an endless one', async () => {
    let made = 0;
    const endless = (first: Uint8Array<ArrayBuffer>): Response =>
      new Response(
        new ReadableStream<Uint8Array<ArrayBuffer>>({
          pull: (controller) => controller.enqueue(made++ === 0 ? first : new Uint8Array(1 << 16)),
        }),
      );
    const fetched = spyOn(globalThis, 'fetch').and.callFake(() => Promise.resolve(endless(labels)));
    await expectAsync(loadIdx('https://files.test/endless.idx')).toBeRejectedWithError(
      /goes on after its last element/,
    );
    fetched.and.callFake(() => Promise.resolve(endless(Uint8Array.of(60, 33, 100, 111))));
    made = 0;
    await expectAsync(loadIdx('https://files.test/page.html')).toBeRejectedWithError(
      /page\.html begins with the bytes 3c 21 64 6f/,
    );
    expect(made).toBeLessThan(10);
  });

  it('refuses 100,000,000 rows of nothing, before it shuffles them', async () => {
    const rows = Uint8Array.of(0, 0, 8, 2, 5, 245, 225, 0, 0, 0, 0, 0);
    await expectAsync(firstValueFrom(idx(rows, { shuffle: true }))).toBeRejectedWithError(
      /100000000 rows without an element/,
    );
  });
});

describe('idx', () => {
  it('emits a row of each file, numbers from a file of rank 1', async () => {
    const rows = await firstValueFrom(idx({ xs: images, ys: new Blob([labels]) }).pipe(toArray()));
    expect(rows).toEqual([
      { xs: { values: Uint8Array.of(10, 11), shape: [1, 2] }, ys: 7 },
      { xs: { values: Uint8Array.of(20, 21), shape: [1, 2] }, ys: 2 },
      { xs: { values: Uint8Array.of(30, 31), shape: [1, 2] }, ys: 1 },
    ]);
  });

  it('takes one file, and the options of examples', async () => {
    expect(await firstValueFrom(idx(labels, { epochs: 2, startAt: 1 }).pipe(toArray()))).toEqual([
      2, 1, 7, 2, 1,
    ]);
  });

  it('takes any name for a column', async () => {
    const [batched] = await firstValueFrom(
      idx(Object.fromEntries([['__proto__', labels]])).pipe(batch(3), download(), toArray()),
    );
    expect(Object.entries(batched!)).toEqual([['__proto__', Int32Array.of(7, 2, 1)]]);
  });

  it('is batched as int32 images', async () => {
    const [first] = await firstValueFrom(
      idx({ xs: images, ys: labels }).pipe(batch(2), download(), toArray()),
    );
    expect(first).toEqual({ xs: Int32Array.of(10, 11, 20, 21), ys: Int32Array.of(7, 2) });
  });

  it('reports a file that is missing, broken or of other rows, and an impossible option', async () => {
    spyOn(globalThis, 'fetch').and.resolveTo(new Response('', { status: 404 }));
    await expectAsync(firstValueFrom(idx('https://files.test/missing.idx'))).toBeRejectedWithError(
      /^idx: https:..files.test.missing\.idx could not be fetched: found status 404/,
    );
    await expectAsync(firstValueFrom(idx({ xs: images, ys: labels.slice(0, 9) }))).toBeRejectedWithError(
      /is truncated/,
    );
    const two = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 2);
    await expectAsync(firstValueFrom(idx({ xs: images, ys: two }))).toBeRejectedWithError(
      /2 rows in 'ys' and 3 in 'xs'/,
    );
    await expectAsync(firstValueFrom(idx(labels, { epochs: -1 }))).toBeRejectedWithError(
      /option 'epochs' is -1/,
    );
  });

  it('aborts loading when it is unsubscribed from, and loads anew for each subscription', async () => {
    const signals: AbortSignal[] = [];
    spyOn(globalThis, 'fetch').and.callFake((_input, init) => {
      signals.push(init!.signal!);
      return Promise.resolve(new Response(labels));
    });
    idx('https://files.test/digits.idx').subscribe().unsubscribe();
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    const source = idx('https://files.test/digits.idx');
    expect(await firstValueFrom(source.pipe(take(2), toArray()))).toEqual([7, 2]);
    expect(await firstValueFrom(source)).toBe(7);
    expect(signals.length).toBe(3);
  });
});
