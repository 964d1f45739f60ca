import { activeBackend, type CustomAttributes } from '../../kernels';
import { warn } from '../../tensor/debug';
import { dispatchOne } from '../../tensor/dispatch';
import { isDryRun } from '../../tensor/dry-run';
import { withoutTaping } from '../../tensor/extent';
import { zeros } from '../../tensor/ops';
import { addToTape, type GradientRule } from '../../tensor/tape';
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
 * A factorization is a chain of steps that each wait for the one before. On WebGL a matrix of n columns would take n draws or more. Each has so few values that
 * starting it takes longer than computing it, and elimination in float32 loses digits. Measured for `cholesky` with a read of the result, in ms, on
 * WebGL with a software renderer: n = 8: 5.2 here, 5.9 by one draw for each column; 32: 5.2 and 8.5; 64: 6.8 and 26; 128: 10 and 119. Composed of other ops, as `linalg.qr` is, 32
 * took 146. On the CPU, with n = 64, `cholesky` takes 0.2 and `linalg.qr` 59.
 */
export function onHost(
  name: string,
  { inputs, shape, numbers = {}, compute, rule }: HostComputation,
): Tensor {
  if (!isDryRun() && activeBackend().name !== 'cpu')
    warn(`${name} computes on the host, and blocks until the device has computed its arguments`);
  const attributes: CustomAttributes = {
    program: name,
    names: inputs.map((_, i) => `input${i}`),
    numbers,
    glsl: null,
    compute: (values, result) => compute(values as Float32Array[], result as Float32Array),
  };
  if (!isDryRun()) return dispatchOne(name, 'custom', inputs, shape, 'float32', attributes, rule);
  // `warmUp` computes nothing: there are no values to wait for. The gradient is still warmed up.
  const result = withoutTaping(() => zeros([...shape]));
  addToTape(name, inputs, [result], attributes, rule);
  return result;
}
