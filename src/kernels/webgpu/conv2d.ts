import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import { activationSource } from './activations';
import type { WebGPUBackend } from './backend';
import { LONGEST_BLOCK, blockOf, lanesOfBlocks } from './block';
import { dispatch, type Dispatch } from './dispatch';
import { matMul } from './mat-mul';
import { blockedSum, list } from './wgsl';
import { overWindow, unravelImage, windowNumbers } from './window';

/**
 * The channels of a group. A depthwise filter is one with a group for each input channel: [height, width, inChannels, multiplier] lies in memory as
 * [height, width, 1, outChannels].
 */
export function groupsOf(
  g: WindowGeometry,
  filterSize: number,
): { readonly group_in: number; readonly group_out: number } {
  const groupIn = filterSize / (g.filterHeight * g.filterWidth * g.outChannels);
  return { group_in: groupIn, group_out: (g.outChannels * groupIn) / g.inChannels };
}

/** Whether each output pixel is a linear function of the input pixel at its place. */
function isPointwise(g: WindowGeometry, filterSize: number): boolean {
  return (
    g.filterHeight === 1 &&
    g.filterWidth === 1 &&
    g.strideHeight === 1 &&
    g.strideWidth === 1 &&
    g.padTop === 0 &&
    g.padLeft === 0 &&
    g.inHeight === g.outHeight &&
    g.inWidth === g.outWidth &&
    filterSize === g.inChannels * g.outChannels
  );
}

/** An invocation computes so many pixels; they need not lie in one row. */
export const PIXELS = 8;

export const conv2d: Kernel<WebGPUBackend, 'conv2d'> = (backend, inputs, outputs, attributes) => {
  const [x, filter, bias] = inputs;
  const { geometry: g, activation, alpha } = attributes;
  if (isPointwise(g, filter!.size)) {
    const pixels = g.batch * g.inHeight * g.inWidth;
    const matrix = (tensor: TensorInfo, rows: number): TensorInfo =>
      reshaped(tensor, [1, rows, tensor.size / rows]);
    matMul(
      backend,
      [matrix(x!, pixels), matrix(filter!, g.inChannels), ...(bias ? [bias] : [])],
      [matrix(outputs[0]!, pixels)],
      { transposeA: false, transposeB: false, activation, alpha },
    );
    return;
  }
  const groups = groupsOf(g, filter!.size);
  const call: Pick<Dispatch, 'inputs' | 'outputs' | 'form' | 'ints' | 'floats'> = {
    inputs: { x: x!, filters: filter!, ...(bias && { bias }) },
    outputs: { y: outputs[0]! },
    form: 'cell',
    ints: { ...windowNumbers(g), ...groups },
    floats: { alpha },
  };
  const name = `conv2d ${activation} ${bias ? 'bias' : ''}`;
  const stored = `${activationSource(activation)}
    fn stored(v: f32, c: i32) -> f32 { return activated(v ${bias ? '+ bias[c]' : ''}, u.alpha); }`;
  if (groups.group_out % 4 === 0) {
    const vectors = groups.group_out % 8 === 0 ? 2 : 1;
    const pixels = g.batch * g.outHeight * g.outWidth;
    dispatch(backend, {
      ...call,
      program: `${name} block ${vectors}`,
      vectors: ['filters'],
      lanes: lanesOfBlocks(backend),
      count: Math.ceil(pixels / PIXELS) * (g.outChannels / (4 * vectors)),
      ints: { ...call.ints, pixels },
      source: () => `${stored} ${blockSource(vectors)}`,
    });
    return;
  }
  const sum = blockedSum('f32');
  dispatch(backend, {
    ...call,
    program: `${name} elements`,
    source: () => `
      ${sum.functions}
      ${stored}
      fn work(i: i32) {
        ${unravelImage('out')}
        let first = c / u.group_out * u.group_in;
        ${sum.declare}
        ${overWindow(`
          let begin = place * u.in_channels + first;
          let tap = (ky * u.filter_width + kx) * u.group_in * u.out_channels + c;
          for (var k = 0; k < u.group_in; k++) { ${sum.add('x[begin + k] * filters[tap + k * u.out_channels]')} }`)}
        y[i] = stored(${sum.value}, c);
      }`,
  });
};

/**
 * WGSL that computes a block of pixels and channels. The products of one tap are added up apart, so that those of padding are left out at the end: they
 * must add nothing, even under a filter of infinity.
 */
function blockSource(vectors: number): string {
  const block = blockOf(PIXELS, vectors);
  const pixels = (text: (p: number) => string): string => list(PIXELS, text);
  return `
    fn work(cell: i32) {
      let across = u.out_channels / ${block.columns};
      let first_pixel = cell / across * ${PIXELS};
      let c = cell % across * ${block.columns};
      let first = c / u.group_out * u.group_in;
      // Pixels beyond the end are computed as the last, and not stored.
      ${pixels(
        (p) => `let line${p} = min(first_pixel + ${p}, u.pixels - 1) / u.out_width;
      let left${p} = (min(first_pixel + ${p}, u.pixels - 1) - line${p} * u.out_width) * u.stride_width - u.pad_left;
      let image${p} = line${p} / u.out_height;
      let top${p} = (line${p} - image${p} * u.out_height) * u.stride_height - u.pad_top;`,
      )}
      ${block.sums}
      var tap = c / 4;
      for (var ky = 0; ky < u.filter_height; ky++) {
        for (var kx = 0; kx < u.filter_width; kx++) {
          ${pixels(
            (p) => `let in_y${p} = top${p} + ky * u.dilation_height;
          let in_x${p} = left${p} + kx * u.dilation_width;
          let inside${p} = (u32(in_y${p}) < u32(u.in_height)) & (u32(in_x${p}) < u32(u.in_width));
          var at${p} = select(0, ((image${p} * u.in_height + in_y${p}) * u.in_width + in_x${p}) * u.in_channels + first, inside${p});`,
          )}
          ${chains(
            'u.group_in',
            `${pixels((p) => `let x${p} = x[at${p}]; at${p} += 1;`)}
            ${list(vectors, (v) => `let z${v} = filters[tap + ${v}];`)}
            tap += u.out_channels / 4;`,
            PIXELS,
            vectors,
          )}
        }
      }
      ${block.store(
        (p, q, sum) =>
          `if (first_pixel + ${p} < u.pixels) { y[(first_pixel + ${p}) * u.out_channels + c + ${q}] = stored(${sum}, c + ${q}); }`,
      )}
    }`;
}

/** A loop over the channels of one tap, whose products are added to the sums of the pixels that lie inside. */
export function chains(channels: string, read: string, rows: number, vectors: number): string {
  const block = blockOf(rows, vectors);
  return `
    var k = 0;
    while (k < ${channels}) {
      let end = min(k + ${LONGEST_BLOCK}, ${channels});
      ${block.parts}
      for (; k < end; k++) {
        ${read}
        ${block.multiply}
      }
      ${block.each((r, v) => `sum${r}_${v} += select(vec4f(0.0), part${r}_${v}, inside${r});`)}
    }`;
}
