import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import { activationSource } from './activations';
import type { WebGPUBackend } from './backend';
import { dispatch, type Dispatch } from './dispatch';
import { fold, SUM } from './fold';
import { matMul } from './mat-mul';
import { LONGEST_CHAIN, blockedSum, list } from './wgsl';
import { overWindow, overWindowsAround, unravelImage, windowNumbers } from './window';

/**
 * The channels of a group. A depthwise filter is one with a group for each input channel: [height, width, inChannels, multiplier] lies in memory as
 * [height, width, 1, outChannels].
 */
function groupsOf(
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

/** An invocation computes so many channels of so many pixels of a row: each element of x and each vector of the filter is read once for all. */
const CHANNELS = 4;
const PIXELS = 4;

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
  if (groups.group_out % CHANNELS === 0) {
    const across = Math.ceil(g.outWidth / PIXELS);
    dispatch(backend, {
      ...call,
      program: `${name} vectors`,
      vectors: ['filters'],
      count: g.batch * g.outHeight * across * (g.outChannels / CHANNELS),
      ints: { ...call.ints, across },
      source: () => `${activationSource(activation)} ${vectorSource(Boolean(bias))}`,
    });
    return;
  }
  const sum = blockedSum('f32');
  dispatch(backend, {
    ...call,
    program: `${name} elements`,
    source: () => `
      ${sum.functions}
      ${activationSource(activation)}
      fn work(i: i32) {
        ${unravelImage('out')}
        let first = c / u.group_out * u.group_in;
        ${sum.declare}
        ${overWindow(`
          let begin = place * u.in_channels + first;
          let tap = (ky * u.filter_width + kx) * u.group_in * u.out_channels + c;
          for (var k = 0; k < u.group_in; k++) { ${sum.add('x[begin + k] * filters[tap + k * u.out_channels]')} }`)}
        y[i] = activated(${sum.value} ${bias ? '+ bias[c]' : ''}, u.alpha);
      }`,
  });
};

/** WGSL that computes four channels of the pixels `out_x` to `out_x` + 3 of a row. */
function vectorSource(hasBias: boolean): string {
  const pixels = (text: (p: number) => string): string => list(PIXELS, text);
  return `
    struct Sums { high: vec4f, low: vec4f }
    fn kept(v: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(v) ^ vec4u(u32(u.count < 0))); }
    /** Keeps the error of an addition, as the sums of single numbers do. */
    fn added(sums: Sums, part: vec4f) -> Sums {
      let next = kept(sums.high + part);
      let back = kept(next - sums.high);
      return Sums(next, sums.low + (sums.high - kept(next - back)) + (part - back));
    }
    fn total(sums: Sums, q: i32) -> f32 {
      let low = sums.low[q];
      return select(sums.high[q] + low, sums.high[q], is_nan(low) || is_inf(low));
    }
    fn work(cell: i32) {
      let vectors = u.out_channels / ${CHANNELS};
      let c = cell % vectors * ${CHANNELS};
      var rest = cell / vectors;
      let out_x = rest % u.across * ${PIXELS};
      rest = rest / u.across;
      let out_y = rest % u.out_height;
      let n = rest / u.out_height;
      let first = c / u.group_out * u.group_in;
      ${pixels((p) => `var part${p} = vec4f(0.0); var sums${p} = Sums(vec4f(0.0), vec4f(0.0));`)}
      var terms = 0;
      for (var ky = 0; ky < u.filter_height; ky++) {
        let in_y = out_y * u.stride_height - u.pad_top + ky * u.dilation_height;
        if (in_y < 0 || in_y >= u.in_height) { continue; }
        for (var kx = 0; kx < u.filter_width; kx++) {
          ${pixels(
            (p) => `let in_x${p} = (out_x + ${p}) * u.stride_width - u.pad_left + kx * u.dilation_width;
          let inside${p} = in_x${p} >= 0 && in_x${p} < u.in_width;
          var at${p} = ((n * u.in_height + in_y) * u.in_width + in_x${p}) * u.in_channels + first;`,
          )}
          var tap = ((ky * u.filter_width + kx) * u.group_in * u.out_channels + c) / ${CHANNELS};
          for (var k = 0; k < u.group_in; k++) {
            let taps = filters[tap];
            tap += vectors;
            // Padding adds nothing, even under a filter of infinity.
            ${pixels((p) => `if (inside${p}) { part${p} += x[at${p}] * taps; } at${p} += 1;`)}
            terms += 1;
            if (terms == ${LONGEST_CHAIN}) {
              ${pixels((p) => `sums${p} = added(sums${p}, part${p}); part${p} = vec4f(0.0);`)}
              terms = 0;
            }
          }
        }
      }
      ${pixels(
        (p) => `if (out_x + ${p} < u.out_width) {
        let to = ((n * u.out_height + out_y) * u.out_width + out_x + ${p}) * u.out_channels + c;
        sums${p} = added(sums${p}, part${p});
        ${list(CHANNELS, (q) => `y[to + ${q}] = activated(total(sums${p}, ${q}) ${hasBias ? `+ bias[c + ${q}]` : ''}, u.alpha);`)}
      }`,
      )}
    }`;
}

export const conv2dInputGradient: Kernel<WebGPUBackend, 'conv2dInputGradient'> = (
  backend,
  [dy, filter],
  [dx],
  { geometry },
) => {
  const sum = blockedSum('f32');
  dispatch(backend, {
    program: 'conv2dInputGradient',
    inputs: { dy: dy!, filters: filter! },
    outputs: { dx: dx! },
    form: 'element',
    ints: { ...windowNumbers(geometry), ...groupsOf(geometry, filter!.size) },
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

/** Each element of the filter is a sum over all windows. */
export const conv2dFilterGradient: Kernel<WebGPUBackend, 'conv2dFilterGradient'> = (
  backend,
  [x, dy],
  [dfilter],
  { geometry: g },
) => {
  fold(backend, {
    ...SUM,
    program: 'conv2dFilterGradient',
    inputs: { x: x!, dy: dy! },
    output: dfilter!,
    view: { outer: 1, extent: g.batch * g.outHeight * g.outWidth, inner: dfilter!.size },
    ints: { ...windowNumbers(g), ...groupsOf(g, dfilter!.size) },
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
