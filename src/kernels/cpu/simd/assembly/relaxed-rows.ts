/* The rows whose loops the relaxed module has too: compiled with relaxed SIMD here, without it as a part of rows.ts. */
import {
  Elu, Erf, Exp, Expm1, Log, Log1p, Selu, Sigmoid, Softplus, Tanh,
} from './elementwise/unary-rows';

export function unary_expm1(x: v128, p: v128, q: v128): v128 { return changetype<Expm1>(0).of(x, p, q); }
export function unary_log1p(x: v128, p: v128, q: v128): v128 { return changetype<Log1p>(0).of(x, p, q); }
export function unary_erf(x: v128, p: v128, q: v128): v128 { return changetype<Erf>(0).of(x, p, q); }
export function unary_tanh(x: v128, p: v128, q: v128): v128 { return changetype<Tanh>(0).of(x, p, q); }
export function unary_softplus(x: v128, p: v128, q: v128): v128 { return changetype<Softplus>(0).of(x, p, q); }
export function unary_elu(x: v128, p: v128, q: v128): v128 { return changetype<Elu>(0).of(x, p, q); }
export function unary_selu(x: v128, p: v128, q: v128): v128 { return changetype<Selu>(0).of(x, p, q); }
export function unary_exp(x: v128): v128 { return changetype<Exp>(0).of(x); }
export function unary_exp_bits(x: v128): v128 { return changetype<Exp>(0).bits(x); }
export function unary_exp_common(x: v128): v128 { return changetype<Exp>(0).common(x); }
export function unary_exp_limit(): v128 { return i32x4.splat(changetype<Exp>(0).limit()); }
export function unary_sigmoid(x: v128): v128 { return changetype<Sigmoid>(0).of(x); }
export function unary_sigmoid_bits(x: v128): v128 { return changetype<Sigmoid>(0).bits(x); }
export function unary_sigmoid_common(x: v128): v128 { return changetype<Sigmoid>(0).common(x); }
export function unary_sigmoid_limit(): v128 { return i32x4.splat(changetype<Sigmoid>(0).limit()); }
export function unary_log(x: v128): v128 { return changetype<Log>(0).of(x); }
export function unary_log_bits(x: v128): v128 { return changetype<Log>(0).bits(x); }
export function unary_log_common(x: v128): v128 { return changetype<Log>(0).common(x); }
export function unary_log_limit(): v128 { return i32x4.splat(changetype<Log>(0).limit()); }
