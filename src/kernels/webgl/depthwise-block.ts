import type { TensorInfo } from '../backend';
import type { ConvolutionAttributes } from '../convolution';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { LONGEST_PRODUCT_SUM } from './blocked-sum';
import { depthwiseUnit } from './depthwise';
import { draw } from './draw';
import { list } from './glsl';
import { blockLayout, LANES, texelsOf } from './texture-layout';
import { TAPS_INSIDE, windowUniforms } from './window';

/** The most filter rows to process at once: more would need too many registers. */
const MOST_ROWS = 5;

interface DepthwiseBlock extends ConvolutionAttributes {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo | undefined;
  readonly y: TensorInfo;
  /** Whether the filter is turned around, as in a gradient. */
  readonly turned: boolean;
}

/**
 * Computes a depthwise convolution whose channels are whole texels, if its filter is small and y large enough; returns whether. Each
 * fragment computes a texel of several pixels below each other, one for each layer. So a texel of the filter serves all of them, and a
 * texel of x those whose windows it lies in: for 3 × 3 and 8 layers, 39 texels are read for 72 products.
 */
export function depthwiseBlock(
  backend: WebGLBackend,
  { x, filter, bias, y, geometry: g, activation, alpha, turned }: DepthwiseBlock,
): boolean {
  const height = g.filterHeight;
  const lines = g.batch * g.outHeight;
  const run = (g.outWidth * g.outChannels) / LANES;
  // A target of a single row would leave half of each quad idle. All rows of a fragment lie in one image, or below the only one.
  const fits = (layers: number): boolean => lines > layers && (g.batch === 1 || g.outHeight % layers === 0);
  const isSmall = height <= MOST_ROWS && height * g.filterWidth <= LONGEST_PRODUCT_SUM;
  const layout =
    depthwiseUnit(g).size === LANES && isSmall
      ? blockLayout(backend, texelsOf(y.size), run, true, fits)
      : null;
  if (!layout) return false;
  backend.allocateTexture(y, layout);
  const rowOf = (layer: number, ky: number): number => layer * g.strideHeight + ky * g.dilationHeight;
  const eachLayer = (text: (layer: number) => string): string => list(layout.layers, text);
  const uniforms = windowUniforms(g, LANES);
  draw(backend, {
    program: `depthwiseConv2d ${height} ${g.strideHeight} ${g.dilationHeight}${turned ? ' turned' : ''}${bias ? ' bias' : ''} ${activation}`,
    inputs: { x, filter, ...(bias && { bias }) },
    outputs: [y],
    form: 'block',
    rows: { x: (g.inWidth * g.inChannels) / LANES, filter: (g.filterWidth * g.inChannels) / LANES },
    ints: { ...uniforms, run },
    floats: { alpha },
    source: () => {
      const products = (row: number): string =>
        eachLayer((l) =>
          list(
            height,
            (ky) => (rowOf(l, ky) === row ? `sum${l} += v * w${turned ? height - 1 - ky : ky};` : ''),
            '',
          ),
        );
      const rows = [...Array(rowOf(layout.layers - 1, height - 1) + 1).keys()]
        .map((row) => [row, products(row).trim()] as const)
        .filter(([, text]) => text !== '');
      return `
      ${activationSource(activation)}
      ${TAPS_INSIDE}
      void block() {
        int line = over_run(texel_of(0)), at = texel_of(0) - line * run;
        int x = over_out_channels(at), c = at - x * out_channels;
        int n = over_out_height(line);
        int top = (line - n * out_height) * stride_height - pad_top, left = x * stride_width - pad_left;
        int end = end_tap_x(left);
        ${rows
          .map(
            ([row]) => `
        bool inside${row} = uint(top + ${row}) < uint(in_height);
        x_start line${row} = x_row((n * in_height + top + ${row}) * in_width * in_channels);`,
          )
          .join('')}
        ${list(height, (ky) => `filter_start taps${ky} = filter_row(${ky} * filter_width * in_channels);`)}
        ${eachLayer((l) => `vec4 sum${l} = vec4(0.0);`)}
        for (int kx = first_tap_x(left); kx < end; kx++) {
          int from = (left + kx * dilation_width) * in_channels + c;
          int tap = ${turned ? '(filter_width - 1 - kx)' : 'kx'} * in_channels + c;
          vec4 v, ${list(height, (ky) => `w${ky} = filter_from(taps${ky}, tap)`, ', ')};
          ${rows.map(([row, text]) => `if (inside${row}) { v = x_from(line${row}, from); ${text} }`).join('\n')}
        }
        ${bias ? 'vec4 bias = bias_texel(c);' : ''}
        ${eachLayer((l) => `out_${l} = activated(sum${l}${bias ? ' + bias' : ''});`)}
      }`;
    },
  });
  return true;
}
