import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import { parseExpression } from '../shader-forms/parse';
import { wgslExpression } from '../shader-forms/print-wgsl';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
import { fold } from './fold';
import { withScratch } from './scratch';

/** The number as WGSL: −∞ and ∞ are no constants of the language, and the least integer is no literal of it. */
function initialOf(value: number, type: 'f32' | 'i32'): string {
  if (!Number.isFinite(value)) return value < 0 ? '-infinity()' : 'infinity()';
  if (type === 'f32') return `f32(${value})`;
  return value === -(2 ** 31) ? '(-2147483647 - 1)' : `${value}`;
}

/** How a row of the table combines, in WGSL. */
export function combineOf(form: { readonly glsl: string }): string {
  return wgslExpression(parseExpression(form.glsl));
}

export const reduce: Kernel<WebGPUBackend, 'reduce'> = (backend, [x], [y], { name, ...view }) => {
  const row = reductions[name];
  // The mean of integers is a float32, so that they are added up as floats.
  const type = typeOf(y!.dtype);
  const form = type === 'f32' ? row : row.int;
  fold(backend, {
    program: `reduce ${name} ${type}`,
    inputs: { x: x! },
    output: y!,
    view,
    type,
    initial: initialOf(form.initial, type),
    combine: combineOf(form),
    term: `return ${type}(x[at]);`,
    ...(row.mean && { finish: 'v / u.terms' }),
  });
};

/** A longer axis is searched in parts, and then the winners of the parts are. */
const LONGEST_ALONE = 256;
const TERMS_OF_PART = 64;

export const argReduce: Kernel<WebGPUBackend, 'argReduce'> = (backend, [x], [y], { name, ...view }) => {
  const { outer, extent, inner } = view;
  const isFloat = typeOf(x!.dtype) === 'f32';
  const sign = name === 'argMax' ? '>' : '<';
  // A NaN wins over every number; of equals the first wins, in whatever order they are compared.
  const better = isFloat
    ? `select(v ${sign} best || (v == best && e < found), is_nan(v) && (!is_nan(best) || e < found), is_nan(v) || is_nan(best))`
    : `v ${sign} best || (v == best && e < found)`;
  /** Finds the winner of each part among the candidates; null: all positions are. */
  const pass = (candidates: TensorInfo | null, to: TensorInfo, places: number, parts: number): void =>
    dispatch(backend, {
      program: `argReduce ${name} ${candidates ? 'again' : ''}`,
      inputs: { x: x!, ...(candidates && { candidates }) },
      outputs: { winners: to },
      form: 'element',
      ints: { extent, inner, places, parts },
      source: () => `
        fn position(o: i32, k: i32, n: i32) -> i32 { return ${candidates ? 'candidates[(o * u.places + k) * u.inner + n]' : 'k'}; }
        fn result(i: i32) -> i32 {
          let line = i / u.inner;
          let o = line / u.parts;
          let n = i - line * u.inner;
          var k = line - o * u.parts;
          var found = position(o, k, n);
          var best = x[(o * u.extent + found) * u.inner + n];
          for (k += u.parts; k < u.places; k += u.parts) {
            let e = position(o, k, n);
            let v = x[(o * u.extent + e) * u.inner + n];
            let wins = ${better};
            found = select(found, e, wins);
            best = select(best, v, wins);
          }
          return found;
        }`,
    });
  const search = (candidates: TensorInfo | null, places: number): void => {
    if (places <= LONGEST_ALONE) {
      pass(candidates, y!, places, 1);
      return;
    }
    const parts = Math.ceil(places / TERMS_OF_PART);
    withScratch(backend, [outer, parts, inner], 'int32', (winners) => {
      pass(candidates, winners, places, parts);
      search(winners, parts);
    });
  };
  search(null, extent);
};
