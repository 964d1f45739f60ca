import type { Kernel } from '../kernel-table';
import type { ResizeAttributes, Sampling } from '../sampling';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PRODUCT_SUM, loopInBlocks } from './blocked-sum';
import { draw, type DrawCall } from './draw';
import { unravel } from './glsl';
import { LARGEST_FAST_DIVISION } from './prelude';
import { LANES } from './texture-layout';
import { unitFor } from './unit';

/** The samplings of both axes as uniforms `row_start`, `row_step`, …, `column_divisor`. */
function samplingUniforms({ rows, columns }: ResizeAttributes): NonNullable<DrawCall['ints']> {
  const named = (axis: string, { start, step, divisor }: Sampling): Record<string, number> => ({
    [`${axis}_start`]: start,
    [`${axis}_step`]: step,
    [`${axis}_divisor`]: divisor,
  });
  return { ...named('row', rows), ...named('column', columns) };
}

/** Whether the fast quotient serves for a place on an axis. */
const isNear = ({ start, step, divisor }: Sampling, count: number): boolean =>
  start + count * step + divisor < LARGEST_FAST_DIVISION;

/**
 * GLSL for `neighboursOf`: the two neighbours of element i of a resized axis, and the weight of the second. `near`: places on both axes are
 * small.
 */
function neighbours(interpolation: ResizeAttributes['interpolation'], near: boolean): string {
  const ofAxis = (axis: string): string => `
    void ${axis}_neighbours(int i, int extent, out int first, out int second, out float weight) {
      int place = max(0, ${axis}_start + i * ${axis}_step);
      int whole = ${near ? `over_${axis}_divisor(place)` : `place / ${axis}_divisor`};
      first = min(whole, extent - 1);
      second = first;
      weight = 0.0;
      ${
        interpolation === 'nearest'
          ? ''
          : `if (whole >= extent - 1) return;
      int part = place - whole * ${axis}_divisor;
      weight = float(part) / float(${axis}_divisor);
      if (part > 0) second = first + 1;`
      }
    }`;
  return ofAxis('row') + ofAxis('column');
}

export const resize: Kernel<WebGLBackend, 'resize'> = (backend, [x], [y], attributes) => {
  const { interpolation } = attributes;
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  const [, outHeight, outWidth] = y!.shape as [number, number, number];
  const unit = unitFor(channels);
  const [begin, read] = unit.form === 'texel' ? ['x_row', 'x_from'] : ['x_line', 'x_element'];
  const near = isNear(attributes.rows, outHeight) && isNear(attributes.columns, outWidth);
  draw(backend, {
    program: `resize ${interpolation} ${near}`,
    inputs: { x: x! },
    outputs: [y!],
    form: unit.form,
    rows: { x: (width * channels) / LANES },
    ints: { s: [batch, outHeight, outWidth, unit.length], height, width, ...samplingUniforms(attributes) },
    source: () => `
      ${neighbours(interpolation, near)}
      ${
        interpolation === 'nearest'
          ? ''
          : `unit between(unit a, unit b, float weight) { return weight == 0.0 ? a : a * (1.0 - weight) + b * weight; }`
      }
      unit result(int i) {
        ${unravel(4)}
        int upper, lower, left, right;
        float down, across;
        row_neighbours(c1, height, upper, lower, down);
        column_neighbours(c2, width, left, right, across);
        ${
          interpolation === 'nearest'
            ? 'return x_unit(((c0 * height + upper) * width + left) * s3 + c3);'
            : `x_start high = ${begin}((c0 * height + upper) * width * s3), low = ${begin}((c0 * height + lower) * width * s3);
        left = left * s3 + c3;
        right = right * s3 + c3;
        unit top = between(${read}(high, left), ${read}(high, right), across);
        unit bottom = between(${read}(low, left), ${read}(low, right), across);
        return between(top, bottom, down);`
        }
      }`,
  });
};

/** The weight of element `position` in element i of the resized axis. */
const share = (axis: string): string => `
      float ${axis}_share(int i, int extent, int position) {
        int first, second;
        float weight;
        ${axis}_neighbours(i, extent, first, second, weight);
        return (first == position ? 1.0 - weight : 0.0) + (second == position ? weight : 0.0);
      }`;

/** Each element of dx adds up the elements of dy that lie less than one element away; at the borders those beyond it, too. */
export const resizeGradient: Kernel<WebGLBackend, 'resizeGradient'> = (backend, [dy], [dx], attributes) => {
  const { interpolation } = attributes;
  const [batch, height, width, channels] = dx!.shape as [number, number, number, number];
  const [, dyHeight, dyWidth] = dy!.shape as [number, number, number];
  const unit = unitFor(channels);
  // The most elements of dy on an axis that one element of dx adds up.
  const reach = ({ step, divisor }: Sampling, count: number): number =>
    Math.min(count, Math.ceil((2 * divisor) / Math.max(1, step)) + 1);
  const across = Math.max(reach(attributes.columns, dyWidth), width === 1 ? dyWidth : 0);
  const down = Math.max(reach(attributes.rows, dyHeight), height === 1 ? dyHeight : 0);
  const near = isNear(attributes.rows, dyHeight) && isNear(attributes.columns, dyWidth);
  const inBlocks = blockedSum(['sum'], 'unit', across * down, LONGEST_PRODUCT_SUM);
  draw(backend, {
    program: `resizeGradient ${interpolation} ${near}${inBlocks.key}`,
    inputs: { dy: dy! },
    outputs: [dx!],
    form: unit.form,
    ints: {
      s: [batch, height, width, unit.length],
      dy_height: dyHeight,
      dy_width: dyWidth,
      ...samplingUniforms(attributes),
    },
    source: () => `
      ${inBlocks.functions}
      ${neighbours(interpolation, near)}
      ${share('row')}
      ${share('column')}
      int low(int position, int start, int step, int divisor) {
        return position == 0 ? 0 : max(0, (position - 1) * divisor - start) / max(step, 1);
      }
      int high(int position, int start, int step, int divisor, int extent, int count) {
        return position == extent - 1 ? count - 1 : min(count - 1, max(0, (position + 1) * divisor - start) / max(step, 1));
      }
      unit result(int i) {
        ${unravel(4)}
        int top = low(c1, row_start, row_step, row_divisor);
        int bottom = high(c1, row_start, row_step, row_divisor, s1, dy_height);
        int left = low(c2, column_start, column_step, column_divisor);
        int right = high(c2, column_start, column_step, column_divisor, s2, dy_width);
        unit sum = unit(0.0);
        ${inBlocks.declare}
        for (int row = top; row <= bottom; row++) {
          float down = row_share(row, s1, c1);
          if (down == 0.0) continue;
          ${loopInBlocks(
            inBlocks,
            'column',
            { first: 'left', end: 'right + 1' },
            `
            float across = column_share(column, s2, c2);
            if (across > 0.0) sum += down * across * dy_unit(((c0 * dy_height + row) * dy_width + column) * s3 + c3);`,
          )}
        }
        ${inBlocks.finish}
        return sum;
      }`,
  });
};
