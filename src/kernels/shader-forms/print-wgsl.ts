import type { Naming } from './print';
import type { Expression, FunctionForm, ScalarType, Statement } from './syntax';

/** The scalar types of the forms in WGSL. They are also the names of its conversions. */
export const wgslTypes: Readonly<Record<ScalarType, string>> = {
  float: 'f32',
  int: 'i32',
  uint: 'u32',
  bool: 'bool',
};

/** Functions of GLSL that have another name in WGSL. */
const wgslNames: Readonly<Record<string, string>> = {
  ...wgslTypes,
  inversesqrt: 'inverseSqrt',
  floatBitsToUint: 'bitcast<u32>',
  floatBitsToInt: 'bitcast<i32>',
  uintBitsToFloat: 'bitcast<f32>',
  intBitsToFloat: 'bitcast<f32>',
};

/** WGSL has no constants that are infinite or no number: the prelude makes them. */
const wgslConstants: Readonly<Record<string, string>> = { NAN: 'not_a_number()', INFINITY: 'infinity()' };

const asWritten: Naming = (name) => name;

/**
 * Writes an expression as WGSL, with parentheses around every operation. A choice becomes `select`, which computes both values.
 *
 * @param naming renames variables or replaces them by expressions; function names are not replaced
 */
export function wgslExpression(expression: Expression, naming: Naming = asWritten): string {
  const print = (each: Expression): string => wgslExpression(each, naming);
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'name':
      return wgslConstants[expression.name] ?? naming(expression.name);
    case 'call': {
      const { name, arguments: list } = expression;
      const known = name === 'atan' && list.length === 2 ? 'atan2' : (wgslNames[name] ?? name);
      return `${known}(${list.map(print).join(', ')})`;
    }
    case 'unary':
      return `(${expression.operator}${print(expression.operand)})`;
    case 'binary': {
      const { left, operator, right } = expression;
      // Drivers may compare so that NaN is not even unequal.
      if (operator === '!=' || operator === '^^') return `(!(${print(left)} == ${print(right)}))`;
      return `(${print(left)} ${operator} ${print(right)})`;
    }
    case 'conditional': {
      const { condition, whenTrue, whenFalse } = expression;
      return `select(${print(whenFalse)}, ${print(whenTrue)}, ${print(condition)})`;
    }
    case 'element':
      return naming(`${expression.array}[${expression.index}]`);
  }
}

/** Writes statements as WGSL; see {@link wgslExpression}. */
export function wgslStatements(statements: readonly Statement[], naming: Naming = asWritten): string {
  return statements.map((statement) => wgslStatement(statement, naming)).join(' ');
}

function wgslStatement(statement: Statement, naming: Naming): string {
  const print = (each: Expression): string => wgslExpression(each, naming);
  const block = (list: readonly Statement[]): string => `{ ${wgslStatements(list, naming)} }`;
  switch (statement.kind) {
    case 'declare': {
      const type = wgslTypes[statement.type];
      return statement.names
        .map(({ name, value }) => `var ${naming(name)}: ${type}${value ? ` = ${print(value)}` : ''};`)
        .join(' ');
    }
    case 'assign':
      return `${naming(statement.name)} ${statement.operator} ${print(statement.value)};`;
    case 'return':
      return `return ${print(statement.value)};`;
    case 'if': {
      const { condition, whenTrue, whenFalse } = statement;
      const otherwise = whenFalse.length > 0 ? ` else ${block(whenFalse)}` : '';
      return `if (${print(condition)}) ${block(whenTrue)}${otherwise}`;
    }
    case 'for': {
      // WGSL's own loop takes one statement before it and one as its step.
      const { start, condition, step, body } = statement;
      return `{ ${wgslStatements(start, naming)} while (${print(condition)}) ${block([...body, ...step])} }`;
    }
  }
}

/** Writes a function as WGSL, under its own name. Its parameters may be assigned, as in GLSL. @throws for an `out` parameter */
export function wgslFunction({ type, name, parameters, body }: FunctionForm): string {
  const outside = parameters.find(({ isOut }) => isOut);
  if (outside) throw new Error(`shader form: ${name} has the out parameter ${outside.name}`);
  const list = parameters.map((each) => `${each.name}_given: ${wgslTypes[each.type]}`).join(', ');
  const own = parameters.map((each) => `var ${each.name} = ${each.name}_given;`).join(' ');
  return `fn ${name}(${list}) -> ${wgslTypes[type]} { ${own} ${wgslStatements(body)} }`;
}
