/** Splits CSV text (RFC 4180) into fields: a state machine with five states that reads each character once, however the text is cut into chunks. */

/** Receives the records of a text. An error that it throws ends the reading. */
export interface RecordSink {
  /** A record begins, on this line of the text, counted from 1. */
  readonly begin: (line: number) => void;
  /** Its next field is `text.slice(start, end)`, without its quotes. */
  readonly field: (text: string, start: number, end: number) => void;
  /**
   * A field without quotes begins here. Takes it if it is a number in the common form, with the delimiter or a line feed behind it, and returns where it ends; -1 otherwise. So a number
   * is read in one pass. Never called where the delimiter could be a part of a number.
   */
  readonly decimal?: (text: string, start: number, delimiterCode: number) => number;
  /** The record is complete. */
  readonly end: () => void;
}

/** Reads text in chunks, cut anywhere. Empty lines are skipped. */
export interface Lexer {
  /** @throws when the text is not valid CSV, naming the line; and the errors of the sink */
  readonly read: (chunk: string) => void;
  /** To be called at the end of the text. */
  readonly end: () => void;
}

/** The greatest length of a field: a quote that is never closed would otherwise take in the rest of the file. */
const LONGEST_FIELD = 1 << 20;

const PARTS_OF_NUMBERS = '0123456789.-';
const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

const enum State {
  /** Before the first character of a field. */
  Start,
  /** In a field without quotes. */
  Plain,
  /** In a field that began with a quote. */
  Quoted,
  /** After a quote in such a field: it is doubled, or the field is over. */
  AfterQuote,
  /** After the carriage return that ends a record, or an empty line. */
  AfterReturn,
}

/**
 * @param place the operator and the file, for messages
 * @param delimiter the character between fields
 */
export function csvLexer(place: string, delimiter: string, sink: RecordSink): Lexer {
  const delimiterCode = delimiter.charCodeAt(0);
  /** Characters above this one mean nothing: nearly all of them are told by one comparison. */
  const lastSpecial = Math.max(delimiterCode, QUOTE);
  const decimal = PARTS_OF_NUMBERS.includes(delimiter) ? undefined : sink.decimal;
  let state: State = State.Start;
  /** The line that is being read. */
  let line = 1;
  /** The line that the field began on. */
  let fieldLine = 1;
  let isInRecord = false;
  /** The part of the field before the current chunk, or before a doubled quote. */
  let part = '';

  const malformed = (at: number, found: string, wanted: string): Error =>
    new Error(`${place}, line ${at}: found ${found}; wanted ${wanted}`);

  const loneReturn = (): Error =>
    malformed(line, 'a carriage return alone', 'lines that end with LF or CRLF');

  const keep = (piece: string): void => {
    part += piece;
    if (part.length > LONGEST_FIELD) {
      throw malformed(
        fieldLine,
        `a field of more than ${LONGEST_FIELD} characters`,
        'every quote (") to be closed',
      );
    }
  };

  const begin = (): void => {
    if (isInRecord) return;
    isInRecord = true;
    sink.begin(line);
  };

  const field = (text: string, start: number, end: number): void => {
    if (part === '') {
      sink.field(text, start, end);
      return;
    }
    keep(text.slice(start, end));
    const whole = part;
    part = '';
    sink.field(whole, 0, whole.length);
  };

  const endLine = (): void => {
    line++;
    state = State.Start;
    if (!isInRecord) return;
    isInRecord = false;
    sink.end();
  };

  /** Handles the first character of a field. */
  const start = (text: string, at: number): number => {
    const code = text.charCodeAt(at);
    if (!isInRecord && code === LINE_FEED) {
      line++;
      return at + 1;
    }
    if (!isInRecord && code === CARRIAGE_RETURN) {
      state = State.AfterReturn;
      return at + 1;
    }
    begin();
    fieldLine = line;
    if (code === QUOTE) {
      state = State.Quoted;
      return at + 1;
    }
    const end = decimal ? decimal(text, at, delimiterCode) : -1;
    if (end >= 0) {
      if (text.charCodeAt(end) === LINE_FEED) endLine();
      return end + 1;
    }
    state = State.Plain;
    return plain(text, at);
  };

  /** Handles the character after a field: a delimiter, the end of a line, or an error. */
  const afterField = (text: string, from: number, at: number): number => {
    const code = text.charCodeAt(at);
    if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED) {
      // Whether a line ends here the next chunk says.
      if (at + 1 < text.length) throw loneReturn();
      keep(text.slice(from, at));
      state = State.AfterReturn;
      return at + 1;
    }
    field(text, from, at);
    if (code === delimiterCode) {
      state = State.Start;
      return at + 1;
    }
    endLine();
    return code === LINE_FEED ? at + 1 : at + 2;
  };

  const plain = (text: string, from: number): number => {
    const { length } = text;
    let at = from;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > lastSpecial) continue;
      if (code === delimiterCode || code === LINE_FEED || code === CARRIAGE_RETURN) break;
      if (code === QUOTE) throw strayQuote();
    }
    if (at < length) return afterField(text, from, at);
    keep(text.slice(from));
    return length;
  };

  const strayQuote = (): Error =>
    malformed(
      line,
      'a quote (") in the middle of a field',
      'fields with quotes in them to be quoted, and the quotes doubled',
    );

  const quoted = (text: string, from: number): number => {
    const { length } = text;
    let at = from;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === LINE_FEED) line++;
    }
    keep(text.slice(from, at));
    if (at === length) return length;
    state = State.AfterQuote;
    return at + 1;
  };

  const afterQuote = (text: string, at: number): number => {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      keep('"');
      state = State.Quoted;
      return at + 1;
    }
    if (code === delimiterCode || code === LINE_FEED || code === CARRIAGE_RETURN)
      return afterField(text, at, at);
    throw strayQuote();
  };

  const afterReturn = (text: string, at: number): number => {
    if (text.charCodeAt(at) !== LINE_FEED) throw loneReturn();
    if (isInRecord) field('', 0, 0);
    endLine();
    return at + 1;
  };

  const steps: Readonly<Record<State, (text: string, at: number) => number>> = {
    [State.Start]: start,
    [State.Plain]: plain,
    [State.Quoted]: quoted,
    [State.AfterQuote]: afterQuote,
    [State.AfterReturn]: afterReturn,
  };

  return {
    read: (chunk) => {
      // Nearly always a field begins: a call that is known at compile time can be inlined.
      for (let at = 0; at < chunk.length;)
        at = state === State.Start ? start(chunk, at) : steps[state](chunk, at);
    },
    end: () => {
      if (state === State.Quoted)
        throw malformed(fieldLine, 'a quote (") that is never closed', 'a closing quote');
      if (state === State.AfterReturn) throw loneReturn();
      if (!isInRecord) return;
      field('', 0, 0);
      endLine();
    },
  };
}
