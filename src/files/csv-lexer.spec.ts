import * as fc from 'fast-check';
import { csv } from 'rxtensor/files';
import { lastValueFrom, toArray } from 'rxjs';
import { csvLexer } from './csv-lexer';

/** One record: its fields, and the line that it begins on. */
interface Entry {
  readonly fields: readonly string[];
  readonly line: number;
}

/** What the lexer tells of a text that comes in these chunks; or its error. */
function lexed(chunks: readonly string[], delimiter = ','): Entry[] | string {
  const records: { fields: string[]; line: number }[] = [];
  const lexer = csvLexer('text', delimiter, {
    begin: (line) => records.push({ fields: [], line }),
    field: (text, start, end) => records.at(-1).fields.push(text.slice(start, end)),
    end: () => undefined,
  });
  try {
    for (const chunk of chunks) lexer.read(chunk);
    lexer.end();
  } catch (error) {
    return String(error);
  }
  return records;
}

/** The same by a regular expression over the whole text: one field and what ends it at a time. Null: it is no CSV. */
function reference(text: string, delimiter: string): Entry[] | null {
  const d = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\r\\n${d}]*))(${d}|\\r?\\n|$)`, 'y');
  const records: Entry[] = [];
  let fields: string[] = [];
  let line = 1;
  let begins = 1;
  while (field.lastIndex < text.length || fields.length > 0) {
    const match = field.exec(text);
    if (!match) return null;
    const [whole, quoted, plain, end] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? plain!);
    line += whole.split('\n').length - 1;
    if (end === delimiter) continue;
    const isEmpty = fields.length === 1 && plain === '';
    if (!isEmpty) records.push({ fields, line: begins });
    fields = [];
    begins = line;
    if (end === '') break;
  }
  return records;
}

/** The text in pieces of these lengths, and the rest. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) pieces.push(text.slice(at, (at += length)));
  return [...pieces, text.slice(at)];
}

const delimiters = fc.constantFrom(',', ';', '\t', '.', '|');
/** Of few letters, so that what matters comes often; also what is no CSV. */
const anyText = fc
  .array(fc.constantFrom('a', '1', ' ', '"', '""', ',', ';', '.', '\n', '\r\n', '\r', 'é', '𝒳'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));
const fields = fc
  .array(fc.constantFrom('a', '1', ' ', '"', ',', ';', '\n', '\r\n', '\r', '€', '𝒳'), { maxLength: 6 })
  .map((parts) => parts.join(''));
/** A table of one to four columns, and how it is written. */
const tables = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.record({
    rows: fc.array(fc.array(fields, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    hasLastLineEnd: fc.boolean(),
    hasMark: fc.boolean(),
    quotesAll: fc.boolean(),
  }),
);
type TableText = typeof tables extends fc.Arbitrary<infer T> ? T : never;

function written({ rows, lineEnd, hasLastLineEnd, quotesAll }: TableText, delimiter: string): string {
  const one = (field: string): string =>
    quotesAll || field === '' || /["\r\n]/.test(field) || field.includes(delimiter)
      ? `"${field.replaceAll('"', '""')}"`
      : field;
  return rows.map((row) => row.map(one).join(delimiter)).join(lineEnd) + (hasLastLineEnd ? lineEnd : '');
}

describe('csvLexer', () => {
  it('reads any text as a regular expression over the whole of it does', () => {
    fc.assert(
      fc.property(anyText, delimiters, (text, delimiter) => {
        const wanted = reference(text, delimiter);
        const found = lexed([text], delimiter);
        if (wanted) expect(found).toEqual(wanted);
        else expect(found).toMatch(/^Error: text, line \d+: found a (quote|carriage return)/);
      }),
      { numRuns: 3000 },
    );
    expect().nothing();
  });

  it('tells the same wherever the text is cut, its errors too', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(4), { maxLength: 20 }), (text, lengths) => {
        expect(lexed(cut(text, lengths))).toEqual(lexed([text]));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells the same at every single cut of a text with quotes, and letter by letter', () => {
    const text = 'a,"b ""c"" \r\n,d"\r\n\r\n"",""""\n"é",𝒳\n"x","y"';
    const whole = lexed([text]);
    expect(whole).toEqual(reference(text, ',')!);
    for (let at = 0; at <= text.length; at++)
      expect(lexed([text.slice(0, at), text.slice(at)])).toEqual(whole);
    expect(lexed(text.split(''))).toEqual(whole);
  });

  it('reads what was written: quotes, line ends, marks of the byte order, encodings, no last line end', async () => {
    const encoded: Readonly<Record<string, (text: string) => Uint8Array>> = {
      'utf-8': (text) => new TextEncoder().encode(text),
      'utf-16le': (text) =>
        Uint8Array.from(
          text.split('').flatMap((unit) => [unit.charCodeAt(0) & 255, unit.charCodeAt(0) >> 8]),
        ),
      'utf-16be': (text) =>
        Uint8Array.from(
          text.split('').flatMap((unit) => [unit.charCodeAt(0) >> 8, unit.charCodeAt(0) & 255]),
        ),
    };
    await fc.assert(
      fc.asyncProperty(
        tables,
        delimiters,
        fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'),
        fc.integer({ min: 1, max: 9 }),
        async (table, delimiter, encoding, size) => {
          const bytes = encoded[encoding]!((table.hasMark ? '\ufeff' : '') + written(table, delimiter));
          const names = table.rows[0]!.map((_, i) => `c${i}`);
          const columns = Object.fromEntries(names.map((name) => [name, 'string' as const]));
          const stream = new ReadableStream<Uint8Array>({
            start: (controller) => {
              for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
              controller.close();
            },
          });
          const options = { columns, header: false, delimiter, encoding };
          const rows = await lastValueFrom(csv(stream, options).pipe(toArray()));
          expect(rows.map((row) => Object.values(row))).toEqual(table.rows);
        },
      ),
      { numRuns: 200 },
    );
  });
});
