import { convolveImage } from './convolve-image';
import { Geometry } from './geometry';
import { pixelTableBytes, TILE_BYTES, writePixelTable } from './offset-table';
import { packFilterTransposed, packedLength } from './pack-panels';
import { clearImage, needsBorder, padImage } from './pad-image';
import { ASIDE_BYTES } from './product-tile';

/*
 * The gradient of a convolution to its input, which is the transposed convolution too.
 *
 * Input pixels whose padded coordinates leave the same remainders by the strides form a phase. All pixels of a phase get their
 * terms through the same taps, and neighbours in a phase get them from neighbours in dy. So each phase is an ordinary convolution
 * of dy, of stride 1, with the taps of that phase: nothing is multiplied by the zeros of an upsampled dy. Along one axis, with
 * input coordinate i = phase + stride·j, tap t reads dy at j + (phase + before − t·dilation) / stride.
 */

function greatestCommonDivisor(a: i32, b: i32): i32 {
  while (b) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** The first tap of a phase, or `size` where it has none. */
function firstTap(edge: i32, size: i32, stride: i32, dilation: i32): i32 {
  for (let tap = 0; tap < size; tap++) {
    if ((edge - tap * dilation) % stride == 0) return tap;
  }
  return size;
}

/** How many taps a phase has, `tapStep` apart. */
@inline
function tapCount(first: i32, size: i32, tapStep: i32): i32 {
  return (size - first + tapStep - 1) / tapStep;
}

/** The place in dy, relative to j, that the phase's last tap reads; no other tap reads a lower one. */
@inline
function lowest(edge: i32, first: i32, count: i32, tapStep: i32, stride: i32, dilation: i32): i32 {
  return (edge - (first + (count - 1) * tapStep) * dilation) / stride;
}

/** How many input coordinates a phase has. */
@inline
function phaseLength(phase: i32, length: i32, stride: i32): i32 {
  return (length - phase + stride - 1) / stride;
}

/** Along one axis, how many zeros must stand before dy. */
function zerosBefore(length: i32, size: i32, stride: i32, dilation: i32, before: i32): i32 {
  const tapStep = stride / greatestCommonDivisor(stride, dilation);
  let zeros = 0;
  for (let phase = 0; phase < min(stride, length); phase++) {
    const first = firstTap(phase + before, size, stride, dilation);
    if (first < size) zeros = max(zeros, -lowest(phase + before, first, tapCount(first, size, tapStep), tapStep, stride, dilation));
  }
  return zeros;
}

/** Along one axis, how many positions the phases reach over, of dy with `zeros` zeros before it. */
function reachOfPhases(length: i32, size: i32, stride: i32, dilation: i32, before: i32, zeros: i32): i32 {
  let end = 1;
  for (let phase = 0; phase < min(stride, length); phase++) {
    const first = firstTap(phase + before, size, stride, dilation);
    if (first < size) end = max(end, zeros + phaseLength(phase, length, stride) + (phase + before - first * dilation) / stride);
  }
  return end;
}

/** Bytes of scratch of `conv2dInputGradient`: packed filters and pixel tables of all phases, a padded dy, sums set aside. */
export function conv2dInputGradientScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const height = g.inHeight, width = g.inWidth, channels = g.inChannels, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, filterWidth = g.filterWidth, strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const dilationHeight = g.dilationHeight, dilationWidth = g.dilationWidth, top = g.padTop, left = g.padLeft;
  const phases = strideHeight * strideWidth;
  const above = zerosBefore(height, filterHeight, strideHeight, dilationHeight, top);
  const aside = zerosBefore(width, filterWidth, strideWidth, dilationWidth, left);
  const paddedHeight = reachOfPhases(height, filterHeight, strideHeight, dilationHeight, top, above);
  const paddedWidth = reachOfPhases(width, filterWidth, strideWidth, dilationWidth, left, aside);
  const packed = packedLength(filterHeight * filterWidth * outChannels + phases - 1, channels);
  return ((packed + paddedHeight * paddedWidth * outChannels) << 2) + pixelTableBytes(height * width + 3 * phases) + ASIDE_BYTES;
}

/** The gradient of `conv2d` to its input; dx is [batch, inHeight, inWidth, inChannels]. */
export function conv2dInputGradient(
  dy: usize, filter: usize, bias: usize, dx: usize, geometry: usize, low: f32, high: f32, scratch: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const height = g.inHeight, width = g.inWidth, channels = g.inChannels, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, filterWidth = g.filterWidth, strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const dilationHeight = g.dilationHeight, dilationWidth = g.dilationWidth, top = g.padTop, left = g.padLeft;
  const batch = g.batch, outHeight = g.outHeight, outWidth = g.outWidth;
  const above = zerosBefore(height, filterHeight, strideHeight, dilationHeight, top);
  const aside = zerosBefore(width, filterWidth, strideWidth, dilationWidth, left);
  const paddedHeight = reachOfPhases(height, filterHeight, strideHeight, dilationHeight, top, above);
  const paddedWidth = reachOfPhases(width, filterWidth, strideWidth, dilationWidth, left, aside);
  const bordered = needsBorder(above, aside, paddedHeight, paddedWidth, outHeight, outWidth);
  const dyPixel = <usize>outChannels << 2;
  const dyRow = <usize>(bordered ? paddedWidth : outWidth) * dyPixel;
  const dxPixel = <usize>channels << 2;
  const dxRow = <usize>width * dxPixel;
  // neighbouring taps of a phase are `tapStep` apart in the filter and `spread` apart in dy
  const tapStepHeight = strideHeight / greatestCommonDivisor(strideHeight, dilationHeight);
  const tapStepWidth = strideWidth / greatestCommonDivisor(strideWidth, dilationWidth);
  const spreadHeight = tapStepHeight * dilationHeight / strideHeight;
  const spreadWidth = tapStepWidth * dilationWidth / strideWidth;
  const merged = spreadWidth == 1;
  const phases = strideHeight * strideWidth;
  const setAside = scratch;
  scratch += ASIDE_BYTES;
  const tables = scratch + (packedLength(filterHeight * filterWidth * outChannels + phases - 1, channels) << 2);
  const padded = tables + pixelTableBytes(height * width + 3 * phases);
  if (bordered) clearImage(padded, paddedHeight, dyRow);

  for (let image = 0; image < batch; image++) {
    if (bordered) padImage(dy, outHeight, outWidth, dyPixel, above, aside, paddedHeight, paddedWidth, padded);
    let panels = scratch;
    let table = tables;
    for (let phaseRow = 0; phaseRow < min(strideHeight, height); phaseRow++) {
      const firstRow = firstTap(phaseRow + top, filterHeight, strideHeight, dilationHeight);
      const tapRows = tapCount(firstRow, filterHeight, tapStepHeight);
      const row = lowest(phaseRow + top, firstRow, tapRows, tapStepHeight, strideHeight, dilationHeight) + above;
      for (let phaseColumn = 0; phaseColumn < min(strideWidth, width); phaseColumn++) {
        const firstColumn = firstTap(phaseColumn + left, filterWidth, strideWidth, dilationWidth);
        const tapColumns = tapCount(firstColumn, filterWidth, tapStepWidth);
        const column = lowest(phaseColumn + left, firstColumn, tapColumns, tapStepWidth, strideWidth, dilationWidth) + aside;
        const phaseHeight = phaseLength(phaseRow, height, strideHeight);
        const phaseWidth = phaseLength(phaseColumn, width, strideWidth);
        const taps = tapRows * tapColumns;
        const start = <usize>phaseRow * dxRow + <usize>phaseColumn * dxPixel;
        if (image == 0) {
          packFilterTransposed(filter, filterWidth, firstRow, tapRows, tapStepHeight, firstColumn, tapColumns, tapStepWidth, channels, outChannels, bias, panels);
          writePixelTable(
            table, phaseHeight, phaseWidth, dyRow, dyPixel, <usize>strideHeight * dxRow, <usize>strideWidth * dxPixel,
            tapRows, spreadHeight, row - above, 1, outHeight,
          );
        }
        if (taps == 0) {
          fillPixels(dx + start, table, phaseHeight * phaseWidth, channels, bias, low, high);
        } else {
          convolveImage(
            (bordered ? padded : dy) + <usize>row * dyRow + <usize>column * dyPixel, dx + start, table, phaseHeight * phaseWidth,
            merged ? tapColumns * outChannels : outChannels, merged ? 1 : tapColumns, <usize>(spreadWidth - 1) * dyPixel,
            tapRows, <usize>spreadHeight * dyRow,
            panels, channels, low, high, setAside,
          );
        }
        panels += packedLength(taps * outChannels, channels) << 2;
        table += pixelTableBytes(phaseHeight * phaseWidth);
      }
    }
    dy += <usize>(outHeight * outWidth) * dyPixel;
    dx += <usize>height * dxRow;
  }
}

/** A phase without taps: the bias, or zero, clamped. */
function fillPixels(target: usize, table: usize, pixels: i32, channels: i32, bias: usize, low: f32, high: f32): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    const to = target + load<usize>(table + <usize>(pixel >> 2) * TILE_BYTES + ((pixel & 3) << 2), 16);
    for (let channel = 0; channel < channels; channel++) {
      store<f32>(to + (channel << 2), min(high, max(low, bias ? load<f32>(bias + (channel << 2)) : 0)));
    }
  }
}
