/** Loads the first 1 to 3 lanes; the other lanes are 0. */
export function loadSome(source: usize, count: i32): v128 {
  let x = v128.load32_zero(source);
  if (count > 1) x = v128.load_lane<u32>(source, x, 1, 4);
  if (count > 2) x = v128.load_lane<u32>(source, x, 2, 8);
  return x;
}

/** Stores the first 1 to 3 lanes. */
export function storeSome(target: usize, x: v128, count: i32): void {
  v128.store_lane<u32>(target, x, 0);
  if (count > 1) v128.store_lane<u32>(target, x, 1, 4);
  if (count > 2) v128.store_lane<u32>(target, x, 2, 8);
}

/** Loads four lanes, or the first `count` where there are fewer. */
@inline
export function loadUpTo(source: usize, count: i32): v128 {
  return count >= 4 ? v128.load(source) : loadSome(source, count);
}

/** Stores four lanes, or the first `count` where there are fewer. */
@inline
export function storeUpTo(target: usize, x: v128, count: i32): void {
  if (count >= 4) v128.store(target, x);
  else storeSome(target, x, count);
}

/** Keeps the first `count` lanes and sets the others to 0. */
@inline
export function keep(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}
