import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { broadcastStrides } from '../strides';
import type { WebGLBackend } from './backend';
import { pointwise } from './pointwise';
import type { View } from './readings';
import { reduceMapped } from './reduce';
import { withScratch } from './scratch';

export const batchNorm: Kernel<WebGLBackend, 'batchNorm'> = (backend, inputs, [y], { epsilon }) => {
  const [x, mean, variance, offset, scale] = inputs;
  const period = mean!.size;
  const rows = [y!.size / period, period];
  const repeated = (tensor: TensorInfo): View => ({ tensor, strides: broadcastStrides([period], rows) });
  pointwise(backend, {
    program: 'batchNorm',
    inputs: {
      x: { tensor: x! },
      mean: repeated(mean!),
      variance: repeated(variance!),
      offset: repeated(offset!),
      scale: repeated(scale!),
    },
    output: reshaped(y!, rows),
    floats: [epsilon],
    expression: '(x - mean) / sqrt(variance + parameter0) * scale + offset',
  });
};

/** Two sums over columns. The second computes its terms from dy as it reads them. */
export const batchNormGradient: Kernel<WebGLBackend, 'batchNormGradient'> = (
  backend,
  [dy, x, mean, variance],
  [doffset, dscale],
  { epsilon },
) => {
  const period = mean!.size;
  const view = { outer: 1, extent: dy!.size / period, inner: period };
  reduceMapped(backend, dy!, doffset!, 'sum', view);
  const centred = 'x * (values_unit(i) - mean_unit(column))';
  if (epsilon > 0) {
    reduceMapped(backend, dy!, dscale!, 'sum', view, {
      name: 'normalized',
      inputs: { values: x!, mean: mean!, variance: variance! },
      floats: { epsilon },
      expression: `${centred} / sqrt(variance_unit(column) + epsilon)`,
    });
    return;
  }
  // The variance may be 0 here. Dividing the terms would give ∞ − ∞ = NaN, so that their sum is divided.
  withScratch(backend, dscale!.shape, 'float32', (sum) => {
    reduceMapped(backend, dy!, sum, 'sum', view, {
      name: 'centred',
      inputs: { values: x!, mean: mean! },
      expression: centred,
    });
    pointwise(backend, {
      program: 'batchNormGradient deviation',
      inputs: { sum: { tensor: sum }, variance: { tensor: variance! } },
      output: dscale!,
      expression: 'sum / sqrt(variance)',
    });
  });
};
