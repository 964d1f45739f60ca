import { storeUpTo } from './lanes';
import { logarithmOfNormal } from './elementwise/logarithm';
import { cosineOfTurn } from './elementwise/trigonometry';

/*
 * Random numbers: Threefry-2x32-20 (explained in kernels/random.ts) for four counters at a time. Uniform numbers have the same bits
 * as those of the plain kernel; normal ones differ by roundings.
 */

const PARITY: i32 = 0x1bd11bda;

/** The two words that `draw` made of the last counters. */
let word0: v128 = i32x4(0, 0, 0, 0);
let word1: v128 = i32x4(0, 0, 0, 0);

@inline
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** Draws the words of the counters (index, attempt) of four elements, from `index` on. */
function draw(key0: i32, key1: i32, index: i32, attempt: i32): void {
  let x0 = i32x4.add(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(index)), i32x4.splat(key0));
  let x1 = i32x4.splat(attempt + key1);
  let next0 = key1, next1 = PARITY ^ key0 ^ key1, next2 = key0;
  for (let group = 1; group <= 5; group++) {
    if (group & 1) {
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 13), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 15), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 26), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 6), x0);
    } else {
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 17), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 29), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 16), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotate(x1, 24), x0);
    }
    x0 = i32x4.add(x0, i32x4.splat(next0));
    x1 = i32x4.add(x1, i32x4.splat(next1 + group));
    const last = next0;
    next0 = next1;
    next1 = next2;
    next2 = last;
  }
  word0 = x0;
  word1 = x1;
}

/** The 24 high bits of a word as a number in [0, 1): exact. */
@inline
function unitInterval(word: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 8)), f32x4.splat(5.960464477539063e-8));
}

/** scale · (low + range · u), between `least` and `most`, as kernels/uniform.ts explains. */
export function randomUniform(
  y: usize,
  length: i32,
  key0: i32,
  key1: i32,
  low: f32,
  range: f32,
  scale: f32,
  least: f32,
  most: f32,
): void {
  const start = f32x4.splat(low), span = f32x4.splat(range), times = f32x4.splat(scale);
  const lower = f32x4.splat(least), upper = f32x4.splat(most);
  for (let i = 0; i < length; i += 4) {
    draw(key0, key1, i, 0);
    const drawn = f32x4.mul(times, f32x4.add(start, f32x4.mul(span, unitInterval(word0))));
    storeUpTo(y, f32x4.min(f32x4.max(drawn, lower), upper), length - i);
    y += 16;
  }
}

/** Box & Muller, 1958. 1 − u is in (0, 1], so the logarithm is finite. */
@inline
function standardNormal(): v128 {
  const distance = f32x4.sub(f32x4.splat(1), unitInterval(word0));
  const radius = f32x4.sqrt(f32x4.mul(logarithmOfNormal(distance), f32x4.splat(-2)));
  return f32x4.mul(radius, cosineOfTurn(unitInterval(word1)));
}

/** mean + deviation · z. An element whose |z| is above `limit` is drawn again, up to `attempts` times in all. */
export function randomNormal(
  y: usize, length: i32, key0: i32, key1: i32, mean: f32, deviation: f32, limit: f32, attempts: i32,
): void {
  const centre = f32x4.splat(mean), scale = f32x4.splat(deviation), bound = f32x4.splat(limit);
  for (let i = 0; i < length; i += 4) {
    draw(key0, key1, i, 0);
    let deviate = standardNormal();
    for (let attempt = 1; attempt < attempts; attempt++) {
      const outside = f32x4.gt(f32x4.abs(deviate), bound);
      if (!v128.any_true(outside)) break;
      draw(key0, key1, i, attempt);
      deviate = v128.bitselect(standardNormal(), deviate, outside);
    }
    storeUpTo(y, f32x4.add(centre, f32x4.mul(scale, deviate)), length - i);
    y += 16;
  }
}
