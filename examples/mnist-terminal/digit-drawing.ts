import type { HostArray } from 'rxtensor';

/** Two pixels above each other are one character: the upper one counts 2, the lower one 1. */
const HALF_BLOCKS = ' ▄▀█';
/** What is at least half as dark as it can be. */
const INK = 128;
/** The outermost pixels are always blank. */
const MARGIN = 2;

/** An image of a data set [n, height, width] as lines of text. */
export function drawDigit({ values, shape }: HostArray, index: number): string[] {
  const [, height = 0, width = 0] = shape;
  const start = index * height * width;
  const inkAt = (row: number, column: number): number =>
    (values[start + row * width + column] ?? 0) < INK ? 0 : 1;
  const lines: string[] = [];
  for (let row = MARGIN; row < height - MARGIN; row += 2) {
    let line = '';
    for (let column = MARGIN; column < width - MARGIN; column++) {
      line += HALF_BLOCKS.charAt(2 * inkAt(row, column) + inkAt(row + 1, column));
    }
    lines.push(line);
  }
  return lines;
}

/** Blocks of lines next to each other, each block as wide as its widest line. */
export function sideBySide(blocks: readonly (readonly string[])[], gap = '  '): string[] {
  const height = Math.max(0, ...blocks.map((block) => block.length));
  const widths = blocks.map((block) => Math.max(...block.map((line) => line.length)));
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((block, i) => (block[row] ?? '').padEnd(widths[i] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}
