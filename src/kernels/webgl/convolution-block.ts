import type { TensorInfo } from '../backend';
import type { Activation } from '../elementwise';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { blockLayout, LANES, texelsOf } from './layout';

/** What the convolution and its gradient to the input differ in. Both sum filter taps over a window of `x`. */
export interface ConvolutionForm {
  readonly kernel: string;
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo | undefined;
  readonly y: TensorInfo;
  readonly activation: Activation;
  readonly alpha: number;
  /** Height, width and channels of x and y, in elements. */
  readonly from: readonly [height: number, width: number, channels: number];
  readonly to: readonly [height: number, width: number, channels: number];
  readonly filterHeight: number;
  readonly filterWidth: number;
  /** The numbers that `row` and `column` name. */
  readonly ints: Readonly<Record<string, number>>;
  /** GLSL expressions: the row and column of x on which tap `k` of place `to` falls, or −1 where it falls on none. */
  readonly row: string;
  readonly column: string;
  /** The taps of a filter row fall on neighbouring columns of x, in their order. */
  readonly contiguous: boolean;
  /** The filter's last axis runs along x's channels, not along y's: products are summed over it. */
  readonly filterAlongInput: boolean;
}

/**
 * Four channels of as many pixels a fragment as there are layers. The filter's taps, which are most of what is read, then serve
 * several pixels. Where x has whole texels of channels, four of them are taken at a time. A row of the filter is one loop over
 * columns and channels together, and what lies in the padding is read and not used: both because inner loops of few steps and
 * branches cost more than what they save.
 */
export function convolve(backend: WebGLBackend, form: ConvolutionForm): void {
  const { x, filter, bias, y, activation, contiguous, filterAlongInput } = form;
  const [fromHeight, fromWidth, fromChannels] = form.from;
  const [toHeight, toWidth, toChannels] = form.to;
  const byTexel = toChannels % LANES === 0 && (!filterAlongInput || fromChannels % LANES === 0);
  const byFour = byTexel && fromChannels % LANES === 0;
  const layout = byTexel ? blockLayout(backend, texelsOf(y.storage.size), toChannels / LANES) : null;
  const fromUnits = byFour ? fromChannels / LANES : fromChannels;
  const toUnits = byTexel ? toChannels / LANES : toChannels;
  // A row of the filter usually is a row of its texture, or a part of one; the taps of each channel are at least that.
  const channels = filterAlongInput ? fromUnits : toUnits;
  const rowOfFilter = (form.filterWidth * fromChannels * toChannels) / LANES;
  const byLine = byTexel && backend.layoutOf(filter).width % rowOfFilter === 0;
  const source = (): string => {
    const eachPixel = (text: (l: number) => string): string => list(layout?.layers ?? 1, text);
    const index = (l: number): string => (byTexel ? `texel_of(${l})` : 'i');
    const read = (l: number): string => (byFour ? `x_from(line${l}, at${l})` : `x_element(line${l}, at${l})`);
    return `
      ${activationSource(activation)}
      int row_of(int to, int k) { ${form.row} }
      int column_of(int to, int k) { ${form.column} }
      ${byTexel ? 'void block() {' : 'float result(int i) {'}
        ${eachPixel(
          (l) => `
        int pixel${l} = over_to_channels(${index(l)});
        int to_line${l} = over_to_width(pixel${l}), to_x${l} = pixel${l} - to_line${l} * to_width;
        int n${l} = over_to_height(to_line${l}), to_y${l} = to_line${l} - n${l} * to_height;
        int start${l} = (to_x${l} * stride_width - pad_left) * from_channels;
        unit sum${l} = unit(0.0);`,
        )}
        int channel = ${index(0)} - pixel0 * to_channels;
        for (int ky = 0; ky < filter_height; ky++) {
          ${eachPixel(
            (l) => `
          int y${l} = row_of(to_y${l}, ky);
          ivec3 line${l} = ${byFour ? 'x_row' : 'x_line'}((n${l} * from_height + y${l}) * from_run);`,
          )}
          ${byLine ? 'ivec3 filter_line = weights_row(ky * weights_length);' : ''}
          for (int j = 0; j < filter_run; j++) {
            ${contiguous ? '' : 'int kx = over_from_channels(j), c = j - kx * from_channels;'}
            ${eachPixel((l) =>
              contiguous
                ? `int at${l} = start${l} + j; bool inside${l} = y${l} >= 0 && uint(at${l}) < uint(from_run);`
                : `int x${l} = column_of(to_x${l}, kx), at${l} = x${l} * from_channels + c;
                   bool inside${l} = (y${l} | x${l}) >= 0;`,
            )}
            ${weights(form, byTexel, byFour, byLine)}
            ${byFour ? 'vec4' : 'float'} v;
            ${eachPixel((l) => `v = inside${l} ? ${read(l)} : ${byFour ? 'vec4(0.0)' : '0.0'}; sum${l} += ${product(form, byFour)};`)}
          }
        }
        ${
          byTexel
            ? `${bias ? 'vec4 bias = bias_texel(channel);' : ''}
        ${eachPixel((l) => `out_${l} = activated(sum${l}${bias ? ' + bias' : ''});`)}`
            : `return activated(sum0${bias ? ' + bias_at(channel)' : ''});`
        }
      }`;
  };
  draw(backend, {
    program: `${form.kernel} ${byFour ? 4 : byTexel ? 1 : 'elements'}${contiguous ? ' contiguous' : ''}${byLine ? ' lines' : ''} ${bias ? 'bias ' : ''}${activation}`,
    inputs: { x, weights: filter, ...(bias && { bias }) },
    outputs: [y],
    form: byTexel ? 'block' : 'element',
    layout: layout ?? undefined,
    rows: {
      x: (fromWidth * fromChannels) / LANES,
      ...(byTexel && { weights: byLine ? rowOfFilter : channels }),
    },
    ints: {
      ...form.ints,
      filter_height: form.filterHeight,
      filter_width: form.filterWidth,
      filter_run: form.filterWidth * fromUnits,
      from_height: fromHeight,
      from_width: fromWidth,
      from_channels: fromUnits,
      from_run: fromWidth * fromUnits,
      to_height: toHeight,
      to_width: toWidth,
      to_channels: toUnits,
    },
    floats: { alpha: form.alpha },
    source,
  });
}

/** Reads the taps at step j of filter row ky: w, or four of them w0 to w3. */
function weights(
  { filterAlongInput }: ConvolutionForm,
  byTexel: boolean,
  byFour: boolean,
  byLine: boolean,
): string {
  // Row and column of a tap's channels, counted from the first tap, or from the first of this row of the filter.
  const first = byLine ? '' : filterAlongInput ? 'ky * filter_width + ' : 'ky * filter_run + ';
  const row = filterAlongInput ? `(${first}kx) * to_channels + channel` : `${first}j`;
  const column = filterAlongInput ? 'c' : 'channel';
  const length = filterAlongInput ? 'from_channels' : 'to_channels';
  const cell = (at: string): string =>
    byLine ? `weights_from(filter_line, (${at}) * ${length} + ${column})` : `weights_cell(${at}, ${column})`;
  if (byFour) return list(LANES, (k) => `vec4 w${k} = ${cell(`(${row}) * 4 + ${k}`)};`);
  if (byTexel) return `vec4 w = ${cell(row)};`;
  return `float w = weights_at((${row}) * ${length} + ${column});`;
}

function product({ filterAlongInput }: ConvolutionForm, byFour: boolean): string {
  if (!byFour) return 'v * w';
  return filterAlongInput
    ? 'vec4(dot(v, w0), dot(v, w1), dot(v, w2), dot(v, w3))'
    : 'v.x * w0 + v.y * w1 + v.z * w2 + v.w * w3';
}
