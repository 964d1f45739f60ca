import * as dl from 'rxtensor/tensor';
import { attention, type AttentionOptions } from 'rxtensor/ops';
import { recorded } from 'rxtensor/programs';
import { observeDevice } from '../../tensor/device-observers';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { testRun } from '../../../test/support/test-run';

/** softmax(scale·q·kᵀ + mask)·v in float64, of one batch; −∞ in the mask for keys that are not seen. */
function direct(
  q: Reference,
  k: Reference,
  v: Reference,
  mask: (row: number, key: number) => number,
  scale: number,
): Reference {
  const [queries, width] = q.shape as [number, number];
  const [keys] = k.shape as [number, number];
  const scores = Array.from({ length: queries }, (_, i) =>
    Array.from({ length: keys }, (_, j) => {
      let sum = mask(i, j);
      for (let c = 0; c < width; c++) sum += scale * at(q, [i, c]) * at(k, [j, c]);
      return sum;
    }),
  );
  return build([queries, v.shape[1]!], ([i, c]) => {
    const row = scores[i!]!;
    const most = Math.max(...row);
    if (most === -Infinity) return 0;
    const weights = row.map((score) => Math.exp(score - most));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.reduce((sum, weight, j) => sum + (weight / total) * at(v, [j, c!]), 0);
  });
}

/** The same of other ops, which hold all scores at once. */
function composed(
  q: dl.Tensor,
  k: dl.Tensor,
  v: dl.Tensor,
  { mask = null, causal = false, scale = null }: AttentionOptions = {},
): dl.Tensor {
  const [queries, width] = q.shape.slice(-2) as [number, number];
  const keys = k.shape.at(-2)!;
  let scores: dl.Tensor = dl.mul(dl.matMul(q, k, false, true), scale ?? 1 / Math.sqrt(width));
  if (mask !== null) {
    const given = mask as dl.Tensor;
    scores = given.dtype === 'bool' ? dl.where(given, scores, -Infinity) : dl.add(scores, given);
  }
  if (causal) {
    const seen = dl.greaterEqual(dl.range(0, queries).reshape([queries, 1]), dl.range(0, keys));
    scores = dl.where(seen, scores, -Infinity);
  }
  return dl.matMul(dl.softmax(scores), v);
}

const three = (queries: readonly number[], keys: readonly number[], width: number): Reference[] => [
  sample(queries, 1, -1, 1),
  sample(keys, 2, -1, 1),
  sample([...keys.slice(0, -1), width], 3, -1, 1),
];

/** A mask of bool by a pattern that leaves every row a key. */
const someSeen = (shape: readonly number[]): dl.Tensor =>
  toTensor(
    build(shape, (index) =>
      Number((index.at(-1) ?? 0) === 0 || index.reduce((sum, each) => sum + each, 0) % 3 > 0),
    ),
    'bool',
  );

const close = (found: dl.Tensor, wanted: dl.Tensor, context: string): void =>
  expectClose(
    found,
    { shape: wanted.shape as number[], values: [...wanted.dataSync()] },
    { cpu: 1e-5, webgl: 1e-4 },
    context,
  );

describe('attention', () => {
  it('is the softmax of the scores times the values', () => {
    const [q, k, v] = three([5, 4], [7, 4], 3) as [Reference, Reference, Reference];
    dl.tidy(() => {
      const run = (options?: AttentionOptions): dl.Tensor =>
        attention(toTensor(q), toTensor(k), toTensor(v), options);
      expectClose(
        run(),
        direct(q, k, v, () => 0, 0.5),
      );
      expectClose(
        run({ scale: 2 }),
        direct(q, k, v, () => 0, 2),
      );
      expectClose(
        run({ causal: true }),
        direct(q, k, v, (i, j) => (j <= i ? 0 : -Infinity), 0.5),
      );
      const bias = sample([5, 7], 4);
      expectClose(
        run({ mask: toTensor(bias) }),
        direct(q, k, v, (i, j) => at(bias, [i, j]), 0.5),
      );
      const seen = build([5, 7], ([i, j]) => Number((i! + j!) % 3 > 0));
      expectClose(
        run({ mask: toTensor(seen, 'bool') }),
        direct(q, k, v, (i, j) => (at(seen, [i, j]) ? 0 : -Infinity), 0.5),
      );
      expectClose(attention([[1, 0]], [[1, 0], [0, 1]], [[1], [3]], null), [[1 + 2 / (1 + Math.exp(Math.SQRT1_2))]]); // prettier-ignore
    });
  });

  it('has axes for batch and heads, over which a mask is repeated', () => {
    const [q, k, v] = three([2, 3, 4, 5], [2, 3, 6, 5], 2).map((x) => x) as [Reference, Reference, Reference];
    for (const shape of [[6], [4, 6], [1, 6], [4, 1], [3, 1, 1], [2, 1, 4, 6], [2, 3, 4, 6], []]) {
      dl.tidy(() => {
        const all = [q, k, v].map((each) => toTensor(each)) as [dl.Tensor, dl.Tensor, dl.Tensor];
        for (const mask of [toTensor(sample(shape, 5)), someSeen(shape)])
          close(attention(...all, { mask }), composed(...all, { mask }), `mask [${shape}] ${mask.dtype}`);
      });
    }
  });

  it('has gradients of first and second order', () => {
    for (const options of [{}, { causal: true }, { scale: 0.3 }] as const) {
      expectGradients((q, k, v) => attention(q, k, v, options), three([2, 4, 3], [2, 5, 3], 2));
    }
    for (const shape of [[4, 5], [5], [2, 1, 5], [4, 1], []]) {
      expectGradients(
        (q, k, v, mask) => attention(q, k, v, { mask }),
        [...three([2, 4, 3], [2, 5, 3], 2), sample(shape, 5)],
      );
    }
    expectGradients(
      (q, k, v) => attention(q, k, v, { mask: someSeen([4, 5]) }),
      three([2, 4, 3], [2, 5, 3], 2),
    );
    expectSecondGradients((q, k, v) => attention(q, k, v, { causal: true }), three([1, 3, 2], [1, 3, 2], 2));
  });

  // More keys than one block has, and more queries.
  for (const [name, options] of [
    ['all keys', () => ({})],
    ['causal', () => ({ causal: true })],
    ['with a mask that is added', () => ({ mask: toTensor(sample([1, 1500], 7)) })],
    ['with a mask of bool', () => ({ mask: someSeen([1100, 1500]) })],
  ] as const) {
    it(`is the same in several blocks: ${name}`, async () => {
      if (testRun().maxTextureSize !== undefined)
        pending('no texture of this size holds the scores of several blocks');
      const inputs = three([1, 1100, 4], [1, 1500, 4], 4).map((x) => toTensor(x));
      const [q, k, v] = inputs as [dl.Tensor, dl.Tensor, dl.Tensor];
      const given = options() as AttentionOptions;
      const gradients = (f: typeof composed): dl.Tensor[] =>
        dl.tidy(() => dl.grads((a, b, c) => f(a, b, c, given).square().sum())([q, k, v]));
      const pairs: [dl.Tensor, dl.Tensor][] = [
        [attention(q, k, v, given), dl.tidy(() => composed(q, k, v, given))],
      ];
      const [found, wanted] = [gradients(attention), gradients(composed)];
      found.forEach((each, i) => pairs.push([each, wanted[i]!]));
      for (const [a, b] of pairs) {
        const [x, y] = [await a.data(), await b.data()];
        expectClose(x, [...y], { cpu: 2e-5, webgl: 2e-4 });
      }
      dl.dispose([inputs, pairs.flat()]);
      if (given.mask instanceof dl.Tensor) given.mask.dispose();
    });
  }

  it('gives the gradient of a mask in several blocks', () => {
    dl.tidy(() => {
      const [q, k, v] = three([1, 3, 2], [1, 1100, 2], 2).map((x) => toTensor(x)) as [
        dl.Tensor,
        dl.Tensor,
        dl.Tensor,
      ];
      for (const shape of [[3, 1100], [1100], [3, 1], [1, 1]]) {
        const mask = toTensor(sample(shape, 4));
        const of = (f: typeof composed): dl.Tensor =>
          dl.grad((each) => f(q, k, v, { mask: each, causal: true }).square().sum())(mask);
        close(of(attention), of(composed), `mask [${shape}]`);
      }
    });
  });

  it('holds less than the scores', () => {
    if (dl.getBackend() !== 'cpu') return;
    const peaks: number[] = [];
    for (const length of [2048, 4096]) {
      const inputs = [1, 2, 3].map((seed) =>
        dl.randomNormal<dl.Rank.R3>([4, length, 8], 0, 1, 'float32', seed),
      );
      const before = dl.memory().numBytes;
      let most = 0;
      const stop = observeDevice({ kernel: () => (most = Math.max(most, dl.memory().numBytes)) });
      dl.dispose(dl.tidy(() => dl.grads((q, k, v) => attention(q, k, v).sum())(inputs)));
      stop();
      peaks.push(most - before);
      dl.dispose(inputs);
    }
    // The scores of 4 × 4096 × 4096 alone would take 268 MB.
    expect(peaks[1]).toBeLessThan(64e6);
    expect(peaks[1]! / peaks[0]!).toBeLessThan(2.2);
  });

  it('gives zeros where no key is seen, with the gradient 0', () => {
    dl.tidy(() => {
      const [q, k, v] = three([3, 2], [4, 2], 2).map((x) => toTensor(x)) as [dl.Tensor, dl.Tensor, dl.Tensor];
      const mask = toTensor(
        build([3, 4], ([i]) => Number(i !== 1)),
        'bool',
      );
      for (const options of [{ mask }, { mask: dl.where(mask, 0, -Infinity) }]) {
        expectExact(dl.slice(attention(q, k, v, options), [1, 0], [1, 2]), [[0, 0]]);
        const gradients = dl.grads((a, b, c) => attention(a, b, c, options))([q, k, v]);
        expectExact(dl.slice(gradients[0]!, [1, 0], [1, 2]), [[0, 0]]);
        for (const each of gradients) expectExact(dl.any(dl.isNaN(each)), 0);
      }
    });
  });

  it('carries NaN in its row, and does not overflow', () => {
    dl.tidy(() => {
      const values = [[1], [3]];
      expectExact(attention([[NaN], [0]], [[1], [2]], values), [[NaN], [2]]);
      expectExact(attention([[1e30], [-1e30]], [[1], [2]], values), [[3], [1]]);
      expectExact(attention([[0]], [[1], [2]], values, { mask: [[Infinity, 0]] }), [[NaN]]);
    });
  });

  it('takes empty tensors, and integers', () => {
    dl.tidy(() => {
      expectExact(attention(dl.ones([2, 3]), dl.ones([0, 3]), dl.ones([0, 1])), [[0], [0]]);
      expect(attention(dl.ones([0, 3]), dl.ones([2, 3]), dl.ones([2, 1])).shape).toEqual([0, 1]);
      expect(attention(dl.ones([0, 2, 3]), dl.ones([0, 2, 3]), dl.ones([0, 2, 1])).shape).toEqual([0, 2, 1]);
      expectExact(attention(dl.ones([1, 0]), dl.ones([2, 0]), [[1], [3]]), [[2]]);
      const whole = attention(dl.ones([1, 2], 'int32'), dl.ones([2, 2], 'int32'), dl.ones([2, 2], 'int32'));
      expect(whole.dtype).toBe('float32');
      const gradients = dl.grads((q, k, v) => attention(q, k, v).sum())([
        dl.ones([2, 3]),
        dl.ones([0, 3]),
        dl.ones([0, 1]),
      ]);
      expect(gradients.map(({ shape }) => shape)).toEqual([
        [2, 3],
        [0, 3],
        [0, 1],
      ] as never);
    });
  });

  it('is the same in a recorded program', () => {
    const f = (q: dl.Tensor, k: dl.Tensor, v: dl.Tensor): dl.Tensor => attention(q, k, v, { causal: true });
    const program = recorded(f);
    dl.tidy(() => {
      for (const seed of [1, 2, 3]) {
        const x = toTensor(sample([2, 5, 4], seed));
        close(program(x, x, x), f(x, x, x), `seed ${seed}`);
      }
    });
    program.dispose();
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const [q, k, v] = [dl.ones([2, 3, 4]), dl.ones([2, 5, 4]), dl.ones([2, 5, 6])];
      const wrong: [() => unknown, string][] = [
        [() => attention([1], k, v), "attention: argument 'query' has rank 1 (shape [1]); wanted rank 2 or more"],
        [() => attention(q, dl.ones([2, 5, 3]), v), "attention: argument 'key' has shape [2,5,3]; wanted [2,5,4], for a 'query' of shape [2,3,4]"],
        [() => attention(q, k, dl.ones([2, 4, 6])), "attention: argument 'value' has shape [2,4,6]; wanted [2,5,6], for a 'key' of shape [2,5,4]"],
        [() => attention(q, k, v, { mask: dl.ones([4, 5]) }), "attention: option 'mask' has shape [4,5]; wanted one that can be broadcast to [2,3,5], [..., queries, keys]"],
        [() => attention(q, k, v, { mask: dl.ones([3, 5], 'int32') }), "attention: option 'mask' is int32; wanted bool (mask.cast('bool')), or float32, which is added to the scores"],
        [() => attention(q, k, v, { causal: 1 as never }), "attention: option 'causal' is 1; wanted one of true, false"],
        [() => attention(q, k, v, { scale: NaN }), "attention: option 'scale' is NaN; wanted a finite number, or null for 1/√width"],
        [() => attention(q, k, v, { masks: q } as never), "attention: there is no option 'masks'; the nearest is 'mask'"],
      ]; // prettier-ignore
      for (const [call, message] of wrong)
        expect(call).toThrowError(new RegExp(message.replaceAll(/[[\]().]/g, '\\$&')));
    });
  });
});
