/*
 * The rows of the elementwise tables as functions of one vector. No engine runs this module: rxtensor/programs copies the bodies of its
 * functions into loops that it makes for chains of elementwise steps, so that a chain gives the bits that the compiled loops give.
 */
import {
  Abs, Ceil, ClipByValue, FloatToBool, Floor, IntAbs, IntLogicalNot, IntNeg, IntRelu, IntSign, IntSquare,
  IntToBool, IntToFloat, IsFinite, IsInf, IsNaN, LeakyRelu, LogicalNot, Neg, Reciprocal, Relu, Relu6, Round, Rsqrt, Sign,
  Sqrt, Square, Step,
} from './elementwise/unary-rows';
import {
  Add, Div, DivNoNan, Equal, Greater, GreaterEqual, IntAdd, IntBitwiseAnd, IntEqual, IntGreater, IntGreaterEqual, IntLess, IntLessEqual,
  IntLogicalAnd, IntLogicalOr, IntLogicalXor, IntMaximum, IntMinimum, IntMul, IntNotEqual, IntSquaredDifference, IntSub, Less, LessEqual,
  Maximum, Minimum, Mul, NotEqual, Pow, Prelu, SquaredDifference, Sub,
} from './elementwise/binary-rows';
import {
  Relu as GradientRelu,
  Relu6 as GradientRelu6,
  Elu as GradientElu,
  LeakyRelu as GradientLeakyRelu,
  Sigmoid as GradientSigmoid,
  Tanh as GradientTanh,
} from './elementwise/activation-gradient-rows';
import { choose } from './elementwise/select';

export * from './relaxed-rows';

export function unary_abs(x: v128, p: v128, q: v128): v128 { return changetype<Abs>(0).of(x, p, q); }
export function unary_neg(x: v128, p: v128, q: v128): v128 { return changetype<Neg>(0).of(x, p, q); }
export function unary_sign(x: v128, p: v128, q: v128): v128 { return changetype<Sign>(0).of(x, p, q); }
export function unary_ceil(x: v128, p: v128, q: v128): v128 { return changetype<Ceil>(0).of(x, p, q); }
export function unary_floor(x: v128, p: v128, q: v128): v128 { return changetype<Floor>(0).of(x, p, q); }
export function unary_round(x: v128, p: v128, q: v128): v128 { return changetype<Round>(0).of(x, p, q); }
export function unary_reciprocal(x: v128, p: v128, q: v128): v128 { return changetype<Reciprocal>(0).of(x, p, q); }
export function unary_square(x: v128, p: v128, q: v128): v128 { return changetype<Square>(0).of(x, p, q); }
export function unary_sqrt(x: v128, p: v128, q: v128): v128 { return changetype<Sqrt>(0).of(x, p, q); }
export function unary_rsqrt(x: v128, p: v128, q: v128): v128 { return changetype<Rsqrt>(0).of(x, p, q); }
export function unary_relu(x: v128, p: v128, q: v128): v128 { return changetype<Relu>(0).of(x, p, q); }
export function unary_relu6(x: v128, p: v128, q: v128): v128 { return changetype<Relu6>(0).of(x, p, q); }
export function unary_leakyRelu(x: v128, p: v128, q: v128): v128 { return changetype<LeakyRelu>(0).of(x, p, q); }
export function unary_step(x: v128, p: v128, q: v128): v128 { return changetype<Step>(0).of(x, p, q); }
export function unary_clipByValue(x: v128, p: v128, q: v128): v128 { return changetype<ClipByValue>(0).of(x, p, q); }
export function unary_isNaN(x: v128, p: v128, q: v128): v128 { return changetype<IsNaN>(0).of(x, p, q); }
export function unary_isInf(x: v128, p: v128, q: v128): v128 { return changetype<IsInf>(0).of(x, p, q); }
export function unary_isFinite(x: v128, p: v128, q: v128): v128 { return changetype<IsFinite>(0).of(x, p, q); }
export function unary_logicalNot(x: v128, p: v128, q: v128): v128 { return changetype<LogicalNot>(0).of(x, p, q); }
export function intUnary_abs(x: v128, p: v128, q: v128): v128 { return changetype<IntAbs>(0).of(x, p, q); }
export function intUnary_neg(x: v128, p: v128, q: v128): v128 { return changetype<IntNeg>(0).of(x, p, q); }
export function intUnary_square(x: v128, p: v128, q: v128): v128 { return changetype<IntSquare>(0).of(x, p, q); }
export function intUnary_sign(x: v128, p: v128, q: v128): v128 { return changetype<IntSign>(0).of(x, p, q); }
export function intUnary_relu(x: v128, p: v128, q: v128): v128 { return changetype<IntRelu>(0).of(x, p, q); }
export function intUnary_logicalNot(x: v128, p: v128, q: v128): v128 { return changetype<IntLogicalNot>(0).of(x, p, q); }
export function cast_intToFloat(x: v128, p: v128, q: v128): v128 { return changetype<IntToFloat>(0).of(x, p, q); }
export function cast_floatToBool(x: v128, p: v128, q: v128): v128 { return changetype<FloatToBool>(0).of(x, p, q); }
export function cast_intToBool(x: v128, p: v128, q: v128): v128 { return changetype<IntToBool>(0).of(x, p, q); }

export function binary_add(a: v128, b: v128): v128 { return changetype<Add>(0).of(a, b); }
export function binary_sub(a: v128, b: v128): v128 { return changetype<Sub>(0).of(a, b); }
export function binary_mul(a: v128, b: v128): v128 { return changetype<Mul>(0).of(a, b); }
export function binary_div(a: v128, b: v128): v128 { return changetype<Div>(0).of(a, b); }
export function binary_divNoNan(a: v128, b: v128): v128 { return changetype<DivNoNan>(0).of(a, b); }
export function binary_pow(a: v128, b: v128): v128 { return changetype<Pow>(0).of(a, b); }
export function binary_maximum(a: v128, b: v128): v128 { return changetype<Maximum>(0).of(a, b); }
export function binary_minimum(a: v128, b: v128): v128 { return changetype<Minimum>(0).of(a, b); }
export function binary_squaredDifference(a: v128, b: v128): v128 { return changetype<SquaredDifference>(0).of(a, b); }
export function binary_prelu(a: v128, b: v128): v128 { return changetype<Prelu>(0).of(a, b); }
export function binary_equal(a: v128, b: v128): v128 { return changetype<Equal>(0).of(a, b); }
export function binary_notEqual(a: v128, b: v128): v128 { return changetype<NotEqual>(0).of(a, b); }
export function binary_less(a: v128, b: v128): v128 { return changetype<Less>(0).of(a, b); }
export function binary_lessEqual(a: v128, b: v128): v128 { return changetype<LessEqual>(0).of(a, b); }
export function binary_greater(a: v128, b: v128): v128 { return changetype<Greater>(0).of(a, b); }
export function binary_greaterEqual(a: v128, b: v128): v128 { return changetype<GreaterEqual>(0).of(a, b); }
export function intBinary_add(a: v128, b: v128): v128 { return changetype<IntAdd>(0).of(a, b); }
export function intBinary_sub(a: v128, b: v128): v128 { return changetype<IntSub>(0).of(a, b); }
export function intBinary_mul(a: v128, b: v128): v128 { return changetype<IntMul>(0).of(a, b); }
export function intBinary_maximum(a: v128, b: v128): v128 { return changetype<IntMaximum>(0).of(a, b); }
export function intBinary_minimum(a: v128, b: v128): v128 { return changetype<IntMinimum>(0).of(a, b); }
export function intBinary_squaredDifference(a: v128, b: v128): v128 { return changetype<IntSquaredDifference>(0).of(a, b); }
export function intBinary_bitwiseAnd(a: v128, b: v128): v128 { return changetype<IntBitwiseAnd>(0).of(a, b); }
export function intBinary_equal(a: v128, b: v128): v128 { return changetype<IntEqual>(0).of(a, b); }
export function intBinary_notEqual(a: v128, b: v128): v128 { return changetype<IntNotEqual>(0).of(a, b); }
export function intBinary_less(a: v128, b: v128): v128 { return changetype<IntLess>(0).of(a, b); }
export function intBinary_lessEqual(a: v128, b: v128): v128 { return changetype<IntLessEqual>(0).of(a, b); }
export function intBinary_greater(a: v128, b: v128): v128 { return changetype<IntGreater>(0).of(a, b); }
export function intBinary_greaterEqual(a: v128, b: v128): v128 { return changetype<IntGreaterEqual>(0).of(a, b); }
export function intBinary_logicalAnd(a: v128, b: v128): v128 { return changetype<IntLogicalAnd>(0).of(a, b); }
export function intBinary_logicalOr(a: v128, b: v128): v128 { return changetype<IntLogicalOr>(0).of(a, b); }
export function intBinary_logicalXor(a: v128, b: v128): v128 { return changetype<IntLogicalXor>(0).of(a, b); }

export function gradient_relu(dy: v128, y: v128, alpha: v128): v128 { return changetype<GradientRelu>(0).of(dy, y, alpha); }
export function gradient_relu6(dy: v128, y: v128, alpha: v128): v128 { return changetype<GradientRelu6>(0).of(dy, y, alpha); }
export function gradient_elu(dy: v128, y: v128, alpha: v128): v128 { return changetype<GradientElu>(0).of(dy, y, alpha); }
export function gradient_leakyRelu(dy: v128, y: v128, alpha: v128): v128 { return changetype<GradientLeakyRelu>(0).of(dy, y, alpha); }
export function gradient_sigmoid(dy: v128, y: v128, alpha: v128): v128 { return changetype<GradientSigmoid>(0).of(dy, y, alpha); }
export function gradient_tanh(dy: v128, y: v128, alpha: v128): v128 { return changetype<GradientTanh>(0).of(dy, y, alpha); }

export function select(condition: v128, a: v128, b: v128): v128 { return choose(condition, a, b); }
