import { loadSome, storeSome } from '../lanes';
import {
  Abs, Ceil, ClipByValue, Cos, Elu, Erf, Exp, Expm1, FloatToBool, Floor, IntAbs, IntLogicalNot, IntNeg, IntRelu, IntSign, IntSquare,
  IntToBool, IntToFloat, IsFinite, IsInf, IsNaN, LeakyRelu, Log, Log1p, LogicalNot, Neg, Reciprocal, Relu, Relu6, Round, Rsqrt, Selu,
  Sigmoid, Sign, Sin, Softplus, Sqrt, Square, Step, Tanh,
} from './unary-rows';

/* The loops over the rows of unary-rows.ts: compiled once for each row. */

/** y = row(x) for `length` elements; y may be x. */
@inline
function map<Row>(source: usize, target: usize, length: i32, first: f32, second: f32): void {
  const row = changetype<Row>(0);
  const p = f32x4.splat(first);
  const q = f32x4.splat(second);
  for (; length >= 16; length -= 16) {
    v128.store(target, row.of(v128.load(source), p, q));
    v128.store(target, row.of(v128.load(source, 16), p, q), 16);
    v128.store(target, row.of(v128.load(source, 32), p, q), 32);
    v128.store(target, row.of(v128.load(source, 48), p, q), 48);
    source += 64;
    target += 64;
  }
  for (; length >= 4; length -= 4) {
    v128.store(target, row.of(v128.load(source), p, q));
    source += 16;
    target += 16;
  }
  if (length) storeSome(target, row.of(loadSome(source, length), p, q), length);
}

/** The same for functions of many instructions, which gain nothing from four vectors a turn. */
@inline
function mapOneByOne<Row>(source: usize, target: usize, length: i32, first: f32, second: f32): void {
  const row = changetype<Row>(0);
  const p = f32x4.splat(first);
  const q = f32x4.splat(second);
  for (; length >= 4; length -= 4) {
    v128.store(target, row.of(v128.load(source), p, q));
    source += 16;
    target += 16;
  }
  if (length) storeSome(target, row.of(loadSome(source, length), p, q), length);
}

@inline
function mapCommon<Row>(source: usize, target: usize, length: i32): void {
  const row = changetype<Row>(0);
  for (; length >= 16; length -= 16) {
    const greatest = i32x4.max_u(
      i32x4.max_u(row.bits(v128.load(source)), row.bits(v128.load(source, 16))),
      i32x4.max_u(row.bits(v128.load(source, 32)), row.bits(v128.load(source, 48))),
    );
    if (v128.any_true(i32x4.ge_u(greatest, i32x4.splat(row.limit())))) {
      for (let at: usize = 0; at < 64; at += 16) v128.store(target + at, row.of(v128.load(source + at)));
    } else {
      v128.store(target, row.common(v128.load(source)));
      v128.store(target, row.common(v128.load(source, 16)), 16);
      v128.store(target, row.common(v128.load(source, 32)), 32);
      v128.store(target, row.common(v128.load(source, 48)), 48);
    }
    source += 64;
    target += 64;
  }
  for (; length >= 4; length -= 4) {
    v128.store(target, row.of(v128.load(source)));
    source += 16;
    target += 16;
  }
  if (length) storeSome(target, row.of(loadSome(source, length)), length);
}

export function unary_abs(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Abs>(x, y, length, p, q); }
export function unary_neg(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Neg>(x, y, length, p, q); }
export function unary_sign(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Sign>(x, y, length, p, q); }
export function unary_ceil(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Ceil>(x, y, length, p, q); }
export function unary_floor(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Floor>(x, y, length, p, q); }
export function unary_round(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Round>(x, y, length, p, q); }
export function unary_reciprocal(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Reciprocal>(x, y, length, p, q); }
export function unary_square(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Square>(x, y, length, p, q); }
export function unary_sqrt(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Sqrt>(x, y, length, p, q); }
export function unary_rsqrt(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Rsqrt>(x, y, length, p, q); }
export function unary_expm1(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Expm1>(x, y, length, p, q); }
export function unary_log1p(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Log1p>(x, y, length, p, q); }
export function unary_erf(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Erf>(x, y, length, p, q); }
export function unary_tanh(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Tanh>(x, y, length, p, q); }
export function unary_softplus(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Softplus>(x, y, length, p, q); }
export function unary_relu(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Relu>(x, y, length, p, q); }
export function unary_relu6(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Relu6>(x, y, length, p, q); }
export function unary_leakyRelu(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<LeakyRelu>(x, y, length, p, q); }
export function unary_elu(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Elu>(x, y, length, p, q); }
export function unary_selu(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Selu>(x, y, length, p, q); }
export function unary_step(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Step>(x, y, length, p, q); }
export function unary_clipByValue(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<ClipByValue>(x, y, length, p, q); }
export function unary_isNaN(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IsNaN>(x, y, length, p, q); }
export function unary_isInf(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IsInf>(x, y, length, p, q); }
export function unary_isFinite(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IsFinite>(x, y, length, p, q); }
export function unary_logicalNot(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<LogicalNot>(x, y, length, p, q); }
export function intUnary_abs(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntAbs>(x, y, length, p, q); }
export function intUnary_neg(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntNeg>(x, y, length, p, q); }
export function intUnary_square(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntSquare>(x, y, length, p, q); }
export function intUnary_sign(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntSign>(x, y, length, p, q); }
export function intUnary_relu(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntRelu>(x, y, length, p, q); }
export function intUnary_logicalNot(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntLogicalNot>(x, y, length, p, q); }
export function cast_intToFloat(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntToFloat>(x, y, length, p, q); }
export function cast_floatToBool(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<FloatToBool>(x, y, length, p, q); }
export function cast_intToBool(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntToBool>(x, y, length, p, q); }
export function unary_exp(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Exp>(x, y, length); }
export function unary_sigmoid(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Sigmoid>(x, y, length); }
export function unary_log(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Log>(x, y, length); }
export function unary_sin(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Sin>(x, y, length); }
export function unary_cos(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Cos>(x, y, length); }
