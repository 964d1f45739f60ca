import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import type { WebGLBackend } from './backend';
import { depthwiseUniforms, depthwiseUnit } from './depthwise';
import { blockedSum, linesInBlocks, linesKey, LONGEST_PRODUCT_SUM } from './blocked-sum';
import { draw } from './draw';
import { texelsOf } from './texture-layout';
import { reduceMapped } from './reduce';
import { withScratch } from './scratch';

/** Few filter taps each sum over all pixels of all images, so that the rows of images are divided into at most so many parts. */
const MOST_PARTS = 64;
/** The number of fragments that all parts together should have. */
const FRAGMENTS = 4096;

/** Computes partial sums, each over some rows of the output, then adds them up. */
export const depthwiseConv2dFilterGradient: Kernel<WebGLBackend, 'conv2dFilterGradient'> = (
  backend,
  [x, dy],
  [dfilter],
  { geometry },
) => {
  backend.allocateTexture(dfilter!);
  const size = dfilter!.size;
  const lines = geometry.batch * geometry.outHeight;
  const parts = Math.max(1, Math.min(MOST_PARTS, lines, Math.ceil(FRAGMENTS / Math.max(1, texelsOf(size)))));
  const linesPerPart = Math.ceil(lines / parts);
  if (parts === 1) {
    sumPixels(backend, x!, dy!, dfilter!, geometry, lines);
    return;
  }
  withScratch(backend, [Math.ceil(lines / linesPerPart), ...dfilter!.shape], 'float32', (partial) => {
    sumPixels(backend, x!, dy!, partial, geometry, linesPerPart);
    reduceMapped(backend, partial, dfilter!, 'sum', { outer: 1, extent: partial.shape[0]!, inner: size });
  });
};

/** Fills [parts, filter], where each part sums over `linesPerPart` rows of output pixels. */
function sumPixels(
  backend: WebGLBackend,
  x: TensorInfo,
  dy: TensorInfo,
  result: TensorInfo,
  geometry: WindowGeometry,
  linesPerPart: number,
): void {
  const terms = linesPerPart * geometry.outWidth;
  const inBlocks = blockedSum(['sum'], 'unit', terms, LONGEST_PRODUCT_SUM);
  draw(backend, {
    program: `depthwiseConv2dFilterGradient${linesKey(inBlocks, geometry.outWidth)}`,
    inputs: { x, dy },
    outputs: [result],
    form: depthwiseUnit(geometry).form,
    ints: {
      ...depthwiseUniforms(geometry),
      lines: geometry.batch * geometry.outHeight,
      lines_per_part: linesPerPart,
      taps: geometry.filterHeight * geometry.filterWidth,
    },
    source: () => `
      ${inBlocks.functions}
      unit result(int i) {
        int row = over_out_channels(i), out_c = i - row * out_channels, c = over_multiplier(out_c);
        int part = over_taps(row), tap = row - part * taps;
        int ky = over_filter_width(tap), kx = tap - ky * filter_width;
        int end = min((part + 1) * lines_per_part, lines);
        unit sum = unit(0.0);
        ${inBlocks.declare}
        ${linesInBlocks(
          inBlocks,
          { first: 'part * lines_per_part', end: 'end' },
          { variable: 'out_x', end: 'out_width', length: geometry.outWidth },
          (loopOverPixels) => `
          int n = over_out_height(line);
          int y = (line - n * out_height) * stride_height - pad_top + ky * dilation_height;
          if (y < 0 || y >= in_height) continue;
          int at_x = (n * in_height + y) * in_width, at_dy = line * out_width;
          int left = kx * dilation_width - pad_left;
          ${loopOverPixels}`,
          `
            int x = left + out_x * stride_width;
            if (x < 0 || x >= in_width) continue;
            sum += x_unit((at_x + x) * in_channels + c) * dy_unit((at_dy + out_x) * out_channels + out_c);`,
        )}
        ${inBlocks.finish}
        return sum;
      }`,
  });
}
