/** Kernels that walk along an axis, an invocation for each line. */
import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
import { combineOf } from './reduce';
import { ADDITION } from './wgsl';

/** WGSL that walks the line of invocation i: `body` runs at each position, with the index `at` and the number k of the step. */
const alongLine = (reverse: boolean, body: string): string => `
  let column = i % u.inner;
  let step = ${reverse ? '-u.inner' : 'u.inner'};
  var at = (i - column) * u.extent + column ${reverse ? '+ (u.extent - 1) * u.inner' : ''};
  for (var k = 0; k < u.extent; k++) {
    ${body}
    at += step;
  }`;

/** Results so far are kept in two numbers: one of the whole blocks, one within the block, so that the rounding error of a sum grows slowly. */
export const scan: Kernel<WebGPUBackend, 'scan'> = (
  backend,
  [x],
  [y],
  { name, exclusive, reverse, outer, extent, inner },
) => {
  const type = typeOf(y!.dtype);
  const form = type === 'f32' ? reductions[name] : reductions[name].int;
  dispatch(backend, {
    program: `scan ${name} ${exclusive} ${reverse}`,
    inputs: { x: x! },
    outputs: { y: y! },
    form: 'cell',
    count: outer * inner,
    ints: { extent, inner, longest: Math.ceil(Math.sqrt(extent)) },
    source: () => `
      fn combined(a: T, b: T) -> T { return ${combineOf(form)}; }
      fn work(i: i32) {
        var blocks = T(${form.initial});
        var block = T(${form.initial});
        var left = u.longest;
        ${alongLine(
          reverse,
          `${exclusive ? 'y[at] = combined(blocks, block);' : ''}
          block = combined(block, T(x[at]));
          ${exclusive ? '' : 'y[at] = combined(blocks, block);'}
          left -= 1;
          if (left == 0) { blocks = combined(blocks, block); block = T(${form.initial}); left = u.longest; }`,
        )}
      }`,
  });
};

export const recurrence: Kernel<WebGPUBackend, 'recurrence'> = (
  backend,
  [b, a],
  [y],
  { factor, reverse, outer, extent, inner },
) => {
  dispatch(backend, {
    program: `recurrence ${factor} ${reverse}`,
    inputs: { b: b!, a: a! },
    outputs: { y: y! },
    form: 'cell',
    count: outer * inner,
    ints: { extent, inner },
    source: () => `
      ${ADDITION}
      fn work(i: i32) {
        // The result, and the errors of the additions so far.
        var s = vec2f(0.0);
        ${alongLine(
          reverse,
          // The first element has no sum before it: 0·a would be NaN for an infinite factor.
          `if (k == 0) { s.x = b[at]; } else {
            let rate = a[at ${factor === 'previous' ? '- step' : ''}];
            s = added(vec2f(kept(rate * s.x), rate * s.y), b[at]);
          }
          y[at] = total(s);`,
        )}
      }`,
  });
};
