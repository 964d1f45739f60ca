import type { TensorInfo } from '../backend';
import type { DataType } from '../dtype';
import type { AxisView } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { dispatch, type Numbers } from './dispatch';
import { withScratch } from './scratch';

/** What is combined along an axis, and how. */
export interface Fold {
  readonly program: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly output: TensorInfo;
  readonly view: AxisView;
  /** The type of the terms and of partial results. */
  readonly type: 'f32' | 'i32';
  /** WGSL: what no terms give, and how two partial results `a` and `b` combine. */
  readonly initial: string;
  readonly combine: string;
  /**
   * WGSL for the term at position e of the axis, in the line (o, n) of outer and inner positions; `at` is the index
   * (o · extent + e) · inner + n. It may be several statements that end with `return`.
   */
  readonly term: string;
  /** WGSL of the functions that `term` and `combine` call. */
  readonly functions?: () => string;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
  /** WGSL for the output, of the combined value `v`; `u.terms` is the extent of the axis. */
  readonly finish?: string;
}

/** A longer axis is folded in parts where few lines would keep few lanes of the device busy. */
const LONGEST_ALONE = 256;
const MANY_LINES = 2 ** 14;
/** So many terms are folded into one part. */
const TERMS_OF_PART = 64;

/**
 * Combines the terms along an axis. An invocation folds a line in blocks of about √extent terms, so that the rounding error of a sum grows with the
 * root of its length. A long axis is first folded in parts, of terms that lie `parts` apart: neighbouring invocations read neighbouring elements.
 */
export function fold(backend: WebGPUBackend, given: Fold): void {
  const { view, type, output } = given;
  const { outer, extent, inner } = view;
  const call: Fold = { ...given, floats: { terms: extent, ...given.floats } };
  if (extent <= LONGEST_ALONE || outer * inner >= MANY_LINES) {
    run(backend, call, output, 1, call.finish ?? 'v');
    return;
  }
  const parts = Math.ceil(extent / TERMS_OF_PART);
  const dtype: DataType = type === 'f32' ? 'float32' : 'int32';
  withScratch(backend, [outer, parts, inner], dtype, (partial) => {
    run(backend, call, partial, parts, 'v');
    fold(backend, {
      ...call,
      program: `${call.program} parts`,
      inputs: { partial },
      view: { outer, extent: parts, inner },
      term: 'return partial[at];',
      ints: {},
    });
  });
}

function run(
  backend: WebGPUBackend,
  { program, inputs, view, type, initial, combine, term, functions, ints, floats }: Fold,
  output: TensorInfo,
  parts: number,
  finish: string,
): void {
  const { extent, inner } = view;
  dispatch(backend, {
    program: `fold ${program} ${finish}`,
    inputs,
    outputs: { folded: output },
    form: 'element',
    ints: { extent, inner, parts, longest: Math.ceil(Math.sqrt(Math.ceil(extent / parts))), ...ints },
    ...(floats && { floats }),
    source: () => `
      ${functions?.() ?? ''}
      fn combined(a: ${type}, b: ${type}) -> ${type} { return ${combine}; }
      fn term(o: i32, e: i32, n: i32) -> ${type} {
        let at = (o * u.extent + e) * u.inner + n;
        ${term}
      }
      fn result(i: i32) -> T {
        let line = i / u.inner;
        let o = line / u.parts;
        let n = i - line * u.inner;
        var v: ${type} = ${initial};
        var e = line - o * u.parts;
        while (e < u.extent) {
          var block: ${type} = ${initial};
          for (var k = 0; k < u.longest && e < u.extent; k++) {
            block = combined(block, term(o, e, n));
            e += u.parts;
          }
          v = combined(v, block);
        }
        return T(${finish});
      }`,
  });
}

/** What a sum adds to a {@link Fold}. */
export const SUM = { type: 'f32', initial: '0.0', combine: 'a + b' } as const;
