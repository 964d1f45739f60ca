import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import type { NodeAttributes, OpRow } from '../row';

/** ActivationFunctionType of the schema, by number. */
const activations: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x,
  (x) => dl.relu(x),
  (x) => dl.clipByValue(x, -1, 1),
  (x) => dl.relu6(x),
  (x) => dl.tanh(x),
];

/** Those that the fused products know, by number. */
const fusible = { 0: 'linear', 1: 'relu', 3: 'relu6' } as const;

const numberOf = (attributes: NodeAttributes): number => attributes.number('fused_activation_function', 0);

/** The activation that a product can take with it. */
export function fusedOf(attributes: NodeAttributes): 'linear' | 'relu' | 'relu6' {
  return fusible[numberOf(attributes) as keyof typeof fusible] ?? 'linear';
}

/** The activation of an operator, but for what {@link fusedOf} has done. @throws for one that is not known */
export function activated(x: Tensor, attributes: NodeAttributes, isFused = false): Tensor {
  const number = numberOf(attributes);
  const activation = activations[number];
  if (!activation)
    throw new Error(`the fused activation ${number} is not supported; wanted 0 to ${activations.length - 1}`);
  return isFused && number in fusible ? x : activation(x);
}

/** A row whose result passes through the operator's activation. */
export function withActivation({ run, ...row }: OpRow): OpRow {
  return { ...row, run: (call) => activated(run(call) as Tensor, call.attributes) };
}
