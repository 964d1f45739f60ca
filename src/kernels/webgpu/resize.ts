import type { Kernel } from '../kernel-table';
import type { ResizeAttributes, Sampling } from '../sampling';
import type { WebGPUBackend } from './backend';
import { dispatch, type Numbers } from './dispatch';
import { blockedSum, unravel } from './wgsl';

/** The samplings of both axes as uniforms `row_start`, `row_step`, …, `column_divisor`. */
function samplingNumbers({ rows, columns }: ResizeAttributes): Numbers {
  const named = (axis: string, { start, step, divisor }: Sampling): Numbers => ({
    [`${axis}_start`]: start,
    [`${axis}_step`]: step,
    [`${axis}_divisor`]: divisor,
  });
  return { ...named('row', rows), ...named('column', columns) };
}

/** WGSL for `row_neighbours` and `column_neighbours`: the two neighbours of element i of a resized axis, and the weight of the second. */
function neighbours(interpolation: ResizeAttributes['interpolation']): string {
  const ofAxis = (axis: string): string => `
    fn ${axis}_neighbours(i: i32, extent: i32) -> Neighbours {
      let place = max(0, u.${axis}_start + i * u.${axis}_step);
      let whole = place / u.${axis}_divisor;
      let first = min(whole, extent - 1);
      let part = place - whole * u.${axis}_divisor;
      if (${interpolation === 'nearest' ? 'true' : 'whole >= extent - 1 || part == 0'}) { return Neighbours(first, first, 0.0); }
      return Neighbours(first, first + 1, f32(part) / f32(u.${axis}_divisor));
    }`;
  return `struct Neighbours { first: i32, second: i32, weight: f32 }
    ${ofAxis('row')}
    ${ofAxis('column')}`;
}

export const resize: Kernel<WebGPUBackend, 'resize'> = (backend, [x], [y], attributes) => {
  const { interpolation } = attributes;
  const [, height, width] = x!.shape as [number, number, number];
  dispatch(backend, {
    program: `resize ${interpolation}`,
    inputs: { x: x! },
    outputs: { y: y! },
    form: 'element',
    ints: { s: y!.shape, height, width, ...samplingNumbers(attributes) },
    source: () => `
      ${neighbours(interpolation)}
      fn between(a: T, b: T, weight: f32) -> T {
        if (weight == 0.0) { return a; }
        return T(f32(a) * (1.0 - weight) + f32(b) * weight);
      }
      fn result(i: i32) -> T {
        ${unravel(4)}
        let rows = row_neighbours(c1, u.height);
        let columns = column_neighbours(c2, u.width);
        let high = (c0 * u.height + rows.first) * u.width;
        let low = (c0 * u.height + rows.second) * u.width;
        let top = between(x[(high + columns.first) * u.s3 + c3], x[(high + columns.second) * u.s3 + c3], columns.weight);
        let bottom = between(x[(low + columns.first) * u.s3 + c3], x[(low + columns.second) * u.s3 + c3], columns.weight);
        return between(top, bottom, rows.weight);
      }`,
  });
};

/** Each element of dx adds up the elements of dy that lie less than one element away; at the borders those beyond it, too. */
export const resizeGradient: Kernel<WebGPUBackend, 'resizeGradient'> = (backend, [dy], [dx], attributes) => {
  const { interpolation } = attributes;
  const [, dyHeight, dyWidth] = dy!.shape as [number, number, number];
  const sum = blockedSum('f32');
  dispatch(backend, {
    program: `resizeGradient ${interpolation}`,
    inputs: { dy: dy! },
    outputs: { dx: dx! },
    form: 'element',
    ints: { s: dx!.shape, dy_height: dyHeight, dy_width: dyWidth, ...samplingNumbers(attributes) },
    source: () => `
      ${sum.functions}
      ${neighbours(interpolation)}
      /** The weight of element \`position\` in a resized element with these neighbours. */
      fn share(near: Neighbours, position: i32) -> f32 {
        return select(0.0, 1.0 - near.weight, near.first == position) + select(0.0, near.weight, near.second == position);
      }
      fn low(position: i32, start: i32, step: i32, divisor: i32) -> i32 {
        if (position == 0) { return 0; }
        return max(0, (position - 1) * divisor - start) / max(step, 1);
      }
      fn high(position: i32, start: i32, step: i32, divisor: i32, extent: i32, most: i32) -> i32 {
        if (position == extent - 1) { return most; }
        return min(most, max(0, (position + 1) * divisor - start) / max(step, 1));
      }
      fn result(i: i32) -> T {
        ${unravel(4)}
        let bottom = high(c1, u.row_start, u.row_step, u.row_divisor, u.s1, u.dy_height - 1);
        let left = low(c2, u.column_start, u.column_step, u.column_divisor);
        let right = high(c2, u.column_start, u.column_step, u.column_divisor, u.s2, u.dy_width - 1);
        ${sum.declare}
        for (var row = low(c1, u.row_start, u.row_step, u.row_divisor); row <= bottom; row++) {
          let down = share(row_neighbours(row, u.s1), c1);
          if (down == 0.0) { continue; }
          for (var column = left; column <= right; column++) {
            let across = share(column_neighbours(column, u.s2), c2);
            if (across > 0.0) { ${sum.add('down * across * dy[((c0 * u.dy_height + row) * u.dy_width + column) * u.s3 + c3]')} }
          }
        }
        return ${sum.value};
      }`,
  });
};
