import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import { floatsOf, wordsOf, type CpuBackend } from './backend';
import { withScatteredSums } from './scattered-sums';
import { walkWindows, type ClippedWindow } from './windows';

/** Offsets from a tap (an element of a window) to the next one below and to the right. */
function tapStrides(g: WindowGeometry): { readonly down: number; readonly right: number } {
  return { down: g.dilationHeight * g.inWidth * g.inChannels, right: g.dilationWidth * g.inChannels };
}

/** The index of the greatest element where a window has none inside the image. */
const NOWHERE = -1;

/**
 * Calls `visit` for each output element, with the index in x of the greatest element of its window (or NOWHERE). NaN counts as greatest;
 * of equals the first is taken.
 */
function walkGreatest(
  g: WindowGeometry,
  x: Float32Array,
  visit: (output: number, index: number) => void,
): void {
  const { down, right } = tapStrides(g);
  walkWindows(g, ({ output, input, rows, columns }: ClippedWindow) => {
    for (let channel = 0; channel < g.inChannels; channel++) {
      let line = input + channel;
      let index = rows * columns > 0 ? line : NOWHERE;
      let greatest = index === NOWHERE ? -Infinity : x[index]!;
      for (let row = 0; row < rows; row++, line += down) {
        let at = line;
        for (let column = 0; column < columns; column++, at += right) {
          const value = x[at]!;
          if (value > greatest || (value !== value && greatest === greatest)) {
            greatest = value;
            index = at;
          }
        }
      }
      visit(output + channel, index);
    }
  });
}

export const pool: Kernel<CpuBackend, 'pool'> = (backend, [input], [output], { geometry: g, mode }) => {
  const x = floatsOf(backend, input!);
  const y = floatsOf(backend, output!);
  if (mode === 'max') {
    walkGreatest(g, x, (to, index) => {
      y[to] = index === NOWHERE ? -Infinity : x[index]!;
    });
    return;
  }
  const { down, right } = tapStrides(g);
  walkWindows(g, ({ output: to, input: from, rows, columns }) => {
    for (let channel = 0; channel < g.inChannels; channel++) {
      let sum = 0;
      let line = from + channel;
      for (let row = 0; row < rows; row++, line += down) {
        let at = line;
        for (let column = 0; column < columns; column++, at += right) sum += x[at]!;
      }
      y[to + channel] = sum / Math.max(rows * columns, 1);
    }
  });
};

export const maxPoolIndices: Kernel<CpuBackend, 'maxPoolIndices'> = (
  backend,
  [input],
  [output],
  { geometry },
) => {
  const y = wordsOf(backend, output!);
  walkGreatest(geometry, floatsOf(backend, input!), (to, index) => {
    y[to] = index;
  });
};

export const maxPoolGradient: Kernel<CpuBackend, 'maxPoolGradient'> = (
  backend,
  [gradient, input],
  [output],
  { geometry },
) => {
  withScatteredSums(backend, output!, (dx) => {
    const dy = floatsOf(backend, gradient!);
    walkGreatest(geometry, floatsOf(backend, input!), (from, index) => {
      if (index !== NOWHERE) dx[index]! += dy[from]!;
    });
  });
};

/** Divides each element of dy equally among the elements of its window. */
export const averagePoolGradient: Kernel<CpuBackend, 'averagePoolGradient'> = (
  backend,
  [gradient],
  [output],
  { geometry: g },
) => {
  withScatteredSums(backend, output!, (dx) => {
    const dy = floatsOf(backend, gradient!);
    const { down, right } = tapStrides(g);
    walkWindows(g, ({ output: from, input: to, rows, columns }) => {
      for (let channel = 0; channel < g.inChannels; channel++) {
        const share = dy[from + channel]! / (rows * columns);
        let line = to + channel;
        for (let row = 0; row < rows; row++, line += down) {
          let at = line;
          for (let column = 0; column < columns; column++, at += right) dx[at]! += share;
        }
      }
    });
  });
};
