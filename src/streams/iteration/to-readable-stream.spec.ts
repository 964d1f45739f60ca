import * as dl from 'rxtensor';
import { map, NEVER, of, range, tap } from 'rxjs';
import { settle } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const numTensors = (): number => dl.memory().numTensors;

describe('toReadableStream', () => {
  it('makes a body of a stream', async () => {
    const lines = dl.examples([1, 2, 3]).pipe(
      scalars,
      dl.download(),
      map((x) => `${x}\n`),
    );
    const body = dl.toReadableStream(lines).pipeThrough(new TextEncoderStream());
    expect(await new Response(body).text()).toBe('1\n2\n3\n');
  });

  it('makes values as they are read, and holds a chunk until the next read', async () => {
    const before = numTensors();
    let made = 0;
    const source = dl.examples([1, 2, 3, 4, 5, 6], { inFlight: 2 }).pipe(
      scalars,
      tap(() => made++),
    );
    const reader = dl.toReadableStream(source).getReader();
    await settle();
    expect(made).toBe(0);
    const first = await reader.read();
    await settle();
    expect([made, numTensors() - before]).toEqual([2, 2]);
    expect(Array.from(await first.value!.data())).toEqual([1]);
    const second = await reader.read();
    expect(first.value!.isDisposed).toBeTrue();
    expect(Array.from(await second.value!.data())).toEqual([2]);
    await reader.cancel();
    expect(numTensors()).toBe(before);
  });

  it('is written to a slow sink, one chunk after the other', async () => {
    const before = numTensors();
    let most = 0;
    const seen: number[] = [];
    await dl.toReadableStream(dl.examples([1, 2, 3, 4, 5, 6, 7, 8]).pipe(scalars)).pipeTo(
      new WritableStream<dl.Scalar>({
        write: async (x) => {
          await settle(1);
          most = Math.max(most, numTensors() - before);
          seen.push((await x.data())[0]!);
        },
      }),
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(most).toBeLessThanOrEqual(3);
    expect(numTensors()).toBe(before);
  });

  it('unsubscribes when it is cancelled, also while a chunk is awaited', async () => {
    const ended: string[] = [];
    const silent = dl.toReadableStream(NEVER.pipe(tap({ unsubscribe: () => ended.push('silent') })));
    const reader = silent.getReader();
    const pending = reader.read();
    await settle(1);
    await reader.cancel();
    expect(await pending).toEqual({ done: true, value: undefined });
    const busy = dl.toReadableStream(
      dl.examples([1, 2, 3, 4]).pipe(scalars, tap({ unsubscribe: () => ended.push('busy') })),
    );
    const busyReader = busy.getReader();
    await busyReader.read();
    await settle();
    await busyReader.cancel();
    await dl.toReadableStream(NEVER).cancel();
    expect(ended).toEqual(['silent', 'busy']);
  });

  it('fails as its source does, after the chunks before', async () => {
    const failing = of(1, 2).pipe(
      map((x) => {
        if (x === 2) throw new RangeError('no 2');
        return x;
      }),
    );
    const reader = dl.toReadableStream(failing).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    await expectAsync(reader.read()).toBeRejectedWithError(RangeError, 'no 2');
    const endless = dl.toReadableStream(range(0, Infinity), { buffer: 3 }).getReader();
    for (let i = 0; i < 5; i++) expect((await endless.read()).value).toBe(i);
    await expectAsync(endless.read()).toBeRejectedWithError(/^toReadableStream: more than 3 values wait/);
  });

  it('goes through fromReadable and back', async () => {
    const numbers: number[] = [];
    await dl
      .fromReadable(dl.toReadableStream(dl.examples([1, 2, 3]).pipe(scalars)))
      .pipe(
        dl.mapTensor((x) => x.square()),
        dl.download(),
      )
      .forEach((x) => numbers.push(x));
    expect(numbers).toEqual([1, 4, 9]);
  });
});
