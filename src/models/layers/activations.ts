/** Activations by their names in Keras. */
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { gelu } from '../ops/gelu';
import type { Setting } from './setting';
import { at, type Json } from '../formats/json';

const hardSigmoid = (x: Tensor): Tensor => dl.clipByValue(dl.add(dl.mul(x, 0.2), 0.5), 0, 1);

const activations = {
  linear: (x) => x,
  relu: (x) => dl.relu(x),
  relu6: (x) => dl.relu6(x),
  elu: (x) => dl.elu(x),
  selu: (x) => dl.selu(x),
  sigmoid: (x) => dl.sigmoid(x),
  hard_sigmoid: hardSigmoid,
  tanh: (x) => dl.tanh(x),
  softmax: (x) => dl.softmax(x),
  log_softmax: (x) => dl.logSoftmax(x),
  softplus: (x) => dl.softplus(x),
  softsign: (x) => dl.div(x, dl.add(dl.abs(x), 1)),
  swish: (x) => dl.mul(x, dl.sigmoid(x)),
  silu: (x) => dl.mul(x, dl.sigmoid(x)),
  mish: (x) => dl.mul(x, dl.tanh(dl.softplus(x))),
  gelu: (x) => gelu(x),
  leaky_relu: (x) => dl.leakyRelu(x, 0.2),
  exponential: (x) => dl.exp(x),
} satisfies Readonly<Record<string, (x: Tensor) => Tensor>>;

/** The name of an activation in Keras. */
export type Activation = keyof typeof activations;

/** The activation of that name. Programs and TensorFlow.js write some in camelCase: `hardSigmoid`. */
function activationNamed(name: string): Activation | undefined {
  const spelled = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(activations, spelled) ? (spelled as Activation) : undefined;
}

/** An activation, by name. Keras writes some as objects with the name. */
export const activation: Setting<string, Activation> = {
  read: (given) => {
    const name =
      typeof given === 'string' ? given : (at(given as Json, 'config') ?? at(given as Json, 'class_name'));
    return typeof name === 'string' ? activationNamed(name) : undefined;
  },
  get wanted() {
    return `the name of an activation: ${Object.keys(activations).join(', ')}`;
  },
};

export const activate = (name: Activation, x: Tensor): Tensor => activations[name](x);

const fused: Readonly<Partial<Record<Activation, dl.fused.FusedActivation>>> = {
  relu: 'relu', relu6: 'relu6', elu: 'elu', sigmoid: 'sigmoid', linear: 'linear',
}; // prettier-ignore

/** What the kernel of a product applies itself, and what is left to do with its result. */
export function fusedActivation(name: Activation): {
  readonly activation: dl.fused.FusedActivation;
  readonly then: (x: Tensor) => Tensor;
} {
  const own = fused[name];
  return { activation: own ?? 'linear', then: (x) => (own ? x : activate(name, x)) };
}
