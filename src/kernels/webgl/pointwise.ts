import type { TensorInfo } from '../backend';
import { broadcastStrides, stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { pointwiseSource } from './pointwise-source';
import { readingsOf, type View } from './readings';

interface Pointwise {
  readonly program: string;
  readonly inputs: Readonly<Record<string, View>>;
  readonly output: TensorInfo;
  /** GLSL functions that the expression calls. */
  readonly functions?: string;
  /** The value of an output element, as a scalar GLSL expression in the names of the inputs. */
  readonly expression: string;
  /** Numbers for the expression, as `parameter0`, `parameter1`, …, of one of the types. */
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
}

/** The view of an operand that is broadcast to the output. */
export function broadcastView(tensor: TensorInfo, output: TensorInfo): View {
  return tensor.size === output.size
    ? { tensor }
    : { tensor, strides: broadcastStrides(tensor.shape, output.shape) };
}

/** Computes each element of the output from the elements with the same index in the views of the inputs. */
export function pointwise(backend: WebGLBackend, call: Pointwise): void {
  const { output } = call;
  if (output.size === 0) return;
  const plan = readingsOf(backend, call.inputs, output, stridesOf(output.shape));
  draw(backend, {
    program: `${call.program} ${plan.key}`,
    inputs: plan.inputs,
    outputs: [output],
    form: 'texel',
    ints: { parameter: call.ints ?? [], whole: plan.scalars.int, s: plan.extents, place: plan.places },
    floats: { parameter: call.floats ?? [], real: plan.scalars.float, rate: plan.rates },
    source: () => pointwiseSource(plan, call, output.dtype),
  });
}
