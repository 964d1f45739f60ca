import {
  assignmentOperators,
  binaryOperators,
  scalarTypes,
  unaryOperators,
  type Expression,
  type FunctionForm,
  type Parameter,
  type ScalarType,
  type Statement,
} from './syntax';

/** @throws when the text is not an expression of the subset; the message shows where */
export function parseExpression(text: string): Expression {
  return whole(new Parser(text), (parser) => parser.expression());
}

/** @throws when the text is not a list of statements of the subset; the message shows where */
export function parseStatements(text: string): readonly Statement[] {
  return whole(new Parser(text), (parser) => parser.all(() => parser.statement()));
}

/** @throws when the text is not a list of functions of the subset; the message shows where */
export function parseFunctions(text: string): readonly FunctionForm[] {
  return whole(new Parser(text), (parser) => parser.all(() => parser.functionForm()));
}

function whole<T>(parser: Parser, parse: (parser: Parser) => T): T {
  const result = parse(parser);
  parser.end();
  return result;
}

const blanks = /(?:\s|\/\/[^\n]*)*/y;
const symbols = [...new Set([...binaryOperators.flat(), ...assignmentOperators, ...unaryOperators])]
  .concat(['?', ':', ',', ';', '(', ')', '{', '}', '[', ']'])
  .sort((a, b) => b.length - a.length)
  .map((symbol) => symbol.replaceAll(/[^\w\s]/g, String.raw`\$&`))
  .join('|');
const tokenPattern = new RegExp(
  String.raw`0x[0-9a-fA-F]+u?|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?u?|[A-Za-z_]\w*|${symbols}`,
  'y',
);

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let position = 0; ;) {
    blanks.lastIndex = position;
    blanks.exec(text);
    position = blanks.lastIndex;
    if (position >= text.length) return tokens;
    tokenPattern.lastIndex = position;
    const token = tokenPattern.exec(text)?.[0];
    if (token === undefined) throw new Error(`shader form: found '${text.slice(position, position + 20)}'`);
    tokens.push(token);
    position += token.length;
  }
}

/** Recursive descent: a method for each rule of the grammar. */
class Parser {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  all<T>(rule: () => T): T[] {
    const found: T[] = [];
    while (this.#position < this.#tokens.length) found.push(rule());
    return found;
  }

  end(): void {
    if (this.#position < this.#tokens.length) throw this.#unexpected('the end');
  }

  functionForm(): FunctionForm {
    const type = this.#type();
    const name = this.#name();
    const parameters: Parameter[] = [];
    this.#take('(');
    while (!this.#is(')')) {
      if (parameters.length > 0) this.#take(',');
      const isOut = this.#is('out');
      parameters.push({ type: this.#type(), name: this.#name(), isOut });
    }
    return { type, name, parameters, body: this.#block() };
  }

  statement(): Statement {
    if (this.#is('return')) {
      const value = this.expression();
      this.#take(';');
      return { kind: 'return', value };
    }
    if (this.#is('if')) {
      const condition = this.#condition();
      const whenTrue = this.#block();
      return { kind: 'if', condition, whenTrue, whenFalse: this.#is('else') ? this.#block() : [] };
    }
    if (this.#is('for')) return this.#loop();
    const simple = this.#simple();
    this.#take(';');
    return simple;
  }

  expression(): Expression {
    const condition = this.#binary(0);
    if (!this.#is('?')) return condition;
    const whenTrue = this.expression();
    this.#take(':');
    return { kind: 'conditional', condition, whenTrue, whenFalse: this.expression() };
  }

  #loop(): Statement {
    this.#take('(');
    const start = this.#next === ';' ? [] : [this.#simple()];
    this.#take(';');
    const condition = this.expression();
    this.#take(';');
    const step = [this.#simple()];
    while (this.#is(',')) step.push(this.#simple());
    this.#take(')');
    return { kind: 'for', start, condition, step, body: this.#block() };
  }

  #condition(): Expression {
    this.#take('(');
    const condition = this.expression();
    this.#take(')');
    return condition;
  }

  #block(): Statement[] {
    if (!this.#is('{')) return [this.statement()];
    const body: Statement[] = [];
    while (!this.#is('}')) body.push(this.statement());
    return body;
  }

  #simple(): Statement {
    if (isType(this.#next)) {
      const type = this.#type();
      const names: { name: string; value: Expression | null }[] = [];
      do {
        const name = this.#name();
        names.push({ name, value: this.#is('=') ? this.expression() : null });
      } while (this.#is(','));
      return { kind: 'declare', type, names };
    }
    const name = this.#name();
    const operator = this.#next;
    if (!assignmentOperators.includes(operator)) throw this.#unexpected('an assignment');
    this.#position++;
    return { kind: 'assign', name, operator, value: this.expression() };
  }

  #binary(level: number): Expression {
    const operators = binaryOperators[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    while (operators.includes(this.#next)) {
      const operator = this.#tokens[this.#position++]!;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (!unaryOperators.includes(this.#next)) return this.#primary();
    const operator = this.#tokens[this.#position++]!;
    return { kind: 'unary', operator, operand: this.#unary() };
  }

  #primary(): Expression {
    if (this.#is('(')) {
      const inner = this.expression();
      this.#take(')');
      return inner;
    }
    if (/^[.\d]/.test(this.#next)) return { kind: 'number', text: this.#tokens[this.#position++]! };
    const name = isType(this.#next) ? this.#type() : this.#name();
    if (this.#is('[')) {
      const index = Number(this.#tokens[this.#position++]);
      if (!Number.isInteger(index)) throw this.#unexpected('the number of an element');
      this.#take(']');
      return { kind: 'element', array: name, index };
    }
    if (!this.#is('(')) return { kind: 'name', name };
    const list: Expression[] = [];
    while (!this.#is(')')) {
      if (list.length > 0) this.#take(',');
      list.push(this.expression());
    }
    return { kind: 'call', name, arguments: list };
  }

  #type(): ScalarType {
    const type = this.#next;
    if (!isType(type)) throw this.#unexpected(`a type (${scalarTypes.join(', ')})`);
    this.#position++;
    return type;
  }

  #name(): string {
    if (!/^[A-Za-z_]/.test(this.#next) || isType(this.#next)) throw this.#unexpected('a name');
    return this.#tokens[this.#position++]!;
  }

  /** Whether `token` comes next; if so, moves behind it. */
  #is(token: string): boolean {
    if (this.#next !== token) return false;
    this.#position++;
    return true;
  }

  #take(token: string): void {
    if (!this.#is(token)) throw this.#unexpected(`'${token}'`);
  }

  /** The next token; '' at the end. */
  get #next(): string {
    return this.#tokens[this.#position] ?? '';
  }

  #unexpected(wanted: string): Error {
    const found = this.#next === '' ? 'the end' : `'${this.#next}'`;
    const before = this.#tokens.slice(Math.max(0, this.#position - 6), this.#position).join(' ');
    return new Error(`shader form: found ${found} after '${before}'; wanted ${wanted}`);
  }
}

function isType(token: string): token is ScalarType {
  return (scalarTypes as readonly string[]).includes(token);
}
