/** The calls of layers in Keras's JSON: lists in Keras 2, args and kwargs in Keras 3. */
import { described, shortened } from '../../tensor/argument';
import type { CallOptions } from '../layers/kind';
import { at, isObject, listAt, type Json } from './json';

/** An output of a call of a layer. */
export interface Reference {
  readonly layer: string;
  /** Which call of the layer. */
  readonly call: number;
  readonly output: number;
}

/** A call of a layer in a file. */
export interface FileCall {
  readonly layer: string;
  /** Which of the layer's calls it is. */
  readonly index: number;
  readonly inputs: readonly Reference[];
  readonly options: CallOptions;
}

export interface FileCalls {
  readonly calls: readonly FileCall[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
}

/** Arguments deeper than this hold no tensors. */
const MOST_DEPTH = 4;

/** A layer with its place in a file. */
export interface FileLayer {
  readonly name: string;
  readonly json: Json;
  readonly isModel: boolean;
}

/** `[layer, call, output]`, perhaps with more behind. */
function listed(value: Json): Reference | undefined {
  if (!Array.isArray(value)) return undefined;
  const [layer, call, output] = value as readonly Json[];
  const fits = typeof layer === 'string' && Number.isSafeInteger(call) && Number.isSafeInteger(output);
  return fits ? { layer, call: call as number, output: output as number } : undefined;
}

/** All tensors in an argument. */
function references(value: Json, depth = 0): readonly Reference[] {
  const own = listed(value) ?? listed(at(value, 'config', 'keras_history'));
  if (own) return [own];
  if (!Array.isArray(value) || depth > MOST_DEPTH) return [];
  return (value as readonly Json[]).flatMap((each) => references(each, depth + 1));
}

/** Arguments with tensors, which come behind the first. */
const tensorArguments = ['query', 'value', 'key', 'inputs', 'sequences', 'initial_state'];

function argumentsOf(
  where: string,
  kwargs: Json,
): { readonly inputs: readonly Reference[]; readonly options: CallOptions } {
  if (!isObject(kwargs)) return { inputs: [], options: {} };
  // Masks are found anew.
  const rest = Object.keys(kwargs).filter((name) => kwargs[name] !== null && name !== 'mask');
  let options: CallOptions = {};
  for (const name of rest) {
    if (tensorArguments.includes(name)) continue;
    const value = kwargs[name];
    if (name === 'training' && typeof value === 'boolean') options = { ...options, training: value };
    else if (name === 'use_causal_mask' && typeof value === 'boolean')
      options = { ...options, useCausalMask: value };
    else if (value !== false)
      throw new Error(
        `${where} is called with '${shortened(name)}' of ${described(value)}; wanted training or use_causal_mask`,
      );
  }
  const named = tensorArguments.filter((name) => rest.includes(name));
  return { inputs: named.flatMap((name) => references(kwargs[name])), options };
}

function callOf(where: string, layer: string, index: number, node: Json): FileCall {
  if (isObject(node)) {
    const { inputs, options } = argumentsOf(where, at(node, 'kwargs'));
    return { layer, index, options, inputs: [...references(at(node, 'args')), ...inputs] };
  }
  const first = listed(node) ? node : Array.isArray(node) ? (node as readonly Json[])[0] : undefined;
  const { inputs, options } = argumentsOf(
    where,
    Array.isArray(first) ? (first as readonly Json[])[3] : undefined,
  );
  return { layer, index, options, inputs: [...references(node), ...inputs] };
}

/** The calls in a model, with its inputs and outputs. @throws when a call has no inputs */
export function callsOf(operator: string, layers: readonly FileLayer[], config: Json): FileCalls {
  const calls = layers.flatMap(({ name, json }) =>
    listAt(json, 'inbound_nodes', `${operator}: the layer '${shortened(name)}'`).map((node, index) => {
      const where = `${operator}: the layer '${shortened(name)}'`;
      const call = callOf(where, name, index, node);
      if (call.inputs.length > 0) return call;
      throw new Error(`${where} is called with ${described(node)}; wanted outputs of other layers`);
    }),
  );
  const inputs = references(at(config, 'input_layers'));
  const outputs = references(at(config, 'output_layers'));
  if (inputs.length === 0 || outputs.length === 0)
    throw new Error(
      `${operator}: the model has ${inputs.length} inputs and ${outputs.length} outputs; wanted some`,
    );
  // Where a model is a layer, Keras counts its making as the first call: its calls then begin at 1.
  const counts = new Map<string, number>();
  for (const { layer } of calls) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  const models = new Set(layers.filter(({ isModel }) => isModel).map(({ name }) => name));
  const all = [...calls.flatMap((call) => call.inputs), ...outputs];
  const shifted = new Set(
    all
      .filter(({ layer, call }) => models.has(layer) && call >= (counts.get(layer) ?? 0))
      .map(({ layer }) => layer),
  );
  const placed = (each: Reference): Reference =>
    shifted.has(each.layer) ? { ...each, call: each.call - 1 } : each;
  return {
    calls: calls.map((call) => ({ ...call, inputs: call.inputs.map(placed) })),
    inputs,
    outputs: outputs.map(placed),
  };
}

/**
 * Makes the calls, each when its inputs are there.
 *
 * @param run makes a call, unless an input is missing
 * @throws for calls that wait for each other, or for a layer that is not there
 */
export function runInOrder(
  operator: string,
  calls: readonly FileCall[],
  run: (call: FileCall) => boolean,
): void {
  const done = new Set<FileCall>();
  const waiting = new Map<string, Set<FileCall>>();
  // Files are nearly always in order. A call that comes too early waits for the layers that it reads.
  for (const call of calls) {
    const toTry = [call];
    for (let next = toTry.pop(); next; next = toTry.pop()) {
      if (done.has(next)) continue;
      if (run(next)) {
        done.add(next);
        toTry.push(...(waiting.get(next.layer) ?? []));
        continue;
      }
      for (const { layer } of next.inputs) {
        const those = waiting.get(layer) ?? new Set();
        waiting.set(layer, those.add(next));
      }
    }
  }
  const left = calls.find((call) => !done.has(call));
  if (left)
    throw new Error(
      `${operator}: the layer '${shortened(left.layer)}' is called with ${left.inputs.map(({ layer }) => `'${shortened(layer)}'`).join(', ')}, which is not there, or depends on it; wanted layers before it`,
    );
}
