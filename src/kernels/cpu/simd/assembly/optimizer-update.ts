import { loadUpTo, storeUpTo } from './lanes';

/*
 * Optimizer updates in one pass: value, gradient and slots are read once and written once; outputs may
 * be the inputs. A row is one formula of kernels/optimizer-updates.ts on up to four lanes. The numbers
 * h are the row's hyperparameters in that table's order, in double precision so that 1 − β is exact.
 */

@inline
function all(h: f64): v128 {
  return f32x4.splat(<f32>h);
}

/** a·x + b·y: moving averages. */
@inline
function blend(a: f64, x: v128, b: f64, y: v128): v128 {
  return f32x4.add(f32x4.mul(all(a), x), f32x4.mul(all(b), y));
}

@inline
function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** Where one element's numbers are: read at `value`, `gradient`, `slot…`, written at `next…`. */
let value: usize = 0, gradient: usize = 0, slot0: usize = 0, slot1: usize = 0, slot2: usize = 0;
let nextValue: usize = 0, next0: usize = 0, next1: usize = 0, next2: usize = 0;
