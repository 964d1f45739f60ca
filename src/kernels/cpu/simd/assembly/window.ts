/*
 * The taps of a window that lie inside the image, along one axis: those from `firstTap` up to, not
 * including, `endTap`. `start` is the input coordinate of tap 0 and may be negative.
 */

/** ⌈count / step⌉, without the division where it is not needed: it takes as long as a small window. */
@inline
function stepsOver(count: i32, step: i32): i32 {
  return step == 1 ? count : (count + step - 1) / step;
}

@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : stepsOver(-start, dilation);
}

@inline
export function endTap(start: i32, dilation: i32, size: i32, length: i32): i32 {
  return start >= length ? 0 : min(size, stepsOver(length - start, dilation));
}
