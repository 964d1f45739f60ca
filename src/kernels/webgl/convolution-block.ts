import type { TensorInfo } from '../backend';
import type { Activation } from '../activation';
import type { WindowGeometry } from '../convolution';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PRODUCT_SUM, loopInBlocks, sumsOf, type BlockedSum } from './blocked-sum';
import { draw } from './draw';
import { HAS_NAN, list } from './glsl';
import { blockLayout, LANES, texelsOf, type TextureLayout } from './texture-layout';

/** A convolution, or the gradient of one to its input. Both add up filter taps over a window of `x`; this says how they differ. */
export interface ConvolutionForm {
  /** The kernel's name, and all else on which `row` and `columns` depend. */
  readonly program: string;
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo | undefined;
  readonly y: TensorInfo;
  readonly activation: Activation;
  readonly alpha: number;
  /** The sizes of x (`from`) and y (`to`), in elements. */
  readonly from: readonly [height: number, width: number, channels: number];
  readonly to: readonly [height: number, width: number, channels: number];
  readonly filterHeight: number;
  readonly filterWidth: number;
  /** Whether neighbouring rows of y read neighbouring rows of x: stride and dilation of rows are 1. */
  readonly slides: boolean;
  /** Whether some row of the filter meets padding for some pixel of y. */
  readonly hasPaddedRows: boolean;
  /** The uniforms that `row` and `columns` use. */
  readonly ints: Readonly<Record<string, number>>;
  /** GLSL statements that return the row of x which filter row `ky` meets for row `to` of y; −1 for padding. */
  readonly row: string;
  /** GLSL for the loop over the columns of x, together with their channels, that column `to_x` of y reads. */
  readonly columns: {
    /** Statements before the loop. They declare its bounds `first` and `end`. */
    readonly before: string;
    /** The variable of the loop: a place in a row of the filter (`tap`) or of x (`at`). */
    readonly counter: 'tap' | 'at';
    /** Statements at the start of each round. They declare `at`, the place in the row of x, and what `filterAlongInput` needs. */
    readonly step: string;
  };
  /**
   * Whether products are summed along the filter's last axis, which then runs along x's channels instead of y's. If so, a step
   * must declare the filter's column `kx` and the channel `c`; otherwise the place `tap` in a row of the filter.
   */
  readonly filterAlongInput: boolean;
}

/** The most filter rows to process at once: more would need too many registers. */
const MOST_SLIDING_ROWS = 5;

type ConvolutionSizes = Pick<
  ConvolutionForm,
  'from' | 'to' | 'filterHeight' | 'slides' | 'filterAlongInput' | 'y'
>;

/** The sizes on which the layout of y depends, besides y itself. The input gradient is a convolution the other way: it swaps the sides. */
export function sizesOf(g: WindowGeometry, isInputGradient: boolean): Omit<ConvolutionSizes, 'y'> {
  const image = [g.inHeight, g.inWidth, g.inChannels] as const;
  const result = [g.outHeight, g.outWidth, g.outChannels] as const;
  return {
    from: isInputGradient ? result : image,
    to: isInputGradient ? image : result,
    filterHeight: g.filterHeight,
    slides: g.strideHeight === 1 && g.dilationHeight === 1,
    filterAlongInput: isInputGradient,
  };
}

/** The layout of y for {@link convolve} to compute several pixels in a fragment; null if it computes one. */
function layoutOfConvolution(backend: WebGLBackend, sizes: ConvolutionSizes): TextureLayout | null {
  const [toHeight, toWidth, toChannels] = sizes.to;
  if (!fillsTexels(sizes)) return null;
  const texels = texelsOf(sizes.y.size);
  const toRun = (toWidth * toChannels) / LANES;
  const slides = sizes.slides && sizes.filterHeight <= MOST_SLIDING_ROWS;
  return (
    (slides ? blockLayout(backend, texels, toRun, true, (layers) => toHeight % layers === 0) : null) ??
    blockLayout(backend, texels, toRun, true)
  );
}

/** Whether four channels of y are computed at once. */
function fillsTexels({ from, to, filterAlongInput }: Omit<ConvolutionSizes, 'y'>): boolean {
  return to[2] % LANES === 0 && (!filterAlongInput || from[2] % LANES === 0);
}

/**
 * Each fragment computes four channels of several pixels, one for each layer. The pixels lie below each other, so that the filter
 * taps, which are most of the reads, and the arithmetic of columns serve all of them. If the channels of x are whole texels, four of
 * them are taken at a time.
 */
export function convolve(backend: WebGLBackend, form: ConvolutionForm): void {
  const { x, filter, bias, y, activation, filterAlongInput, columns } = form;
  const [fromHeight, fromWidth, fromChannels] = form.from;
  const [toHeight, toWidth, toChannels] = form.to;
  const byTexel = fillsTexels(form);
  const byFour = byTexel && fromChannels % LANES === 0;
  const fromUnits = byFour ? fromChannels / LANES : fromChannels;
  const toUnits = byTexel ? toChannels / LANES : toChannels;
  const toRun = toWidth * toUnits;
  // By elements, the form 'element' fills all layers itself.
  const texture = backend.allocateTexture(y, layoutOfConvolution(backend, form));
  const layers = byTexel && texture ? texture.layout.layers : 1;
  const sliding =
    form.slides && form.filterHeight <= MOST_SLIDING_ROWS && layers > 1 && toHeight % layers === 0;
  // Whether each row of the filter lies within a row of its texture, as usual. The channels of a tap always do.
  const rowOfFilter = (form.filterWidth * fromChannels * toChannels) / LANES;
  const byLine = byTexel && backend.textureOf(filter).layout.width % rowOfFilter === 0;
  const unit: Unit = { byTexel, byFour, byLine };
  const sums = sumsOf(layers);
  // A fragment of one pixel leaves out the rows that fall on none.
  const mayMeetPadding = form.hasPaddedRows && layers > 1;
  const steps = form.filterHeight * form.filterWidth * fromUnits;
  const sumInBlocks = (names: readonly string[]): BlockedSum =>
    blockedSum(names, byTexel ? 'vec4' : 'float', steps, LONGEST_PRODUCT_SUM, form.filterHeight);
  const inBlocks = sumInBlocks(sums);
  const again = sumInBlocks(['sum0']);
  const source = (): string => {
    const eachPixel = (text: (l: number) => string): string => list(layers, text);
    const index = byTexel ? 'texel_of(0)' : 'i';
    return `
      ${activationSource(activation)}
      ${inBlocks.functions}
      int row_of(int to, int ky) { ${form.row} }
      ${mayMeetPadding ? summedAgain(form, unit, again) : ''}
      ${byTexel ? 'void block() {' : 'float result(int i) {'}
        int to_line0 = over_to_run(${index}), to_at = ${index} - to_line0 * to_run;
        int to_x = over_to_channels(to_at), channel = to_at - to_x * to_channels;
        ${columns.before}
        ${eachPixel(
          (l) => `
        ${l > 0 ? `int to_line${l} = to_line0 + ${l};` : ''}
        int n${l} = over_to_height(to_line${l}), to_y${l} = to_line${l} - n${l} * to_height;
        unit sum${l} = unit(0.0);`,
        )}
        ${inBlocks.declare}
        ${sliding ? slidingRows(form, unit, layers, inBlocks) : separateRows(form, unit, layers, inBlocks)}
        ${inBlocks.finish}
        ${mayMeetPadding ? sumAgain(sums) : ''}
        ${
          byTexel
            ? `${bias ? 'vec4 bias = bias_texel(channel);' : ''}
        ${eachPixel((l) => `out_${l} = activated(sum${l}${bias ? ' + bias' : ''});`)}`
            : `return activated(sum0${bias ? ' + bias_at(channel)' : ''});`
        }
      }`;
  };
  draw(backend, {
    program: `${form.program} ${byFour ? 4 : byTexel ? 1 : 'elements'}${byLine ? ' lines' : ''}${sliding ? ` sliding ${form.filterHeight}` : ''}${mayMeetPadding ? ' padded' : ''} ${bias ? 'bias ' : ''}${activation}${inBlocks.key}`,
    inputs: { x, weights: filter, ...(bias && { bias }) },
    outputs: [y],
    form: byTexel ? 'block' : 'element',
    rows: {
      x: (fromWidth * fromChannels) / LANES,
      ...(byTexel && { weights: byLine ? rowOfFilter : filterAlongInput ? fromUnits : toUnits }),
    },
    ints: {
      ...form.ints,
      filter_height: form.filterHeight,
      filter_width: form.filterWidth,
      from_height: fromHeight,
      from_width: fromWidth,
      from_channels: fromUnits,
      from_run: fromWidth * fromUnits,
      to_height: toHeight,
      to_channels: toUnits,
      to_run: toRun,
    },
    floats: { alpha: form.alpha },
    source,
  });
}

/** Whether the kernel works on whole texels of y's channels, on whole texels of x's channels, and reads filter rows as texture rows. */
interface Unit {
  readonly byTexel: boolean;
  readonly byFour: boolean;
  readonly byLine: boolean;
}

/** Processes one filter row after the other, with the row of x that it meets for each pixel. */
function separateRows(form: ConvolutionForm, unit: Unit, layers: number, inBlocks: BlockedSum): string {
  const { columns } = form;
  const step = `
            ${columns.step}
            ${weights(form, unit, 'ky', '')}
            ${list(layers, (l) => `${readInput(unit, l)} sum${l} += ${product(form, unit, l, '')};`)}`;
  return `
        for (int ky = 0; ky < filter_height; ky++) {
          ${unit.byLine ? 'weights_start filter_line = weights_row(ky * length_of_weights);' : ''}
          ${list(layers, (l) => `int y${l} = row_of(to_y${l}, ky); ${lineOfInput(unit, l, `n${l}`)}`)}
          ${layers === 1 ? 'if (!inside0) continue;' : ''}
          ${loopInBlocks(inBlocks, columns.counter, { first: 'first', end: 'end' }, step)}
        }`;
}

/**
 * Processes all filter rows at once, over all rows of x that the pixels need. Pixels below each other share most rows, so that
 * layers + filterHeight − 1 rows are read instead of layers · filterHeight.
 */
function slidingRows(form: ConvolutionForm, unit: Unit, layers: number, inBlocks: BlockedSum): string {
  const { columns } = form;
  const height = form.filterHeight;
  const rows = layers + height - 1;
  // In the gradient the filter is turned around: its last row meets the first of these rows.
  const first = form.filterAlongInput ? `to_y0 + pad_top - ${height - 1}` : 'to_y0 - pad_top';
  const tapsOf = (row: number): string =>
    list(layers, (l) => {
      const ky = form.filterAlongInput ? l + height - 1 - row : row - l;
      return ky < 0 || ky >= height ? '' : `sum${l} += ${product(form, unit, row, `_${ky}`)};`;
    });
  const step = `
          ${columns.step}
          ${list(height, (ky) => weights(form, unit, String(ky), `_${ky}`))}
          ${list(rows, (r) => `${readInput(unit, r)} ${tapsOf(r)}`)}`;
  return `
        int first_y = ${first};
        ${unit.byLine ? list(height, (ky) => `weights_start filter_line_${ky} = weights_row(${ky} * length_of_weights);`) : ''}
        ${list(rows, (r) => `int y${r} = first_y + ${r}; y${r} = uint(y${r}) < uint(from_height) ? y${r} : -1; ${lineOfInput(unit, r, 'n0')}`)}
        ${loopInBlocks(inBlocks, columns.counter, { first: 'first', end: 'end', terms: height }, step)}`;
}

/**
 * Padding must add nothing, but the loops above read it as 0, and 0 · ∞ is NaN. So a sum that is NaN is computed again without the
 * rows in the padding.
 */
function summedAgain(form: ConvolutionForm, unit: Unit, inBlocks: BlockedSum): string {
  return `${HAS_NAN}
      unit summed_again(int n0, int to_y0, int to_x, int channel) {
        ${form.columns.before}
        unit sum0 = unit(0.0);
        ${inBlocks.declare}
        ${separateRows(form, unit, 1, inBlocks)}
        ${inBlocks.finish}
        return sum0;
      }`;
}

/** Replaces sums that are NaN. Drivers copy a function into each call, so that a loop contains the only one. */
function sumAgain(sums: readonly string[]): string {
  return `
        if (has_nan(${sums.join(' + ')})) {
          for (int l = 0; l < ${sums.length}; l++) {
            int line = to_line0 + l, n = over_to_height(line);
            unit again = summed_again(n, line - n * to_height, to_x, channel);
            ${list(sums.length, (l) => `if (l == ${l} && has_nan(sum${l})) sum${l} = again;`)}
          }
        }`;
}

/** Declares the position of row y of image n of x, and whether it is inside. */
function lineOfInput({ byFour }: Unit, index: number, n: string): string {
  return `
          bool inside${index} = y${index} >= 0;
          x_start line${index} = ${byFour ? 'x_row' : 'x_line'}((${n} * from_height + y${index}) * from_run);`;
}

/** Reads the value, or four values, at `at` in that row; 0 in the padding. */
function readInput({ byFour }: Unit, index: number): string {
  return byFour
    ? `vec4 v${index} = inside${index} ? x_from(line${index}, at) : vec4(0.0);`
    : `float v${index} = inside${index} ? x_element(line${index}, at) : 0.0;`;
}

/** Reads the taps of a step in filter row `ky`: w, or four of them w0 to w3. */
function weights({ filterAlongInput }: ConvolutionForm, unit: Unit, ky: string, suffix: string): string {
  const { byTexel, byFour, byLine } = unit;
  // The row and column of a tap's channels, counted from the filter's first tap or, by lines, from the first tap of its row.
  const first = (length: string): string => (byLine ? '' : `${ky} * filter_width${length} + `);
  const row = filterAlongInput
    ? `(${first('')}kx) * to_channels + channel`
    : `${first(' * from_channels')}tap`;
  const column = filterAlongInput ? 'c' : 'channel';
  const length = filterAlongInput ? 'from_channels' : 'to_channels';
  const cell = (at: string): string =>
    byLine
      ? `weights_from(filter_line${suffix}, (${at}) * ${length} + ${column})`
      : `weights_cell(${at}, ${column})`;
  if (byFour) return list(LANES, (k) => `vec4 w${k}${suffix} = ${cell(`(${row}) * 4 + ${k}`)};`);
  if (byTexel) return `vec4 w${suffix} = ${cell(row)};`;
  return `float w${suffix} = weights_at((${row}) * ${length} + ${column});`;
}

function product(
  { filterAlongInput }: ConvolutionForm,
  { byFour }: Unit,
  index: number,
  suffix: string,
): string {
  const v = `v${index}`;
  const w = (k: number): string => `w${k}${suffix}`;
  if (!byFour) return `${v} * w${suffix}`;
  return filterAlongInput
    ? `vec4(${list(LANES, (k) => `dot(${v}, ${w(k)})`, ', ')})`
    : list(LANES, (k) => `${v}.${'xyzw'[k]!} * ${w(k)}`, ' + ');
}
