import { reshaped, type TensorInfo } from '../backend';
import type { Kernel, LocalResponseAttributes } from '../kernel-table';
import { binaryFunctions } from '../binary-functions';
import type { WebGPUBackend } from './backend';
import { dispatch } from './dispatch';
import { fold, SUM } from './fold';
import { pointwise, type View } from './pointwise';
import { functionsOf } from './prelude';
import { withScratch } from './scratch';
import { ADDITION, blockedSum } from './wgsl';

export const batchNorm: Kernel<WebGPUBackend, 'batchNorm'> = (backend, inputs, [y], { epsilon }) => {
  const [x, mean, variance, offset, scale] = inputs;
  const period = mean!.size;
  const repeated = (tensor: TensorInfo | undefined): View => ({ tensor: tensor!, strides: [0, 1] });
  pointwise(backend, {
    program: 'batchNorm',
    inputs: {
      x: { tensor: x! },
      mean: repeated(mean),
      variance: repeated(variance),
      offset: repeated(offset),
      scale: repeated(scale),
    },
    output: y!,
    shape: [y!.size / period, period],
    floats: { epsilon },
    expression: '(x - mean) / sqrt(variance + u.epsilon) * scale + offset',
  });
};

export const batchNormGradient: Kernel<WebGPUBackend, 'batchNormGradient'> = (
  backend,
  [dy, x, mean, variance],
  [doffset, dscale],
  { epsilon },
) => {
  const period = mean!.size;
  const view = { outer: 1, extent: dy!.size / period, inner: period };
  fold(backend, {
    ...SUM,
    program: 'batchNormGradient offset',
    inputs: { dy: dy! },
    output: doffset!,
    view,
    term: 'return dy[at];',
  });
  // The root is taken of the sum: where the variance is 0, the terms would be ∞ − ∞.
  withScratch(backend, [period], 'float32', (sum) => {
    fold(backend, {
      ...SUM,
      program: 'batchNormGradient scale',
      inputs: { dy: dy!, x: x!, mean: mean! },
      output: sum,
      view,
      term: 'return dy[at] * (x[at] - mean[n]);',
    });
    pointwise(backend, {
      program: 'batchNormGradient deviation',
      inputs: { sum: { tensor: sum }, variance: { tensor: variance! } },
      output: reshaped(dscale!, [period]),
      floats: { epsilon },
      expression: 'sum / sqrt(variance + u.epsilon)',
    });
  });
};

/** WGSL for the sum of `of` over the channels around element i. */
function around(name: string, of: string): string {
  const sum = blockedSum('f32');
  return `
    fn ${name}(i: i32) -> f32 {
      let start = i / u.channels * u.channels;
      ${sum.declare}
      for (var k = max(i - u.radius, start); k <= min(i + u.radius, start + u.channels - 1); k++) {
        ${sum.add(of)}
      }
      return ${sum.value};
    }`;
}

function overChannels(
  backend: WebGPUBackend,
  program: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  y: TensorInfo,
  { channels, radius, bias, alpha, beta }: LocalResponseAttributes,
  functions: string,
  result: string,
): void {
  dispatch(backend, {
    program,
    inputs,
    outputs: { y },
    form: 'element',
    ints: { channels, radius },
    floats: { bias, alpha, beta },
    source: () => `
      ${functionsOf(binaryFunctions.pow.glslFunctions!)}
      ${ADDITION}
      ${around('squares_around', 'x[k] * x[k]')}
      ${functions}
      fn result(i: i32) -> T {
        let norm = u.bias + u.alpha * squares_around(i);
        return ${result};
      }`,
  });
}

export const localResponseNormalization: Kernel<WebGPUBackend, 'localResponseNormalization'> = (
  backend,
  [x],
  [y],
  attributes,
) => {
  overChannels(
    backend,
    'localResponseNormalization',
    { x: x! },
    y!,
    attributes,
    '',
    'x[i] * power(norm, -u.beta)',
  );
};

/** Computes dy·x·n^(−beta − 1) of each element in a first run, so that each norm n is computed only twice. */
export const localResponseNormalizationGradient: Kernel<
  WebGPUBackend,
  'localResponseNormalizationGradient'
> = (backend, [x, dy], [dx], attributes) => {
  const name = 'localResponseNormalizationGradient';
  withScratch(backend, dx!.shape, 'float32', (shares) => {
    overChannels(
      backend,
      `${name} shares`,
      { x: x!, dy: dy! },
      shares,
      attributes,
      '',
      'dy[i] * x[i] * power(norm, -u.beta - 1.0)',
    );
    overChannels(
      backend,
      name,
      { x: x!, dy: dy!, shares },
      dx!,
      attributes,
      around('shares_around', 'shares[k]'),
      'dy[i] * power(norm, -u.beta) - 2.0 * u.alpha * u.beta * x[i] * shares_around(i)',
    );
  });
};
