import { loadSome, storeSome } from '../lanes';
import { power } from './power';

/*
 * THE table of binary functions, in the form of unary.ts. Comparisons give 0 or 1 in an int32 lane.
 */

@inline
function bit(mask: v128): v128 {
  return i32x4.shr_u(mask, 31);
}

/** The rows that training runs most often. Their loops take four vectors a turn, at the cost of more code. */
@unmanaged class Frequent { isFrequent: bool; }

@unmanaged class Add extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.add(a, b); } }
@unmanaged class Sub extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.sub(a, b); } }
@unmanaged class Mul extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.mul(a, b); } }
@unmanaged class Div extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.div(a, b); } }
@unmanaged class DivNoNan { @inline of(a: v128, b: v128): v128 {
  return v128.andnot(f32x4.div(a, b), f32x4.eq(b, f32x4.splat(0)));
} }
@unmanaged class Pow { @inline of(a: v128, b: v128): v128 { return power(a, b); } }
@unmanaged class Maximum { @inline of(a: v128, b: v128): v128 { return f32x4.max(a, b); } }
@unmanaged class Minimum { @inline of(a: v128, b: v128): v128 { return f32x4.min(a, b); } }
@unmanaged class SquaredDifference { @inline of(a: v128, b: v128): v128 {
  const difference = f32x4.sub(a, b);
  return f32x4.mul(difference, difference);
} }
@unmanaged class Prelu { @inline of(a: v128, b: v128): v128 {
  return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
} }
@unmanaged class Equal { @inline of(a: v128, b: v128): v128 { return bit(f32x4.eq(a, b)); } }
@unmanaged class NotEqual { @inline of(a: v128, b: v128): v128 { return bit(f32x4.ne(a, b)); } }
@unmanaged class Less { @inline of(a: v128, b: v128): v128 { return bit(f32x4.lt(a, b)); } }
@unmanaged class LessEqual { @inline of(a: v128, b: v128): v128 { return bit(f32x4.le(a, b)); } }
@unmanaged class Greater { @inline of(a: v128, b: v128): v128 { return bit(f32x4.gt(a, b)); } }
@unmanaged class GreaterEqual { @inline of(a: v128, b: v128): v128 { return bit(f32x4.ge(a, b)); } }

@unmanaged class IntAdd { @inline of(a: v128, b: v128): v128 { return i32x4.add(a, b); } }
@unmanaged class IntSub { @inline of(a: v128, b: v128): v128 { return i32x4.sub(a, b); } }
@unmanaged class IntMul { @inline of(a: v128, b: v128): v128 { return i32x4.mul(a, b); } }
@unmanaged class IntMaximum { @inline of(a: v128, b: v128): v128 { return i32x4.max_s(a, b); } }
@unmanaged class IntMinimum { @inline of(a: v128, b: v128): v128 { return i32x4.min_s(a, b); } }
@unmanaged class IntSquaredDifference { @inline of(a: v128, b: v128): v128 {
  const difference = i32x4.sub(a, b);
  return i32x4.mul(difference, difference);
} }
@unmanaged class IntBitwiseAnd { @inline of(a: v128, b: v128): v128 { return v128.and(a, b); } }
@unmanaged class IntEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.eq(a, b)); } }
@unmanaged class IntNotEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.ne(a, b)); } }
@unmanaged class IntLess { @inline of(a: v128, b: v128): v128 { return bit(i32x4.lt_s(a, b)); } }
@unmanaged class IntLessEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.le_s(a, b)); } }
@unmanaged class IntGreater { @inline of(a: v128, b: v128): v128 { return bit(i32x4.gt_s(a, b)); } }
@unmanaged class IntGreaterEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.ge_s(a, b)); } }
@unmanaged class IntLogicalAnd { @inline of(a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  return bit(v128.and(i32x4.ne(a, zero), i32x4.ne(b, zero)));
} }
@unmanaged class IntLogicalOr { @inline of(a: v128, b: v128): v128 { return bit(i32x4.ne(v128.or(a, b), i32x4.splat(0))); } }
@unmanaged class IntLogicalXor { @inline of(a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  return bit(v128.xor(i32x4.ne(a, zero), i32x4.ne(b, zero)));
} }

/** Bytes of a turn of the loops below that take four vectors: with fewer loads under way, memory is not used at its full speed. */
const TURN: usize = 64;

/**
 * Computes `rows` × `length` results. `aRow` and `bRow` are the bytes between the rows of an operand, 0 where one row is repeated.
 * `aStep` and `bStep` are 1 where an operand has an element for each column, 0 where one element is repeated.
 */
@inline
function combine<Row>(
  a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, target: usize, rows: i32, length: i32,
): void {
  const row = changetype<Row>(0);
  const vectors = <usize>(length & -4) << 2;
  const turns = <usize>(length & -16) << 2;
  const rest = length & 3;
  for (let r = 0; r < rows; r++) {
    const lastTurn = target + turns;
    const end = target + vectors;
    let left = a;
    let right = b;
    if (aStep && bStep) {
      if (isDefined(row.isFrequent)) {
        while (target < lastTurn) {
          const y0 = row.of(v128.load(left), v128.load(right));
          const y1 = row.of(v128.load(left, 16), v128.load(right, 16));
          const y2 = row.of(v128.load(left, 32), v128.load(right, 32));
          const y3 = row.of(v128.load(left, 48), v128.load(right, 48));
          storeTurn(target, y0, y1, y2, y3);
          left += TURN;
          right += TURN;
          target += TURN;
        }
      }
      while (target < end) {
        v128.store(target, row.of(v128.load(left), v128.load(right)));
        left += 16;
        right += 16;
        target += 16;
      }
      if (rest) storeSome(target, row.of(loadSome(left, rest), loadSome(right, rest)), rest);
    } else if (aStep) {
      const same = v128.load32_splat(b);
      if (isDefined(row.isFrequent)) {
        while (target < lastTurn) {
          const y0 = row.of(v128.load(left), same);
          const y1 = row.of(v128.load(left, 16), same);
          const y2 = row.of(v128.load(left, 32), same);
          const y3 = row.of(v128.load(left, 48), same);
          storeTurn(target, y0, y1, y2, y3);
          left += TURN;
          target += TURN;
        }
      }
      while (target < end) {
        v128.store(target, row.of(v128.load(left), same));
        left += 16;
        target += 16;
      }
      if (rest) storeSome(target, row.of(loadSome(left, rest), same), rest);
    } else {
      const same = v128.load32_splat(a);
      while (target < end) {
        v128.store(target, row.of(same, v128.load(right)));
        right += 16;
        target += 16;
      }
      if (rest) storeSome(target, row.of(same, loadSome(right, rest)), rest);
    }
    target += <usize>rest << 2;
    a += aRow;
    b += bRow;
  }
}

@inline
function storeTurn(target: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  v128.store(target, y0);
  v128.store(target, y1, 16);
  v128.store(target, y2, 32);
  v128.store(target, y3, 48);
}

export function binary_add(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Add>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_sub(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Sub>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_mul(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Mul>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_div(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Div>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_divNoNan(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<DivNoNan>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_pow(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Pow>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_maximum(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Maximum>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_minimum(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Minimum>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_squaredDifference(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<SquaredDifference>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_prelu(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Prelu>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_equal(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Equal>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_notEqual(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<NotEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_less(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Less>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_lessEqual(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<LessEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_greater(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<Greater>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function binary_greaterEqual(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<GreaterEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_add(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntAdd>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_sub(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntSub>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_mul(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntMul>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_maximum(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntMaximum>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_minimum(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntMinimum>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_squaredDifference(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntSquaredDifference>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_bitwiseAnd(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntBitwiseAnd>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_equal(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_notEqual(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntNotEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_less(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntLess>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_lessEqual(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntLessEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_greater(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntGreater>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_greaterEqual(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntGreaterEqual>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_logicalAnd(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntLogicalAnd>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_logicalOr(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntLogicalOr>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
export function intBinary_logicalXor(a: usize, aRow: usize, aStep: i32, b: usize, bRow: usize, bStep: i32, y: usize, rows: i32, length: i32): void { combine<IntLogicalXor>(a, aRow, aStep, b, bRow, bStep, y, rows, length); }
