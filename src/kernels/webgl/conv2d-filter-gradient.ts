import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { isDepthwise, type WindowGeometry } from '../convolution';
import type { WebGLBackend } from './backend';
import { depthwiseConv2dFilterGradient } from './depthwise-conv2d-filter-gradient';
import { blockedSum, linesInBlocks, linesKey, LONGEST_PRODUCT_SUM, type BlockedSum } from './blocked-sum';
import { draw } from './draw';
import { HAS_NAN, list } from './glsl';
import { LANES, type TextureLayout } from './texture-layout';
import { multiply } from './mat-mul';
import { asMatrix, isPointwise, LINEAR } from './pointwise-conv2d';
import { reduce } from './reduce';
import { withScratch } from './scratch';
import { slice } from './slice';
import { windowUniforms } from './window';

/** Few filter taps each sum over all pixels of all images, so that the rows of images are divided into at most so many parts. */
const MOST_PARTS = 64;
/** The number of fragments that all parts together should have. */
const FRAGMENTS = 4096;

/** The shape of the partial sums, [parts, filterHeight, run, outChannels]. A run is a row of the filter: its columns and channels. */
interface Partial {
  readonly parts: number;
  readonly linesPerPart: number;
  /** The length of a run, rounded up to a multiple of `rowsPerFragment`. */
  readonly run: number;
  readonly rowsPerFragment: number;
}

/** Computes partial sums, each over some rows of the output, then adds them up. */
export const conv2dFilterGradient: Kernel<WebGLBackend, 'conv2dFilterGradient'> = (
  backend,
  [x, dy],
  [dfilter],
  { geometry },
) => {
  if (isDepthwise(geometry, dfilter!.size)) {
    depthwiseConv2dFilterGradient(backend, [x!, dy!], [dfilter!], { geometry });
    return;
  }
  if (isPointwise(geometry)) {
    const [a, b, y] = [x!, dy!, dfilter!].map(asMatrix);
    multiply(backend, { a: a!, b: b!, bias: undefined, y: y!, attributes: { ...LINEAR, transposeA: true } });
    return;
  }
  const run = geometry.filterWidth * geometry.inChannels;
  const partial = divide(backend, geometry, run);
  const { filterHeight, outChannels } = geometry;
  const { parts } = partial;
  const sum = (result: TensorInfo): void => {
    backend.allocateTexture(result, layoutOfParts(geometry, partial));
    if (partial.rowsPerFragment > 1) sumRows(backend, x!, dy!, result, geometry, partial);
    else sumTaps(backend, x!, dy!, result, geometry, partial);
  };
  const sumParts = (result: TensorInfo): void => {
    if (parts === 1) {
      sum(result);
      return;
    }
    const inner = filterHeight * partial.run * outChannels;
    const summed = (sums: TensorInfo): void => {
      sum(sums);
      backend.allocateTexture(result);
      reduce(backend, [sums], [result], { name: 'sum', outer: 1, extent: parts, inner });
    };
    withScratch(backend, [parts, inner], 'float32', summed, 'own');
  };
  if (partial.run === run) {
    sumParts(dfilter!);
    return;
  }
  const narrowed = (wide: TensorInfo): void => {
    sumParts(wide);
    backend.allocateTexture(dfilter!);
    const cut = reshaped(dfilter!, [filterHeight, run, outChannels]);
    slice(backend, [wide], [cut], { begin: [0, 0, 0], strides: [1, 1, 1] });
  };
  withScratch(backend, [filterHeight, partial.run, outChannels], 'float32', narrowed, 'own');
};

/** The layout of the parts for {@link sumRows}: a layer for each row of a fragment. {@link sumTaps} takes any layout. */
function layoutOfParts(
  { filterHeight, outChannels }: WindowGeometry,
  { parts, run, rowsPerFragment }: Partial,
): TextureLayout | null {
  if (rowsPerFragment === 1) return null;
  const groups = (parts * filterHeight * run) / rowsPerFragment;
  return { width: outChannels / LANES, height: groups, layers: rowsPerFragment };
}

function divide(backend: WebGLBackend, geometry: WindowGeometry, run: number): Partial {
  const { outChannels, filterHeight, dilationWidth } = geometry;
  const rowsPerFragment = run > 4 ? Math.min(8, backend.maxDrawBuffers) : 4;
  const groups = filterHeight * Math.ceil(run / rowsPerFragment);
  const byRows = outChannels % LANES === 0 && dilationWidth === 1 && groups <= backend.maxTextureSize;
  const fragments = byRows ? (groups * outChannels) / LANES : (filterHeight * run * outChannels) / LANES;
  const lines = geometry.batch * geometry.outHeight;
  const parts = Math.min(
    MOST_PARTS,
    lines,
    Math.ceil(FRAGMENTS / fragments),
    byRows ? Math.floor(backend.maxTextureSize / groups) : MOST_PARTS,
  );
  const linesPerPart = Math.ceil(lines / Math.max(1, parts));
  return {
    parts: Math.max(1, Math.ceil(lines / Math.max(1, linesPerPart))),
    linesPerPart,
    run: byRows ? Math.ceil(run / rowsPerFragment) * rowsPerFragment : run,
    rowsPerFragment: byRows ? rowsPerFragment : 1,
  };
}

/** The most elements between the values of x for neighbouring pixels at which reading them together is faster. */
const LONGEST_SHARED_STEP = 4;

/**
 * Each fragment computes four output channels of several neighbouring taps of a filter row, one for each layer. Their values of x
 * are neighbours too, so that with 8 layers one texel of dy and two of x make 32 products. It takes up to four pixels at a time; if x
 * has few channels, their values overlap, and are read once.
 */
function sumRows(
  backend: WebGLBackend,
  x: TensorInfo,
  dy: TensorInfo,
  result: TensorInfo,
  geometry: WindowGeometry,
  { linesPerPart, run, rowsPerFragment: rows }: Partial,
): void {
  const columns = geometry.outChannels / LANES;
  const step = geometry.strideWidth * geometry.inChannels;
  const aligned = geometry.inChannels % LANES === 0;
  const reach = (geometry.outWidth - 1) * geometry.strideWidth - geometry.padLeft + geometry.filterWidth;
  const padded = geometry.padLeft > 0 || reach > geometry.inWidth;
  const pixels =
    aligned || step <= LONGEST_SHARED_STEP ? [4, 2, 1].find((n) => geometry.outWidth % n === 0)! : 1;
  const sums = Array.from({ length: rows }, (_, l) => `sum${l}`);
  const inBlocks = blockedSum(sums, 'vec4', linesPerPart * geometry.outWidth, LONGEST_PRODUCT_SUM);
  const again = blockedSum(['sum'], 'vec4', linesPerPart * geometry.outWidth, LONGEST_PRODUCT_SUM);
  const sharing = aligned ? 'aligned' : `step ${pixels > 1 ? step : 0}`;
  draw(backend, {
    program: `conv2dFilterGradient rows ${rows} ${pixels} ${sharing}${padded ? ' padded' : ''}${linesKey(inBlocks, geometry.outWidth)}`,
    inputs: { x, dy },
    outputs: [result],
    form: 'block',
    rows: {
      x: (geometry.inWidth * geometry.inChannels) / LANES,
      dy: geometry.outWidth * columns,
    },
    ints: {
      ...windowUniforms(geometry, 1),
      columns,
      run,
      in_run: geometry.inWidth * geometry.inChannels,
      step_: step,
      lines: geometry.batch * geometry.outHeight,
      lines_per_part: linesPerPart,
    },
    source: () => `
      ${inBlocks.functions}
      ${padded ? summedAgain(again, geometry.outWidth) : ''}
      void block() {
        int group = over_columns(texel_of(0)), column = texel_of(0) - group * columns;
        int filter_line = over_run(group), tap = group - filter_line * run;
        int part = over_filter_height(filter_line), ky = filter_line - part * filter_height;
        ${list(rows, (l) => `vec4 sum${l} = vec4(0.0);`)}
        ${inBlocks.declare}
        int end = min((part + 1) * lines_per_part, lines);
        ${linesInBlocks(
          inBlocks,
          { first: 'part * lines_per_part', end: 'end' },
          { variable: 'x', end: 'out_width', length: geometry.outWidth, step: pixels },
          (loopOverPixels) => `
          int n = over_out_height(line);
          int y = (line - n * out_height) * stride_height - pad_top + ky * dilation_height;
          if (uint(y) >= uint(in_height)) continue;
          x_start in_line = x_line((n * in_height + y) * in_run);
          dy_start out_line = dy_row(line * out_width * columns);
          int e = tap - pad_left * in_channels, at = column;
          ${loopOverPixels}`,
          `
            ${aligned ? alignedValues(rows, pixels, padded) : shiftedValues(rows + (pixels - 1) * step, padded)}
            vec4 g;
            ${list(pixels, (p) => {
              const value = (l: number): string =>
                aligned ? `v${p}_${l >> 2}[${l & 3}]` : `v${p * step + l}`;
              return `g = dy_from(out_line, at); at += columns;
                ${list(rows, (l) => `sum${l} += ${value(l)} * g;`)}`;
            })}
            e += ${pixels} * step_;`,
        )}
        ${inBlocks.finish}
        ${padded ? list(rows, (l) => `if (has_nan(sum${l})) sum${l} = summed_again(part, ky, tap + ${l}, column);`) : ''}
        ${list(rows, (l) => `out_${l} = sum${l};`)}
      }`,
  });
}

/** Padding must add nothing, but `sumRows` reads it as 0, and 0 · ∞ is NaN. So a sum that is NaN is computed again without padding. */
function summedAgain(inBlocks: BlockedSum, outWidth: number): string {
  return `${HAS_NAN}
      vec4 summed_again(int part, int ky, int tap, int column) {
        ${sumOfTap(inBlocks, outWidth, 'dy_texel')}
        return sum;
      }`;
}

/** Statements that leave in `sum` the sum of one tap, over the pixels of a part that are inside the image. */
function sumOfTap(inBlocks: BlockedSum, outWidth: number, dy: 'dy_texel' | 'dy_unit'): string {
  return `
        int kx = over_in_channels(tap), c = tap - kx * in_channels;
        unit sum = unit(0.0);
        ${inBlocks.declare}
        int end = min((part + 1) * lines_per_part, lines);
        ${linesInBlocks(
          inBlocks,
          { first: 'part * lines_per_part', end: 'end' },
          { variable: 'x', end: 'out_width', length: outWidth },
          (loopOverPixels) => `
          int n = over_out_height(line);
          int y = (line - n * out_height) * stride_height - pad_top + ky * dilation_height;
          if (uint(y) >= uint(in_height)) continue;
          int in_line = (n * in_height + y) * in_width;
          int in_x = kx * dilation_width - pad_left;
          ${loopOverPixels}`,
          `
            if (uint(in_x) < uint(in_width))
              sum += x_at((in_line + in_x) * in_channels + c) * ${dy}((line * out_width + x) * columns + column);
            in_x += stride_width;`,
        )}
        ${inBlocks.finish}`;
}

/** Reads the texels v0_0, v0_1, … of each pixel; 0 in the padding, which has whole texels. */
function alignedValues(rows: number, pixels: number, padded: boolean): string {
  return list(pixels, (p) =>
    list(rows / LANES, (q) => {
      const read = (at: string): string => `x_around(in_line, ${at})`;
      const name = `v${p}_${q}`;
      return padded
        ? `int e${p}_${q} = e + ${p} * step_ + ${4 * q};
           vec4 ${name} = uint(e${p}_${q}) < uint(in_run) ? ${read(`e${p}_${q}`)} : vec4(0.0);`
        : `vec4 ${name} = ${read(`e + ${p} * step_ + ${4 * q}`)};`;
    }),
  );
}

/** Reads the values v0, v1, … from element `e` on, which may lie within a texel: reads whole texels and shifts them by lanes. */
function shiftedValues(count: number, padded: boolean): string {
  const texels = Math.ceil((count + 3) / LANES);
  const shifted = (q: number, lanes: string, next: string): string =>
    `vec4(u${q}.${lanes}, u${Math.min(q + 1, texels - 1)}.${next})`;
  return `
            int lane = x_lane_at(in_line, e);
            bool odd = (lane & 1) != 0, far = (lane & 2) != 0;
            ${list(texels, (q) => `vec4 u${q} = x_around(in_line, e + ${4 * q});`)}
            ${list(texels, (q) => `u${q} = odd ? ${shifted(q, 'yzw', 'x')} : u${q};`)}
            ${list(texels, (q) => `u${q} = far ? ${shifted(q, 'zw', 'xy')} : u${q};`)}
            ${list(count, (k) => {
              const value = `u${k >> 2}[${k & 3}]`;
              return `float v${k} = ${padded ? `uint(e + ${k}) < uint(in_run) ? ${value} : 0.0` : value};`;
            })}`;
}

/** Computes one tap at a time, for dilated filters and numbers of output channels that are not a multiple of four. */
function sumTaps(
  backend: WebGLBackend,
  x: TensorInfo,
  dy: TensorInfo,
  result: TensorInfo,
  geometry: WindowGeometry,
  { linesPerPart, run }: Partial,
): void {
  const byTexel = geometry.outChannels % LANES === 0;
  const unit = byTexel ? 'vec4' : 'float';
  const inBlocks = blockedSum(['sum'], unit, linesPerPart * geometry.outWidth, LONGEST_PRODUCT_SUM);
  draw(backend, {
    program: `conv2dFilterGradient taps${linesKey(inBlocks, geometry.outWidth)}`,
    inputs: { x, dy },
    outputs: [result],
    form: byTexel ? 'texel' : 'element',
    ints: {
      ...windowUniforms(geometry, 1),
      columns: byTexel ? geometry.outChannels / LANES : geometry.outChannels,
      run,
      lines: geometry.batch * geometry.outHeight,
      lines_per_part: linesPerPart,
    },
    source: () => `
      ${inBlocks.functions}
      unit result(int i) {
        int row = over_columns(i), column = i - row * columns;
        int filter_line = over_run(row), tap = row - filter_line * run;
        int part = over_filter_height(filter_line), ky = filter_line - part * filter_height;
        ${sumOfTap(inBlocks, geometry.outWidth, 'dy_unit')}
        return sum;
      }`,
  });
}
