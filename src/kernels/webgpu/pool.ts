import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import { reductions } from '../reductions';
import type { WebGPUBackend } from './backend';
import { dispatch } from './dispatch';
import { combineOf } from './reduce';
import { withScratch } from './scratch';
import { blockedSum } from './wgsl';
import { overWindow, overWindowsAround, unravelImage, windowNumbers } from './window';

export const pool: Kernel<WebGPUBackend, 'pool'> = (backend, [x], [y], { geometry, mode }) => {
  const sum = blockedSum('f32');
  const isMax = mode === 'max';
  dispatch(backend, {
    program: `pool ${mode}`,
    inputs: { x: x! },
    outputs: { y: y! },
    form: 'element',
    ints: windowNumbers(geometry),
    source: () => `
      ${sum.functions}
      fn combined(a: f32, b: f32) -> f32 { return ${combineOf(reductions.max)}; }
      fn result(i: i32) -> T {
        ${unravelImage('out')}
        var taps = 0;
        ${isMax ? 'var best = -infinity();' : sum.declare}
        ${overWindow(`taps += 1; let v = x[(place * u.in_channels) + c]; ${isMax ? 'best = combined(best, v);' : sum.add('v')}`)}
        return ${isMax ? 'best' : `${sum.value} / f32(max(taps, 1))`};
      }`,
  });
};

export const maxPoolIndices: Kernel<WebGPUBackend, 'maxPoolIndices'> = (backend, [x], [y], { geometry }) => {
  dispatch(backend, {
    program: 'maxPoolIndices',
    inputs: { x: x! },
    outputs: { y: y! },
    form: 'element',
    ints: windowNumbers(geometry),
    source: () => `
      fn result(i: i32) -> T {
        ${unravelImage('out')}
        var found = -1;
        var best = 0.0;
        ${overWindow(`
          let at = place * u.in_channels + c;
          let v = x[at];
          let better = found < 0 || (!is_nan(best) && (is_nan(v) || v > best));
          best = select(best, v, better);
          found = select(found, at, better);`)}
        return found;
      }`,
  });
};

/** Adds up for each element `term` of the windows around it, whose index is `at`. */
function sumsAround(
  backend: WebGPUBackend,
  program: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  dx: TensorInfo,
  geometry: WindowGeometry,
  statements: string,
  term: string,
): void {
  const sum = blockedSum('f32');
  dispatch(backend, {
    program,
    inputs,
    outputs: { dx },
    form: 'element',
    ints: windowNumbers(geometry),
    source: () => `
      ${sum.functions}
      /** The number of taps of a window that lie inside of n elements. */
      fn inside(first: i32, taps: i32, dilation: i32, n: i32) -> i32 {
        let before = (max(0, -first) + dilation - 1) / dilation;
        let end = min(taps, (n - first + dilation - 1) / dilation);
        return end - before;
      }
      fn result(i: i32) -> T {
        ${unravelImage('in')}
        ${sum.declare}
        ${overWindowsAround(`let at = place * u.out_channels + c; ${statements} ${sum.add(term)}`)}
        return ${sum.value};
      }`,
  });
}

/** Finds the greatest element of each window, then adds up for each element the dy of the windows of which it is the greatest. */
export const maxPoolGradient: Kernel<WebGPUBackend, 'maxPoolGradient'> = (
  backend,
  [dy, x],
  [dx],
  attributes,
) => {
  withScratch(backend, dy!.shape, 'int32', (indices) => {
    maxPoolIndices(backend, [x!], [indices], attributes);
    sumsAround(
      backend,
      'maxPoolGradient',
      { dy: dy!, indices },
      dx!,
      attributes.geometry,
      'if (indices[at] != i) { continue; }',
      'dy[at]',
    );
  });
};

export const averagePoolGradient: Kernel<WebGPUBackend, 'averagePoolGradient'> = (
  backend,
  [dy],
  [dx],
  { geometry },
) => {
  sumsAround(
    backend,
    'averagePoolGradient',
    { dy: dy! },
    dx!,
    geometry,
    `let down = inside(out_y * u.stride_height - u.pad_top, u.filter_height, u.dilation_height, u.in_height);
    let across = inside(out_x * u.stride_width - u.pad_left, u.filter_width, u.dilation_width, u.in_width);`,
    'dy[at] / f32(down * across)',
  );
};
