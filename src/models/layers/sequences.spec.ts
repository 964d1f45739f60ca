import * as dl from '../../tensor';
import { given, numbers, tensorOf } from '../../../test/support/layer-values';
import * as layers from '.';
import { input, model } from '../build-model';
import type { Layer } from './layer';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const [BATCH, STEPS, FEATURES, UNITS] = [2, 3, 2, 2];

/** Row i of a matrix with `width` columns, times a vector from the left: v · m. */
const times = (v: readonly number[], m: readonly number[], width: number): number[] =>
  Array.from({ length: width }, (_, column) =>
    v.reduce((sum, value, row) => sum + value * m[row * width + column]!, 0),
  );

const plus = (...lists: readonly (readonly number[])[]): number[] =>
  lists[0]!.map((_, i) => lists.reduce((sum, list) => sum + list[i]!, 0));

/** The outputs of all steps of each example, by a plain loop. `step` gives the new states, the output first. */
function byLoop(
  x: readonly number[],
  states: number,
  step: (x: readonly number[], states: readonly number[][]) => number[][],
): number[][][] {
  return Array.from({ length: BATCH }, (_, b) => {
    let now = Array.from({ length: states }, () => Array<number>(UNITS).fill(0));
    return Array.from({ length: STEPS }, (_, t) => {
      const at = FEATURES * (b * STEPS + t);
      now = step(x.slice(at, at + FEATURES), now);
      return now[0]!;
    });
  });
}

const part = (all: readonly number[], i: number): number[] => all.slice(UNITS * i, UNITS * (i + 1));

interface Recurrent {
  readonly make: (options: object) => Layer;
  readonly gates: number;
  readonly biases?: number;
  readonly states: number;
  readonly step: (
    kernel: number[],
    recurrent: number[],
    bias: number[],
  ) => (x: readonly number[], states: readonly number[][]) => number[][];
}

const each = (a: readonly number[], b: readonly number[], f: (a: number, b: number) => number): number[] =>
  a.map((value, i) => f(value, b[i]!));

const kinds: Readonly<Record<string, Recurrent>> = {
  simpleRNN: {
    make: (options) => layers.simpleRNN({ units: UNITS, ...options }),
    gates: 1,
    states: 1,
    step:
      (kernel, recurrent, bias) =>
      (x, [h]) => [plus(times(x, kernel, UNITS), times(h!, recurrent, UNITS), bias).map(Math.tanh)],
  },
  lstm: {
    make: (options) => layers.lstm({ units: UNITS, ...options }),
    gates: 4,
    states: 2,
    step:
      (kernel, recurrent, bias) =>
      (x, [h, c]) => {
        const z = plus(times(x, kernel, 4 * UNITS), times(h!, recurrent, 4 * UNITS), bias);
        const [i, f, o] = [part(z, 0), part(z, 1), part(z, 3)].map((gate) => gate.map(sigmoid));
        const candidate = part(z, 2).map(Math.tanh);
        const state = plus(
          each(f!, c!, (a, b) => a * b),
          each(i!, candidate, (a, b) => a * b),
        );
        return [each(o!, state, (a, b) => a * Math.tanh(b)), state];
      },
  },
  'gru with the reset gate behind': {
    make: (options) => layers.gru({ units: UNITS, ...options }),
    gates: 3,
    biases: 2,
    states: 1,
    step:
      (kernel, recurrent, bias) =>
      (x, [h]) => {
        const given = plus(times(x, kernel, 3 * UNITS), bias.slice(0, 3 * UNITS));
        const inner = plus(times(h!, recurrent, 3 * UNITS), bias.slice(3 * UNITS));
        const z = plus(part(given, 0), part(inner, 0)).map(sigmoid);
        const r = plus(part(given, 1), part(inner, 1)).map(sigmoid);
        const candidate = plus(
          part(given, 2),
          each(r, part(inner, 2), (a, b) => a * b),
        ).map(Math.tanh);
        return [z.map((gate, i) => gate * h![i]! + (1 - gate) * candidate[i]!)];
      },
  },
  'gru with the reset gate before': {
    make: (options) => layers.gru({ units: UNITS, resetAfter: false, ...options }),
    gates: 3,
    states: 1,
    step:
      (kernel, recurrent, bias) =>
      (x, [h]) => {
        const given = plus(times(x, kernel, 3 * UNITS), bias);
        const inner = times(h!, recurrent, 3 * UNITS);
        const z = plus(part(given, 0), part(inner, 0)).map(sigmoid);
        const r = plus(part(given, 1), part(inner, 1)).map(sigmoid);
        const reset = times(
          each(r, h!, (a, b) => a * b),
          recurrent,
          3 * UNITS,
        );
        const candidate = plus(part(given, 2), part(reset, 2)).map(Math.tanh);
        return [z.map((gate, i) => gate * h![i]! + (1 - gate) * candidate[i]!)];
      },
  },
};

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => expect(value).withContext(String(i)).toBeCloseTo(wanted[i]!, 4));
}

describe('layers of sequences', () => {
  for (const [name, { make, gates, biases = 1, states, step }] of Object.entries(kinds)) {
    const kernel = numbers(FEATURES * gates * UNITS, 1);
    const recurrent = numbers(UNITS * gates * UNITS, 2);
    const bias = numbers(biases * gates * UNITS, 3);
    const weights = { kernel, recurrent_kernel: recurrent, bias };
    const x = numbers(BATCH * STEPS * FEATURES);
    const outputs = byLoop(x, states, step(kernel, recurrent, bias));
    const tensor = () => dl.tensor(x, [BATCH, STEPS, FEATURES]);

    it(`${name} gives what a plain loop gives`, async () => {
      const before = dl.memory().numTensors;
      const all = await given(make({ returnSequences: true }), [tensor()], weights);
      expect(all.shape).toEqual([BATCH, STEPS, UNITS]);
      expectClose(all.values, outputs.flat(2));
      const last = await given(make({}), [tensor()], weights);
      expectClose(
        last.values,
        outputs.flatMap((steps) => steps.at(-1)),
      );
      const backwards = await given(
        make({ goBackwards: true }),
        [dl.tidy(() => dl.reverse(tensor(), 1))],
        weights,
      );
      expectClose(backwards.values, last.values);
      expect(dl.memory().numTensors).toBe(before);
    });

    it(`${name} goes on from a state`, async () => {
      const before = dl.memory().numTensors;
      const layer = make({ returnState: true });
      layer.build([[null, STEPS, FEATURES]]);
      const whole = tensor();
      const first = dl.slice(whole, [0, 0, 0], [-1, 1, -1]);
      const second = dl.slice(whole, [0, 1, 0], [-1, 2, -1]);
      const once = layer.applyAll(whole);
      const begun = layer.applyAll(first);
      const ended = layer.applyAll([second, ...begun.slice(1)]);
      expectClose(Array.from(await ended[0]!.data()), Array.from(await once[0]!.data()));
      dl.dispose([whole, first, second, once, begun, ended]);
      layer.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  it('leave out steps that are masked, also backwards, and in means', async () => {
    const before = dl.memory().numTensors;
    const masked = (after: Layer): dl.Tensor => {
      const x = input({ shape: [null, 1] });
      const net = model({ inputs: x, outputs: after.apply(layers.masking().apply(x)) });
      const given = dl.tensor3d([[[1], [2], [0], [0]]]);
      const y = net.apply(given);
      net.dispose();
      given.dispose();
      return y;
    };
    dl.setSeed(1);
    const short = layers.gru({
      units: 3,
      kernelInitializer: { name: 'he_normal', seed: 1 },
      recurrentInitializer: { name: 'orthogonal', seed: 2 },
    });
    const make = (goBackwards: boolean) =>
      layers.gru({
        units: 3,
        goBackwards,
        kernelInitializer: { name: 'he_normal', seed: 1 },
        recurrentInitializer: { name: 'orthogonal', seed: 2 },
      });
    const plain = dl.tensor3d([[[1], [2]]]);
    const wanted = short.apply(plain);
    const found = masked(make(false));
    expectClose(Array.from(await found.data()), Array.from(await wanted.data()));
    const turned = dl.tensor3d([[[2], [1]]]);
    const wantedBack = short.apply(turned);
    const foundBack = masked(make(true));
    expectClose(Array.from(await foundBack.data()), Array.from(await wantedBack.data()));
    const mean = masked(layers.globalAveragePooling1d());
    expectClose(Array.from(await mean.data()), [1.5]);
    short.dispose();
    dl.dispose([plain, wanted, found, turned, wantedBack, foundBack, mean]);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('bidirectional joins one that goes forward and one that goes backward, step by step', async () => {
    const before = dl.memory().numTensors;
    const { step } = kinds.simpleRNN!;
    const [a, b] = [1, 5].map((phase) => ({
      kernel: numbers(FEATURES * UNITS, phase),
      recurrent_kernel: numbers(UNITS * UNITS, phase + 1),
      bias: numbers(UNITS, phase + 2),
    })) as [
      Record<'kernel' | 'recurrent_kernel' | 'bias', number[]>,
      Record<'kernel' | 'recurrent_kernel' | 'bias', number[]>,
    ];
    const x = numbers(BATCH * STEPS * FEATURES);
    const reversed = Array.from({ length: BATCH }, (_, i) =>
      Array.from({ length: STEPS }, (_, t) => {
        const at = FEATURES * (i * STEPS + STEPS - 1 - t);
        return x.slice(at, at + FEATURES);
      }),
    ).flat(2);
    const forward = byLoop(x, 1, step(a.kernel, a.recurrent_kernel, a.bias));
    const backward = byLoop(reversed, 1, step(b.kernel, b.recurrent_kernel, b.bias));
    const layer = layers.bidirectional({
      layer: layers.simpleRNN({ units: UNITS, returnSequences: true, name: 'rnn' }),
    });
    const weights = Object.fromEntries([
      ...Object.entries(a).map(([key, values]) => [`forward_rnn/${key}`, values]),
      ...Object.entries(b).map(([key, values]) => [`backward_rnn/${key}`, values]),
    ]) as Record<string, number[]>;
    const result = await given(layer, [dl.tensor(x, [BATCH, STEPS, FEATURES])], weights);
    const wanted = forward.flatMap((steps, i) =>
      steps.flatMap((output, t) => [...output, ...backward[i]![STEPS - 1 - t]!]),
    );
    expectClose(result.values, wanted);
    expect(dl.memory().numTensors).toBe(before);
  });

  for (const causal of [false, true]) {
    it(`multiHeadAttention gives what plain loops give${causal ? ', seeing only what was' : ''}`, async () => {
      const before = dl.memory().numTensors;
      const [heads, size, width, features, steps] = [2, 2, 3, 2, 3] as const;
      const x = numbers(steps * features);
      const row = (t: number): number[] => x.slice(features * t, features * (t + 1));
      const names = { query: size, key: size, value: width };
      const weights: Record<string, number[]> = {};
      Object.entries(names).forEach(([name, extent], i) => {
        weights[`${name}/kernel`] = numbers(features * heads * extent, i);
        weights[`${name}/bias`] = numbers(heads * extent, i + 4);
      });
      weights['attention_output/kernel'] = numbers(heads * width * features, 8);
      weights['attention_output/bias'] = numbers(features, 9);
      const projected = (name: 'query' | 'key' | 'value', t: number, head: number): number[] => {
        const extent = names[name];
        const all = plus(times(row(t), weights[`${name}/kernel`]!, heads * extent), weights[`${name}/bias`]!);
        return all.slice(head * extent, (head + 1) * extent);
      };
      const wanted = Array.from({ length: steps }, (_, t) => {
        const mixed = Array.from({ length: heads }, (_, head) => {
          const q = projected('query', t, head);
          const scores = Array.from({ length: steps }, (_, s) =>
            causal && s > t
              ? 0
              : Math.exp(
                  projected('key', s, head).reduce((sum, k, i) => sum + k * q[i]!, 0) / Math.sqrt(size),
                ),
          );
          const all = scores.reduce((sum, score) => sum + score, 0);
          return Array.from({ length: width }, (_, i) =>
            scores.reduce((sum, score, s) => sum + (score / all) * projected('value', s, head)[i]!, 0),
          );
        }).flat();
        return plus(
          times(mixed, weights['attention_output/kernel']!, features),
          weights['attention_output/bias']!,
        );
      });
      const layer = layers.multiHeadAttention({ numHeads: heads, keyDim: size, valueDim: width });
      const tensor = dl.tensor(x, [1, steps, features]);
      const result = await given(layer, [tensor, tensor], weights, { useCausalMask: causal });
      expectClose(result.values, wanted.flat());
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  it('attention of one sequence to another has the shape of the first', async () => {
    const before = dl.memory().numTensors;
    const layer = layers.multiHeadAttention({ numHeads: 2, keyDim: 3, useBias: false });
    const [query, value] = [tensorOf([2, 3, 4]), tensorOf([2, 5, 6])];
    const y = layer.apply([query, value]);
    expect(y.shape).toEqual([2, 3, 4]);
    dl.dispose([query, value, y]);
    layer.dispose();
    expect(dl.memory().numTensors).toBe(before);
    await Promise.resolve();
  });
});
