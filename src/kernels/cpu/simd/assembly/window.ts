import { Geometry } from './geometry';

/*
 * Along one axis, the taps of a window that lie inside the image are those from `firstTap` up to, not including, `endTap`.
 * `start` is the input coordinate of tap 0; it is negative where the window begins in the padding.
 */

/** ⌈count / step⌉. A step of 1 needs no division, which takes as long as a small window. */
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

/**
 * Visits the windows of a pooling in the order of its output. A visitor is a class without fields, whose inlined method gets
 *
 *     visit(a, b, c, d, output, corner, rows, rowStep, columns, step, channels)
 *
 * `a` to `d` are addresses that `walkWindows` hands on. `output` is the place of the window's output pixel and `corner` that of
 * the first element under the window, as bytes from the beginning of their tensors. `rows` × `columns` taps lie inside the image
 * (one of the two is 0 or less where none does), `rowStep` and `step` bytes apart.
 */
@inline
export function walkWindows<Visitor>(geometry: usize, a: usize, b: usize, c: usize, d: usize): void {
  const visitor = changetype<Visitor>(0);
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, filterHeight = g.filterHeight, filterWidth = g.filterWidth;
  const strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const dilationHeight = g.dilationHeight, dilationWidth = g.dilationWidth, top = g.padTop, left = g.padLeft;
  const pixelBytes = <usize>channels << 2;
  const step = <usize>dilationWidth * pixelBytes;
  const rowStep = <usize>(dilationHeight * width) * pixelBytes;
  let input: usize = 0;
  let output: usize = 0;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        const corner = input + <usize>((startRow + firstRow * dilationHeight) * width + startColumn + firstColumn * dilationWidth) * pixelBytes;
        visitor.visit(a, b, c, d, output, corner, rows, rowStep, columns, step, channels);
        output += pixelBytes;
      }
    }
    input += <usize>(height * width) * pixelBytes;
  }
}
