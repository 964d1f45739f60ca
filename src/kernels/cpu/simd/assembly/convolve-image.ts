import { TILE_BYTES } from './offset-table';
import { panelWidth } from './pack-panels';
import { isDeep, tile4, tile8 } from './product-tile';

/** So many pixels at a time meet all panels of the filter: their patches stay in the second-level cache. */
const PIXELS: i32 = 128;

@inline
function convolve(
  deep: bool,
  source: usize, target: usize, table: usize, pixels: i32,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupStep: usize,
  panels: usize, columns: i32, low: f32, high: f32, aside: usize,
): void {
  const groupRows = runLength * runs;
  const groupJump = groupStep - ((<usize>groupRows << 2) + <usize>runs * runJump);
  for (let from = 0; from < pixels; from += PIXELS) {
    const until = min(pixels, from + PIXELS);
    let panel = panels;
    let column = 0;
    while (column < columns) {
      const width = panelWidth(column, columns);
      const count = min(width, columns - column);
      const panelGroup = <usize>groupRows * (width << 2);
      const c = target + (column << 2);
      let tile = table + <usize>(from >> 2) * TILE_BYTES;
      for (let pixel = from; pixel < until; pixel += 4) {
        const skip = load<usize>(tile, 32);
        const taken = load<i32>(tile, 36);
        const x = source + skip * groupStep;
        const a0 = x + load<usize>(tile), c0 = c + load<usize>(tile, 16);
        const a1 = x + load<usize>(tile, 4), c1 = c + load<usize>(tile, 20);
        const a2 = x + load<usize>(tile, 8), c2 = c + load<usize>(tile, 24);
        const a3 = x + load<usize>(tile, 12), c3 = c + load<usize>(tile, 28);
        const weights = panel + (width << 2) + skip * panelGroup;
        if (width == 8) {
          tile8(deep, aside, a0, a1, a2, a3, 4, runLength, runs, runJump, taken, groupJump, panel, weights, 32, c0, c1, c2, c3, until - pixel, count, low, high, false);
        } else {
          tile4(deep, aside, a0, a1, a2, a3, 4, runLength, runs, runJump, taken, groupJump, panel, weights, c0, c1, c2, c3, until - pixel, count, low, high, false);
        }
        tile += TILE_BYTES;
      }
      panel += <usize>(groupRows * groups + 1) * (width << 2);
      column += width;
    }
  }
}

// each in a function of its own: engines give registers to loops by the function
function convolveShallow(
  source: usize, target: usize, table: usize, pixels: i32,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupStep: usize,
  panels: usize, columns: i32, low: f32, high: f32, aside: usize,
): void {
  convolve(false, source, target, table, pixels, runLength, runs, runJump, groups, groupStep, panels, columns, low, high, aside);
}

function convolveDeep(
  source: usize, target: usize, table: usize, pixels: i32,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupStep: usize,
  panels: usize, columns: i32, low: f32, high: f32, aside: usize,
): void {
  convolve(true, source, target, table, pixels, runLength, runs, runJump, groups, groupStep, panels, columns, low, high, aside);
}

/**
 * Multiplies one image, without or behind its border, with packed filter panels. For every pixel of the table, the product of its
 * patch with each panel is clamped and stored. A patch is a walk through `source` of `groups` rows of taps with `runs` runs each.
 * `aside` is room for a deep tile's sums.
 */
export function convolveImage(
  source: usize, target: usize, table: usize, pixels: i32,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupStep: usize,
  panels: usize, columns: i32, low: f32, high: f32, aside: usize,
): void {
  if (isDeep(runLength * runs * groups)) convolveDeep(source, target, table, pixels, runLength, runs, runJump, groups, groupStep, panels, columns, low, high, aside);
  else convolveShallow(source, target, table, pixels, runLength, runs, runJump, groups, groupStep, panels, columns, low, high, aside);
}
