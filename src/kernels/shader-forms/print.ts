import type { Expression, FunctionForm, Statement } from './syntax';

/** Gives the name or expression that replaces a variable, or an array element such as `h[0]`. Function names are not replaced. */
export type Naming = (name: string) => string;

const asWritten: Naming = (name) => name;

/**
 * Writes an expression as GLSL, with parentheses around every operation.
 *
 * @param naming renames variables or replaces them by expressions, so that several forms fit into one function
 */
export function printExpression(expression: Expression, naming: Naming = asWritten): string {
  const print = (each: Expression): string => printExpression(each, naming);
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'name':
      return naming(expression.name);
    case 'call':
      return `${expression.name}(${expression.arguments.map(print).join(', ')})`;
    case 'unary':
      return `(${expression.operator}${print(expression.operand)})`;
    case 'binary':
      return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`;
    case 'conditional':
      return `(${print(expression.condition)} ? ${print(expression.whenTrue)} : ${print(expression.whenFalse)})`;
    case 'element':
      return naming(`${expression.array}[${expression.index}]`);
  }
}

/** Writes statements as GLSL; see {@link printExpression}. */
export function printStatements(statements: readonly Statement[], naming: Naming = asWritten): string {
  return statements.map((statement) => printStatement(statement, naming)).join(' ');
}

function printStatement(statement: Statement, naming: Naming): string {
  const print = (each: Expression): string => printExpression(each, naming);
  switch (statement.kind) {
    case 'declare':
    case 'assign':
      return `${printSimple(statement, naming)};`;
    case 'return':
      return `return ${print(statement.value)};`;
    case 'if': {
      const { condition, whenTrue, whenFalse } = statement;
      const otherwise = whenFalse.length > 0 ? ` else { ${printStatements(whenFalse, naming)} }` : '';
      return `if (${print(condition)}) { ${printStatements(whenTrue, naming)} }${otherwise}`;
    }
    case 'for': {
      const { start, condition, step, body } = statement;
      const list = (each: readonly Statement[]): string =>
        each.map((one) => printSimple(one, naming)).join(', ');
      return `for (${list(start)}; ${print(condition)}; ${list(step)}) { ${printStatements(body, naming)} }`;
    }
  }
}

/** Writes a declaration or an assignment without its semicolon, as in the head of a loop. */
function printSimple(statement: Statement, naming: Naming): string {
  if (statement.kind === 'assign') {
    return `${naming(statement.name)} ${statement.operator} ${printExpression(statement.value, naming)}`;
  }
  if (statement.kind !== 'declare') throw new Error(`shader form: ${statement.kind} in the head of a loop`);
  const names = statement.names.map(
    ({ name, value }) => naming(name) + (value ? ` = ${printExpression(value, naming)}` : ''),
  );
  return `${statement.type} ${names.join(', ')}`;
}

/** Writes a function as GLSL, under its own name. */
export function printFunction({ type, name, parameters, body }: FunctionForm): string {
  const list = parameters.map((each) => `${each.isOut ? 'out ' : ''}${each.type} ${each.name}`).join(', ');
  return `${type} ${name}(${list}) { ${printStatements(body)} }`;
}
