import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import type { WebGPUBackend } from './backend';
import { LONGEST_BLOCK, blockOf, lanesOfBlocks, rowsOf, vectorsFor } from './block';
import { PIXELS, chains, groupsOf } from './conv2d';
import { dispatch } from './dispatch';
import { fold, SUM } from './fold';
import { transpose } from './moves';
import { withScratch } from './scratch';
import { blockedSum, list } from './wgsl';
import { overWindowsAround, unravelImage, windowNumbers } from './window';

export const conv2dInputGradient: Kernel<WebGPUBackend, 'conv2dInputGradient'> = (
  backend,
  [dy, filter],
  [dx],
  { geometry },
) => {
  const groups = groupsOf(geometry, filter!.size);
  if (groups.group_in >= 4) {
    inputBlocks(backend, dy!, filter!, dx!, geometry);
    return;
  }
  const sum = blockedSum('f32');
  dispatch(backend, {
    program: 'conv2dInputGradient',
    inputs: { dy: dy!, filters: filter! },
    outputs: { dx: dx! },
    form: 'element',
    ints: { ...windowNumbers(geometry), ...groups },
    source: () => `
      ${sum.functions}
      fn result(i: i32) -> T {
        ${unravelImage('in')}
        let group = c / u.group_in;
        let within = c - group * u.group_in;
        let first = group * u.group_out;
        ${sum.declare}
        ${overWindowsAround(`
          let begin = place * u.out_channels + first;
          let tap = ((ky * u.filter_width + kx) * u.group_in + within) * u.out_channels + first;
          for (var k = 0; k < u.group_out; k++) { ${sum.add('dy[begin + k] * filters[tap + k]')} }`)}
        return ${sum.value};
      }`,
  });
};

/**
 * Computes blocks of pixels and input channels. The pixels of a block lie a stride apart in rows and columns, so that a tap reaches either all or none of
 * them from the middle of the image.
 */
function inputBlocks(
  backend: WebGPUBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  dx: TensorInfo,
  g: WindowGeometry,
): void {
  const groups = groupsOf(g, filter.size);
  const vectors = vectorsFor(groups.group_in);
  const block = blockOf(PIXELS, vectors);
  const { columns } = block;
  const pixels = (text: (p: number) => string): string => list(PIXELS, text);
  const gridHeight = Math.ceil(g.inHeight / g.strideHeight);
  const gridWidth = Math.ceil(g.inWidth / g.strideWidth);
  const gridPixels = g.batch * gridHeight * gridWidth;
  const across = Math.ceil(groups.group_in / columns);
  const cells = Math.ceil(gridPixels / PIXELS) * across * (g.inChannels / groups.group_in);
  const isInVectors = groups.group_in % 4 === 0;
  const reader = rowsOf(
    {
      array: 'filters',
      start: '(tap * u.out_channels + first) * u.group_in',
      column: 'within',
      limit: 'u.group_in',
      step: '1',
      next: 'u.group_in',
    },
    vectors,
    isInVectors,
  );
  const taps = g.filterHeight * g.filterWidth;
  withScratch(backend, [taps, g.outChannels, groups.group_in], 'float32', (transposed) => {
    transpose(backend, [reshaped(filter, [taps, groups.group_in, g.outChannels])], [transposed], {
      permutation: [0, 2, 1],
    });
    dispatch(backend, {
      program: `conv2dInputGradient block ${vectors} ${isInVectors}`,
      inputs: { dy, filters: transposed },
      ...(isInVectors && { vectors: ['filters'] }),
      outputs: { dx },
      form: 'cell',
      lanes: lanesOfBlocks(backend),
      count: cells * g.strideHeight * g.strideWidth,
      ints: {
        ...windowNumbers(g),
        ...groups,
        across,
        cells,
        grid_height: gridHeight,
        grid_width: gridWidth,
        grid_pixels: gridPixels,
      },
      source: () => `
      fn work(i: i32) {
        let offset = i / u.cells;
        let offset_y = offset / u.stride_width;
        let offset_x = offset - offset_y * u.stride_width;
        var rest = i - offset * u.cells;
        let within = rest % u.across * ${columns};
        rest = rest / u.across;
        let groups = u.in_channels / u.group_in;
        let group = rest % groups;
        let first_pixel = rest / groups * ${PIXELS};
        let first = group * u.group_out;
        ${pixels(
          (p) => `let line${p} = min(first_pixel + ${p}, u.grid_pixels - 1) / u.grid_width;
        let in_x${p} = (min(first_pixel + ${p}, u.grid_pixels - 1) - line${p} * u.grid_width) * u.stride_width + offset_x;
        let image${p} = line${p} / u.grid_height;
        let in_y${p} = (line${p} - image${p} * u.grid_height) * u.stride_height + offset_y;`,
        )}
        ${block.sums}
        for (var ky = 0; ky < u.filter_height; ky++) {
          let below = u.pad_top - ky * u.dilation_height;
          if ((offset_y + below) % u.stride_height != 0) { continue; }
          for (var kx = 0; kx < u.filter_width; kx++) {
            let right = u.pad_left - kx * u.dilation_width;
            if ((offset_x + right) % u.stride_width != 0) { continue; }
            ${pixels(
              (p) => `let out_y${p} = (in_y${p} + below) / u.stride_height;
            let out_x${p} = (in_x${p} + right) / u.stride_width;
            let inside${p} = (u32(out_y${p}) < u32(u.out_height)) & (u32(out_x${p}) < u32(u.out_width));
            var at${p} = select(0, ((image${p} * u.out_height + out_y${p}) * u.out_width + out_x${p}) * u.out_channels + first, inside${p});`,
            )}
            let tap = ky * u.filter_width + kx;
            ${reader.begin}
            ${chains(
              'u.group_out',
              `${pixels((p) => `let x${p} = dy[at${p}]; at${p} += 1;`)}
              ${reader.read}`,
              PIXELS,
              vectors,
            )}
          }
        }
        ${pixels(
          (
            p,
          ) => `let to${p} = ((image${p} * u.in_height + in_y${p}) * u.in_width + in_x${p}) * u.in_channels + group * u.group_in + within;
        let stored${p} = (first_pixel + ${p} < u.grid_pixels) & (in_y${p} < u.in_height) & (in_x${p} < u.in_width);`,
        )}
        ${block.store((p, q, sum) => `if (stored${p} & (within + ${q} < u.group_in)) { dx[to${p} + ${q}] = ${sum}; }`)}
      }`,
    });
  });
}

/** Each element of the filter is a sum over all windows. */
export const conv2dFilterGradient: Kernel<WebGPUBackend, 'conv2dFilterGradient'> = (
  backend,
  [x, dy],
  [dfilter],
  { geometry: g },
) => {
  const groups = groupsOf(g, dfilter!.size);
  if (groups.group_out % 4 === 0) {
    filterBlocks(backend, x!, dy!, dfilter!, g);
    return;
  }
  fold(backend, {
    ...SUM,
    program: 'conv2dFilterGradient',
    inputs: { x: x!, dy: dy! },
    output: dfilter!,
    view: { outer: 1, extent: g.batch * g.outHeight * g.outWidth, inner: dfilter!.size },
    ints: { ...windowNumbers(g), ...groups },
    term: `
      let filter_channel = n % u.out_channels;
      let row = n / u.out_channels;
      let within = row % u.group_in;
      let tap = row / u.group_in;
      let ky = tap / u.filter_width;
      let kx = tap - ky * u.filter_width;
      let line = e / u.out_width;
      let image = line / u.out_height;
      let in_y = (line - image * u.out_height) * u.stride_height - u.pad_top + ky * u.dilation_height;
      let in_x = (e - line * u.out_width) * u.stride_width - u.pad_left + kx * u.dilation_width;
      if (in_y < 0 || in_y >= u.in_height || in_x < 0 || in_x >= u.in_width) { return 0.0; }
      let channel = filter_channel / u.group_out * u.group_in + within;
      return x[((image * u.in_height + in_y) * u.in_width + in_x) * u.in_channels + channel] * dy[e * u.out_channels + filter_channel];`,
  });
};

/** So many invocations keep the device busy. */
const BUSY = { software: 2 ** 10, hardware: 2 ** 14 } as const;

/**
 * Computes blocks of input and output channels of one tap. The rows of the images are shared out to parts, whose sums are added up then, where the filter has
 * few blocks.
 */
function filterBlocks(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  dfilter: TensorInfo,
  g: WindowGeometry,
): void {
  const groups = groupsOf(g, dfilter.size);
  const rows = Math.min(groups.group_in, 8);
  const vectors = groups.group_out % 8 === 0 ? 2 : 1;
  const block = blockOf(rows, vectors);
  const down = Math.ceil(groups.group_in / rows);
  const cells = g.filterHeight * g.filterWidth * down * (g.outChannels / block.columns);
  const lines = g.batch * g.outHeight;
  const wanted = Math.ceil(BUSY[backend.isSoftware ? 'software' : 'hardware'] / cells);
  const linesOfPart = Math.ceil(lines / Math.min(wanted, lines));
  const parts = Math.ceil(lines / linesOfPart);
  const sumsOf = (partial: TensorInfo): void =>
    dispatch(backend, {
      program: `conv2dFilterGradient block ${rows} ${vectors}`,
      inputs: { x, dy },
      vectors: ['dy'],
      outputs: { partial },
      form: 'cell',
      lanes: lanesOfBlocks(backend),
      count: cells * parts,
      ints: { ...windowNumbers(g), ...groups, down, cells, lines, lines_of_part: linesOfPart },
      source: () => `
        fn work(i: i32) {
          let part = i / u.cells;
          var rest = i - part * u.cells;
          let across = u.out_channels / ${block.columns};
          let c = rest % across * ${block.columns};
          rest = rest / across;
          let within = rest % u.down * ${rows};
          let tap = rest / u.down;
          let ky = tap / u.filter_width;
          let kx = tap - ky * u.filter_width;
          let channel = c / u.group_out * u.group_in + within;
          // The windows whose tap lies inside of the image.
          let before = u.pad_left - kx * u.dilation_width;
          let begin = max((before + u.stride_width - 1) / u.stride_width, 0);
          let stop = min((u.in_width + before + u.stride_width - 1) / u.stride_width, u.out_width);
          ${block.sums}
          let first_line = part * u.lines_of_part;
          for (var line = first_line; line < min(first_line + u.lines_of_part, u.lines); line++) {
            let n = line / u.out_height;
            let in_y = (line - n * u.out_height) * u.stride_height - u.pad_top + ky * u.dilation_height;
            if (in_y < 0 || in_y >= u.in_height) { continue; }
            var from_x = ((n * u.in_height + in_y) * u.in_width + begin * u.stride_width - before) * u.in_channels + channel;
            var from_dy = ((line * u.out_width + begin) * u.out_channels + c) / 4;
            var out_x = begin;
            while (out_x < stop) {
              let end = min(out_x + ${LONGEST_BLOCK}, stop);
              ${block.parts}
              for (; out_x < end; out_x++) {
                // Channels beyond the end of the group are not stored.
                ${list(rows, (r) => `let x${r} = x[from_x + ${r}];`)}
                ${list(vectors, (v) => `let z${v} = dy[from_dy + ${v}];`)}
                from_x += u.stride_width * u.in_channels;
                from_dy += u.out_channels / 4;
                ${block.multiply}
              }
              ${block.add}
            }
          }
          let to = ((part * u.filter_height * u.filter_width + tap) * u.group_in + within) * u.out_channels + c;
          ${block.store((r, q, sum) => `if (within + ${r} < u.group_in) { partial[to + ${r} * u.out_channels + ${q}] = ${sum}; }`)}
        }`,
    });
  if (parts === 1) {
    sumsOf(dfilter);
    return;
  }
  withScratch(backend, [parts, dfilter.size], 'float32', (partial) => {
    sumsOf(partial);
    fold(backend, {
      ...SUM,
      program: 'conv2dFilterGradient parts',
      inputs: { partial },
      output: dfilter,
      view: { outer: 1, extent: parts, inner: dfilter.size },
      term: 'return partial[at];',
    });
  });
}
