import * as dl from 'rxtensor';
import { csv, type CsvRow } from 'rxtensor/files';
import { repeat, take, toArray, lastValueFrom, type Observable } from 'rxjs';
import { settle, typeOnly, until } from '../../test/support/marbles';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
const file = (text: string, name = 'data.csv'): File => new File([text], name);
const columns = { x: 'float32', label: 'int32', name: 'string' } as const;

/** A stream of the bytes of a text, so many at a time. */
function inPieces(text: string, size: number, log: string[] = []): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        log.push('pull');
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += size)));
      },
      cancel: () => void log.push('cancel'),
    },
    { highWaterMark: 0 },
  );
}

async function gzip(text: string): Promise<Uint8Array> {
  const body = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(body).arrayBuffer());
}

describe('csv', () => {
  it('emits rows of the columns that are asked for, by the types that they have', async () => {
    const text = 'name,x,unused,label,is\nann,0.5,?,1,true\nbob,-1e3,,-2,0\n';
    expect(await all(csv(file(text), { columns: { ...columns, is: 'bool' } }))).toEqual([
      { x: 0.5, label: 1, name: 'ann', is: true },
      { x: -1000, label: -2, name: 'bob', is: false },
    ]);
  });

  it('emits all columns as strings where none are named', async () => {
    expect(await all(csv(file('a,b\n1, x \n')))).toEqual([{ a: '1', b: ' x ' }]);
  });

  it('takes columns in order where there is no header', async () => {
    const rows = await all(csv(file('1,2\n3,4'), { columns: { y: 'int32', x: 'int32' }, header: false }));
    expect(rows).toEqual([
      { y: 1, x: 2 },
      { y: 3, x: 4 },
    ]);
  });

  it('rounds float32, and takes NaN, infinity and spaces around numbers', async () => {
    const rows = await all(csv(file('x\n0.1\n NaN\n-inf\n+.5\n5.\n'), { columns: { x: 'float32' } }));
    expect(rows.map(({ x }) => x)).toEqual([Math.fround(0.1), NaN, -Infinity, 0.5, 5]);
  });

  it('follows RFC 4180: quotes, doubled quotes, delimiters and line ends in quotes, CRLF, a mark of the byte order', async () => {
    const text = '\ufeffa,"b ""c"""\r\n"1,\r\n2",""\r\n,"""q"""\r\n\r\n"",x';
    expect(await all(csv(file(text)))).toEqual([
      { a: '1,\r\n2', 'b "c"': '' },
      { a: '', 'b "c"': '"q"' },
      { a: '', 'b "c"': 'x' },
    ]);
  });

  for (const delimiter of ['\t', ';', '|', '.']) {
    it(`takes ${JSON.stringify(delimiter)} as the delimiter`, async () => {
      const text = `a${delimiter}b\n"1${delimiter},2"${delimiter}3\n`;
      const [row] = await all(csv(file(text), { delimiter }));
      expect(row).toEqual({ a: `1${delimiter},2`, b: '3' });
    });
  }

  it('gives the same rows wherever the file is cut into pieces', async () => {
    const text = 'word,x\r\n"é, ""ü""\r\n€",1\r\n"",2\r\n𝒳,3\r\n';
    const whole = await all(csv(file(text), { columns: { word: 'string', x: 'int32' } }));
    expect(whole.map(({ word }) => word)).toEqual(['é, "ü"\r\n€', '', '𝒳']);
    for (let size = 1; size < 12; size++) {
      const cut = await all(csv(inPieces(text, size), { columns: { word: 'string', x: 'int32' } }));
      expect(cut).toEqual(whole);
    }
  });

  it('takes an address, bytes, and what is compressed with gzip, whole or in pieces', async () => {
    const text = 'x\n1\n2\n';
    const options = { columns: { x: 'int32' } } as const;
    const wanted = [{ x: 1 }, { x: 2 }];
    const address = URL.createObjectURL(file(text));
    try {
      expect(await all(csv(address, options))).toEqual(wanted);
      expect(await all(csv(new URL(address), options))).toEqual(wanted);
    } finally {
      URL.revokeObjectURL(address);
    }
    const bytes = await gzip(text);
    expect(await all(csv(bytes, options))).toEqual(wanted);
    expect(await all(csv(bytes.slice().buffer, options))).toEqual(wanted);
    const oneByOne = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await all(csv(oneByOne, options))).toEqual(wanted);
  });

  it('decodes other encodings', async () => {
    const latin = Uint8Array.of(97, 10, 0xe9, 10);
    expect(await all(csv(latin, { encoding: 'latin1' }))).toEqual([{ a: 'é' }]);
    await expectAsync(all(csv(latin))).toBeRejectedWithError(/^csv: the data could not be read to its end: /);
  });

  it('is batched into tensors', async () => {
    const shapes: unknown[] = [];
    await csv(file('x,is\n1,true\n2,false\n3,true\n'), { columns: { x: 'float32', is: 'bool' } })
      .pipe(dl.batch(2))
      .forEach(({ x, is }) => shapes.push(x.shape, is.dtype));
    expect(shapes).toEqual([[2], 'bool', [1], 'bool']);
  });

  it('reads no further than it is asked to, and cancels the stream when it is left', async () => {
    const log: string[] = [];
    const text = `x\n${Array.from({ length: 1000 }, (_, i) => `${i}\n`).join('')}`;
    const rows = await all(csv(inPieces(text, 40, log)).pipe(take(3)));
    await settle();
    expect(rows.length).toBe(3);
    expect(log.filter((entry) => entry === 'pull').length).toBeLessThan(12);
    expect(log.at(-1)).toBe('cancel');
  });

  it('has at most inFlight emissions unfinished, and loses nothing', async () => {
    const seen: unknown[] = [];
    const waiting: (() => void)[] = [];
    const done = csv(file('x\n1\n2\n3\n4\n'), { inFlight: 2 }).forEach(({ x }) => {
      seen.push(x);
      dl.waitUntil(new Promise<void>((resolve) => waiting.push(resolve)));
    });
    await until(() => seen.length === 2);
    await settle();
    expect(seen).toEqual(['1', '2']);
    while (seen.length < 4) {
      waiting.shift()!();
      await until(() => waiting.length > 0);
    }
    for (const finish of waiting) finish();
    await done;
    expect(seen).toEqual(['1', '2', '3', '4']);
  });

  it('opens the file anew for each subscription, and ends a fetch when it is left', async () => {
    const signals: AbortSignal[] = [];
    spyOn(globalThis, 'fetch').and.callFake((_input, init) => {
      signals.push(init!.signal!);
      return Promise.resolve(new Response('x\n1\n2\n'));
    });
    expect((await all(csv('https://files.test/data.csv').pipe(repeat(2)))).map(({ x }) => x)).toEqual([
      '1',
      '2',
      '1',
      '2',
    ]);
    expect(signals.length).toBe(2);
    const subscription = csv('https://files.test/data.csv').subscribe();
    await settle();
    subscription.unsubscribe();
    expect(signals[2]!.aborted).toBeTrue();
  });

  describe('says what is wrong, and where', () => {
    const cases: readonly (readonly [what: string, text: string, message: string])[] = [
      [
        'a field that is no number',
        'x,label,name\n1,2,a\n\n0x10,2,b\n',
        `csv: data.csv, row 2 (line 4), column 'x': found "0x10"; wanted a decimal number up to 3.4e38, NaN or Infinity (float32)`,
      ],
      [
        'a field that is empty',
        'x,label,name\n,2,a\n',
        `csv: data.csv, row 1 (line 2), column 'x': found ""; wanted a decimal number up to 3.4e38, NaN or Infinity (float32)`,
      ],
      [
        'a fraction for an integer',
        'x,label,name\n"1",1.5,"a\nb"\n',
        `csv: data.csv, row 1 (line 2), column 'label': found "1.5"; wanted an integer from -2147483648 to 2147483647 (int32)`,
      ],
      [
        'an integer out of range, after a field of two lines',
        'x,label,name\n1,1,"a\nb"\n1,2147483648,c\n',
        `csv: data.csv, row 2 (line 4), column 'label': found "2147483648"; wanted an integer from -2147483648 to 2147483647 (int32)`,
      ],
      [
        'too few fields',
        'x,label,name\n1,2,a\n1,2\n',
        'csv: data.csv, row 2 (line 3): found 2 fields; wanted 3: x, label, name',
      ],
      [
        'too many fields',
        'x,label,name\n1,2,a,\n',
        'csv: data.csv, row 1 (line 2): found more than 3 fields; wanted 3: x, label, name',
      ],
      [
        'a quote that is never closed',
        'x,label,name\n1,2,a\n1,2,"a\n1,2,b\n',
        'csv: data.csv, line 3: found a quote (") that is never closed; wanted a closing quote',
      ],
      [
        'text after a closing quote',
        'x,label,name\n1,2,"a"b\n',
        'csv: data.csv, line 2: found a quote (") in the middle of a field; wanted fields with quotes in them to be quoted, and the quotes doubled',
      ],
      [
        'a carriage return alone',
        'x,label,name\n1,2,a\r1,2,b\n',
        'csv: data.csv, line 2: found a carriage return alone; wanted lines that end with LF or CRLF',
      ],
      [
        'a carriage return at the end',
        'x,label,name\n1,2,a\r',
        'csv: data.csv, line 2: found a carriage return alone; wanted lines that end with LF or CRLF',
      ],
      [
        'a column that is not there',
        'x,name\n1,a\n',
        "csv: data.csv has no column 'label': found 'x', 'name'",
      ],
      ['a column that is there twice', 'x,label,name,x\n', "csv: data.csv has two columns 'x'; wanted one"],
      ['an empty file', '', 'csv: data.csv is empty; wanted a header'],
    ];
    for (const [what, text, message] of cases) {
      it(`of ${what}`, async () => {
        await expectAsync(all(csv(file(text), { columns }))).toBeRejectedWithError(message);
        await expectAsync(all(csv(inPieces(text, 1), { columns }))).toBeRejectedWithError(
          message.replace('data.csv', 'the data'),
        );
      });
    }

    it('of a quote that takes in the rest of a large file, without reading all of it', async () => {
      const log: string[] = [];
      const text = `x\n"${'1\n'.repeat(2_000_000)}`;
      await expectAsync(all(csv(inPieces(text, 1 << 16, log)))).toBeRejectedWithError(
        /^csv: the data, line 2: found a field of more than 1048576 characters; wanted every quote/,
      );
      expect(log.length).toBeLessThan(30);
    });

    it('of a file that cannot be had, or breaks off', async () => {
      spyOn(globalThis, 'fetch').and.resolveTo(new Response('', { status: 404, statusText: 'Not Found' }));
      await expectAsync(all(csv('https://files.test/gone.csv'))).toBeRejectedWithError(
        'csv: https://files.test/gone.csv could not be fetched: found status 404 Not Found; wanted 200',
      );
      const broken = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(new Error('connection lost')),
      });
      await expectAsync(all(csv(broken))).toBeRejectedWithError(/connection lost/);
      const short = (await gzip('x\n1\n')).slice(0, -6);
      await expectAsync(all(csv(short))).toBeRejectedWithError(/^csv: the data could not be read to its end/);
    });

    it('of a list of words for missing values that is none', () => {
      expect(() => csv('a.csv', { missing: 'NA' as unknown as string[] })).toThrowError(
        "csv: option 'missing' is 'NA'; wanted a list of words",
      );
    });

    it('of options that are impossible, at once', () => {
      expect(() => csv('a.csv', { delimiter: ',,' })).toThrowError(
        `csv: option 'delimiter' is ",,"; wanted one character, and no quote or line end`,
      );
      expect(() => csv('a.csv', { delimiter: '"' })).toThrowError(/option 'delimiter'/);
      expect(() => csv('a.csv', { header: false })).toThrowError(/'header' is false without 'columns'/);
      expect(() => csv('a.csv', { columns: { x: 'float' as 'float32' } })).toThrowError(
        "csv: option 'columns' has the type 'float' for 'x'; wanted float32, int32, bool, string",
      );
      expect(() => csv('a.csv', { encoding: 'klingon' })).toThrowError(/option 'encoding' is "klingon"/);
      expect(() => csv('a.csv', { inFlight: 0 })).toThrowError(/option 'inFlight' is 0/);
    });
  });

  it('reads words for missing values as NaN, and as the empty text', async () => {
    const text = 'x,n,name\n1,2,ann\nNA,3,NA\n,4,?\n-999,5,bob\n-999.0,6,NAN\n';
    const types = { x: 'float32', n: 'int32', name: 'string' } as const;
    const rows = await all(csv(file(text), { columns: types, missing: ['', 'NA', '?', '-999'] }));
    expect(rows).toEqual([
      { x: 1, n: 2, name: 'ann' },
      { x: NaN, n: 3, name: '' },
      { x: NaN, n: 4, name: '' },
      { x: NaN, n: 5, name: 'bob' },
      { x: NaN, n: 6, name: 'NAN' },
    ]);
    await expectAsync(
      all(csv(file('n\nNA\n'), { columns: { n: 'int32' }, missing: ['NA'] })),
    ).toBeRejectedWithError(/column 'n': found "NA"; wanted an integer/);
  });

  it('reads gzip of several members, or says that it cannot', async () => {
    const zipped = await Promise.all(
      ['x\n1\n', '2\n3\n'].map((text) =>
        new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob(),
      ),
    );
    // Browsers' DecompressionStream reads one member alone (Compression Standard); Node's reads all.
    const found = await lastValueFrom(
      csv(new Blob(zipped), { columns: { x: 'float32' } }).pipe(toArray()),
    ).catch((error: unknown) => String(error));
    if (typeof found === 'string' && !('process' in globalThis))
      expect(found).toMatch(/^Error: csv: the data could not be read to its end: /);
    else expect(found).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
  });

  it('refuses numbers that float32 would make infinite', async () => {
    const rows: unknown[] = [];
    for (const [text, found] of [
      ['3.4e38\n1e-60\n1e39', '1e39'],
      ['-1e400', '-1e400'],
      ['4' + '0'.repeat(38), '4' + '0'.repeat(38)],
    ] as const)
      await expectAsync(
        csv(new Blob([`x\n${text}\n`]), { columns: { x: 'float32' } }).forEach(({ x }) => rows.push(x)),
      ).toBeRejectedWithError(
        new RegExp(
          `column 'x': found "${found}"; wanted a decimal number up to 3.4e38, NaN or Infinity \\(float32\\)$`,
        ),
      );
    expect(rows).toEqual([Math.fround(3.4e38), 0]);
  });

  it('has types that follow its columns', () => {
    const check = (): unknown[] => {
      const one: Observable<{ x: number; label: number; name: string }> = csv('a.csv', { columns });
      const two: Observable<{ is: boolean }> = csv('a.csv', { columns: { is: 'bool' } });
      const three: Observable<Record<string, string>> = csv('a.csv');
      const four: Observable<{ x: dl.Tensor1D }> = csv('a.csv', { columns: { x: 'int32' } }).pipe(
        dl.batch(2),
      );
      // @ts-expect-error there is no such type of column
      const wrong = csv('a.csv', { columns: { x: 'int64' } });
      return [one, two, three, four, wrong, typeOnly<CsvRow<typeof columns>>()];
    };
    expect(check).toBeDefined();
  });
});
