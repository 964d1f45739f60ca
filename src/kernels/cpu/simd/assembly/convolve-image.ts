import { panelWidth } from './pack-panels';
import { tile4, tile8 } from './product-tile';

/** Pixels whose patches stay in the second-level cache while all panels of the filter pass. */
const PIXELS: i32 = 128;

/**
 * One borderless image times packed filter panels: for every pixel of the table the product of its
 * patch (a walk through `source` of `groups` × `runs` runs) with each panel, clamped and stored.
 */
export function convolveImage(
  source: usize, target: usize, table: usize, pixels: i32,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupJump: usize,
  panels: usize, columns: i32, low: f32, high: f32,
): void {
  const rows = runLength * runs * groups + 1;
  for (let from = 0; from < pixels; from += PIXELS) {
    const until = min(pixels, from + PIXELS);
    let panel = panels;
    let column = 0;
    while (column < columns) {
      const width = panelWidth(column, columns);
      const count = min(width, columns - column);
      const c = target + (column << 2);
      let entry = table + (<usize>from << 3);
      for (let pixel = from; pixel < until; pixel += 4) {
        const a0 = source + load<usize>(entry), c0 = c + load<usize>(entry, 4);
        const a1 = source + load<usize>(entry, 8), c1 = c + load<usize>(entry, 12);
        const a2 = source + load<usize>(entry, 16), c2 = c + load<usize>(entry, 20);
        const a3 = source + load<usize>(entry, 24), c3 = c + load<usize>(entry, 28);
        if (width == 8) {
          tile8(a0, a1, a2, a3, 4, runLength, runs, runJump, groups, groupJump, panel, c0, c1, c2, c3, until - pixel, count, low, high, false);
        } else {
          tile4(a0, a1, a2, a3, 4, runLength, runs, runJump, groups, groupJump, panel, c0, c1, c2, c3, until - pixel, count, low, high, false);
        }
        entry += 32;
      }
      panel += <usize>rows * (width << 2);
      column += width;
    }
  }
}
