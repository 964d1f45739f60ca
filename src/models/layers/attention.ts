import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { initialize, initializer } from './initializers';
import { kind } from './kind';
import { shown } from './layer';
import { count, flag, only, or, share } from './setting';

/** A number that makes a score vanish behind a softmax. */
const FAR = -1e9;

/** Vaswani et al. 2017. The inputs are query, value and, if it is another, key: each [batch, steps, features]. */
export const MultiHeadAttention = kind({
  className: 'MultiHeadAttention',
  settings: {
    numHeads: count,
    keyDim: count,
    valueDim: or(count, null),
    dropout: or(share, 0),
    useBias: or(flag, true),
    outputShape: only(null),
    attentionAxes: only(null),
    kernelInitializer: or(initializer, initialize('GlorotUniform')),
    biasInitializer: or(initializer, initialize('Zeros')),
  },
  weights: (settings, inputs) => {
    const { numHeads, keyDim, valueDim, useBias, kernelInitializer, biasInitializer } = settings;
    const [query = NaN, value = query, key = value] = inputs.map((shape) => shape.at(-1) ?? NaN);
    const width = valueDim ?? keyDim;
    const sizes = { query: [query, keyDim], key: [key, keyDim], value: [value, width] } as const;
    const projections = Object.entries(sizes).flatMap(([name, [from, to]]) => [
      { name: `${name}/kernel`, shape: [from, numHeads, to], initializer: kernelInitializer },
      ...(useBias ? [{ name: `${name}/bias`, shape: [numHeads, to], initializer: biasInitializer }] : []),
    ]);
    return [
      ...projections,
      { name: 'attention_output/kernel', shape: [numHeads, width, query], initializer: kernelInitializer },
      ...(useBias ? [{ name: 'attention_output/bias', shape: [query], initializer: biasInitializer }] : []),
    ];
  },
  shapes: (_, inputs) => {
    if (inputs.length > 1 && inputs.length < 4 && inputs.every(({ length }) => length === 3))
      return [inputs[0]!];
    throw new Error(
      `the inputs are ${shown(inputs)}; wanted query, value and perhaps key: [batch, steps, features]`,
    );
  },
  run: ({ inputs, settings, weight, training, options, mask }) => {
    const { numHeads, keyDim, valueDim, useBias, dropout } = settings;
    const [query, value = query!, key = value] = inputs;
    // [batch, heads, steps, size]
    const heads = (x: Tensor, name: string, size: number): Tensor => {
      const [batch, steps, features] = x.shape as [number, number, number];
      const flat = dl.fused.matMul({
        a: dl.reshape(x, [batch * steps, features]),
        b: dl.reshape(weight(`${name}/kernel`), [features, numHeads * size]),
        bias: useBias ? dl.reshape(weight(`${name}/bias`), [numHeads * size]) : null,
      });
      return dl.transpose(dl.reshape(flat, [batch, steps, numHeads, size]), [0, 2, 1, 3]);
    };
    const q = dl.mul(heads(query!, 'query', keyDim), 1 / Math.sqrt(keyDim));
    const scores = dl.matMul(q, heads(key, 'key', keyDim), false, true);
    const [steps, places] = [scores.shape[2]!, scores.shape[3]!];
    const later = options.useCausalMask
      ? dl.mul(dl.sub(1, dl.linalg.bandPart(dl.ones([steps, places]), -1, 0)), FAR)
      : null;
    const seen = later ? dl.add(scores, later) : scores;
    // In attention of a sequence to itself, steps that do not count are not looked at.
    const isMasked = mask !== null && value === query;
    const counted = isMasked
      ? dl.add(seen, dl.reshape(dl.mul(dl.sub(1, dl.cast(mask, 'float32')), FAR), [-1, 1, 1, places]))
      : seen;
    const shares = dl.softmax(counted);
    const kept = training && dropout > 0 ? dl.dropout(shares, dropout) : shares;
    const width = valueDim ?? keyDim;
    const mixed = dl.transpose(dl.matMul(kept, heads(value, 'value', width)), [0, 2, 1, 3]);
    const batch = query!.shape[0]!;
    const y = dl.fused.matMul({
      a: dl.reshape(mixed, [batch * steps, numHeads * width]),
      b: dl.reshape(weight('attention_output/kernel'), [numHeads * width, query!.shape[2]!]),
      bias: useBias ? weight('attention_output/bias') : null,
    });
    return dl.reshape(y, [batch, steps, query!.shape[2]!]);
  },
});
