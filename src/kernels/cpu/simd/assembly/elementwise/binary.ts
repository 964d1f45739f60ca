import { loadSome, storeSome } from '../lanes';
import {
  Add, Div, DivNoNan, Equal, Greater, GreaterEqual, IntAdd, IntBitwiseAnd, IntEqual, IntGreater, IntGreaterEqual, IntLess, IntLessEqual,
  IntLogicalAnd, IntLogicalOr, IntLogicalXor, IntMaximum, IntMinimum, IntMul, IntNotEqual, IntSquaredDifference, IntSub, Less, LessEqual,
  Maximum, Minimum, Mul, NotEqual, Pow, Prelu, SquaredDifference, Sub,
} from './binary-rows';

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
