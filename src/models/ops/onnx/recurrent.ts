/** LSTM, GRU and RNN, unrolled over the steps of their sequences. */
import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import type { NodeCall, OpRow, OpTable } from '../row';
import { given, optionalNumbers } from './call';

type Activation = (x: Tensor) => Tensor;

const activations: Readonly<Record<string, Activation>> = {
  Sigmoid: dl.sigmoid,
  Tanh: dl.tanh,
  Relu: dl.relu,
};

/** The weights of one direction: of the inputs [gates, inputs], and of the state [gates, hidden]. */
interface Weights {
  readonly inputs: Tensor;
  readonly state: Tensor;
  readonly inputBias: Tensor | undefined;
  readonly stateBias: Tensor | undefined;
  /** LSTM's weights of the memory in the gates i, o, f. */
  readonly peepholes: readonly Tensor[];
  readonly activations: readonly Activation[];
}

/** Hidden state, and memory where there is one: [batch, hidden] each. */
type State = readonly Tensor[];

/** One step: from the products of the inputs with their weights, and the last state. */
type StepOf = (call: NodeCall, weights: Weights) => (products: Tensor, state: State) => State;

const linear = (x: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor => {
  const y = dl.matMul(x, weights, false, true);
  return bias ? dl.add(y, bias) : y;
};

/** Gates in the order i, o, f, c. */
const lstm: StepOf = ({ attributes }, { state: weights, stateBias, peepholes, activations: [f, g, h] }) => {
  const isCoupled = attributes.number('input_forget', 0) !== 0;
  const peep = (gate: Tensor, i: number, memory: Tensor): Tensor =>
    peepholes[i] ? dl.add(gate, dl.mul(peepholes[i], memory)) : gate;
  return (products, [hidden, memory]) => {
    const gates = dl.add(products, linear(hidden!, weights, stateBias));
    const [i, o, forget, c] = dl.split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const input = f!(peep(i, 0, memory!));
    const kept = isCoupled ? dl.sub(1, input) : f!(peep(forget, 2, memory!));
    const next = dl.add(dl.mul(kept, memory!), dl.mul(input, g!(c)));
    return [dl.mul(f!(peep(o, 1, next)), h!(next)), next];
  };
};

/** Gates in the order z, r, h. */
const gru: StepOf = ({ attributes }, { state: weights, stateBias, activations: [f, g] }) => {
  const isLinear = attributes.number('linear_before_reset', 0) !== 0;
  return (products, [hidden]) => {
    const [zx, rx, hx] = dl.split(products, 3, 1) as [Tensor, Tensor, Tensor];
    const [wz, wr, wh] = dl.split(weights, 3, 0) as [Tensor, Tensor, Tensor];
    const [bz, br, bh] = stateBias ? dl.split(stateBias, 3, 0) : [];
    const z = f!(dl.add(zx, linear(hidden!, wz, bz)));
    const r = f!(dl.add(rx, linear(hidden!, wr, br)));
    const fromState = isLinear ? dl.mul(r, linear(hidden!, wh, bh)) : linear(dl.mul(r, hidden!), wh, bh);
    const candidate = g!(dl.add(hx, fromState));
    return [dl.add(dl.mul(dl.sub(1, z), candidate), dl.mul(z, hidden!))];
  };
};

const rnn: StepOf = (_call, { state: weights, stateBias, activations: [f] }) => {
  return (products, [hidden]) => [f!(dl.add(products, linear(hidden!, weights, stateBias)))];
};

/** Of one tensor nothing is copied. */
const stacked = (all: readonly Tensor[], axis: number): Tensor =>
  all.length === 1 ? dl.expandDims(all[0]!, axis) : dl.stack([...all], axis);

function activationsOf(
  { attributes }: NodeCall,
  standard: readonly string[],
  direction: number,
): Activation[] {
  const named = attributes.texts('activations');
  const count = standard.length;
  return standard.map((otherwise, i) => {
    const name = named[direction * count + i] ?? named[i] ?? otherwise;
    if (Object.hasOwn(activations, name)) return activations[name]!;
    throw new Error(`an activation is '${name}'; wanted ${Object.keys(activations).join(', ')}`);
  });
}

const recurrent = (stepOf: StepOf, standard: readonly string[], states: number): OpRow => ({
  run: (call) => {
    const { attributes } = call;
    const isBatchFirst = attributes.number('layout', 0) !== 0;
    if (attributes.number('clip', 0) !== 0)
      throw new Error("attribute 'clip' is not supported; wanted a cell without it");
    const turned = (x: Tensor, perm: number[]): Tensor => (isBatchFirst ? dl.transpose(x, perm) : x);
    const x = turned(call.x[0]!, [1, 0, 2]);
    const [steps, batch, width] = x.shape as [number, number, number];
    const lengths = optionalNumbers(call, 4);
    if (lengths.some((length) => length !== steps))
      throw new Error(`the lengths of the sequences are ${lengths.join()}; wanted ${steps} for all`);
    const direction = attributes.text('direction', 'forward');
    const count = call.x[1]!.shape[0]!;
    const hidden = call.x[2]!.shape[2]!;
    // One direction is the whole, of which nothing is copied.
    const ofDirection = (whole: Tensor, d: number): Tensor =>
      dl.reshape(count === 1 ? whole : dl.slice(whole, [d], [1]), whole.shape.slice(1));
    const part = (i: number, d: number): Tensor | undefined => {
      const whole = given(call, i);
      return whole && ofDirection(whole, d);
    };
    const start = (i: number, d: number): Tensor => {
      const whole = given(call, i);
      return whole ? ofDirection(turned(whole, [1, 0, 2]), d) : dl.zeros([batch, hidden]);
    };
    const results = Array.from({ length: count }, (_, d) => {
      const bias = part(3, d);
      const [inputBias, stateBias] = bias ? dl.split(bias, 2, 0) : [];
      const peepholes = part(7, d);
      const weights: Weights = {
        inputs: part(1, d)!,
        state: part(2, d)!,
        inputBias,
        stateBias,
        peepholes: peepholes ? dl.split(peepholes, 3, 0) : [],
        activations: activationsOf(call, standard, d),
      };
      const rows = dl.reshape(x, [steps * batch, width]);
      const products = linear(rows, weights.inputs, weights.inputBias);
      const inputs =
        steps === 1 ? [products] : dl.unstack(dl.reshape(products, [steps, batch, products.shape[1]!]));
      const isBackward = direction === 'reverse' || d === 1;
      const step = stepOf(call, weights);
      let state: State = Array.from({ length: states }, (__, i) => start(5 + i, d));
      const outputs: Tensor[] = [];
      for (const input of isBackward ? inputs.reverse() : inputs) {
        state = step(input, state);
        outputs.push(state[0]!);
      }
      return { outputs: stacked(isBackward ? outputs.reverse() : outputs, 0), state };
    });
    // Y: [steps, directions, batch, hidden]; with the batch in front, [batch, steps, directions, hidden].
    const y = turned(stacked(results.map(({ outputs }) => outputs), 1), [2, 0, 1, 3]);
    const last = Array.from({ length: states }, (_, i) =>
      turned(stacked(results.map(({ state }) => state[i]!), 0), [1, 0, 2]),
    );
    return [y, ...last];
  },
  host: [4],
}); // prettier-ignore

export const recurrence = (): OpTable => ({
  LSTM: recurrent(lstm, ['Sigmoid', 'Tanh', 'Tanh'], 2),
  GRU: recurrent(gru, ['Sigmoid', 'Tanh'], 1),
  RNN: recurrent(rnn, ['Tanh'], 1),
});
