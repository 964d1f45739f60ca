import type { Kernel } from '../kernel-table';
import { OUTSIDE_FUNCTIONS, outsideRows, type WarpAttributes } from '../warp';
import type { WebGPUBackend } from './backend';
import { dispatch } from './dispatch';
import { formFunction } from './prelude';
import { blockedSum, unravel } from './wgsl';

/** WGSL for `place(n, row, column)`: the position (x, y) in the original to read for a pixel; 2·10⁹ where it is infinite or NaN. */
function placeSource({ interpolation, outside }: WarpAttributes): string {
  return `
    ${formFunction(
      'located',
      'float',
      [
        ['float', 'v'],
        ['float', 'n'],
      ],
      { glsl: outsideRows[outside].glsl, glslFunctions: OUTSIDE_FUNCTIONS },
    )}
    fn place(n: i32, row: i32, column: i32) -> vec2f {
      let t = n * 8;
      let across = f32(column);
      let down = f32(row);
      let depth = transforms[t + 6] * across + transforms[t + 7] * down + 1.0;
      if (depth == 0.0) { return vec2f(2e9); }
      let x = (transforms[t] * across + transforms[t + 1] * down + transforms[t + 2]) / depth;
      let y = (transforms[t + 3] * across + transforms[t + 4] * down + transforms[t + 5]) / depth;
      if (is_nan(x) || is_inf(x) || is_nan(y) || is_inf(y)) { return vec2f(2e9); }
      let at = vec2f(located(x, f32(u.width)), located(y, f32(u.height)));
      return ${interpolation === 'nearest' ? 'floor(at + 0.5)' : 'at'};
    }`;
}

export const warp: Kernel<WebGPUBackend, 'warp'> = (
  backend,
  [image, transforms, indices],
  [y],
  attributes,
) => {
  const [batch, height, width] = image!.shape as [number, number, number];
  const { interpolation, outside, fill } = attributes;
  dispatch(backend, {
    program: `warp ${interpolation} ${outside}`,
    inputs: { image: image!, transforms: transforms!, indices: indices! },
    outputs: { y: y! },
    form: 'element',
    ints: { s: y!.shape, images: batch, height, width },
    floats: { fill },
    source: () => `
      ${placeSource(attributes)}
      fn filling(c: i32) -> f32 {
        return select(select(u.fill3, u.fill2, (c & 3) == 2), select(u.fill1, u.fill0, (c & 3) == 0), (c & 3) < 2);
      }
      fn seen(first: i32, at_row: i32, at_column: i32, c: i32) -> f32 {
        let row = ${outside === 'wrap' ? 'repeated(at_row, u.height)' : 'at_row'};
        let column = ${outside === 'wrap' ? 'repeated(at_column, u.width)' : 'at_column'};
        if (row < 0 || row >= u.height || column < 0 || column >= u.width) { return filling(c); }
        return image[(first + row * u.width + column) * u.s3 + c];
      }
      fn result(i: i32) -> T {
        ${unravel(4)}
        let index = indices[c0];
        if (index < 0 || index >= u.images) { return 0.0; }
        let p = place(c0, c1, c2);
        // Also true for NaN.
        if (!(abs(p.x) < 1e9 && abs(p.y) < 1e9)) { return filling(c3); }
        let corner = floor(p);
        let part = p - corner;
        let first = index * u.height * u.width;
        var sum = 0.0;
        for (var tap = 0; tap < 4; tap++) {
          let down = tap >> 1;
          let across = tap & 1;
          let share = select(part.y, 1.0 - part.y, down == 0) * select(part.x, 1.0 - part.x, across == 0);
          if (share > 0.0) { sum += share * seen(first, i32(corner.y) + down, i32(corner.x) + across, c3); }
        }
        return sum;
      }`,
  });
};

/** Each pixel of dx searches all of dy for the pixels that show it, so that the sums have one order. */
export const warpGradient: Kernel<WebGPUBackend, 'warpGradient'> = (
  backend,
  [dy, transforms, indices],
  [dx],
  attributes,
) => {
  const [, height, width] = dx!.shape as [number, number, number];
  const [images, outHeight, outWidth] = dy!.shape as [number, number, number];
  const { interpolation, outside } = attributes;
  const sum = blockedSum('f32');
  dispatch(backend, {
    program: `warpGradient ${interpolation} ${outside}`,
    inputs: { dy: dy!, transforms: transforms!, indices: indices! },
    outputs: { dx: dx! },
    form: 'element',
    ints: { s: dx!.shape, height, width, images, out_height: outHeight, out_width: outWidth },
    source: () => `
      ${sum.functions}
      ${placeSource(attributes)}
      fn share_along(at: f32, i: f32, n: f32) -> f32 {
        var share = max(0.0, 1.0 - abs(at - i));
        ${outside === 'wrap' ? 'share += max(0.0, 1.0 - abs(at - n - i)) + max(0.0, 1.0 - abs(at + n - i));' : ''}
        return share;
      }
      fn result(i: i32) -> T {
        ${unravel(4)}
        ${sum.declare}
        for (var n = 0; n < u.images; n++) {
          if (indices[n] != c0) { continue; }
          for (var row = 0; row < u.out_height; row++) {
            for (var column = 0; column < u.out_width; column++) {
              let p = place(n, row, column);
              let share = share_along(p.x, f32(c2), f32(u.width)) * share_along(p.y, f32(c1), f32(u.height));
              if (share > 0.0) { ${sum.add('share * dy[((n * u.out_height + row) * u.out_width + column) * u.s3 + c3]')} }
            }
          }
        }
        return ${sum.value};
      }`,
  });
};
