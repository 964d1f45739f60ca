/** A member's part of a bucket, and the weight of that member in the mean. */
export interface WeightedPart {
  readonly values: Float32Array;
  readonly weight: number;
}

/**
 * The mean of the members' parts of a bucket. The order of the additions depends on the number of members alone, so the bits of the result
 * do not depend on which messages come first. It is the order of `trainStep` with `accumulate`: blocks of ⌈√N⌉ parts, each summed from the left,
 * and then the sums of the blocks. Thus N members give the bits of one process that accumulates N batches.
 *
 * Each operation is rounded to float32. (The engine computes it in float64 first; rounding twice gives the same here, since 53 ≥ 2 · 24 + 2:
 * Figueroa, "When is double rounding innocuous?", 1995.)
 *
 * Where all weights are equal, nothing is multiplied. A part of weight 0 is left out. When no part has any weight, all count alike.
 */
export function meanInFixedOrder(parts: readonly WeightedPart[], result: Float32Array): void {
  const weighty = parts.filter(({ weight }) => weight !== 0);
  const counted = weighty.length > 0 ? weighty : parts.map(({ values }) => ({ values, weight: 1 }));
  const [first] = counted;
  const isPlain = counted.every(({ weight }) => weight === first!.weight);
  const terms = isPlain ? counted.map(({ values }) => values) : counted.map(weighed);
  sumInBlocks(terms, result);
  const divisor = isPlain ? terms.length : counted.reduce((sum, { weight }) => Math.fround(sum + weight), 0);
  if (divisor !== 1) for (let i = 0; i < result.length; i++) result[i] = result[i]! / divisor;
}

function weighed({ values, weight }: WeightedPart): Float32Array {
  const factor = Math.fround(weight);
  return values.map((value) => value * factor);
}

function sumInBlocks(terms: readonly Float32Array[], sum: Float32Array): void {
  const size = Math.ceil(Math.sqrt(terms.length));
  sum.set(terms[0]!);
  addAll(sum, terms.slice(1, size));
  for (let from = size; from < terms.length; from += size) {
    const block = terms.slice(from, from + size);
    if (block.length === 1) {
      addAll(sum, block);
      continue;
    }
    const partial = block[0]!.slice();
    addAll(partial, block.slice(1));
    addAll(sum, [partial]);
  }
}

function addAll(sum: Float32Array, terms: readonly Float32Array[]): void {
  for (const term of terms) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + term[i]!;
}
