/**
 * The small part of GLSL ES 3.00 in which the shader forms of the tables are written: scalars of four types, expressions without side
 * effects, assignments, `if`, `for` and `return`. It is small so that forms can be parsed, renamed, put together into one
 * shader, and written in another shader language.
 */

export const scalarTypes = ['float', 'int', 'uint', 'bool'] as const;
export type ScalarType = (typeof scalarTypes)[number];

export type Expression =
  /** The text as written: `1.0`, `1e9`, `3`, `0x7fu`. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  /** Calls a function, or converts to a scalar type. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  /** An element of an array at a constant index. */
  | { readonly kind: 'element'; readonly array: string; readonly index: number };

export type Statement =
  | {
      readonly kind: 'declare';
      readonly type: ScalarType;
      /** `value` is null where a call assigns the first value, through an `out` parameter. */
      readonly names: readonly { readonly name: string; readonly value: Expression | null }[];
    }
  | { readonly kind: 'assign'; readonly name: string; readonly operator: string; readonly value: Expression }
  | { readonly kind: 'return'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly start: readonly Statement[];
      readonly condition: Expression;
      readonly step: readonly Statement[];
      readonly body: readonly Statement[];
    };

export interface Parameter {
  readonly type: ScalarType;
  readonly name: string;
  /** Whether it is an `out` parameter, which the function assigns. */
  readonly isOut: boolean;
}

export interface FunctionForm {
  readonly type: ScalarType;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** Binary operators by precedence, lowest first; all are left-associative. */
export const binaryOperators: readonly (readonly string[])[] = [
  ['||'],
  ['^^'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

export const unaryOperators: readonly string[] = ['-', '!', '~'];

/** There is no `++`: `x++` is written `x += 1`. */
export const assignmentOperators: readonly string[] = [
  '=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '<<=',
  '>>=',
];

/**
 * The functions that forms may call besides their own: functions of GLSL that other shader languages have with the same meaning and
 * accuracy, and the functions of the prelude with which every backend's shaders begin.
 */
export const knownFunctions: ReadonlySet<string> = new Set([
  ...scalarTypes,
  ...['abs', 'sign', 'floor', 'ceil', 'trunc', 'min', 'max', 'clamp'],
  ...['sqrt', 'inversesqrt', 'exp', 'log', 'pow', 'atan'],
  ...['floatBitsToUint', 'uintBitsToFloat', 'floatBitsToInt', 'intBitsToFloat'],
  ...['is_nan', 'is_inf', 'half_even'],
]);

/** The constants of the prelude. */
export const knownConstants: ReadonlySet<string> = new Set(['NAN', 'INFINITY', 'true', 'false']);
