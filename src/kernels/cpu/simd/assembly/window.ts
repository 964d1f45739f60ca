/*
 * The taps of a window that lie inside the image, along one axis: those from `firstTap` up to, not
 * including, `endTap`. `start` is the input coordinate of tap 0 and may be negative.
 */

@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

@inline
export function endTap(start: i32, dilation: i32, size: i32, length: i32): i32 {
  return start >= length ? 0 : min(size, (length - start + dilation - 1) / dilation);
}
