import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { drawPoints, TERMS, type PointsCall, type Summands } from './draw-points';
import { lanes, list } from './glsl';
import { LANES, texelsOf } from './texture-layout';
import { reduce } from './reduce';
import { withScratch } from './scratch';

/** So many terms, added one by one in float32, are summed within a relative error of 10⁻⁵ of their magnitudes, … */
const LONGEST_SUM = 128;
/** … and so many sums fit into one draw: every device draws into four textures at once. */
const MOST_APART = 4;
/** Copies of the output may have so many values for each term, since summing them costs little beside drawing points, … */
const MOST_COPIED = 16;
/** … and so many values (64 MiB). */
const MOST_COPIES = 2 ** 24;

/**
 * A point for each term; `most` is how many may fall on one place. `term` assigns `order` too, a number below `most` that differs between
 * terms that fall on one place.
 */
export interface ScatteredSum extends PointsCall {
  readonly most: number;
}

/**
 * Sums that land where an index says, each within 10⁻⁵ of the sum of its terms' magnitudes for up to 2²⁰ terms. Blending adds one term
 * after the other, so that no tree can be made of many. Where the output is small, every 128 terms get one of their own, and these are
 * added up. Where there are up to 512, every 128 go to a texture of their own. Otherwise the terms are cut (Rump, Ogita & Oishi, "Accurate floating-point summation", SIAM J. Sci. Comput. 2008). A first
 * draw finds the sum of magnitudes at each place, roughly. A second one draws into several textures at once: of each term the part that
 * is a multiple of a power of two so great that the sum of these parts is exact in float32, then the same of the rest, and so on; only
 * what is left at last is summed with errors, which then are those of a small number.
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

/** The first is the smallest, where they differ: it is added first. */
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

/** The terms of each stretch of the order in a texture of their own, and then the sum of the textures. */
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

/** The terms of each stretch of the order in a copy of the output, and then the sum of the copies. */
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
 * How many exact sums it takes before the rest is so small that the error of its own, n·2⁻²⁴ of it, does not count. n terms of magnitude
 * S are cut at 2⁻²¹·S, so that rests add up to n·2⁻²²·S at most, and from one part to the next by another 2²⁴ / n.
 */
function exactParts(places: number): number {
  const bits = (parts: number): number => 46 + (parts - 1) * 24 - (parts + 1) * places;
  return [1, 2].find((parts) => bits(parts) >= 17) ?? 3;
}

/** A power of two, and the multiple of it that is nearest to a value. */
const FUNCTIONS = `
  float grid_of(float total) {
    uint exponent = floatBitsToUint(total) >> 23;
    return exponent < 88u || exponent == 255u ? 0.0 : uintBitsToFloat((exponent - 21u) << 23);
  }
  vec4 grid_of(vec4 total) { return ${lanes('vec4', (c) => `grid_of(total.${c})`)}; }
  float cut(float v, float grid) { return grid == 0.0 ? 0.0 : roundEven(v / grid) * grid; }
  vec4 cut(vec4 v, vec4 grid) { return ${lanes('vec4', (c) => `cut(v.${c}, grid.${c})`)}; }`;

/** The rest comes first, the part of the highest bits last. Nothing is cut off where the total is infinite, NaN or too small to be cut. */
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
