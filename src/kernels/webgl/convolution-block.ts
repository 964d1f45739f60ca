import type { TensorInfo } from '../backend';
import type { Activation } from '../elementwise';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { blockLayout, LANES, texelsOf, type TextureLayout } from './layout';

/** As many fragments as a device wants at least before each computes several pixels. */
const LEAST_FRAGMENTS = 1024;

/** What the convolution and its gradient to the input differ in. Both sum filter taps over a window of `x`. */
export interface ConvolutionForm {
  readonly kernel: string;
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo | undefined;
  readonly y: TensorInfo;
  readonly activation: Activation;
  readonly alpha: number;
  /** Extents of x and y, filter and steps, under the names that `row` and `column` use. */
  readonly ints: Readonly<Record<string, number>>;
  /** Height, width and channels of x and y, in elements. */
  readonly from: readonly [height: number, width: number, channels: number];
  readonly to: readonly [height: number, width: number, channels: number];
  /** GLSL: sets int `at` to the row of x that tap `k` of row `to` falls on; −1 where it falls on none. */
  readonly row: string;
  readonly column: string;
  /** The filter's last axis runs along x's channels, not along y's: products are summed over it. */
  readonly filterAlongInput: boolean;
}

/**
 * Four channels of as many pixels a fragment as there are layers. The filter's taps, which are most of what is read, then serve
 * several pixels. Where x has whole texels of channels, four of them are taken at a time.
 */
export function convolve(backend: WebGLBackend, form: ConvolutionForm): void {
  const { x, filter, bias, y, activation } = form;
  const [fromHeight, fromWidth, fromChannels] = form.from;
  const [toHeight, toWidth, toChannels] = form.to;
  const byTexel = toChannels % LANES === 0 && (!form.filterAlongInput || fromChannels % LANES === 0);
  const byFour = byTexel && fromChannels % LANES === 0;
  const layout = byTexel ? outputLayout(backend, y, toChannels / LANES) : null;
  const layers = layout?.layers ?? 1;
  const fromUnits = byFour ? fromChannels / LANES : fromChannels;
  const toUnits = byTexel ? toChannels / LANES : toChannels;
  const source = (): string => {
    const eachLayer = (text: (l: number) => string): string => list(byTexel ? layers : 1, text);
    const start = (l: number): string => {
      const index = byTexel ? `texel_of(${l})` : 'i';
      return `
        int pixel${l} = over_to_channels(${index});
        int line${l} = over_to_width(pixel${l}), to_x${l} = pixel${l} - line${l} * to_width;
        int n${l} = over_to_height(line${l}), to_y${l} = line${l} - n${l} * to_height;
        unit sum${l} = unit(0.0);`;
    };
    return `
      ${activationSource(activation)}
      int row_of(int to, int k) { int at; ${form.row} return at; }
      int column_of(int to, int k) { int at; ${form.column} return at; }
      ${byTexel ? 'void block() {' : 'float result(int i) {'}
        ${eachLayer(start)}
        int channel = ${byTexel ? 'texel_of(0)' : 'i'} - pixel0 * to_channels;
        for (int ky = 0; ky < filter_height; ky++) {
          ${eachLayer(
            (l) => `int y${l} = row_of(to_y${l}, ky);
            ${byFour ? `ivec3 row${l} = x_row((n${l} * from_height + max(y${l}, 0)) * from_width * from_channels);` : ''}`,
          )}
          for (int kx = 0; kx < filter_width; kx++) {
            int tap = ky * filter_width + kx;
            ${eachLayer(
              (l) => `int x${l} = column_of(to_x${l}, kx);
              bool inside${l} = y${l} >= 0 && x${l} >= 0;
              int at${l} = ${byFour ? `x${l} * from_channels` : `((n${l} * from_height + y${l}) * from_width + x${l}) * from_channels`};`,
            )}
            for (int c = 0; c < from_channels; c++) {
              ${byFour ? texelTaps(form, eachLayer) : byTexel ? valueTaps(eachLayer) : elementTaps(form)}
            }
          }
        }
        ${
          byTexel
            ? `${bias ? 'vec4 bias = bias_texel(channel);' : ''}
        ${eachLayer((l) => `out_${l} = activated(sum${l}${bias ? ' + bias' : ''});`)}`
            : `return activated(sum0${bias ? ' + bias_at(channel)' : ''});`
        }
      }`;
  };
  draw(backend, {
    program: `${form.kernel} ${byFour ? 4 : byTexel ? 1 : 'elements'} ${bias ? 'bias ' : ''}${activation}`,
    inputs: { x, weights: filter, ...(bias && { bias }) },
    outputs: [y],
    form: byTexel ? 'block' : 'element',
    layout: layout ?? undefined,
    rows: {
      ...(byFour && { x: fromWidth * fromUnits }),
      ...(byTexel && { weights: form.filterAlongInput ? fromUnits : toUnits }),
    },
    ints: {
      ...form.ints,
      from_height: fromHeight,
      from_width: fromWidth,
      from_channels: fromUnits,
      to_height: toHeight,
      to_width: toWidth,
      to_channels: toUnits,
    },
    floats: { alpha: form.alpha },
    source,
  });
}

/** Several rows of texels at a time, where enough fragments remain and each sees the same channels in all of them. */
function outputLayout(backend: WebGLBackend, y: TensorInfo, channels: number): TextureLayout | null {
  const texels = texelsOf(y.storage.size);
  const layers = 4;
  return texels < layers * LEAST_FRAGMENTS
    ? null
    : blockLayout(texels, channels, layers, backend.maxTextureSize);
}

function texelTaps(form: ConvolutionForm, eachLayer: (text: (l: number) => string) => string): string {
  const taps = form.filterAlongInput
    ? list(LANES, (j) => `vec4 w${j} = weights_cell((tap * to_channels + channel) * 4 + ${j}, c);`)
    : list(LANES, (j) => `vec4 w${j} = weights_cell((tap * from_channels + c) * 4 + ${j}, channel);`);
  const product = form.filterAlongInput
    ? 'vec4(dot(v, w0), dot(v, w1), dot(v, w2), dot(v, w3))'
    : 'v.x * w0 + v.y * w1 + v.z * w2 + v.w * w3';
  return `${taps} vec4 v;
    ${eachLayer((l) => `if (inside${l}) { v = x_from(row${l}, at${l} + c); sum${l} += ${product}; }`)}`;
}

function valueTaps(eachLayer: (text: (l: number) => string) => string): string {
  return `vec4 w = weights_cell(tap * from_channels + c, channel);
    ${eachLayer((l) => `if (inside${l}) sum${l} += x_at(at${l} + c) * w;`)}`;
}

function elementTaps({ filterAlongInput }: ConvolutionForm): string {
  const tap = filterAlongInput
    ? '(tap * to_channels + channel) * from_channels + c'
    : '(tap * from_channels + c) * to_channels + channel';
  return `if (inside0) sum0 += x_at(at0 + c) * weights_at(${tap});`;
}
