import * as fc from 'fast-check';
import {
  anyNumber,
  anyType,
  between,
  bits,
  broadcastable,
  distinct,
  filledShapes,
  integers,
  mixed,
  numeric,
  ofAnyType,
  ofNumbers,
  ofShape,
  operands,
  shapes,
  withSpecial,
} from '../arbitraries';
import { tf } from '../oracle';
import type { Call, Row, Rows } from '../row';

const integerValued = { none: 'its value is constant between the integers' };
const booleanValued = { none: 'its result is bool' };

/** A function of one tensor, over a range, and with parameters after it. */
function unary(
  low: number,
  high: number,
  options: Partial<Row> & {
    readonly specials?: boolean;
    readonly integral?: boolean;
    readonly smooth?: readonly [number, number];
    readonly parameters?: fc.Arbitrary<readonly number[]>;
  } = {},
): Row {
  const {
    specials = true,
    integral = false,
    smooth = [low, high],
    parameters = fc.constant([]),
    ...rest
  } = options;
  const values = between(low, high);
  const floats = operands(shapes(), specials ? withSpecial(values) : values);
  const x = integral
    ? fc.oneof({ weight: 2, arbitrary: floats }, { weight: 1, arbitrary: numeric() })
    : floats;
  // Half a step beside the multiples of 1/64, where there is no kink.
  const inside = operands(
    shapes(),
    between(smooth[0], smooth[1] - 1 / 64).map((n) => n + 1 / 128),
  );
  return {
    args: fc.tuple(x, parameters).map(([first, more]) => [first, ...more]),
    gradient: fc.tuple(inside, parameters).map(([first, more]) => [first, ...more]),
    ...rest,
  };
}

const unaries: Rows = {
  abs: unary(-4, 4, { integral: true }),
  neg: unary(-4, 4, { integral: true }),
  sign: unary(-4, 4, {
    gradient: integerValued,
    specials: false,
    oracleIsWrong: 'the sign of NaN is NaN, for which it gives 0',
  }),
  ceil: unary(-9, 9, { gradient: integerValued }),
  floor: unary(-9, 9, { gradient: integerValued }),
  round: unary(-9, 9, { gradient: integerValued, integral: true }),
  reciprocal: unary(-4, 4, { smooth: [0.25, 4] }),
  square: unary(-4, 4, { integral: true }),
  sqrt: unary(0, 16, { smooth: [0.25, 16] }),
  rsqrt: unary(0, 16, { smooth: [0.25, 16] }),
  exp: unary(-8, 4),
  expm1: unary(-8, 4),
  log: unary(0, 16, { smooth: [0.25, 16] }),
  log1p: unary(-0.75, 16),
  erf: unary(-4, 4),
  sin: unary(-6, 6, { specials: false }),
  cos: unary(-6, 6, { specials: false }),
  tan: unary(-1.25, 1.25, { specials: false }),
  asin: unary(-1.25, 1.25, { smooth: [-0.75, 0.75] }),
  acos: unary(-1.25, 1.25, { smooth: [-0.75, 0.75] }),
  atan: unary(-9, 9),
  sinh: unary(-4, 4),
  cosh: unary(-4, 4),
  tanh: unary(-4, 4),
  asinh: unary(-9, 9, { specials: false }),
  acosh: unary(0.5, 9, { smooth: [1.25, 9] }),
  atanh: unary(-1.25, 1.25, { smooth: [-0.75, 0.75] }),
  relu: unary(-4, 4, { integral: true }),
  relu6: unary(-2, 9),
  elu: unary(-4, 4),
  selu: unary(-4, 4),
  leakyRelu: unary(-4, 4, { parameters: fc.tuple(between(0, 1)) }),
  sigmoid: unary(-6, 6),
  logSigmoid: unary(-6, 6, { specials: false }),
  softplus: unary(-6, 6),
  step: unary(-4, 4, { parameters: fc.tuple(between(-1, 1)), gradient: integerValued }),
  clipByValue: unary(-4, 4, {
    integral: true,
    // Where both bounds are one number, TensorFlow.js fills the result with it, and loses NaN, which it keeps between any others.
    parameters: fc
      .tuple(between(-3, 0), between(0, 3))
      .filter(([low, high]) => low < high)
      .map(([low, high]) => [low, high]),
  }),
  isNaN: unary(-4, 4, { gradient: booleanValued }),
  isInf: unary(-4, 4, { gradient: booleanValued }),
  isFinite: unary(-4, 4, { gradient: booleanValued }),
  logicalNot: { args: operands(shapes(), bits, 'bool').map((x) => [x]), gradient: booleanValued },
};

const none = { none: 'its result is int32 or bool' };

/** What broadcasts without an empty shape, whose gradients TensorFlow.js does not sum. */
const overNothingEmpty = broadcastable(2, filledShapes(0, 5));
const alike = filledShapes(0, 5).map((shape) => [shape, shape]);
const sumless = 'its gradient is not summed over what was broadcast';

/** A function of two tensors that broadcast, of all dtypes unless the operands are given. */
function binary(
  options: Partial<Row> & {
    values?: fc.Arbitrary<number>;
    second?: fc.Arbitrary<number>;
    numbersOnly?: boolean;
    smooth?: fc.Arbitrary<number[][]>;
    specials?: boolean;
    of?: typeof ofAnyType;
  } = {},
): Row {
  const {
    values = between(-4, 4),
    second = values,
    numbersOnly = true,
    smooth = overNothingEmpty,
    specials = true,
    of = ofAnyType,
    ...rest
  } = options;
  const floats = broadcastable(2).chain(([a, b]) => fc.tuple(ofShape(a!, values), ofShape(b!, second)));
  const types = broadcastable(2).chain(([a, b]) =>
    fc.tuple(of(a!), numbersOnly ? ofNumbers(b!) : ofAnyType(b!)),
  );
  const special = broadcastable(2).chain(([a, b]) =>
    fc.tuple(ofShape(a!, withSpecial(values)), ofShape(b!, withSpecial(second))),
  );
  // The second of the pair is moved by half a step: no two are equal, and no quotient is an integer.
  const apart = smooth.chain(([a, b]) =>
    fc.tuple(
      ofShape(a!, values),
      ofShape(
        b!,
        second.map((v) => v + 1 / 128),
      ),
    ),
  );
  return {
    args: specials ? fc.oneof(types, floats, special) : fc.oneof(types, floats),
    gradient: apart,
    ...rest,
  };
}

const positive = between(0.25, 4);
/** Of integers TensorFlow.js makes an integer, which here is float32: an angle is a fraction. */
const positivePairs = broadcastable(2).chain(([a, b]) =>
  fc.tuple(ofShape(a!, positive), ofShape(b!, positive)),
);
const sameShape = shapes().chain((shape) => fc.tuple(ofAnyType(shape), ofNumbers(shape)));
const strictFloats = shapes().chain((shape) => fc.tuple(ofShape(shape), ofShape(shape, positive)));
const logical = broadcastable(2).chain(([a, b]) =>
  fc.tuple(ofShape(a!, bits, 'bool'), ofShape(b!, bits, 'bool')),
);
const wholeNumbers = shapes().chain((shape) =>
  fc.tuple(ofShape(shape, integers(-99, 99), 'int32'), ofShape(shape, integers(-99, 99), 'int32')),
);

const binaries: Rows = {
  add: binary(),
  sub: binary(),
  mul: binary(),
  div: binary({ second: positive, of: ofNumbers }),
  divNoNan: binary({
    second: fc.oneof({ weight: 4, arbitrary: positive }, { weight: 1, arbitrary: fc.constant(0) }),
    of: ofNumbers,
    specials: false,
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  }),
  floorDiv: {
    args: broadcastable(2).chain(([a, b]) =>
      fc.tuple(ofShape(a!, integers(-9, 9), 'int32'), ofShape(b!, integers(1, 4), 'int32')),
    ),
    gradient: integerValued,
    oracleIsWrong: 'of float32 it gives int32, where TensorFlow keeps the dtype',
  },
  mod: binary({
    second: positive,
    specials: false,
    oracleIsWrong: 'it adds the divisor twice, which loses a small dividend',
  }),
  pow: binary({ values: positive, second: between(-2, 2) }),
  maximum: binary({ smooth: alike, oracleIsWrong: sumless }),
  minimum: binary({ smooth: alike, oracleIsWrong: sumless }),
  squaredDifference: binary({ smooth: alike, oracleIsWrong: sumless }),
  atan2: binary({ values: positive, args: positivePairs }),
  prelu: binary({
    gradient: alike.chain(([shape]) => fc.tuple(distinct(shape!), ofShape(shape!))),
    oracleIsWrong: sumless,
  }),
  bitwiseAnd: { args: wholeNumbers, gradient: none },
  equal: binary({ gradient: none, numbersOnly: false }),
  notEqual: binary({ gradient: none, numbersOnly: false }),
  less: binary({ gradient: none, numbersOnly: false }),
  lessEqual: binary({ gradient: none, numbersOnly: false }),
  greater: binary({ gradient: none, numbersOnly: false }),
  greaterEqual: binary({ gradient: none, numbersOnly: false }),
  logicalAnd: { args: logical, gradient: none },
  logicalOr: { args: logical, gradient: none },
  logicalXor: { args: logical, gradient: none },
};

/** The strict forms were dropped from TensorFlow.js: they are the ops, of operands of one shape. */
const strict: Rows = Object.fromEntries(
  [
    'add',
    'sub',
    'mul',
    'div',
    'mod',
    'pow',
    'maximum',
    'minimum',
    'squaredDifference',
    'equal',
    'notEqual',
    'less',
    'lessEqual',
    'greater',
    'greaterEqual',
  ].map((name): [string, Row] => {
    const divides = ['div', 'mod', 'pow'].includes(name);
    return [
      `${name}Strict`,
      {
        args: divides ? strictFloats : sameShape,
        gradient: { none: `it is ${name}, whose row it shares` },
        oracle: (tf as unknown as Record<string, Call>)[name]!,
      },
    ];
  }),
);

export const elementwise: Rows = {
  ...unaries,
  ...binaries,
  ...strict,
  addN: {
    args: fc
      .tuple(shapes(), integers(1, 4))
      .chain(([shape, count]) =>
        anyNumber.chain(({ dtype, values }) =>
          fc
            .array(ofShape(shape, values, dtype), { minLength: count, maxLength: count })
            .map((list) => [list]),
        ),
      ),
    gradient: fc
      .tuple(shapes(), integers(1, 4))
      .chain(([shape, count]) =>
        fc.array(ofShape(shape), { minLength: count, maxLength: count }).map((list) => [list]),
      ),
  },
  where: {
    args: broadcastable(3, filledShapes(0, 5)).chain(([c, a, b]) =>
      anyType.chain(({ dtype, values }) =>
        fc.tuple(ofShape(c!, bits, 'bool'), ofShape(a!, values, dtype), ofShape(b!, values, dtype)),
      ),
    ),
    gradient: broadcastable(3, filledShapes(0, 4)).chain(([c, a, b]) =>
      fc.tuple(ofShape(c!, bits, 'bool'), ofShape(a!), ofShape(b!)),
    ),
  },
  cast: {
    args: fc.tuple(
      fc.oneof(mixed(), operands(shapes(), between(-4, 4))),
      fc.constantFrom('float32', 'int32', 'bool'),
    ),
    gradient: operands().map((x) => [x, 'float32']),
  },
  clone: { args: mixed().map((x) => [x]), gradient: operands().map((x) => [x]) },
};
