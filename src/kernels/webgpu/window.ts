import type { WindowGeometry } from '../convolution';

/** Names of sizes as uniforms, which are made once: `in_height` of `inHeight`. */
const uniformNames = new Map<string, string>();

function uniformName(size: string): string {
  const known = uniformNames.get(size);
  if (known !== undefined) return known;
  const made = size.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  uniformNames.set(size, made);
  return made;
}

/** The sizes of a window operation as uniforms: `in_height`, `stride_width`, …. */
export function windowNumbers(geometry: WindowGeometry): Record<string, number> {
  return Object.fromEntries(
    Object.entries(geometry).map(([size, value]) => [uniformName(size), value as number]),
  );
}

/** WGSL for image n, row, column and channel c of element i of the images on one side: `out_y`, `out_x`, or `in_y`, `in_x`. */
export function unravelImage(side: 'in' | 'out'): string {
  return `
    let c = i % u.${side}_channels;
    var rest = i / u.${side}_channels;
    let ${side}_x = rest % u.${side}_width;
    rest = rest / u.${side}_width;
    let ${side}_y = rest % u.${side}_height;
    let n = rest / u.${side}_height;`;
}

/** A loop over the taps (ky, kx) of window (out_y, out_x) that lie inside the image; `place` is the pixel's number. */
export function overWindow(body: string): string {
  return `
    for (var ky = 0; ky < u.filter_height; ky++) {
      let in_y = out_y * u.stride_height - u.pad_top + ky * u.dilation_height;
      if (in_y < 0 || in_y >= u.in_height) { continue; }
      for (var kx = 0; kx < u.filter_width; kx++) {
        let in_x = out_x * u.stride_width - u.pad_left + kx * u.dilation_width;
        if (in_x < 0 || in_x >= u.in_width) { continue; }
        let place = (n * u.in_height + in_y) * u.in_width + in_x;
        ${body}
      }
    }`;
}

/** A loop over the windows (out_y, out_x) that contain the pixel (in_y, in_x), by tap (ky, kx); `place` is the window's number. */
export function overWindowsAround(body: string): string {
  return `
    for (var ky = 0; ky < u.filter_height; ky++) {
      let below = in_y + u.pad_top - ky * u.dilation_height;
      let out_y = below / u.stride_height;
      if (below < 0 || out_y >= u.out_height || out_y * u.stride_height != below) { continue; }
      for (var kx = 0; kx < u.filter_width; kx++) {
        let right = in_x + u.pad_left - kx * u.dilation_width;
        let out_x = right / u.stride_width;
        if (right < 0 || out_x >= u.out_width || out_x * u.stride_width != right) { continue; }
        let place = (n * u.out_height + out_y) * u.out_width + out_x;
        ${body}
      }
    }`;
}
