import type { WindowGeometry } from '../convolution';
import { loopInBlocks, type BlockedSum } from './blocked-sum';

/** The sizes of a window operation as uniforms. Channels are counted in units of `unitSize` elements. */
export function windowUniforms(geometry: WindowGeometry, unitSize: number): Record<string, number> {
  return {
    in_height: geometry.inHeight,
    in_width: geometry.inWidth,
    in_channels: geometry.inChannels / unitSize,
    out_height: geometry.outHeight,
    out_width: geometry.outWidth,
    out_channels: geometry.outChannels / unitSize,
    filter_height: geometry.filterHeight,
    filter_width: geometry.filterWidth,
    ...stepUniforms(geometry),
  };
}

export function stepUniforms(geometry: WindowGeometry): Record<string, number> {
  return {
    stride_height: geometry.strideHeight,
    stride_width: geometry.strideWidth,
    dilation_height: geometry.dilationHeight,
    dilation_width: geometry.dilationWidth,
    pad_top: geometry.padTop,
    pad_left: geometry.padLeft,
  };
}

/** GLSL that splits the flat index `i` of NHWC images into n, in_y, in_x and c (with the prefix 'in'), by uniforms in_height, …. */
export function unravelImage(prefix: 'in' | 'out'): string {
  return `
    int pixel = over_${prefix}_channels(i), c = i - pixel * ${prefix}_channels;
    int line = over_${prefix}_width(pixel), ${prefix}_x = pixel - line * ${prefix}_width;
    int n = over_${prefix}_height(line), ${prefix}_y = line - n * ${prefix}_height;`;
}

/**
 * GLSL for the taps inside the image of a window that begins at row `start`: from `first_tap_y(start)` up to, but not including,
 * `end_tap_y(start)`; the same for x. So loops over windows need no branch for the padding.
 */
export const TAPS_INSIDE = tapsInside('y', 'height') + tapsInside('x', 'width');

function tapsInside(axis: string, extent: string): string {
  return `
    int first_tap_${axis}(int start) { return over_dilation_${extent}(max(0, dilation_${extent} - 1 - start)); }
    int end_tap_${axis}(int start) {
      return min(filter_${extent}, over_dilation_${extent}(max(0, in_${extent} - start + dilation_${extent} - 1)));
    }`;
}

/**
 * A loop over the elements of the window of (out_y, out_x) that lie inside the image. In `body`, `at` is an element's index in `x`, `v` its
 * value; it may add to the accumulators of `sum`.
 */
export function overWindow(body: string, sum?: BlockedSum): string {
  return `
    int top = out_y * stride_height - pad_top, left = out_x * stride_width - pad_left;
    int end_y = end_tap_y(top), first_x = first_tap_x(left), end_x = end_tap_x(left);
    for (int ky = first_tap_y(top); ky < end_y; ky++) {
      int line = (n * in_height + top + ky * dilation_height) * in_width;
      ${loopInBlocks(
        sum,
        'kx',
        { first: 'first_x', end: 'end_x' },
        `
        int at = (line + left + kx * dilation_width) * in_channels + c;
        x_type v = x_unit(at);
        ${body}`,
      )}
    }`;
}

/**
 * A loop over the windows (out_y, out_x) that contain the element (in_y, in_x). In `body`, `at` is the window's index in the output;
 * it may add `terms` terms to the accumulators of `sum`.
 */
export function overWindowsAround(
  geometry: WindowGeometry,
  body: string,
  sum?: BlockedSum,
  terms = 1,
): string {
  const kind = windowsKey(geometry);
  const place = 'int at = ((n * out_height + out_y) * out_width + out_x) * out_channels + c;';
  const gap =
    'over_dilation_height(down) * dilation_height != down || over_dilation_width(right) * dilation_width != right';
  const last = `
    int top = in_y + pad_top, left = in_x + pad_left;
    int last_y = over_stride_height(top), last_x = over_stride_width(left);`;
  if (kind === ' disjoint') {
    return `${last}
    int out_y = last_y, out_x = last_x;
    bool inside = out_y < out_height && top - out_y * stride_height < filter_height;
    if (inside && out_x < out_width && left - out_x * stride_width < filter_width) {
      ${place}
      ${body}
      ${sum?.close ?? ''}
    }`;
  }
  return `${last}
    int first_y = over_stride_height(max(0, top - (filter_height - 1) * dilation_height + stride_height - 1));
    int first_x = over_stride_width(max(0, left - (filter_width - 1) * dilation_width + stride_width - 1));
    last_y = min(last_y, out_height - 1);
    last_x = min(last_x, out_width - 1);
    for (int out_y = first_y; out_y <= last_y; out_y++) {
      ${loopInBlocks(
        sum,
        'out_x',
        { first: 'first_x', end: 'last_x + 1', terms },
        `
        ${kind === ' dilated' ? `int down = top - out_y * stride_height, right = left - out_x * stride_width; if (${gap}) continue;` : ''}
        ${place}
        ${body}`,
      )}
    }`;
}

/** Part of the program's name: all that the source of {@link overWindowsAround} depends on. */
export function windowsKey(g: WindowGeometry): ' dilated' | ' disjoint' | '' {
  if (g.dilationHeight > 1 || g.dilationWidth > 1) return ' dilated';
  // If windows are no larger than their stride, an element is in at most one.
  return g.filterHeight <= g.strideHeight && g.filterWidth <= g.strideWidth ? ' disjoint' : '';
}

/** The most windows that contain one element. */
export function windowsAround(g: WindowGeometry): number {
  return Math.ceil(g.filterHeight / g.strideHeight) * Math.ceil(g.filterWidth / g.strideWidth);
}
