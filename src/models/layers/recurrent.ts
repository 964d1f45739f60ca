/** Layers that go through the steps of a sequence. */
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { activate, activation, type Activation } from './activations';
import { initialize, initializer } from './initializers';
import { kind, type LayerCall, type Shape } from './kind';
import { shown } from './layer';
import { count, flag, joined, only, or, share, type Values } from './setting';

const common = {
  units: count,
  activation: or(activation, 'tanh'),
  useBias: or(flag, true),
  kernelInitializer: or(initializer, initialize('GlorotUniform')),
  recurrentInitializer: or(initializer, initialize('Orthogonal')),
  biasInitializer: or(initializer, initialize('Zeros')),
  dropout: or(share, 0),
  recurrentDropout: or(share, 0),
  returnSequences: or(flag, false),
  returnState: or(flag, false),
  goBackwards: or(flag, false),
  stateful: only(false),
};

type Common = Values<typeof common>;

/** A step: what comes in, already multiplied by the kernel, and the states before give the states after; the first is the output. */
type Step = (input: Tensor, states: readonly Tensor[]) => readonly Tensor[];

interface Recurrence<V> {
  readonly states: number;
  /** How many numbers a unit takes of what comes in. */
  readonly gates: number;
  readonly step: (call: LayerCall<V>, recurrent: (h: Tensor) => Tensor) => Step;
  /** The bias of the input, where it is not the whole one. */
  readonly inputBias?: (call: LayerCall<V>) => Tensor;
}

function shapesOf(states: number, { units, returnSequences, returnState }: Common, inputs: readonly Shape[]) {
  const [x] = inputs;
  if (x?.length !== 3 || ![1, 1 + states].includes(inputs.length))
    throw new Error(
      `the inputs are ${shown(inputs)}; wanted [batch, steps, features], and perhaps the states (${states})`,
    );
  const [batch, steps] = x as [number, number];
  const state = [batch, units];
  return [
    returnSequences ? [batch, steps, units] : state,
    ...(returnState ? Array.from({ length: states }, () => state) : []),
  ];
}

/** Goes through the steps. The kernel is applied to all of them at once. */
function run<V extends Common>(call: LayerCall<V>, recurrence: Recurrence<V>): readonly Tensor[] {
  const { x, inputs, settings, training, weight, mask } = call;
  const { units, useBias, dropout, recurrentDropout, returnSequences, returnState, goBackwards } = settings;
  const [batch, steps, features] = x.shape as [number, number, number];
  // What is dropped is the same at each step (Gal & Ghahramani 2016).
  const given = training && dropout > 0 ? dl.dropout(x, dropout, [batch, 1, features]) : x;
  const bias = recurrence.inputBias ?? (() => weight('bias'));
  const projected = dl.reshape(
    dl.fused.matMul({
      a: dl.reshape(given, [batch * steps, features]),
      b: weight('kernel'),
      bias: useBias ? bias(call) : null,
    }),
    [batch, steps, recurrence.gates * units],
  );
  const inputsOf = dl.unstack(projected, 1);
  const masks = mask ? dl.unstack(dl.expandDims(mask, 2), 1) : null;
  let states =
    inputs.length > 1
      ? inputs.slice(1)
      : Array.from({ length: recurrence.states }, () => dl.zeros([batch, units]));
  const kept =
    training && recurrentDropout > 0 ? dl.dropout(dl.ones([batch, units]), recurrentDropout) : null;
  const recurrent = (h: Tensor): Tensor => dl.matMul(kept ? dl.mul(h, kept) : h, weight('recurrent_kernel'));
  const step = recurrence.step(call, recurrent);
  const outputs: Tensor[] = [];
  for (let t = 0; t < steps; t++) {
    const at = goBackwards ? steps - 1 - t : t;
    const before = states;
    const after = step(inputsOf[at]!, before);
    // A step that does not count leaves everything as it was.
    states = masks ? after.map((now, i) => dl.where(masks[at]!, now, before[i]!)) : [...after];
    if (returnSequences) outputs.push(states[0]!);
  }
  const output = returnSequences ? dl.stack(outputs, 1) : states[0]!;
  // The output may be the first state, too.
  return returnState ? [output, ...states.map((state) => state.clone<Tensor>())] : [output];
}

const weightsOf = (gates: number, settings: Common, inputs: readonly Shape[]) => [
  {
    name: 'kernel',
    shape: [inputs[0]?.[2] ?? NaN, gates * settings.units],
    initializer: settings.kernelInitializer,
  },
  {
    name: 'recurrent_kernel',
    shape: [settings.units, gates * settings.units],
    initializer: settings.recurrentInitializer,
  },
];

const maskOf = ({ mask, settings }: LayerCall<Common>): Tensor | null =>
  settings.returnSequences ? mask : null;

const simple: Recurrence<Common> = {
  states: 1,
  gates: 1,
  step:
    ({ settings }, recurrent) =>
    (input, [h]) => [activate(settings.activation, dl.add(input, recurrent(h!)))],
};

export const SimpleRNN = kind({
  className: 'SimpleRNN',
  settings: common,
  weights: (settings, inputs) => [
    ...weightsOf(1, settings, inputs),
    ...(settings.useBias
      ? [{ name: 'bias', shape: [settings.units], initializer: settings.biasInitializer }]
      : []),
  ],
  shapes: (settings, inputs) => shapesOf(1, settings, inputs),
  run: (call) => run(call, simple),
  mask: maskOf,
});

const gated = joined(common, { recurrentActivation: or(activation, 'sigmoid') });
type Gated = Values<typeof gated>;

/** Hochreiter & Schmidhuber 1997; the gates in Keras's order: input, forget, candidate, output. */
const long: Recurrence<Gated> = {
  states: 2,
  gates: 4,
  step:
    ({ settings: { activation, recurrentActivation: gate } }, recurrent) =>
    (input, [h, c]) => {
      const [i, f, g, o] = dl.split(dl.add(input, recurrent(h!)), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
      const kept = dl.mul(activate(gate, f), c!);
      const state = dl.add(kept, dl.mul(activate(gate, i), activate(activation, g)));
      return [dl.mul(activate(gate, o), activate(activation, state)), state];
    },
};

export const LSTM = kind({
  className: 'LSTM',
  settings: joined(gated, { unitForgetBias: or(flag, true) }),
  weights: (settings, inputs) => [
    ...weightsOf(4, settings, inputs),
    ...(settings.useBias
      ? [
          {
            name: 'bias',
            shape: [4 * settings.units],
            initializer: settings.unitForgetBias
              ? { className: 'ForgetBias', config: {} }
              : settings.biasInitializer,
          },
        ]
      : []),
  ],
  shapes: (settings, inputs) => shapesOf(2, settings, inputs),
  run: (call) => run(call, long),
  mask: maskOf,
});

/** The candidate of a GRU, from what comes in and the reset gate. */
type Candidate = (input: Tensor, recurrent: Tensor, act: Activation) => Tensor;

/**
 * Cho et al. 2014; the gates in Keras's order: update, reset, candidate. The reset gate is applied behind the recurrent kernel, which then has a
 * bias of its own, or before it.
 */
const gru: Recurrence<Gated & { readonly resetAfter: boolean }> = {
  states: 1,
  gates: 3,
  inputBias: ({ weight, settings: { resetAfter, units } }) =>
    resetAfter ? dl.reshape(dl.slice(weight('bias'), [0, 0], [1, -1]), [3 * units]) : weight('bias'),
  step: (call, recurrent) => {
    const { settings, weight } = call;
    const { units, useBias, resetAfter, recurrentActivation: gate } = settings;
    const candidate: Candidate = (input, inner, act) => activate(act, dl.add(input, inner));
    const mixed = (z: Tensor, h: Tensor, next: Tensor): Tensor =>
      dl.add(dl.mul(z, h), dl.mul(dl.sub(1, z), next));
    if (resetAfter) {
      const bias = useBias ? dl.slice(weight('bias'), [1, 0], [1, -1]) : null;
      return (input, [h]) => {
        const inner = bias ? dl.add(recurrent(h!), bias) : recurrent(h!);
        const [xz, xr, xg] = dl.split(input, 3, 1) as [Tensor, Tensor, Tensor];
        const [hz, hr, hg] = dl.split(inner, 3, 1) as [Tensor, Tensor, Tensor];
        const [z, r] = [activate(gate, dl.add(xz, hz)), activate(gate, dl.add(xr, hr))];
        return [mixed(z, h!, candidate(xg, dl.mul(r, hg), settings.activation))];
      };
    }
    const kernel = weight('recurrent_kernel');
    const gates = dl.slice(kernel, [0, 0], [-1, 2 * units]);
    const last = dl.slice(kernel, [0, 2 * units], [-1, units]);
    return (input, [h]) => {
      const [xz, xr, xg] = dl.split(input, 3, 1) as [Tensor, Tensor, Tensor];
      const [hz, hr] = dl.split(dl.matMul(h!, gates), 2, 1) as [Tensor, Tensor];
      const [z, r] = [activate(gate, dl.add(xz, hz)), activate(gate, dl.add(xr, hr))];
      return [mixed(z, h!, candidate(xg, dl.matMul(dl.mul(r, h!), last), settings.activation))];
    };
  },
};

export const GRU = kind({
  className: 'GRU',
  settings: joined(gated, { resetAfter: or(flag, true) }),
  weights: (settings, inputs) => {
    const { units, useBias, resetAfter, biasInitializer } = settings;
    const shape = resetAfter ? [2, 3 * units] : [3 * units];
    return [
      ...weightsOf(3, settings, inputs),
      ...(useBias ? [{ name: 'bias', shape, initializer: biasInitializer }] : []),
    ];
  },
  shapes: (settings, inputs) => shapesOf(1, settings, inputs),
  run: (call) => run(call, gru),
  mask: maskOf,
});
