import { activeBackend, type DataType, type KernelAttributes, type KernelName, type Shape } from '../kernels';
import { runKernel } from './device';
import { listeners, tell } from './device-observers';
import { newTensor } from './new-tensor';
import { addToTape, type GradientRule } from './tape';
import { Tensor } from './tensor';

/** The shape and the element type of a result. */
export interface OutputSpec {
  readonly shape: Shape;
  readonly dtype: DataType;
}

/**
 * Runs a kernel as an op: moves the inputs to the backend in use, allocates the outputs, runs the kernel, and puts the
 * op on the tape. After an error nothing is left allocated.
 *
 * @param op the op's name, for messages, observers and the tape
 * @param rule the gradient rule; without one the outputs are constants
 */
export function dispatch<K extends KernelName>(
  op: string,
  kernel: K,
  inputs: readonly Tensor[],
  outputs: readonly OutputSpec[],
  attributes: KernelAttributes[K],
  rule: GradientRule<KernelAttributes[K]> | null = null,
): Tensor[] {
  const backend = activeBackend();
  for (const input of inputs) if (input.storage.backend !== backend) input.storage.moveTo(backend, op);
  const results: Tensor[] = [];
  try {
    let elements = 0;
    for (const { shape, dtype } of outputs) {
      const result = newTensor(backend, shape, dtype);
      elements += result.size;
      results.push(result);
    }
    if (elements > 0) runKernel(op, backend, kernel, inputs, results, attributes);
  } catch (error) {
    for (const result of results) result.dispose();
    throw error;
  }
  if (rule !== null) addToTape(op, inputs, results, attributes, rule);
  return results;
}

/** {@link dispatch} for an op with one result. */
export function dispatchOne<K extends KernelName>(
  op: string,
  kernel: K,
  inputs: readonly Tensor[],
  shape: Shape,
  dtype: DataType,
  attributes: KernelAttributes[K],
  rule: GradientRule<KernelAttributes[K]> | null = null,
): Tensor {
  return dispatch(op, kernel, inputs, [{ shape, dtype }], attributes, rule)[0]!;
}

/**
 * Makes another tensor over the same storage: for reshape, clone, and a cast that changes nothing.
 *
 * @param rule the gradient rule
 */
export function view(op: string, x: Tensor, shape: Shape, rule: GradientRule<undefined>): Tensor {
  const result = new Tensor(x.storage, shape, x.dtype, 'scope', true);
  if (listeners.view.length > 0) tell('view', { op, input: x, output: result });
  addToTape(op, [x], [result], undefined, rule);
  return result;
}
