import { sizeOf } from '../../kernels';
import { withoutTaping } from '../../tensor/extent';
import { lazy } from '../../tensor/lazy';
import { op } from '../../tensor/op';
import { cast, reshape } from '../../tensor/ops';
import type { KeepsRank } from '../../tensor/ops/keeps-rank';
import { assertOptionValues, isOneOf, type OptionRules } from '../../tensor/options';
import { formatShape } from '../../tensor/shape';
import { addToTape, type GradientRule } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';
import { backward } from './backward';
import type { AttentionAttributes } from './blocks';
import { forward } from './forward';

/** Options of {@link attention}. */
export interface AttentionOptions {
  /**
   * Which keys a query sees, broadcast to [..., queries, keys]: bool, true for those it sees; or float32, which is added to the scores (−∞ for those it does not
   * see), and has a gradient. An array of numbers is float32. By default a query sees all keys.
   */
  readonly mask?: TensorInput | null;
  /** Whether query i sees only the keys up to i. false by default. */
  readonly causal?: boolean;
  /** The factor of the products of queries and keys; 1/√width by default. */
  readonly scale?: number | null;
}

const rules: OptionRules<AttentionOptions> = {
  mask: [() => true, 'a tensor'],
  causal: isOneOf([true, false]),
  scale: [(value) => value === null || Number.isFinite(value), 'a finite number, or null for 1/√width'],
};

/** All gradients are computed at once: they share the weights. */
const rule: GradientRule<AttentionAttributes> = {
  inputs: 'all',
  outputs: [0, 1],
  gradients: (c) => {
    const all = lazy(() => backward(c));
    const hasMask = c.inputCount > 3 && c.input(3).dtype !== 'bool';
    return [() => all()[0], () => all()[1], () => all()[2], hasMask ? () => all()[3]! : null];
  },
};

function operandOf(argument: string, value: TensorInput): Tensor {
  const x = asTensor('attention', argument, value, 'float32');
  if (x.rank < 2)
    throw new Error(`attention: argument '${argument}' has rank ${x.rank} (shape ${formatShape(x.shape)}); wanted rank 2 or more`); // prettier-ignore
  return cast(x, 'float32');
}

function assertShape(argument: string, x: Tensor, wanted: readonly number[], why: string): void {
  if (formatShape(x.shape) !== formatShape(wanted))
    throw new Error(`attention: argument '${argument}' has shape ${formatShape(x.shape)}; wanted ${formatShape(wanted)}, ${why}`); // prettier-ignore
}

/** @throws unless the mask can be broadcast to the scores */
function maskFor(given: TensorInput, scores: readonly number[]): Tensor {
  const mask = asTensor('attention', 'mask', given);
  if (mask.dtype === 'int32')
    throw new Error("attention: option 'mask' is int32; wanted bool (mask.cast('bool')), or float32, which is added to the scores"); // prettier-ignore
  const fits =
    mask.rank <= scores.length &&
    mask.shape.every((extent: number, i: number) =>
      [1, scores[scores.length - mask.rank + i]].includes(extent),
    );
  if (!fits)
    throw new Error(`attention: option 'mask' has shape ${formatShape(mask.shape)}; wanted one that can be broadcast to ${formatShape(scores)}, [..., queries, keys]`); // prettier-ignore
  return mask;
}

/**
 * Scaled dot product attention, softmax(scale·query·keyᵀ + mask)·value, as one op (Vaswani et al., "Attention is all you need", 2017). It computes block by block,
 * forward and backward (Dao et al., "FlashAttention", 2022), so that its memory grows with queries + keys, not with their product; what the gradient needs of
 * the scores is computed again. A query that sees no key gives zeros, and has the gradient 0.
 *
 * @param query [..., queries, width], float32; with the axes for batch and heads before
 * @param key [..., keys, width]
 * @param value [..., keys, value width]
 * @returns [..., queries, value width]
 * @throws when the shapes do not fit, or an option is unknown or has a wrong value
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { attention } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const x = dl.randomNormal<dl.Rank.R4>([2, 4, 100, 16]); // batch, heads, positions, width
 *   console.log(attention(x, x, x, { causal: true }).shape); // [2, 4, 100, 16]
 * });
 * ```
 */
export const attention = op('attention', function attention<
  T extends Tensor,
>(query: T | TensorInput, key: TensorInput, value: TensorInput, options: AttentionOptions | null = null): T {
  const given = options ?? {};
  assertOptionValues<AttentionOptions>('attention', given, rules);
  const [q, k, v] = [operandOf('query', query), operandOf('key', key), operandOf('value', value)];
  const outer = q.shape.slice(0, -2);
  const [queries, width] = q.shape.slice(-2) as [number, number];
  const keys = k.shape.at(-2)!;
  assertShape('key', k, [...outer, keys, width], "for a 'query' of shape " + formatShape(q.shape));
  assertShape('value', v, [...outer, keys, v.shape.at(-1)!], "for a 'key' of shape " + formatShape(k.shape));
  const mask =
    given.mask === undefined || given.mask === null ? null : maskFor(given.mask, [...outer, queries, keys]);
  const attributes = {
    scale: given.scale ?? 1 / Math.sqrt(Math.max(1, width)),
    isCausal: given.causal ?? false,
    batch: outer,
  };
  const [a, b, c] = [q, k, v].map((x) => reshape(x, [sizeOf(outer), ...x.shape.slice(-2)] as number[])) as [Tensor, Tensor, Tensor]; // prettier-ignore
  const results = withoutTaping(() => forward(a, b, c, mask, attributes));
  addToTape('attention', mask ? [a, b, c, mask] : [a, b, c], results, attributes, rule);
  return reshape(results[0], [...outer, queries, v.shape.at(-1)!]) as T;
}) as KeepsRank<Tensor, [key: TensorInput, value: TensorInput, options?: AttentionOptions | null]>;
