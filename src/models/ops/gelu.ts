import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';

/** x·½·(1 + erf(x / √2)), or its approximation by tanh (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016). */
export function gelu(x: Tensor, isApproximate = false): Tensor {
  const inner = isApproximate
    ? dl.tanh(dl.mul(Math.sqrt(2 / Math.PI), dl.add(x, dl.mul(0.044715, dl.mul(x, dl.mul(x, x))))))
    : dl.erf(dl.mul(x, Math.SQRT1_2));
  return dl.mul(dl.mul(x, 0.5), dl.add(inner, 1));
}
