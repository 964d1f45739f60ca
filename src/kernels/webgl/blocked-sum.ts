import { list } from './glsl';

/**
 * Sums that are too long for one float32 accumulator, whose error grows with the number of terms. The terms are added in blocks, and
 * the blocks are added up; if they are many, with the error of each of these additions kept apart (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur
 * Summation endlicher Summen", ZAMM 1974): the error is that of one block, however many there are. Where a driver computes as if with
 * real numbers, and takes the errors for 0, the sum is still one of blocks.
 *
 * `blockedSum` makes such a sum; `loopInBlocks` and its other texts are the places in a kernel that a sum in blocks takes part in.
 */
export interface BlockedSum {
  /** How many terms a block has; Infinity for a sum in one block. */
  readonly length: number;
  /** Functions, for the head of the program; it must have the numbers {@link BLOCKED_SUM_INTS}. */
  readonly functions: string;
  /** Declares what the accumulators need beside themselves, … */
  readonly declare: string;
  /** … ends a block, … */
  readonly close: string;
  /** … and leaves the sums in the accumulators, all blocks having been ended. */
  readonly finish: string;
  /** For the names of programs. */
  readonly key: string;
}

/**
 * Terms that one accumulator adds up within a relative error of 10⁻⁵ of their magnitudes, for products; each of the additions errs by
 * 2⁻²⁴ at most.
 */
export const LONGEST_PRODUCT_SUM = 128;
/** The same within 2·10⁻⁶, for reductions and poolings. */
export const LONGEST_PLAIN_SUM = 32;

/** What a program with sums in blocks must have among its ints: a 0 of which no compiler knows. */
export const BLOCKED_SUM_INTS = { nought: 0 };

// `rounded_sum` is a sum that the compiler may not take apart. The error of an infinite sum or of NaN is no number: it does not count.
const FUNCTIONS = `
  float rounded_sum(float a, float b) { return uintBitsToFloat(floatBitsToUint(a + b) ^ uint(nought)); }
  vec4 rounded_sum(vec4 a, vec4 b) { return uintBitsToFloat(floatBitsToUint(a + b) ^ uint(nought)); }
  float corrected(float sum, float error) { return is_nan(error) || is_inf(error) ? sum : sum + error; }
  vec4 corrected(vec4 sum, vec4 error) {
    return vec4(corrected(sum.x, error.x), corrected(sum.y, error.y), corrected(sum.z, error.z), corrected(sum.w, error.w));
  }`;

/**
 * @param names of the accumulators, all of the GLSL type `unit`
 * @param terms that each of them adds up at most
 * @param longest sum in one block
 * @param rows of terms, each of which begins a block of its own
 */
export function blockedSum(
  names: readonly string[],
  unit: string,
  terms: number,
  longest: number,
  rows = 1,
): BlockedSum {
  if (terms <= longest) {
    return { length: Infinity, functions: '', declare: '', close: '', finish: '', key: '' };
  }
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
 * A loop that adds `terms` in each round, and counts on by `step` (a power of two up to 4): in one block, or in as many as it takes,
 * the last of which it ends too.
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
 * A loop over lines, each of which has a loop over its `length` pixels that adds a term a pixel. Blocks are of several short lines, or
 * parts of a long one.
 *
 * @param line the statements of a line, with the loop over pixels that they are given
 * @param pixel the statements of a pixel
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

/** On what the source of {@link linesInBlocks} depends. */
export function linesKey(sum: BlockedSum, length: number): string {
  if (sum.length === Infinity) return '';
  return length > sum.length
    ? `${sum.key} of pixels`
    : `${sum.key} of ${Math.floor(sum.length / Math.max(1, length))} lines`;
}
