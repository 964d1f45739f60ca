import { add, concat, divNoNan, equal, exp, log, matMul, max, maximum, mul, sub, sum, where, zeros } from '../../tensor/ops'; // prettier-ignore
import { tidy } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { allBlocks, isSeen, rowsOf, scoresOf, type AttentionAttributes, type Block } from './blocks';

/** The state of the online softmax of a block of queries: the greatest score, Σ exp(score − greatest), and Σ exp(score − greatest)·v; the first two have the last axis 1. */
type State = [greatest: Tensor, sum: Tensor, weighted: Tensor];

/** A row without a score that counts has the greatest −∞: 0 in its place keeps exp from ∞ − ∞. */
const finite = (greatest: Tensor): Tensor => where(equal(greatest, -Infinity), 0, greatest);

/** Adds the scores of a block of keys (Milakov & Gimelshein, "Online normalizer calculation for softmax", 2018). */
function joined(before: State | null, scores: Tensor, values: Tensor): State {
  const own = max(scores, -1, true);
  const greatest = before ? maximum(before[0], own) : own;
  const shift = finite(greatest);
  const weights = exp(sub(scores, shift));
  const sums = sum(weights, -1, true);
  const weighted = matMul(weights, values);
  if (!before) return [greatest, sums, weighted];
  const factor = exp(sub(before[0], shift));
  return [greatest, add(mul(before[1], factor), sums), add(mul(before[2], factor), weighted)];
}

/** The result and the logarithm of the sum of exponentials of a block of queries. */
function finished([greatest, sums, weighted]: State): [Tensor, Tensor] {
  // +∞ for a row that is masked entirely, so that its weights are exp(−∞) = 0 in the gradient too.
  const logarithm = where(equal(sums, 0), Infinity, add(finite(greatest), log(sums)));
  return [divNoNan(weighted, sums), logarithm];
}

/**
 * Attention, one block of scores at a time.
 *
 * @returns the result [batch, queries, width of values], and for each query the logarithm of the sum of its exponentials [batch, queries, 1]
 */
export function forward(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  mask: Tensor | null,
  attributes: AttentionAttributes,
): [Tensor, Tensor] {
  const [batch, rows] = q.shape as [number, number, number];
  const width = v.shape[2]!;
  const { ofQueries, ofKeys } = allBlocks(batch, rows, k.shape[1]!);
  const ofBlock = (queries: Block): [Tensor, Tensor] =>
    tidy(() => {
      const own = rowsOf(q, queries);
      let state: State | null = null;
      for (const keys of ofKeys) {
        if (!isSeen(attributes, queries, keys)) continue;
        const before: State | null = state;
        state = tidy(() =>
          joined(before, scoresOf(own, rowsOf(k, keys), mask, attributes, queries, keys), rowsOf(v, keys)),
        );
        before?.forEach((each) => each.dispose());
      }
      return finished(
        state ?? [
          zeros([batch, queries.count, 1]),
          zeros([batch, queries.count, 1]),
          zeros([batch, queries.count, width]),
        ],
      );
    });
  const parts = ofQueries.map(ofBlock);
  const join = (i: 0 | 1, last: number): Tensor =>
    parts.length === 0
      ? zeros([batch, 0, last])
      : parts.length === 1
        ? parts[0]![i]
        : concat(
            parts.map((part) => part[i]),
            1,
          );
  return [join(0, width), join(1, 1)];
}
