import type { Kernel, TensorInfo } from '../backend';
import type { WindowGeometry } from '../convolution';
import { sizeOf } from '../layout';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { blockLayout, LANES, texelsOf } from './layout';
import { reduceMapped } from './reduce';
import { withScratch } from './scratch';
import { windowUniforms } from './window';

/** Few filter taps each sum over all pixels of all images: rows of images are shared out over at most so many parts. */
const MOST_PARTS = 64;
/** Fragments that the parts together should give the device. */
const FRAGMENTS = 16384;

/** Partial sums over some of the output's rows first, then the sum of those. */
export const conv2dFilterGradient: Kernel<WebGLBackend, 'conv2dFilterGradient'> = (
  backend,
  [x, dy],
  [dfilter],
  { geometry },
) => {
  const size = dfilter!.storage.size;
  const lines = geometry.batch * geometry.outHeight;
  const parts = Math.max(1, Math.min(MOST_PARTS, lines, Math.ceil(FRAGMENTS / texelsOf(size))));
  if (parts === 1 || size === 0) {
    sumPixels(backend, x!, dy!, dfilter!, geometry, lines);
    return;
  }
  const linesPerPart = Math.ceil(lines / parts);
  withScratch(backend, [Math.ceil(lines / linesPerPart), ...dfilter!.shape], 'float32', (partial) => {
    sumPixels(backend, x!, dy!, partial, geometry, linesPerPart);
    reduceMapped(backend, partial, dfilter!, 'sum', { outer: 1, extent: partial.shape[0]!, inner: size });
  });
};

/**
 * [parts, filter] where a part sums over `linesPerPart` rows of output pixels. A row of the result is a tap and an input
 * channel; what is read of dy serves as many of them as there are layers.
 */
function sumPixels(
  backend: WebGLBackend,
  x: TensorInfo,
  dy: TensorInfo,
  result: TensorInfo,
  geometry: WindowGeometry,
  linesPerPart: number,
): void {
  const byTexel = geometry.outChannels % LANES === 0;
  const channels = byTexel ? geometry.outChannels / LANES : geometry.outChannels;
  const taps = sizeOf(result.shape.slice(-4, -1));
  const layout =
    byTexel && taps % 4 === 0
      ? blockLayout(texelsOf(result.storage.size), channels, 4, backend.maxTextureSize, 1)
      : null;
  const layers = layout?.layers ?? 1;
  const eachLayer = (text: (l: number) => string): string => list(layers, text);
  // Four neighbouring rows are four channels of one texel of x, and share their tap.
  const shared = layers === 4 && geometry.inChannels % LANES === 0;
  draw(backend, {
    program: `conv2dFilterGradient${byTexel ? ' texel' : ''}${shared ? ' shared' : ''}`,
    inputs: { x, dy },
    outputs: [result],
    form: byTexel ? 'block' : 'element',
    layout: layout ?? undefined,
    rows: byTexel ? { dy: geometry.outWidth * channels } : {},
    ints: {
      ...windowUniforms(geometry, 1),
      columns: channels,
      taps,
      lines: geometry.batch * geometry.outHeight,
      lines_per_part: linesPerPart,
    },
    source: () => {
      const tap = (l: number): string => `
        int tap${l} = over_in_channels(rest + ${l}), c${l} = rest + ${l} - tap${l} * in_channels;
        int ky${l} = over_filter_width(tap${l}), kx${l} = tap${l} - ky${l} * filter_width;`;
      const position = (l: number): string => `
        int y${l} = y * stride_height - pad_top + ky${l} * dilation_height;
        int line${l} = (n * in_height + y${l}) * in_width;
        bool inside${l} = y${l} >= 0 && y${l} < in_height;`;
      const add = (l: number, weight: string, value: string): string => `
            int x${l} = x * stride_width - pad_left + kx${l} * dilation_width;
            if (inside${l} && x${l} >= 0 && x${l} < in_width) {
              ${value} ${weight}
            }`;
      const at = (l: number): string => `(line${l} + x${l}) * in_channels + c${l}`;
      const sums = shared
        ? add(
            0,
            eachLayer((l) => `sum${l} += v[${l}] * g;`),
            `vec4 v = x_texel((${at(0)}) >> 2);`,
          )
        : eachLayer((l) => add(l, `sum${l} += x_at(${at(l)}) * g;`, ''));
      const distinct = (text: (l: number) => string): string => (shared ? text(0) : eachLayer(text));
      return `
      ${byTexel ? 'void block() {' : 'float result(int i) {'}
        int index = ${byTexel ? 'texel_of(0)' : 'i'};
        int row = over_columns(index), column = index - row * columns;
        int part = over_taps(row), rest = row - part * taps;
        ${distinct(tap)}
        ${eachLayer((l) => `unit sum${l} = unit(0.0);`)}
        int end = min((part + 1) * lines_per_part, lines);
        for (int line = part * lines_per_part; line < end; line++) {
          int n = over_out_height(line), y = line - n * out_height;
          ${distinct(position)}
          ${byTexel ? 'ivec3 dy_line = dy_row(line * out_width * columns);' : ''}
          for (int x = 0; x < out_width; x++) {
            unit g = ${byTexel ? 'dy_from(dy_line, x * columns + column)' : 'dy_at((line * out_width + x) * columns + column)'};
            ${sums}
          }
        }
        ${byTexel ? eachLayer((l) => `out_${l} = sum${l};`) : 'return sum0;'}
      }`;
    },
  });
}
