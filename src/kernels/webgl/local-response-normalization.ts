import type { TensorInfo } from '../backend';
import type { Kernel, KernelAttributes } from '../kernel-table';
import { binaryFunctions } from '../binary-functions';
import type { WebGLBackend } from './backend';
import {
  BLOCKED_SUM_INTS,
  blockedSum,
  LONGEST_PLAIN_SUM,
  loopInBlocks,
  type BlockedSum,
} from './blocked-sum';
import { draw, type DrawCall } from './draw';
import { withScratch } from './scratch';

type Attributes = KernelAttributes['localResponseNormalization'];

/** GLSL for `norm_of(i)` = bias + alpha·Σ x² over the channels around element i, and `power_of(a, b)` = aᵇ. */
const norm = (inBlocks: BlockedSum): string => `
  ${binaryFunctions.pow.glslFunctions ?? ''}
  float power_of(float a, float b) { return ${binaryFunctions.pow.glsl}; }
  int first_around(int i) { return max(i - radius, over_channels(i) * channels); }
  int last_around(int i) { return min(i + radius, over_channels(i) * channels + channels - 1); }
  float norm_of(int i) {
    float sum = 0.0;
    ${inBlocks.declare}
    int end = last_around(i) + 1;
    ${loopInBlocks(inBlocks, 'k', { first: 'first_around(i)', end: 'end' }, 'float v = x_at(k); sum += v * v;')}
    ${inBlocks.finish}
    return bias + alpha * sum;
  }`;

function drawChannels(
  backend: WebGLBackend,
  program: string,
  inputs: DrawCall['inputs'],
  output: TensorInfo,
  { channels, radius, bias, alpha, beta }: Attributes,
  result: (inBlocks: BlockedSum) => string,
): void {
  const inBlocks = blockedSum(['sum'], 'float', 2 * radius + 1, LONGEST_PLAIN_SUM);
  draw(backend, {
    program: `${program}${inBlocks.key}`,
    inputs,
    outputs: [output],
    form: 'element',
    ints: { ...BLOCKED_SUM_INTS, channels, radius },
    floats: { bias, alpha, beta },
    source: () => `${inBlocks.functions} ${norm(inBlocks)} float result(int i) { ${result(inBlocks)} }`,
  });
}

export const localResponseNormalization: Kernel<WebGLBackend, 'localResponseNormalization'> = (
  backend,
  [x],
  [y],
  attributes,
) => {
  const result = (): string => 'return x_at(i) * power_of(norm_of(i), -beta);';
  drawChannels(backend, 'localResponseNormalization', { x: x! }, y!, attributes, result);
};

/** Computes dy·x·n^(−beta − 1) of each element in a first draw, so that each norm n is computed only twice. */
export const localResponseNormalizationGradient: Kernel<
  WebGLBackend,
  'localResponseNormalizationGradient'
> = (backend, [x, dy], [dx], attributes) => {
  const name = 'localResponseNormalizationGradient';
  withScratch(backend, dx!.shape, 'float32', (shares) => {
    const share = (): string => 'return dy_at(i) * x_at(i) * power_of(norm_of(i), -beta - 1.0);';
    drawChannels(backend, `${name} shares`, { x: x!, dy: dy! }, shares, attributes, share);
    const result = (inBlocks: BlockedSum): string => `
      float sum = 0.0;
      ${inBlocks.declare}
      int end = last_around(i) + 1;
      ${loopInBlocks(inBlocks, 'k', { first: 'first_around(i)', end: 'end' }, 'sum += shares_at(k);')}
      ${inBlocks.finish}
      return dy_at(i) * power_of(norm_of(i), -beta) - 2.0 * alpha * beta * x_at(i) * sum;`;
    drawChannels(backend, name, { x: x!, dy: dy!, shares }, dx!, attributes, result);
  });
};
