import { add, addN, concat, exp, matMul, mul, reshape, sub, sum, zeros } from '../../tensor/ops';
import { sumToShape } from '../../tensor/ops/sum-to-shape';
import { tidy } from '../../tensor/scope';
import type { GradientContext } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';
import { allBlocks, isSeen, maskOf, rowsOf, scoresOf, type AttentionAttributes, type Block } from './blocks';

/** The gradients to the queries, keys, values, and to a mask that is added; null where it is not. */
export type Gradients = readonly [Tensor, Tensor, Tensor, Tensor | null];

/** What one block of scores adds to the gradients. */
type Parts = [q: Tensor, k: Tensor, v: Tensor, mask?: Tensor];

/**
 * The backward pass of FlashAttention (Dao et al. 2022, algorithm 4): the weights of each block are computed again from its scores and the logarithms L of
 * the forward pass. P = exp(S − L), dV = Pᵀ·dO, dS = P∘(dO·Vᵀ − D) with D = Σ dO∘O, dQ = scale·dS·K, dK = scale·dSᵀ·Q. A gradient for L itself, which a second
 * derivative has, adds P·dL to dS.
 */
export function backward(c: GradientContext<AttentionAttributes>): Gradients {
  const [q, k, v] = [c.input(0), c.input(1), c.input(2)];
  const mask = c.inputCount > 3 ? c.input(3) : null;
  const addsMask = mask !== null && mask.dtype !== 'bool';
  const [dy, dLogarithm] = c.dys as [Tensor, Tensor];
  const { attributes } = c;
  const [batch, rows] = q.shape as [number, number, number];
  const { ofQueries, ofKeys } = allBlocks(batch, rows, k.shape[1]!);
  const total = sub(sum(mul(dy, c.output(0)), -1, true), dLogarithm);

  const ofBlock = (queries: Block, keys: Block): Parts =>
    tidy(() => {
      const [qs, ks, vs, dys] = [rowsOf(q, queries), rowsOf(k, keys), rowsOf(v, keys), rowsOf(dy, queries)];
      const scores = scoresOf(qs, ks, mask, attributes, queries, keys);
      const weights = exp(sub(scores, rowsOf(c.output(1), queries)));
      const dScores = mul(weights, sub(matMul(dys, vs, false, true), rowsOf(total, queries)));
      const parts: Parts = [
        mul(matMul(dScores, ks), attributes.scale),
        mul(matMul(dScores, qs, true), attributes.scale),
        matMul(weights, dys, true),
      ];
      if (addsMask) {
        const whole = reshape(dScores, [...attributes.batch, queries.count, keys.count]);
        parts.push(sumToShape(whole, maskOf(mask, queries, keys).shape));
      }
      return parts;
    });

  const dq: Tensor[] = [];
  const dk: (Tensor | null)[] = ofKeys.map(() => null);
  const dv: (Tensor | null)[] = ofKeys.map(() => null);
  const dMask: Tensor[][] = [];
  for (const queries of ofQueries) {
    const ofRow: Tensor[] = [];
    let own: Tensor | null = null;
    ofKeys.forEach((keys, j) => {
      if (!isSeen(attributes, queries, keys)) {
        if (addsMask) ofRow.push(zeros(maskOf(mask, queries, keys).shape as number[]));
        return;
      }
      const [q, k, v, m] = ofBlock(queries, keys);
      own = added(own, q);
      dk[j] = added(dk[j]!, k);
      dv[j] = added(dv[j]!, v);
      if (m) ofRow.push(m);
    });
    dq.push(own ?? zeros([batch, queries.count, q.shape[2]!]));
    dMask.push(ofRow);
  }
  const ofRows = (parts: readonly (Tensor | null)[], like: Tensor): Tensor =>
    joinedRows(
      parts.map((part, j) => part ?? zeros([batch, ofKeys[j]!.count, like.shape[2]!])),
      like,
    );
  return [joinedRows(dq, q), ofRows(dk, k), ofRows(dv, v), addsMask ? maskGradient(dMask, mask) : null];
}

/** The sum of a part and of those before it, which are freed. */
function added(before: Tensor | null, part: Tensor): Tensor {
  if (!before) return part;
  const all = add(before, part);
  before.dispose();
  part.dispose();
  return all;
}

const joinedRows = (parts: readonly Tensor[], like: Tensor): Tensor =>
  parts.length === 0 ? zeros(like.shape as number[]) : joinedAlong(parts, 1);

const joinedAlong = (parts: readonly Tensor[], axis: number): Tensor =>
  parts.length === 1 ? parts[0]! : concat([...parts], axis);

/** The blocks of the gradient of a mask: side by side where the mask has an element for each, else their sum. */
function maskGradient(blocks: readonly (readonly Tensor[])[], mask: Tensor): Tensor {
  const join = (parts: readonly Tensor[], axis: number): Tensor =>
    parts.length === 1
      ? parts[0]!
      : axis < 0 || mask.shape[axis] === 1
        ? addN([...parts])
        : concat([...parts], axis);
  if (blocks.length === 0 || blocks[0]!.length === 0) return zeros(mask.shape as number[]);
  return join(
    blocks.map((row) => join(row, mask.rank - 1)),
    mask.rank - 2,
  );
}
