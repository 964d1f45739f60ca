/** What the forward and the backward pass of attention share: the blocks, and the scores of one. */
import { add, greaterEqual, matMul, mul, range, reshape, slice, where } from '../../tensor/ops';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

/** How attention is computed. Queries, keys and values have the shape [batch, rows, width] inside. */
export interface AttentionAttributes {
  readonly scale: number;
  readonly isCausal: boolean;
  /** The axes that become the batch. */
  readonly batch: readonly number[];
}

/** Some neighbouring rows. */
export interface Block {
  readonly start: number;
  readonly count: number;
}

/** The most keys of a block. */
const MOST_KEYS = 1024;
/** The least queries of a block: with fewer, products take longer for each element. */
const LEAST_QUERIES = 32;
/** The scores that are held at a time (4 MB), unless that were less than {@link LEAST_QUERIES}. */
const MOST_SCORES = 2 ** 20;

function blocksOf(count: number, most: number): Block[] {
  return Array.from({ length: Math.ceil(count / most) }, (_, i) => ({
    start: i * most,
    count: Math.min(most, count - i * most),
  }));
}

/** The blocks of queries, and those of keys. Their sizes follow from the shapes alone. */
export function allBlocks(
  batch: number,
  queries: number,
  keys: number,
): { readonly ofQueries: Block[]; readonly ofKeys: Block[] } {
  const most = Math.min(keys, MOST_KEYS);
  const fit = Math.floor(MOST_SCORES / Math.max(1, batch * most));
  return { ofQueries: blocksOf(queries, Math.max(LEAST_QUERIES, fit)), ofKeys: blocksOf(keys, MOST_KEYS) };
}

/** Whether causal queries see any of the keys: query i sees those up to i. */
export const isSeen = ({ isCausal }: AttentionAttributes, queries: Block, keys: Block): boolean =>
  !isCausal || keys.start < queries.start + queries.count;

/** Rows of [batch, rows, width]. */
export function rowsOf(x: Tensor, { start, count }: Block): Tensor {
  const [batch, rows, width] = x.shape as [number, number, number];
  return count === rows ? x : slice(x, [0, start, 0], [batch, count, width]);
}

/** The part of a mask for a block. Axes of one element are repeated, and so stay whole. */
export function maskOf(mask: Tensor, queries: Block, keys: Block): Tensor {
  const begin = mask.shape.map(() => 0);
  const size = [...mask.shape] as number[];
  [queries, keys].forEach(({ start, count }, i) => {
    const axis = mask.rank - 2 + i;
    if (axis < 0 || size[axis] === 1) return;
    begin[axis] = start;
    size[axis] = count;
  });
  return formatShape(size) === formatShape(mask.shape) ? mask : slice(mask, begin, size);
}

/**
 * The scores of a block, scale·q·kᵀ with the mask: [batch, queries, keys]. What is masked is −∞.
 *
 * @param q the queries of the block
 * @param k the keys of the block
 */
export function scoresOf(
  q: Tensor,
  k: Tensor,
  mask: Tensor | null,
  { scale, isCausal, batch }: AttentionAttributes,
  queries: Block,
  keys: Block,
): Tensor {
  const scores = matMul(mul(q, scale), k, false, true);
  const masked = mask ? withMask(scores, maskOf(mask, queries, keys), batch) : scores;
  if (!isCausal || keys.start + keys.count <= queries.start + 1) return masked;
  const rows = reshape(range(queries.start, queries.start + queries.count), [queries.count, 1]);
  return where(greaterEqual(rows, range(keys.start, keys.start + keys.count)), masked, -Infinity);
}

function withMask(scores: Tensor, mask: Tensor, batch: readonly number[]): Tensor {
  const whole = reshape(scores, [...batch, ...scores.shape.slice(1)] as number[]);
  const masked = mask.dtype === 'bool' ? where(mask, whole, -Infinity) : add(whole, mask);
  return reshape(masked, scores.shape as number[]);
}
