/** CSV text (RFC 4180) as records. The lexer is that of web-csv-toolbox; docs/design.md says why. */
import {
  FieldDelimiter,
  FlexibleStringCSVLexer,
  ParseError,
  RecordDelimiter,
  type Token,
} from 'web-csv-toolbox';

/** The fields of one record, and the line of the text that it begins on, from 1. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

/** Turns text that comes in chunks, cut anywhere, into records. An empty line is no record. */
export interface RecordReader {
  /** @throws saying on which line the text is no CSV */
  readonly read: (chunk: string) => CsvRecord[];
  /** The text has ended: what is left of it. */
  readonly end: () => CsvRecord[];
}

/** The lexer is fed so many characters at once. */
const CHUNK = 1 << 16;
/** A quote that is never closed would take in the whole rest of a file. */
const LONGEST_FIELD = 1 << 20;

/**
 * @param place names the operator and the file, for messages
 * @param delimiter what is between fields
 */
export function recordReader(place: string, delimiter: string): RecordReader {
  const lexer = new FlexibleStringCSVLexer({ delimiter, maxBufferSize: LONGEST_FIELD + CHUNK });
  /** The record that is being read: the fields before the last delimiter, and what has come after it. */
  let fields: string[] = [];
  let field: string | null = null;
  /** Where it begins; 0 while there is nothing of it. */
  let line = 0;
  /** What the lexer has not dealt with, and where in the text that begins. */
  let rest = '';
  let offset = 0;
  let nextLine = 1;

  const malformed = (at: number, found: string, wanted: string): Error =>
    new Error(`${place}, line ${at}: found ${found}; wanted ${wanted}`);

  const finishRecord = (records: CsvRecord[]): void => {
    if (line > 0) records.push({ fields: [...fields, field ?? ''], line });
    fields = [];
    field = null;
    line = 0;
  };

  const add = ({ type, value, location }: Token, records: CsvRecord[]): void => {
    if (type === RecordDelimiter) {
      finishRecord(records);
      return;
    }
    if (line === 0) line = location.start.line;
    if (type === FieldDelimiter) {
      fields.push(field ?? '');
      field = null;
    } else if (field === null) {
      field = value;
    } else {
      throw malformed(
        location.start.line,
        'a quote (") in the middle of a field',
        'fields with quotes in them to be quoted, and the quotes doubled',
      );
    }
  };

  const collect = (chunk: string | undefined, records: CsvRecord[]): void => {
    rest += chunk ?? '';
    const begin = offset;
    try {
      for (const token of lexer.lex(chunk, { stream: chunk !== undefined })) {
        const { end } = token.location;
        offset = end.offset;
        nextLine = end.line;
        add(token, records);
      }
    } catch (error) {
      if (error instanceof ParseError) {
        throw malformed(
          error.position?.line ?? nextLine,
          'a quote (") that is never closed',
          'a closing quote',
        );
      }
      if (error instanceof RangeError) {
        throw malformed(
          nextLine,
          `a field of more than ${LONGEST_FIELD} characters`,
          'every quote (") to be closed',
        );
      }
      throw error;
    }
    rest = rest.slice(offset - begin);
    // There the lexer would stop for good.
    if (/^\r[^\n]/.test(rest) || (chunk === undefined && rest === '\r')) {
      throw malformed(nextLine, 'a carriage return alone', 'lines that end with LF or CRLF');
    }
  };

  return {
    read: (text) => {
      const records: CsvRecord[] = [];
      for (let at = 0; at < text.length; at += CHUNK) collect(text.slice(at, at + CHUNK), records);
      return records;
    },
    end: () => {
      const records: CsvRecord[] = [];
      collect(undefined, records);
      finishRecord(records);
      return records;
    },
  };
}
