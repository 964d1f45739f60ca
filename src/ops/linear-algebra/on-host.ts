import { activeBackend, type CustomAttributes } from '../../kernels';
import { warn } from '../../tensor/debug';
import { dispatchOne } from '../../tensor/dispatch';
import type { GradientRule } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';

/** What computes the result of one op from the values of its inputs. */
export interface HostComputation {
  readonly inputs: readonly Tensor[];
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** What it depends on besides its inputs: a recording compares these. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Fills the result. */
  readonly compute: (inputs: readonly Float32Array[], result: Float32Array) => void;
  readonly rule: GradientRule<CustomAttributes>;
}

/**
 * Computes on the host, on every backend: the values of the inputs are read, and the result is written. It is taped, recorded and observed as any kernel.
 *
 * Factorizations are chains of steps that each wait for the one before. As draws, they would be n or more for a matrix of n columns, each over so few values that
 * starting it takes longer than computing it, and in float32, of which an elimination loses digits. On the host they take float64.
 */
export function onHost(
  name: string,
  { inputs, shape, numbers = {}, compute, rule }: HostComputation,
): Tensor {
  if (activeBackend().name !== 'cpu')
    warn(`${name} computes on the host, and blocks until the device has computed its arguments`);
  const attributes: CustomAttributes = {
    program: name,
    names: inputs.map((_, i) => `input${i}`),
    numbers,
    glsl: null,
    compute: (values, result) => compute(values as Float32Array[], result as Float32Array),
  };
  return dispatchOne(name, 'custom', inputs, shape, 'float32', attributes, rule);
}
