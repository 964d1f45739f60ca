import type { Kernel } from '../kernel-table';
import { OUTSIDE_FUNCTIONS, outsideRows, type WarpAttributes } from '../warp';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { blockedSum, LONGEST_PRODUCT_SUM, loopInBlocks } from './blocked-sum';
import { canAddPoints } from './draw-points';
import { scatterSums } from './scattered-sum';
import { unravel } from './glsl';
import { unitFor } from './unit';

/** 'wrap' repeats the original: behind the last pixel comes the first. */
const aroundSource = ({ outside }: WarpAttributes): string =>
  outside === 'wrap' ? 'row = repeated(row, height), column = repeated(column, width);' : '';

/** GLSL for `place(n, row, column)`: the position (x, y) in the original to read for a pixel; 2·10⁹ where it is infinite or NaN. */
function placeSource({ interpolation, outside }: WarpAttributes): string {
  return `
    ${OUTSIDE_FUNCTIONS}
    float located(float v, float n) { return ${outsideRows[outside].glsl}; }
    vec2 place(int n, int row, int column) {
      vec4 a = transforms_texel(n * 2), b = transforms_texel(n * 2 + 1);
      float u = float(column), v = float(row);
      float depth = b.z * u + b.w * v + 1.0;
      if (depth == 0.0) return vec2(2e9);
      vec2 at = vec2(a.x * u + a.y * v + a.z, a.w * u + b.x * v + b.y) / depth;
      if (is_nan(at.x) || is_inf(at.x) || is_nan(at.y) || is_inf(at.y)) return vec2(2e9);
      at = vec2(located(at.x, float(width)), located(at.y, float(height)));
      return ${interpolation === 'nearest' ? 'floor(at + 0.5)' : 'at'};
    }`;
}

export const warp: Kernel<WebGLBackend, 'warp'> = (
  backend,
  [image, transforms, indices],
  [y],
  attributes,
) => {
  const [batch, height, width, channels] = image!.shape as [number, number, number, number];
  const [count, outHeight, outWidth] = y!.shape as [number, number, number];
  const unit = unitFor(channels);
  draw(backend, {
    program: `warp ${attributes.interpolation} ${attributes.outside}`,
    inputs: { image: image!, transforms: transforms!, indices: indices! },
    outputs: [y!],
    form: unit.form,
    ints: { s: [count, outHeight, outWidth, unit.length], batch, height, width },
    floats: { fill: attributes.fill },
    source: () => `
      ${placeSource(attributes)}
      unit filling(int c) {
        vec4 all = vec4(fill0, fill1, fill2, fill3);
        return ${unit.form === 'texel' ? 'all' : 'all[c & 3]'};
      }
      unit seen(int first, int row, int column, int c) {
        ${aroundSource(attributes)}
        if (row < 0 || row >= height || column < 0 || column >= width) return filling(c);
        return image_unit((first + row * width + column) * s3 + c);
      }
      unit result(int i) {
        ${unravel(4)}
        int index = indices_at(c0);
        if (index < 0 || index >= batch) return unit(0.0);
        vec2 p = place(c0, c1, c2);
        // Also true for NaN.
        if (!(abs(p.x) < 1e9 && abs(p.y) < 1e9)) return filling(c3);
        vec2 corner = floor(p), part = p - corner;
        int row = int(corner.y), column = int(corner.x), first = index * height * width;
        unit sum = unit(0.0);
        for (int tap = 0; tap < 4; tap++) {
          int down = tap >> 1, across = tap & 1;
          float share = (down == 0 ? 1.0 - part.y : part.y) * (across == 0 ? 1.0 - part.x : part.x);
          if (share > 0.0) sum += share * seen(first, row + down, column + across, c3);
        }
        return sum;
      }`,
  });
};

/** Draws points, or searches; both add up the terms in the order of the pixels of dy. */
export const warpGradient: Kernel<WebGLBackend, 'warpGradient'> = (backend, inputs, outputs, attributes) => {
  const way = canAddPoints(backend, outputs[0]!) ? addedGradient : searchedGradient;
  way(backend, inputs, outputs, attributes);
};

/** Draws four points for each value of dy, at the four pixels of the original that it was blended from. */
const addedGradient: Kernel<WebGLBackend, 'warpGradient'> = (
  backend,
  [dy, transforms, indices],
  [dx],
  attributes,
) => {
  const [batch, height, width, channels] = dx!.shape as [number, number, number, number];
  const [count, outHeight, outWidth] = dy!.shape as [number, number, number];
  const unit = unitFor(channels);
  scatterSums(backend, {
    program: `warpGradient ${attributes.interpolation} ${attributes.outside}`,
    inputs: { dy: dy!, transforms: transforms!, indices: indices! },
    output: dx!,
    form: unit.form,
    count: (dy!.size / unit.size) * 4,
    // All pixels of all images may show the same pixel of one original.
    most: count * outHeight * outWidth,
    ints: { s: [count, outHeight, outWidth, unit.length], batch, height, width },
    source: () => `
      ${placeSource(attributes)}
      void term(int point) {
        int i = point >> 2;
        ${unravel(4)}
        int index = indices_at(c0);
        if (index < 0 || index >= batch) return;
        vec2 p = place(c0, c1, c2);
        if (!(abs(p.x) < 1e9 && abs(p.y) < 1e9)) return;
        vec2 corner = floor(p), part = p - corner;
        int down = (point >> 1) & 1, across = point & 1;
        int row = int(corner.y) + down, column = int(corner.x) + across;
        float share = (down == 0 ? 1.0 - part.y : part.y) * (across == 0 ? 1.0 - part.x : part.x);
        ${aroundSource(attributes)}
        if (share <= 0.0 || row < 0 || row >= height || column < 0 || column >= width) return;
        target = ((index * height + row) * width + column) * s3 + c3;
        order = over_s3(i);
        added = share * dy_unit(i);
      }`,
  });
};

/**
 * Each pixel of dx searches dy for the pixels that show it. For an affine transform that can be inverted it searches only around its
 * image under the inverse. It searches all of dy for projections, and where positions outside show the original again ('reflect', 'wrap',
 * 'nearest'). For devices that cannot blend floats.
 */
const searchedGradient: Kernel<WebGLBackend, 'warpGradient'> = (
  backend,
  [dy, transforms, indices],
  [dx],
  attributes,
) => {
  const [batch, height, width, channels] = dx!.shape as [number, number, number, number];
  const [count, outHeight, outWidth] = dy!.shape as [number, number, number];
  const unit = unitFor(channels);
  const inBlocks = blockedSum(['sum'], 'unit', count * outHeight * outWidth, LONGEST_PRODUCT_SUM);
  const isLocal = attributes.outside === 'constant' || attributes.outside === 'extrapolate';
  draw(backend, {
    program: `warpGradient ${attributes.interpolation} ${attributes.outside}${inBlocks.key}`,
    inputs: { dy: dy!, transforms: transforms!, indices: indices! },
    outputs: [dx!],
    form: unit.form,
    ints: {
      s: [batch, height, width, unit.length],
      height,
      width,
      count,
      out_height: outHeight,
      out_width: outWidth,
    },
    source: () => `
      ${inBlocks.functions}
      ${placeSource(attributes)}
      float share_along(float at, float i, float n) {
        float share = max(0.0, 1.0 - abs(at - i));
        ${attributes.outside === 'wrap' ? 'share += max(0.0, 1.0 - abs(at - n - i)) + max(0.0, 1.0 - abs(at + n - i));' : ''}
        return share;
      }
      /* First and last row, first and last column of the pixels of dy that may show (x, y). */
      ivec4 around(int n, float x, float y) {
        ivec4 all = ivec4(0, out_height - 1, 0, out_width - 1);
        ${
          isLocal
            ? `vec4 a = transforms_texel(n * 2), b = transforms_texel(n * 2 + 1);
        float determinant = a.x * b.x - a.y * a.w;
        if (b.z != 0.0 || b.w != 0.0 || abs(determinant) < 1e-9) return all;
        vec2 d = vec2(x - a.z, y - b.y) / determinant;
        float column = b.x * d.x - a.y * d.y, row = a.x * d.y - a.w * d.x;
        float high = (abs(a.x) + abs(a.w)) / abs(determinant) + 1.0;
        float wide = (abs(b.x) + abs(a.y)) / abs(determinant) + 1.0;
        vec4 bounds = vec4(row - high, row + high, column - wide, column + wide);
        return ivec4(clamp(bounds, vec4(-1.0), vec4(out_height, out_height, out_width, out_width)));`
            : 'return all;'
        }
      }
      unit result(int i) {
        ${unravel(4)}
        float x = float(c2), y = float(c1);
        unit sum = unit(0.0);
        ${inBlocks.declare}
        for (int n = 0; n < count; n++) {
          if (indices_at(n) != c0) continue;
          ivec4 bounds = around(n, x, y);
          int last_row = min(bounds.y, out_height - 1), last_column = min(bounds.w, out_width - 1);
          for (int row = max(bounds.x, 0); row <= last_row; row++) {
            ${loopInBlocks(
              inBlocks,
              'column',
              { first: 'max(bounds.z, 0)', end: 'last_column + 1' },
              `
              vec2 p = place(n, row, column);
              float share = share_along(p.x, x, float(width)) * share_along(p.y, y, float(height));
              if (share > 0.0) sum += share * dy_unit(((n * out_height + row) * out_width + column) * s3 + c3);`,
            )}
          }
        }
        ${inBlocks.finish}
        return sum;
      }`,
  });
};
