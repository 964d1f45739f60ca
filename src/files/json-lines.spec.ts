import * as dl from 'rxtensor';
import { csv, jsonLines } from 'rxtensor/files';
import fc from 'fast-check';
import { lastValueFrom, toArray, type Observable } from 'rxjs';

const columns = { x: 'float32', n: 'int32', is: 'bool', name: 'string' } as const;
const all = <T>(rows: Observable<T>): Promise<T[]> => lastValueFrom(rows.pipe(toArray()));
const file = (text: string): File => new File([text], 'rows.jsonl');

/** A text in pieces of so many bytes. */
function inPieces(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += size)));
    },
  });
}

describe('jsonLines', () => {
  it('emits a row for each line, with the types of its columns', async () => {
    const text =
      '{"x": 1.5, "n": -2, "is": true, "name": "é", "more": [1, {"x": 2}]}\r\n\n{"name": "", "is": false, "n": 7, "x": 1e3}';
    const rows = [
      { x: 1.5, n: -2, is: true, name: 'é' },
      { x: 1000, n: 7, is: false, name: '' },
    ];
    for (const size of [1, 7, 1000])
      expect(await all(jsonLines(inPieces(text, size), { columns }))).toEqual(rows);
    const batches = jsonLines(file(text), { columns: { n: 'int32', is: 'bool' } }).pipe(
      dl.batch(2),
      dl.download(),
    );
    const [batch] = await all(batches);
    expect(batch).toEqual({ n: Int32Array.of(-2, 7), is: Uint8Array.of(1, 0) });
  });

  it('gives the rows that csv gives of the same table, at any cut', async () => {
    const row = fc.record({
      x: fc.float({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
      n: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      is: fc.boolean(),
      name: fc.string({ unit: 'grapheme' }).filter((name) => !name.includes('\r')),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, size) => {
          const lines = rows.map((each) => `${JSON.stringify(each)}\n`).join('');
          const table = rows
            .map(({ x, n, is, name }) => `${x},${n},${is},"${name.replaceAll('"', '""')}"\n`)
            .join('');
          expect(await all(jsonLines(inPieces(lines, size), { columns }))).toEqual(
            await all(csv(new Blob([`x,n,is,name\n${table}`]), { columns })),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('takes missing values where it is told to', async () => {
    const text = '{"x": null, "name": null}\n{}\n';
    const rows = jsonLines(file(text), { columns: { x: 'float32', name: 'string' }, missing: true });
    expect(await all(rows)).toEqual([
      { x: NaN, name: '' },
      { x: NaN, name: '' },
    ]);
    await expectAsync(
      all(jsonLines(file('{"n": null}'), { columns: { n: 'int32' }, missing: true })),
    ).toBeRejectedWithError(/field 'n': found null; wanted an integer/);
  });

  it('reads numbers, true and false as texts, as they stand in the file: like csv', async () => {
    const values = ['1767225600123', '12345678901234567890', '1.50', '-1e-7', 'true', '0'];
    const nested = '"b,{": {"x": "no", "y": [1, {"x": 2}]}, "\\\\\\"x": 3';
    const text = values.map((value) => `{ "x": 7, ${nested}, "x" :\t${value} , "z": [{"x": 9}]}\n`).join('');
    const columns = { x: 'string' } as const;
    const wanted = await all(csv(new Blob([`x\n${values.join('\n')}\n`]), { columns }));
    expect(await all(jsonLines(file(text), { columns }))).toEqual(wanted);
    expect(await all(jsonLines(file('{"\\u0078":1.0}'), { columns }))).toEqual([{ x: '1.0' }]);
    for (const wrong of ['[1]', '{"y": 1}', 'null'])
      await expectAsync(all(jsonLines(file(`{"x": ${wrong}}`), { columns }))).toBeRejectedWithError(
        /field 'x': found .*; wanted a text, a number, true or false \(string\)/,
      );
  });

  it('skips to where a run stopped, in any epoch', async () => {
    const text = '{"n": 0}\n\n{"n": 1}\n{"n": 2}\n';
    for (let startAt = 0; startAt < 8; startAt++) {
      const rows = await all(jsonLines(file(text), { columns: { n: 'int32' }, startAt, epochs: 2 }));
      expect(rows.map(({ n }) => n)).toEqual([0, 1, 2, 0, 1, 2].slice(startAt));
    }
  });

  const wrong: readonly [what: string, line: string, message: string][] = [
    ['no JSON', '{"x": 1', 'line 2: found "{\\"x\\": 1"; wanted an object in JSON'],
    ['a list', '[1]', 'line 2: found [1]; wanted an object in JSON'],
    ['null', 'null', 'line 2: found null; wanted an object in JSON'],
    [
      'a text for a number',
      '{"x": "1"}',
      'line 2, field \'x\': found "1"; wanted a number up to 3.4e38 (float32)',
    ],
    [
      'a number beyond float32',
      '{"x": 1e39}',
      "line 2, field 'x': found 1e+39; wanted a number up to 3.4e38 (float32)",
    ],
    [
      'a number beyond float64',
      '{"x": -1e400}',
      "line 2, field 'x': found -Infinity; wanted a number up to 3.4e38 (float32)",
    ],
    [
      'a field that is not there',
      '{"y": 1}',
      "line 2, field 'x': found nothing; wanted a number up to 3.4e38 (float32)",
    ],
    [
      'a field of the prototype',
      '{"__proto__": {"x": 1}}',
      "line 2, field 'x': found nothing; wanted a number up to 3.4e38 (float32)",
    ],
    [
      'a long text',
      `{"x": "${'a'.repeat(5000)}"}`,
      `line 2, field 'x': found "${'a'.repeat(99)}… (5002 characters); wanted a number up to 3.4e38 (float32)`,
    ],
  ];
  for (const [what, line, message] of wrong) {
    it(`says what is wrong with ${what}, after the rows before it`, async () => {
      const seen: unknown[] = [];
      await expectAsync(
        jsonLines(file(`{"x": 1}\n${line}\n`), { columns: { x: 'float32' } }).forEach((row) =>
          seen.push(row),
        ),
      ).toBeRejectedWithError(`jsonLines: rows.jsonl, ${message}`);
      expect(seen).toEqual([{ x: 1 }]);
    });
  }

  it('reads no column of the prototype', async () => {
    await expectAsync(
      all(jsonLines(file('{"x": 1}'), { columns: { toString: 'string' } })),
    ).toBeRejectedWithError(/field 'toString': found nothing/);
  });

  it('refuses integers that are none, and a file without line ends, before it has all of it', async () => {
    for (const n of ['1.5', '2147483648', 'true', '1e300'])
      await expectAsync(
        all(jsonLines(file(`{"n": ${n}}`), { columns: { n: 'int32' } })),
      ).toBeRejectedWithError(/wanted an integer/);
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulls++;
        controller.enqueue(new Uint8Array(1 << 16).fill(32));
      },
    });
    await expectAsync(all(jsonLines(endless, { columns: { n: 'int32' } }))).toBeRejectedWithError(
      /line 1: found a line of more than 4194304 characters; wanted one object a line/,
    );
    expect(pulls).toBeLessThan(70);
  });
});
