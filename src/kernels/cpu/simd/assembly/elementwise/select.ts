import { loadSome, storeSome } from '../lanes';

/** condition ? a : b, lane by lane. */
@inline
export function choose(condition: v128, a: v128, b: v128): v128 {
  return v128.bitselect(b, a, i32x4.eq(condition, i32x4.splat(0)));
}

/** condition ? a : b for `length` elements. `aStep` or `bStep` is 0 where a or b is one element for all, else 1. */
export function select(condition: usize, a: usize, aStep: i32, b: usize, bStep: i32, y: usize, length: i32): void {
  const aBytes: usize = aStep ? 16 : 0;
  const bBytes: usize = bStep ? 16 : 0;
  let left = v128.load32_splat(a);
  let right = v128.load32_splat(b);
  const end = y + (<usize>(length & -4) << 2);
  while (y < end) {
    if (aBytes) left = v128.load(a);
    if (bBytes) right = v128.load(b);
    v128.store(y, choose(v128.load(condition), left, right));
    a += aBytes;
    b += bBytes;
    condition += 16;
    y += 16;
  }
  const rest = length & 3;
  if (!rest) return;
  if (aStep) left = loadSome(a, rest);
  if (bStep) right = loadSome(b, rest);
  storeSome(y, choose(loadSome(condition, rest), left, right), rest);
}
