import { shaderForms, type NamedForm } from '../../../test/support/shader-forms';
import { parseExpression, parseFunctions, parseStatements } from './parse';
import { printExpression, printFunction, printStatements } from './print';
import { knownConstants, knownFunctions, type Expression, type Statement } from './syntax';

/** The names that a form uses but does not declare. */
function namesUsed(form: Expression | readonly Statement[]): { variables: string[]; functions: string[] } {
  const variables: string[] = [];
  const functions: string[] = [];
  const declared = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const each = node as Expression | Statement;
    if (each.kind === 'declare') for (const { name } of each.names) declared.add(name);
    if (each.kind === 'name' || each.kind === 'assign') variables.push(each.name);
    if (each.kind === 'element') variables.push(`${each.array}[${each.index}]`);
    if (each.kind === 'call') functions.push(each.name);
    Object.values(each).forEach(walk);
  };
  walk(form);
  return { variables: variables.filter((name) => !declared.has(name)), functions };
}

function parsed({ text, isStatements }: NamedForm): Expression | readonly Statement[] {
  return isStatements ? parseStatements(text) : parseExpression(text);
}

function expectKnown(
  form: Expression | readonly Statement[],
  variables: readonly string[],
  own: readonly string[],
): void {
  const used = namesUsed(form);
  const isKnown = (name: string): boolean => variables.includes(name) || knownConstants.has(name);
  expect(used.variables.filter((name) => !isKnown(name))).toEqual([]);
  expect(used.functions.filter((name) => !knownFunctions.has(name) && !own.includes(name))).toEqual([]);
}

describe('the shader form of', () => {
  for (const form of shaderForms) {
    it(`${form.title} lies in the subset`, () => {
      const functions = parseFunctions(form.functions);
      const own = functions.map(({ name }) => name);
      expectKnown(parsed(form), form.variables, own);
      for (const { parameters, body } of functions) {
        expectKnown(
          body,
          parameters.map(({ name }) => name),
          own,
        );
      }
    });

    it(`${form.title} is the same after it is printed`, () => {
      const tree = parsed(form);
      if (form.isStatements) {
        expect(parseStatements(printStatements(tree as readonly Statement[]))).toEqual(
          tree as readonly Statement[],
        );
      } else {
        expect(parseExpression(printExpression(tree as Expression))).toEqual(tree as Expression);
      }
      const functions = parseFunctions(form.functions);
      expect(parseFunctions(functions.map(printFunction).join('\n'))).toEqual(functions);
    });
  }
});

describe('shader forms', () => {
  it('bind as GLSL does', () => {
    expect(printExpression(parseExpression('-a * b + c < d && !e'))).toBe('(((((-a) * b) + c) < d) && (!e))');
    expect(printExpression(parseExpression('a - b - c'))).toBe('((a - b) - c)');
    expect(printExpression(parseExpression('a ? b : c ? d : e'))).toBe('(a ? b : (c ? d : e))');
    expect(printExpression(parseExpression('a & 1 << 2 + 3'))).toBe('(a & (1 << (2 + 3)))');
  });

  it('take the names or expressions that they are given', () => {
    const naming = (name: string): string => (name === 'x' ? '(u + v)' : `${name}_1`);
    expect(printExpression(parseExpression('x < p ? exp(x) : h[2]'), naming)).toBe(
      '(((u + v) < p_1) ? exp((u + v)) : h[2]_1)',
    );
    expect(printStatements(parseStatements('float t = x; t *= 2.0;'), naming)).toBe(
      'float t_1 = (u + v); t_1 *= 2.0;',
    );
  });

  it('read loops, conditions and functions', () => {
    const text = `int power(int a, int b) {
      if (b < 0) return 0; else { b += 1; }
      int result = 1; // comments are left out
      for (int i = 0, j = 1; i < b; i += 1, j += 1) { if ((b & 1) == 1) result *= a; }
      return result;
    }`;
    expect(parseFunctions(text).map(printFunction)).toEqual([
      'int power(int a, int b) { if ((b < 0)) { return 0; } else { b += 1; } int result = 1; ' +
        'for (int i = 0, j = 1; (i < b); i += 1, j += 1) { if (((b & 1) == 1)) { result *= a; } } return result; }',
    ]);
  });

  const outside: readonly (readonly [text: string, error: string])[] = [
    ['x +', "shader form: found the end after 'x +'; wanted a name"],
    ['x.y', "shader form: found '.y'"],
    ['x # 2', "shader form: found '# 2'"],
    ['x ? 1.0', "shader form: found the end after 'x ? 1.0'; wanted ':'"],
    ['f(x y)', "shader form: found 'y' after 'f ( x'; wanted ','"],
    ['x y', "shader form: found 'y' after 'x'; wanted the end"],
    ['h[i]', "shader form: found ']' after 'h [ i'; wanted the number of an element"],
  ];
  for (const [text, error] of outside) {
    it(`refuse ${text}`, () => expect(() => parseExpression(text)).toThrowError(error));
  }

  it('refuse statements outside of the subset', () => {
    expect(() => parseStatements('float x + 1.0;')).toThrowError(/found '\+' after 'float x'; wanted ';'/);
    expect(() => parseStatements('while (x) y = 1.0;')).toThrowError(/wanted an assignment/);
    expect(() => parseStatements('vec4 v = x;')).toThrowError(/wanted an assignment/);
  });
});
