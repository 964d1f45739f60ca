import type { WindowGeometry } from '../convolution';

/** The numbers of a window operation as uniforms of these names; channels counted in the kernel's unit. */
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
    stride_height: geometry.strideHeight,
    stride_width: geometry.strideWidth,
    dilation_height: geometry.dilationHeight,
    dilation_width: geometry.dilationWidth,
    pad_top: geometry.padTop,
    pad_left: geometry.padLeft,
  };
}

/** Splits index `i` of an NHWC image of these (uniform) extents: n, y, x and c, named with the prefix. */
export function unravelImage(prefix: 'in' | 'out'): string {
  return `
    int pixel = over_${prefix}_channels(i), c = i - pixel * ${prefix}_channels;
    int line = over_${prefix}_width(pixel), ${prefix}_x = pixel - line * ${prefix}_width;
    int n = over_${prefix}_height(line), ${prefix}_y = line - n * ${prefix}_height;`;
}

/**
 * Runs `body` for every element (in_y, in_x), at `at` in units of the input, of the window of (out_y, out_x); those in
 * the padding are passed over.
 */
export function overWindow(body: string): string {
  return `
    for (int ky = 0; ky < filter_height; ky++) {
      int in_y = out_y * stride_height - pad_top + ky * dilation_height;
      if (in_y < 0 || in_y >= in_height) continue;
      for (int kx = 0; kx < filter_width; kx++) {
        int in_x = out_x * stride_width - pad_left + kx * dilation_width;
        if (in_x < 0 || in_x >= in_width) continue;
        int at = ((n * in_height + in_y) * in_width + in_x) * in_channels + c;
        ${body}
      }
    }`;
}

/** Runs `body` for every window (out_y, out_x), at `at` in units of the output, that (in_y, in_x) is an element of. */
export function overWindowsAround(body: string): string {
  return `
    for (int ky = 0; ky < filter_height; ky++) {
      int top = in_y + pad_top - ky * dilation_height, out_y = top / stride_height;
      if (top < 0 || out_y * stride_height != top || out_y >= out_height) continue;
      for (int kx = 0; kx < filter_width; kx++) {
        int left = in_x + pad_left - kx * dilation_width, out_x = left / stride_width;
        if (left < 0 || out_x * stride_width != left || out_x >= out_width) continue;
        int at = ((n * out_height + out_y) * out_width + out_x) * out_channels + c;
        ${body}
      }
    }`;
}
