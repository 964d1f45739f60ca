import { parseExpression, parseFunctions, parseStatements } from './parse';
import { wgslExpression, wgslFunction, wgslStatements } from './print-wgsl';

describe('shader forms in WGSL', () => {
  const expressions: readonly (readonly [glsl: string, wgsl: string])[] = [
    ['x < 0.0 ? -x : x', 'select(x, (-x), (x < 0.0))'],
    ['float(a) * 2.0', '(f32(a) * 2.0)'],
    ['uint(x) >> 3', '(u32(x) >> 3)'],
    ['a != b', '(!(a == b))'],
    ['a ^^ b', '(!(a == b))'],
    ['atan(y, x) + atan(x)', '(atan2(y, x) + atan(x))'],
    ['inversesqrt(x)', 'inverseSqrt(x)'],
    ['floatBitsToUint(x) & 0x7fu', '(bitcast<u32>(x) & 0x7fu)'],
    ['is_nan(x) ? NAN : -INFINITY', 'select((-infinity()), not_a_number(), is_nan(x))'],
  ];
  for (const [glsl, wgsl] of expressions) {
    it(`write ${glsl}`, () => expect(wgslExpression(parseExpression(glsl))).toBe(wgsl));
  }

  it('write statements, with other names', () => {
    const naming = (name: string): string => name.replace(/^h\[(\d)\]$/, 'u.h$1');
    const text = 'float v = h[1], w = 2.0; if (v > w) v -= h[0]; else { w = v; }';
    expect(wgslStatements(parseStatements(text), naming)).toBe(
      'var v: f32 = u.h1; var w: f32 = 2.0; if ((v > w)) { v -= u.h0; } else { w = v; }',
    );
  });

  it('write loops of several steps, and functions that assign their parameters', () => {
    const text = 'int f(int a, uint b) { for (int i = 0, j = 1; i < a; i += 1, j += 2) a -= j; return a; }';
    expect(wgslFunction(parseFunctions(text)[0]!)).toBe(
      'fn f(a_given: i32, b_given: u32) -> i32 { var a = a_given; var b = b_given; ' +
        '{ var i: i32 = 0; var j: i32 = 1; while ((i < a)) { a -= j; i += 1; j += 2; } } return a; }',
    );
  });

  it('refuse a parameter that gives a value back', () => {
    const [form] = parseFunctions('float f(out float a) { a = 1.0; return a; }');
    expect(() => wgslFunction(form!)).toThrowError('shader form: f has the out parameter a');
  });
});
