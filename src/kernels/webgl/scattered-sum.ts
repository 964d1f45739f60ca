import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { drawPoints, TERMS, type PointsCall, type Summands } from './draw-points';
import { lanes, list } from './glsl';
import { LANES, texelsOf } from './texture-layout';
import { reduce } from './reduce';
import { withScratch } from './scratch';

/** The most terms to add one by one in float32: the error is at most 10⁻⁵ of the sum of their magnitudes. */
const LONGEST_SUM = 128;
/** The most sums in one draw: every device can draw into four textures at once. */
const MOST_APART = 4;
/** The most values in the copies of the output for each term: up to here, adding up the copies costs little beside drawing the points. */
const MOST_COPIED = 16;
/** The most values in all copies of the output (64 MiB). */
const MOST_COPIES = 2 ** 24;

/** A draw of points of which many may fall on one place. Its `term` also assigns `order`. */
export interface ScatteredSum extends PointsCall {
  /** The most terms that fall on one place. Terms on one place must differ in `order`, an integer in [0, most). */
  readonly most: number;
}

/**
 * Adds up terms at places that an index says. The error of each sum is at most 10⁻⁵ of the sum of its terms' magnitudes, for up to 2²⁰
 * terms. Blending adds one term after the other, whose error grows with their number, so that long sums are divided:
 *
 * - if the output is small, each 128 terms are added to a copy of it, and the copies are added up;
 * - if there are at most 512 terms, each 128 terms are added to a separate texture, and the textures are added up;
 * - otherwise the terms are cut (Rump, Ogita & Oishi, "Accurate floating-point summation", SIAM J. Sci. Comput. 2008). A first draw
 *   computes the approximate sum of magnitudes at each place. A second one draws into several textures: from each term it splits off the
 *   multiple of a power of two that is so large that the sum of these multiples is exact in float32, does the same with the rest, and so
 *   on. Only the last rest, which is small, is added up with errors.
 */
export function scatterSums(backend: WebGLBackend, call: ScatteredSum): void {
  const { output, most } = call;
  if (most <= LONGEST_SUM) {
    drawPoints(backend, call);
    return;
  }
  const copies = Math.ceil(most / LONGEST_SUM);
  const size = copies * output.size;
  const terms = call.count * (call.form === 'texel' ? LANES : 1);
  if (size <= Math.min(terms * MOST_COPIED, MOST_COPIES) && texelsOf(size) <= backend.maxTextureSize ** 2) {
    sumCopies(backend, call, copies);
    return;
  }
  if (copies <= MOST_APART) {
    sumApart(backend, call, copies);
    return;
  }
  withScratch(backend, output.shape, 'float32', (magnitudes) => {
    drawPoints(backend, call, { ...TERMS, name: 'magnitudes', add: ([only]) => `${only!} = abs(added);` }, [
      magnitudes,
    ]);
    const places = Math.ceil(Math.log2(most));
    const summands = partsOf(exactParts(places));
    withParts(backend, output, summands.count, (parts) => {
      const cut = { ...call, inputs: { ...call.inputs, magnitudes }, ints: { ...call.ints, places } };
      drawPoints(backend, cut, summands, parts);
      addParts(backend, parts, output);
    });
  });
}

/** Adds up the parts, the first one (the smallest, if the terms were cut) first. */
function addParts(backend: WebGLBackend, parts: readonly TensorInfo[], output: TensorInfo): void {
  draw(backend, {
    program: `sum of ${parts.length} parts`,
    inputs: Object.fromEntries(parts.map((part, k) => [`part${k}`, part])),
    outputs: [output],
    form: 'texel',
    source: () =>
      `unit result(int t) { return ${parts.map((_, k) => `part${k}_here()`).reduce((sum, part) => `${part} + (${sum})`)}; }`,
  });
}

/** Adds each stretch of {@link LONGEST_SUM} terms, by their order, to a separate texture, then adds up the textures. */
function sumApart(backend: WebGLBackend, call: ScatteredSum, stretches: number): void {
  const summands: Summands = {
    name: `${stretches} stretches`,
    count: stretches,
    add: (names) => list(stretches, (k) => `${names[k]!} = over_stretch(order) == ${k} ? added : unit(0.0);`),
  };
  withParts(backend, call.output, stretches, (parts) => {
    drawPoints(backend, { ...call, ints: { ...call.ints, stretch: LONGEST_SUM } }, summands, parts);
    addParts(backend, parts, call.output);
  });
}

/** Adds each stretch of {@link LONGEST_SUM} terms, by their order, to a copy of the output, then adds up the copies. */
function sumCopies(backend: WebGLBackend, call: ScatteredSum, copies: number): void {
  const { output } = call;
  const { size } = output;
  withScratch(backend, [copies, ...output.shape], 'float32', (sums) => {
    const lengthOfCopy = call.form === 'texel' ? size / LANES : size;
    drawPoints(
      backend,
      { ...call, output: sums, ints: { ...call.ints, length_of_copy: lengthOfCopy, stretch: LONGEST_SUM } },
      { ...TERMS, name: 'copies', move: 'target += over_stretch(order) * length_of_copy;' },
    );
    reduce(backend, [sums], [output], { name: 'sum', outer: 1, extent: copies, inner: size });
  });
}

/**
 * How many exact parts to split off until the error of the rest, n·2⁻²⁴ of it, is negligible. n terms of total magnitude S are cut at
 * multiples of 2⁻²¹·S, so that the rests add up to at most n·2⁻²²·S; each further part makes them smaller by 2²⁴ / n.
 *
 * @param places log₂ n, rounded up
 */
function exactParts(places: number): number {
  const bits = (parts: number): number => 46 + (parts - 1) * 24 - (parts + 1) * places;
  return [1, 2].find((parts) => bits(parts) >= 17) ?? 3;
}

/** GLSL for `grid_of(total)`, the power of two at which terms are cut (0: do not cut), and `cut(v, grid)`, the nearest multiple of it. */
const FUNCTIONS = `
  float grid_of(float total) {
    uint exponent = floatBitsToUint(total) >> 23;
    return exponent < 88u || exponent == 255u ? 0.0 : uintBitsToFloat((exponent - 21u) << 23);
  }
  vec4 grid_of(vec4 total) { return ${lanes('vec4', (c) => `grid_of(total.${c})`)}; }
  float cut(float v, float grid) { return grid == 0.0 ? 0.0 : roundEven(v / grid) * grid; }
  vec4 cut(vec4 v, vec4 grid) { return ${lanes('vec4', (c) => `cut(v.${c}, grid.${c})`)}; }`;

/** Splits terms into a rest, which comes first, and exact parts, of which the largest comes last. A total that is infinite, NaN or tiny is not cut. */
function partsOf(exact: number): Summands {
  return {
    name: `parts ${exact}`,
    count: exact + 1,
    functions: FUNCTIONS,
    add: (names) => {
      const [rest, ...highest] = names;
      return `
      unit total = target < 0 ? unit(0.0) : magnitudes_unit(target);
      unit grid = grid_of(total);
      ${rest!} = added;
      ${list(exact, (k) => {
        const part = highest[exact - 1 - k]!;
        return `${part} = cut(${rest!}, grid); ${rest!} -= ${part}; grid *= uintBitsToFloat(uint(127 + places - 24) << 23);`;
      })}`;
    },
  };
}

function withParts(
  backend: WebGLBackend,
  output: TensorInfo,
  count: number,
  use: (parts: readonly TensorInfo[]) => void,
  parts: readonly TensorInfo[] = [],
): void {
  if (parts.length === count) use(parts);
  else
    withScratch(backend, output.shape, 'float32', (part) => {
      withParts(backend, output, count, use, [...parts, part]);
    });
}
