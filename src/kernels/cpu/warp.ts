import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { outsideRows, type WarpAttributes } from '../warp';
import { floatsOf, wordsOf, type CpuBackend } from './backend';
import { withScatteredSums } from './scattered-sums';

/** In place of a pixel index: outside of the image. */
const OUTSIDE = -1;

/**
 * Calls `visit` for each pixel of the warped images and each of the up to four original pixels that it is blended from, with `to` the
 * index of the first, `from` the index of the second (or OUTSIDE), and `share` the weight.
 */
function walkTaps(
  backend: CpuBackend,
  image: TensorInfo,
  warped: TensorInfo,
  [transforms, imageIndices]: readonly [TensorInfo, TensorInfo],
  { interpolation, outside }: WarpAttributes,
  visit: (to: number, from: number, share: number) => void,
): void {
  const [batch, height, width] = image.shape as [number, number, number];
  const [count, outHeight, outWidth] = warped.shape as [number, number, number];
  const t = floatsOf(backend, transforms);
  const indices = wordsOf(backend, imageIndices);
  const locate = outsideRows[outside].js;
  // 'wrap' repeats the original: behind the last pixel comes the first.
  const around = (i: number, extent: number): number => (outside === 'wrap' ? (i + extent) % extent : i);
  let to = 0;
  for (let n = 0; n < count; n++) {
    const base = n * 8;
    const index = indices[n]!;
    if (index < 0 || index >= batch) {
      to += outHeight * outWidth;
      continue;
    }
    const tap = (down: number, across: number, share: number): void => {
      if (share === 0) return;
      const row = around(down, height);
      const column = around(across, width);
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      visit(to, inside ? (index * height + row) * width + column : OUTSIDE, share);
    };
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++, to++) {
        const depth = t[base + 6]! * column + t[base + 7]! * row + 1;
        // Rounded to float32, so that coordinates meant to lie halfway between two pixels do so in spite of rounded transforms.
        const across = Math.fround((t[base]! * column + t[base + 1]! * row + t[base + 2]!) / depth);
        const down = Math.fround((t[base + 3]! * column + t[base + 4]! * row + t[base + 5]!) / depth);
        const x = locate(across, width);
        const y = locate(down, height);
        // A coordinate that is NaN or infinite, or has a divisor of 0, shows `fill` in every mode.
        const isSomewhere = depth !== 0 && Number.isFinite(across) && Number.isFinite(down);
        if (!isSomewhere || Number.isNaN(x) || Number.isNaN(y)) visit(to, OUTSIDE, 1);
        else if (interpolation === 'nearest') tap(Math.floor(y + 0.5), Math.floor(x + 0.5), 1);
        else {
          const top = Math.floor(y);
          const left = Math.floor(x);
          const below = y - top;
          const right = x - left;
          tap(top, left, (1 - below) * (1 - right));
          tap(top, left + 1, (1 - below) * right);
          tap(top + 1, left, below * (1 - right));
          tap(top + 1, left + 1, below * right);
        }
      }
    }
  }
}

export const warp: Kernel<CpuBackend, 'warp'> = (
  backend,
  [image, transforms, indices],
  [output],
  attributes,
) => {
  const x = floatsOf(backend, image!);
  const y = floatsOf(backend, output!);
  const channels = image!.shape[3]!;
  const { fill } = attributes;
  y.fill(0);
  walkTaps(backend, image!, output!, [transforms!, indices!], attributes, (to, from, share) => {
    for (let c = 0; c < channels; c++) {
      y[to * channels + c]! += share * (from === OUTSIDE ? fill[c & 3]! : x[from * channels + c]!);
    }
  });
};

export const warpGradient: Kernel<CpuBackend, 'warpGradient'> = (
  backend,
  [gradient, transforms, indices],
  [output],
  attributes,
) => {
  const channels = output!.shape[3]!;
  withScatteredSums(backend, output!, (dx) => {
    const dy = floatsOf(backend, gradient!);
    walkTaps(backend, output!, gradient!, [transforms!, indices!], attributes, (from, to, share) => {
      if (to === OUTSIDE) return;
      for (let c = 0; c < channels; c++) dx[to * channels + c]! += share * dy[from * channels + c]!;
    });
  });
};
