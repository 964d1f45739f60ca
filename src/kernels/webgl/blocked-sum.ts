import { list } from './glsl';

/**
 * The GLSL of a sum that is too long for one float32 accumulator, whose error grows with the number of terms. The terms are added up in
 * blocks, then the blocks. If there are many blocks, the rounding error of each of these additions is added up apart (Neumaier,
 * "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 1974), so that the error does not grow with their number.
 * A driver that simplifies as if floats were real numbers computes 0 for these errors; the sum is still one of blocks.
 *
 * A kernel puts `declare` before its loop, makes the loop by {@link loopInBlocks}, and puts `finish` behind it.
 */
export interface BlockedSum {
  /** The number of terms in a block; Infinity for a sum in one block. */
  readonly length: number;
  /** Functions for the head of the program. */
  readonly functions: string;
  /** Declares further variables for each accumulator. */
  readonly declare: string;
  /** Ends a block: adds the accumulators to the totals and sets them to 0. */
  readonly close: string;
  /** Assigns the totals to the accumulators, after the last block has been closed. */
  readonly finish: string;
  /** Part of the program's name. */
  readonly key: string;
}

/**
 * The most terms for one accumulator in products. Each addition has a relative error of at most 2⁻²⁴, so that the error is at most 10⁻⁵
 * of the sum of the terms' magnitudes.
 */
export const LONGEST_PRODUCT_SUM = 128;
/** The most terms for one accumulator in reductions and poolings, for an error of at most 2·10⁻⁶ of the magnitudes. */
export const LONGEST_PLAIN_SUM = 32;

// `rounded_sum` is a sum that the compiler cannot simplify, since it does not know that the uniform `nought` is 0. If a sum is infinite or
// NaN, so is its error, which is then left out.
const FUNCTIONS = `
  float rounded_sum(float a, float b) { return uintBitsToFloat(floatBitsToUint(a + b) ^ uint(nought)); }
  vec4 rounded_sum(vec4 a, vec4 b) { return uintBitsToFloat(floatBitsToUint(a + b) ^ uint(nought)); }
  float corrected(float sum, float error) { return is_nan(error) || is_inf(error) ? sum : sum + error; }
  vec4 corrected(vec4 sum, vec4 error) {
    return vec4(corrected(sum.x, error.x), corrected(sum.y, error.y), corrected(sum.z, error.z), corrected(sum.w, error.w));
  }`;

const EIGHT_SUMS = Array.from({ length: 8 }, (_, i) => `sum${i}`);

/** The names of an accumulator for each layer of a target: sum0, sum1, … */
export function sumsOf(layers: number): readonly string[] {
  return EIGHT_SUMS.slice(0, layers);
}

const IN_ONE_BLOCK: BlockedSum = {
  length: Infinity,
  functions: '',
  declare: '',
  close: '',
  finish: '',
  key: '',
};

/**
 * @param names the accumulators, all of the GLSL type `unit`
 * @param terms the most terms that one accumulator adds up
 * @param longest the most terms to add up in one block
 * @param rows into how many rows the terms fall; each row begins a new block
 */
export function blockedSum(
  names: readonly string[],
  unit: string,
  terms: number,
  longest: number,
  rows = 1,
): BlockedSum {
  if (terms <= longest) return IN_ONE_BLOCK;
  const each = (text: (name: string) => string): string => list(names.length, (i) => text(names[i]!));
  const length = longest / 2;
  if (rows * Math.ceil(terms / rows / length) <= length) {
    return {
      length,
      functions: '',
      declare: each((name) => `${unit} total_${name} = ${unit}(0.0);`),
      close: each((name) => `total_${name} += ${name}; ${name} = ${unit}(0.0);`),
      finish: each((name) => `${name} = total_${name};`),
      key: ' few blocks',
    };
  }
  return {
    length,
    functions: FUNCTIONS,
    declare: each((name) => `${unit} total_${name} = ${unit}(0.0), error_${name} = ${unit}(0.0);`),
    close: each(
      (name) => `{
        ${unit} sum_of_both = rounded_sum(total_${name}, ${name});
        error_${name} += ${name} - rounded_sum(sum_of_both, -total_${name});
        total_${name} = sum_of_both;
        ${name} = ${unit}(0.0);
      }`,
    ),
    finish: each((name) => `${name} = corrected(total_${name}, error_${name});`),
    key: ' blocks',
  };
}

/**
 * A loop from `first` to `end` that adds `terms` terms in each round and increments its variable by `step` (1, 2 or 4). It closes every
 * block, the last too.
 */
export function loopInBlocks(
  sum: BlockedSum | undefined,
  variable: string,
  {
    first,
    end,
    step = 1,
    terms = 1,
  }: { readonly first: string; readonly end: string; readonly step?: number; readonly terms?: number },
  body: string,
): string {
  const loop = (from: string, to: string): string =>
    `for (int ${variable} = ${from}; ${variable} < ${to}; ${variable} += ${step}) { ${body} }`;
  if (!sum || sum.length === Infinity) return loop(first, end);
  const length = Math.max(step, Math.floor(sum.length / terms / step) * step);
  return `
    for (int block_of_${variable} = ${first}; block_of_${variable} < ${end}; block_of_${variable} += ${length}) {
      int end_of_${variable} = min(block_of_${variable} + ${length}, ${end});
      ${loop(`block_of_${variable}`, `end_of_${variable}`)}
      ${sum.close}
    }`;
}

/**
 * A loop over lines with an inner loop over the `length` pixels of a line, which adds one term for each pixel. A block is several short
 * lines or a part of a long one.
 *
 * @param line gives the statements for a line, which contain the loop over its pixels
 * @param pixel the statements for a pixel
 */
export function linesInBlocks(
  sum: BlockedSum,
  lines: { readonly first: string; readonly end: string },
  pixels: {
    readonly variable: string;
    readonly end: string;
    readonly length: number;
    readonly step?: number;
  },
  line: (loopOverPixels: string) => string,
  pixel: string,
): string {
  const range = { first: '0', ...pixels };
  const whole: BlockedSum = { ...sum, length: Infinity };
  return pixels.length > sum.length
    ? loopInBlocks(whole, 'line', lines, line(loopInBlocks(sum, pixels.variable, range, pixel)))
    : loopInBlocks(
        sum,
        'line',
        { ...lines, terms: Math.max(1, pixels.length) },
        line(loopInBlocks(whole, pixels.variable, range, pixel)),
      );
}

/** Part of the program's name: all that the source of {@link linesInBlocks} depends on. */
export function linesKey(sum: BlockedSum, length: number): string {
  if (sum.length === Infinity) return '';
  return length > sum.length
    ? `${sum.key} of pixels`
    : `${sum.key} of ${Math.floor(sum.length / Math.max(1, length))} lines`;
}
