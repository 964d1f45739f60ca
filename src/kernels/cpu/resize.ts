import type { Kernel } from '../kernel-table';
import { neighboursOf } from '../sampling';
import { floatsOf, wordsOf, type CpuBackend } from './backend';
import { copyRun } from './copy';
import { withScatteredSums } from './scattered-sums';

export const resize: Kernel<CpuBackend, 'resize'> = (backend, [input], [output], attributes) => {
  const { interpolation } = attributes;
  const [batch, height, width, channels] = input!.shape as [number, number, number, number];
  const [, outHeight, outWidth] = output!.shape as [number, number, number];
  const rows = neighboursOf(attributes.rows, interpolation, height, outHeight);
  const columns = neighboursOf(attributes.columns, interpolation, width, outWidth);
  let to = 0;
  if (interpolation === 'nearest') {
    const x = wordsOf(backend, input!);
    const y = wordsOf(backend, output!);
    for (let n = 0; n < batch; n++) {
      for (let row = 0; row < outHeight; row++) {
        const line = (n * height + rows.first[row]!) * width;
        for (let column = 0; column < outWidth; column++, to += channels) {
          copyRun(x, (line + columns.first[column]!) * channels, y, to, channels);
        }
      }
    }
    return;
  }
  const x = floatsOf(backend, input!);
  const y = floatsOf(backend, output!);
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < outHeight; row++) {
      const upper = (n * height + rows.first[row]!) * width;
      const lower = (n * height + rows.second[row]!) * width;
      const down = rows.weight[row]!;
      for (let column = 0; column < outWidth; column++) {
        const left = columns.first[column]!;
        const right = columns.second[column]!;
        const across = columns.weight[column]!;
        for (let channel = 0; channel < channels; channel++) {
          const top = between(
            x[(upper + left) * channels + channel]!,
            x[(upper + right) * channels + channel]!,
            across,
          );
          const bottom = between(
            x[(lower + left) * channels + channel]!,
            x[(lower + right) * channels + channel]!,
            across,
          );
          y[to++] = between(top, bottom, down);
        }
      }
    }
  }
};

/** a·(1 − weight) + b·weight. With weight 0 an infinite or NaN b has no effect. */
function between(a: number, b: number, weight: number): number {
  return weight === 0 ? a : a * (1 - weight) + b * weight;
}

/** Adds each element of dy to the elements of dx that it was interpolated from, by their weights. */
export const resizeGradient: Kernel<CpuBackend, 'resizeGradient'> = (
  backend,
  [gradient],
  [output],
  attributes,
) => {
  const { interpolation } = attributes;
  const [batch, height, width, channels] = output!.shape as [number, number, number, number];
  const [, dyHeight, dyWidth] = gradient!.shape as [number, number, number];
  const rows = neighboursOf(attributes.rows, interpolation, height, dyHeight);
  const columns = neighboursOf(attributes.columns, interpolation, width, dyWidth);
  withScatteredSums(backend, output!, (dx) => {
    const dy = floatsOf(backend, gradient!);
    let from = 0;
    for (let n = 0; n < batch; n++) {
      for (let row = 0; row < dyHeight; row++) {
        const upper = (n * height + rows.first[row]!) * width;
        const lower = (n * height + rows.second[row]!) * width;
        const down = rows.weight[row]!;
        for (let column = 0; column < dyWidth; column++) {
          const left = columns.first[column]!;
          const right = columns.second[column]!;
          const across = columns.weight[column]!;
          for (let channel = 0; channel < channels; channel++) {
            const value = dy[from++]!;
            dx[(upper + left) * channels + channel]! += value * (1 - down) * (1 - across);
            if (across > 0) dx[(upper + right) * channels + channel]! += value * (1 - down) * across;
            if (down > 0) dx[(lower + left) * channels + channel]! += value * down * (1 - across);
            if (down > 0 && across > 0) dx[(lower + right) * channels + channel]! += value * down * across;
          }
        }
      }
    }
  });
};
