/** Files of strangers: what they cost is linear in their size, and bounded in memory. */
import * as dl from 'rxtensor';
import { csv } from 'rxtensor/files';
import { asyncScheduler, lastValueFrom, take, toArray, type Observable, type SchedulerLike } from 'rxjs';
import { until } from '../../test/support/marbles';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stream of these chunks, made when they are asked for, that counts them. */
function chunked(
  count: number,
  chunkAt: (i: number) => Uint8Array,
): ReadableStream<Uint8Array> & { made: number } {
  let made = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (made === count) controller.close();
        else controller.enqueue(chunkAt(made++));
      },
    },
    { highWaterMark: 0 },
  );
  return Object.defineProperty(stream, 'made', { get: () => made }) as typeof stream & { made: number };
}

/** A hundred times what it takes on a machine that does nothing else. What it rules out takes minutes. */
const LIMIT_MS = 20_000;

async function inTime<T>(work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  expect(performance.now() - start).toBeLessThan(LIMIT_MS);
  return result;
}

describe('csv of a hostile file', () => {
  for (const digits of [80_000, 1_000_000]) {
    it(`reads a number of ${digits} digits, and refuses what is almost one`, async () => {
      const ones = '1'.repeat(digits);
      const columns = { x: 'float32' } as const;
      await inTime(async () => {
        expect(await all(csv(encode(`x\n0.${ones}\n${ones}e-${digits}\n`), { columns }))).toEqual([
          { x: Math.fround(1 / 9) },
          { x: Math.fround(1 / 9) },
        ]);
        // The first is one, and more than float32 holds.
        for (const text of [`-${ones}`, `${ones}x`, `${ones}.${ones}.`, `1e${ones}x`, '.'.repeat(digits)]) {
          await expectAsync(
            all(csv(encode(`x\n${text.slice(-(1 << 20))}\n`), { columns })),
          ).toBeRejectedWithError(
            /^csv: the data, row 1 \(line 2\), column 'x': found ".{100}… \(\d+ characters\)"; wanted a decimal number/,
          );
        }
      });
    });
  }

  it('of an integer or a boolean of a million letters', async () => {
    const long = '1'.repeat(1_000_000);
    await inTime(async () => {
      await expectAsync(all(csv(encode(`x\n${long}\n`), { columns: { x: 'int32' } }))).toBeRejectedWithError(
        /column 'x': found .*characters\)"; wanted an integer/,
      );
      await expectAsync(all(csv(encode(`x\n${long}\n`), { columns: { x: 'bool' } }))).toBeRejectedWithError(
        /column 'x': found .*characters\)"; wanted true, false/,
      );
    });
  });

  it('fails at the field that is too many of a line of 1 GB', async () => {
    const chunk = encode('1,'.repeat(1 << 15));
    const stream = chunked(1 << 14, (i) => (i === 0 ? encode('a,b\n') : chunk));
    await expectAsync(all(csv(stream))).toBeRejectedWithError(
      'csv: the data, row 1 (line 2): found more than 2 fields; wanted 2: a, b',
    );
    expect(stream.made).toBeLessThan(8);
  });

  it('fails where a header has more names than any table', async () => {
    const chunk = encode('1,'.repeat(1 << 15));
    const stream = chunked(1 << 14, () => chunk);
    await expectAsync(all(csv(stream))).toBeRejectedWithError(
      'csv: the data, line 1: found more than 1048576 columns; wanted a header',
    );
    expect(stream.made).toBeLessThan(40);
  });

  for (const size of [1, 1400]) {
    it(`reads a long quoted field in chunks of ${size} bytes once`, async () => {
      const length = size === 1 ? 1 << 16 : 1 << 20;
      const text = `x\n"${'a""'.repeat(length / 2 - 8)}"\n`;
      const bytes = encode(text);
      const stream = chunked(Math.ceil(bytes.length / size), (i) => bytes.subarray(i * size, (i + 1) * size));
      const [row] = await inTime(() => all(csv(stream)));
      expect(row!.x!.length).toBe(length - 16);
    });
  }

  it('reads 100,000 columns, and one of them', async () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `column${i}`);
    const text = `${names.join()}\n${names.map((_, i) => i).join()}\n${names.map((_, i) => -i).join()}\n`;
    const rows = await inTime(() => all(csv(encode(text))));
    expect(rows.map((row) => [Object.keys(row).length, row.column99999])).toEqual([
      [100_000, '99999'],
      [100_000, '-99999'],
    ]);
    const few = csv(encode(text), { columns: { column99999: 'int32' } });
    expect(await inTime(() => all(few))).toEqual([{ column99999: 99_999 }, { column99999: -99_999 }]);
    await expectAsync(all(csv(encode(text), { columns: { no: 'int32' } }))).toBeRejectedWithError(
      /^csv: the data has no column 'no': found 'column0', .*'column19', … \(100000 in all\)$/,
    );
    await expectAsync(all(csv(encode(`${names.join()}\n1,2\n`)))).toBeRejectedWithError(
      /^csv: the data, row 1 \(line 2\): found 2 fields; wanted 100000: column0, .*, … \(100000 in all\)$/,
    );
  });

  for (const [what, bytes] of [
    ['one chunk', new Uint8Array(40_000_000).fill(10)],
    ['one chunk of CRLF', new Uint8Array(40_000_000).map((_, i) => (i % 2 === 0 ? 13 : 10))],
  ] as const) {
    it(`gives up the thread now and then while it passes over 40 MB of empty lines in ${what}`, async () => {
      const stream = chunked(2, (i) => (i === 0 ? encode('x\n') : bytes));
      // A clock on which a millisecond passes whenever it is looked at: for each of 610 pieces. A slice is 8 ms.
      let now = 0;
      let turns = 0;
      const scheduler = {
        now: () => now++,
        schedule: (work: () => void) => {
          turns++;
          return asyncScheduler.schedule(work);
        },
      } as unknown as SchedulerLike;
      expect(await all(csv(stream, { scheduler }))).toEqual([]);
      expect(turns).toBeGreaterThan(60);
    });
  }

  it('can be left while it passes over empty lines', async () => {
    const lines = new Uint8Array(1 << 16).fill(10);
    const stream = chunked(Infinity, () => lines);
    const subscription = csv(stream).subscribe();
    await until(() => stream.made > 1);
    subscription.unsubscribe();
    const { made } = stream;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(stream.made).toBeLessThanOrEqual(made + 1);
  });

  it('refuses a stream of text, and says what to do instead', async () => {
    const message =
      'csv: the data could not be read to its end: Error: a chunk of the stream is text; wanted bytes (Uint8Array): ' +
      'read it without a TextDecoderStream, or put .pipeThrough(new TextEncoderStream()) behind it';
    const text = (): ReadableStream<string> =>
      new Blob(['x\n1\n']).stream().pipeThrough(new TextDecoderStream());
    await expectAsync(all(csv(text() as never))).toBeRejectedWithError(message);
    expect(await all(csv(text().pipeThrough(new TextEncoderStream())))).toEqual([{ x: '1' }]);
    const later = chunked(2, (i) => (i === 0 ? encode('x\n') : ('1\n' as never)));
    await expectAsync(all(csv(later))).toBeRejectedWithError(message);
    await expectAsync(all(csv(chunked(1, () => new ArrayBuffer(4) as never)))).toBeRejectedWithError(
      /a chunk of the stream is an ArrayBuffer; wanted bytes/,
    );
  });

  it('gives the rows before what is wrong, and then the error', async () => {
    const seen: unknown[] = [];
    const stream = csv(encode('x\n1\n2\n?\n4\n'), { columns: { x: 'int32' } });
    await expectAsync(stream.forEach((row) => seen.push(row))).toBeRejectedWithError(/row 3 \(line 4\)/);
    expect(seen).toEqual([{ x: 1 }, { x: 2 }]);
  });

  it('has rows of any name', async () => {
    const text = '__proto__,constructor,toString,x\n1,2,3,4\n5,6,7,8\n';
    const columns = JSON.parse('{"__proto__":"int32","constructor":"int32","toString":"float32"}') as Record<
      string,
      'int32' | 'float32'
    >;
    const rows = await all(csv(encode(text), { columns }));
    expect(rows.map((row) => Object.entries(row))).toEqual([
      [
        ['__proto__', 1],
        ['constructor', 2],
        ['toString', 3],
      ],
      [
        ['__proto__', 5],
        ['constructor', 6],
        ['toString', 7],
      ],
    ]);
    expect(rows.map((row) => Object.getPrototypeOf(row) as unknown)).toEqual([
      Object.prototype,
      Object.prototype,
    ]);
    const strings = await all(csv(encode(text)).pipe(take(1)));
    expect(Object.keys(strings[0]!)).toEqual(['__proto__', 'constructor', 'toString', 'x']);
    const dtypes: unknown[] = [];
    for (const source of [csv(encode(text), { columns }), csv(encode(text), { columns }).pipe(take(2))]) {
      await source.pipe(dl.batch(2)).forEach((batch) => {
        dtypes.push(Object.entries(batch).map(([key, x]) => [key, x.dtype, ...x.dataSync()]));
      });
    }
    const wanted = [
      ['__proto__', 'int32', 1, 5],
      ['constructor', 'int32', 2, 6],
      ['toString', 'float32', 3, 7],
    ];
    expect(dtypes).toEqual([wanted, wanted]);
  });
});
