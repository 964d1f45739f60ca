/** A model as a network of calls of layers. */
import { tidy, type Tensor } from '../../tensor';
import { shortened } from '../../tensor/argument';
import type { LayersModel } from '../layers-model';
import type { CallOptions, Shape } from './kind';
import type { Layer, LayerResult, LayerRun } from './layer';
import type { SymbolicTensor } from './symbolic';
import { type SymbolicCall } from './symbolic';

interface Step {
  readonly call: SymbolicCall;
  /** What nothing reads behind this step. */
  readonly free: readonly SymbolicTensor[];
}

export interface Network {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Each once, in the order in which they were first called; inputs too. */
  readonly layers: readonly Layer[];
  readonly calls: readonly SymbolicCall[];
  readonly steps: readonly Step[];
}

/** Whether a layer is a model. */
export const isModel = (layer: Layer): layer is LayersModel => 'network' in layer;

/**
 * The network between some values. Layers without a name get one.
 *
 * @throws when an output depends on an input that is not given, or two layers have the same name
 */
export function networkOf(
  operator: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): Network {
  const calls = new Set<SymbolicCall>(inputs.map(({ call }) => call));
  const toSee = outputs.map(({ call }) => call);
  for (let call = toSee.pop(); call; call = toSee.pop()) {
    if (calls.has(call)) continue;
    calls.add(call);
    if (call.inputs.length === 0)
      throw new Error(
        `${operator}: an output depends on the input '${shortened(call.layer.name)}'; wanted it among the inputs`,
      );
    toSee.push(...call.inputs.map((each) => each.call));
  }
  // A call is made after those on which it depends.
  const sorted = [...calls].sort((a, b) => a.order - b.order);
  const layers = [...new Set(sorted.map(({ layer }) => layer))];
  nameLayers(operator, layers);
  return { inputs, outputs, layers, calls: sorted, steps: stepsOf(sorted, inputs, outputs) };
}

function nameLayers(operator: string, layers: readonly Layer[]): void {
  const names = new Set<string>();
  for (const layer of layers) {
    if (!layer.hasName) continue;
    if (names.has(layer.name))
      throw new Error(
        `${operator}: two layers have the name '${shortened(layer.name)}'; wanted unique names`,
      );
    names.add(layer.name);
  }
  for (const layer of layers) {
    layer.named((name) => names.has(name));
    names.add(layer.name);
  }
}

function stepsOf(
  calls: readonly SymbolicCall[],
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): readonly Step[] {
  const steps = calls
    .filter((call) => !inputs.some((input) => input.call === call))
    .map((call) => ({ call, free: [] as SymbolicTensor[] }));
  const last = new Map<SymbolicTensor, number>();
  steps.forEach(({ call }, s) => {
    for (const value of [...call.outputs, ...call.inputs]) last.set(value, s);
  });
  const kept = new Set([...inputs, ...outputs]);
  for (const [value, s] of last) if (!kept.has(value)) steps[s]!.free.push(value);
  return steps;
}

/** The shapes of the outputs for inputs of these shapes. */
export function shapesThrough(
  { inputs, outputs, steps }: Network,
  given: readonly Shape[],
): readonly Shape[] {
  const shapes = new Map(inputs.map((input, i) => [input, given[i]!]));
  for (const { call } of steps) {
    const made = call.layer.outputShapes(call.inputs.map((each) => shapes.get(each)!));
    call.outputs.forEach((output, i) => shapes.set(output, made[i]!));
  }
  return outputs.map((output) => shapes.get(output)!);
}

/** Runs a network. Each value is freed behind its last reader. */
export function runNetwork(network: Network, given: readonly Tensor[], run: LayerRun): LayerResult {
  const { inputs, outputs, steps } = network;
  return tidy(() => {
    const values = new Map(inputs.map((input, i) => [input, given[i]!]));
    const masks = new Map<SymbolicTensor, Tensor>();
    if (run.mask) masks.set(inputs[0]!, run.mask);
    for (const { call, free } of steps) {
      const options: CallOptions = { ...run, ...call.options };
      const mask = (call.inputs[0] && masks.get(call.inputs[0])) ?? null;
      const result = call.layer.run(
        call.inputs.map((each) => values.get(each)!),
        { ...options, mask },
      );
      call.outputs.forEach((output, i) => values.set(output, result.outputs[i]!));
      if (result.mask && call.outputs[0]) masks.set(call.outputs[0], result.mask);
      for (const each of free) {
        values.get(each)!.dispose();
        values.delete(each);
      }
    }
    const results = outputs.map((output, i) => {
      const value = values.get(output)!;
      // An input stays whose it was, and each result is freed for itself.
      return inputs.includes(output) || outputs.indexOf(output) !== i ? value.clone<Tensor>() : value;
    });
    return { outputs: results, mask: (outputs[0] && masks.get(outputs[0])) ?? null };
  });
}
