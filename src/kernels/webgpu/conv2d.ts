import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import { activationSource } from './activations';
import type { WebGPUBackend } from './backend';
import { dispatch } from './dispatch';
import { fold, SUM } from './fold';
import { matMul } from './mat-mul';
import { ADDITION, LONGEST_CHAIN, blockedSum, list } from './wgsl';
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

/** So many neighbouring channels of a pixel are computed by one invocation, from the same elements of x. */
const CHANNELS = 4;

export const conv2d: Kernel<WebGPUBackend, 'conv2d'> = (backend, inputs, outputs, attributes) => {
  const [x, filter, bias] = inputs;
  const { geometry: g, activation, alpha } = attributes;
  if (isPointwise(g, filter!.size)) {
    const pixels = g.batch * g.inHeight * g.inWidth;
    const matrix = (tensor: TensorInfo, rows: number): TensorInfo => ({
      shape: [1, rows, tensor.size / rows],
      dtype: tensor.dtype,
      size: tensor.size,
      handle: tensor.handle,
    });
    matMul(
      backend,
      [matrix(x!, pixels), matrix(filter!, g.inChannels), ...(bias ? [bias] : [])],
      [matrix(outputs[0]!, pixels)],
      { transposeA: false, transposeB: false, activation, alpha },
    );
    return;
  }
  const groups = groupsOf(g, filter!.size);
  const width = groups.group_out % CHANNELS === 0 ? CHANNELS : 1;
  dispatch(backend, {
    program: `conv2d ${activation} ${bias ? 'bias' : ''} ${width}`,
    inputs: { x: x!, filters: filter!, ...(bias && { bias }) },
    outputs: { y: outputs[0]! },
    form: 'cell',
    count: outputs[0]!.size / width,
    ints: { ...windowNumbers(g), ...groups },
    floats: { alpha },
    source: () => `
      ${ADDITION}
      ${activationSource(activation)}
      fn work(cell: i32) {
        let i = cell * ${width};
        ${unravelImage('out')}
        let first = c / u.group_out * u.group_in;
        ${list(width, (k) => `var part${k} = 0.0; var sum${k} = vec2f(0.0);`)}
        var terms = 0;
        ${overWindow(`
          let begin = place * u.in_channels + first;
          var tap = (ky * u.filter_width + kx) * u.group_in * u.out_channels + c;
          for (var k = 0; k < u.group_in; k++) {
            let v = x[begin + k];
            ${list(width, (k) => `part${k} += v * filters[tap + ${k}];`)}
            tap += u.out_channels;
            terms += 1;
            if (terms == ${LONGEST_CHAIN}) {
              ${list(width, (k) => `sum${k} = added(sum${k}, part${k}); part${k} = 0.0;`)}
              terms = 0;
            }
          }`)}
        ${list(width, (k) => `y[i + ${k}] = activated(total(added(sum${k}, part${k})) ${bias ? `+ bias[c + ${k}]` : ''}, u.alpha);`)}
      }`,
  });
};

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
