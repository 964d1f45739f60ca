import type { TensorInfo } from '../backend';
import { broadcastStrides, mergeAxes, stridesOf } from '../strides';
import type { WebGPUBackend } from './backend';
import { dispatch, type Numbers } from './dispatch';
import { unravel } from './wgsl';

/** A tensor that is read as if it had the output's shape. Without strides it has as many elements, and the same order. */
export interface View {
  readonly tensor: TensorInfo;
  readonly strides?: readonly number[];
}

export interface Pointwise {
  readonly program: string;
  readonly inputs: Readonly<Record<string, View>>;
  readonly output: TensorInfo;
  /** The shape that the views' strides belong to; the output's own by default. */
  readonly shape?: readonly number[];
  /** WGSL functions that the expression calls. */
  readonly functions?: () => string;
  /** The value of an output element, as a WGSL expression in the names of the inputs. */
  readonly expression: string;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
}

/** The view of an operand that is broadcast to the output. */
export function broadcastView(tensor: TensorInfo, output: TensorInfo): View {
  return tensor.size === output.size
    ? { tensor }
    : { tensor, strides: broadcastStrides(tensor.shape, output.shape) };
}

/** Computes each element of the output from the elements with the same index in the views of the inputs. */
export function pointwise(backend: WebGPUBackend, call: Pointwise): void {
  const { output } = call;
  if (output.size === 0) return;
  const names = Object.keys(call.inputs);
  const source = (body: string, read: (name: string) => string): string => `${call.functions?.() ?? ''}
      fn result(i: i32) -> T {
        ${body}
        ${names.map((name) => `let ${name} = ${read(name)};`).join('\n')}
        return ${call.expression};
      }`;
  const inputs = Object.fromEntries(names.map((name) => [`${name}_values`, call.inputs[name]!.tensor]));
  const moves = names.some((name) => call.inputs[name]!.strides !== undefined);
  const run = {
    inputs,
    outputs: { output_values: output },
    form: 'element',
    floats: call.floats ?? {},
  } as const;
  if (!moves) {
    dispatch(backend, {
      ...run,
      program: call.program,
      ints: call.ints ?? {},
      source: () => source('', (name) => `${name}_values[i]`),
    });
    return;
  }
  const shape = call.shape ?? output.shape;
  const moving = names.filter((name) => call.inputs[name]!.strides);
  const { shape: merged, strides } = mergeAxes(shape, [
    ...moving.map((name) => call.inputs[name]!.strides!),
    stridesOf(shape),
  ]);
  const rank = merged.length;
  const place = (name: string): string => {
    const axes = strides[moving.indexOf(name)]!.map((_, axis) => `c${axis} * u.${name}_stride${axis}`);
    return axes.join(' + ');
  };
  const read = (name: string): string =>
    moving.includes(name) ? `${name}_values[${place(name)}]` : `${name}_values[i]`;
  dispatch(backend, {
    ...run,
    program: `${call.program} ${moving.join()} ${rank}`,
    ints: {
      s: merged,
      ...Object.fromEntries(moving.map((name, k) => [`${name}_stride`, strides[k]!])),
      ...call.ints,
    },
    source: () => source(unravel(rank), read),
  });
}
