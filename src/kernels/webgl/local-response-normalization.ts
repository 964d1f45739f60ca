import type { Kernel, TensorInfo } from '../backend';
import { binaryFunctions } from '../elementwise';
import type { KernelAttributes } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw, type DrawCall } from './draw';
import { withScratch } from './scratch';

type Attributes = KernelAttributes['localResponseNormalization'];

/** `norm_of(i)`: bias + alpha·Σ x² over the channels around element i; `power_of(n, b)`: nᵇ. */
const NORM = `
  ${binaryFunctions.pow.glslFunctions ?? ''}
  float power_of(float a, float b) { return ${binaryFunctions.pow.glsl}; }
  int first_around(int i) { return max(i - radius, over_channels(i) * channels); }
  int last_around(int i) { return min(i + radius, over_channels(i) * channels + channels - 1); }
  float norm_of(int i) {
    float sum = 0.0;
    int last = last_around(i);
    for (int k = first_around(i); k <= last; k++) {
      float v = x_at(k);
      sum += v * v;
    }
    return bias + alpha * sum;
  }`;

function drawChannels(
  backend: WebGLBackend,
  program: string,
  inputs: DrawCall['inputs'],
  output: TensorInfo,
  { channels, radius, bias, alpha, beta }: Attributes,
  result: string,
): void {
  draw(backend, {
    program,
    inputs,
    outputs: [output],
    form: 'element',
    ints: { channels, radius },
    floats: { bias, alpha, beta },
    source: () => `${NORM} float result(int i) { ${result} }`,
  });
}

export const localResponseNormalization: Kernel<WebGLBackend, 'localResponseNormalization'> = (
  backend,
  [x],
  [y],
  attributes,
) => {
  const result = 'return x_at(i) * power_of(norm_of(i), -beta);';
  drawChannels(backend, 'localResponseNormalization', { x: x! }, y!, attributes, result);
};

/** First what each output passes on to all inputs in its norm, so that no norm is worked out more than twice. */
export const localResponseNormalizationGradient: Kernel<
  WebGLBackend,
  'localResponseNormalizationGradient'
> = (backend, [x, dy], [dx], attributes) => {
  const name = 'localResponseNormalizationGradient';
  withScratch(backend, dx!.shape, 'float32', (shares) => {
    const share = 'return dy_at(i) * x_at(i) * power_of(norm_of(i), -beta - 1.0);';
    drawChannels(backend, `${name} shares`, { x: x!, dy: dy! }, shares, attributes, share);
    const result = `
      float sum = 0.0;
      int last = last_around(i);
      for (int k = first_around(i); k <= last; k++) sum += shares_at(k);
      return dy_at(i) * power_of(norm_of(i), -beta) - 2.0 * alpha * beta * x_at(i) * sum;`;
    drawChannels(backend, name, { x: x!, dy: dy!, shares }, dx!, attributes, result);
  });
};
