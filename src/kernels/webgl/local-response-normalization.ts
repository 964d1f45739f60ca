import type { TensorInfo } from '../backend';
import type { Kernel, KernelAttributes } from '../kernel-table';
import { binaryFunctions } from '../binary-functions';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PLAIN_SUM, loopInBlocks, type BlockedSum } from './blocked-sum';
import { draw, type DrawCall } from './draw';
import { lanes, list } from './glsl';
import { withScratch } from './scratch';
import { LANES } from './texture-layout';
import { unitFor } from './unit';

type Attributes = KernelAttributes['localResponseNormalization'];

/** What is added up around an element: for the norm the squares of x, else the shares. */
type Term = readonly [name: string, of: (v: string) => string];
const SQUARES: Term = ['x', (v) => `${v} * ${v}`];
const SHARES: Term = ['shares', (v) => v];

/**
 * GLSL for `NAME_around(i)`, Σ of the terms over the channels around unit i. A fragment of four channels reads the texels around it, each
 * once, and adds each of their values to the sums whose window it lies in.
 */
function around([name, of]: Term, isTexel: boolean, inBlocks: BlockedSum): string {
  if (!isTexel) {
    return `
  float ${name}_around(int i) {
    float sum = 0.0;
    ${inBlocks.declare}
    int start = over_channels(i) * channels, end = min(i + radius, start + channels - 1) + 1;
    ${loopInBlocks(inBlocks, 'k', { first: 'max(i - radius, start)', end: 'end' }, `float v = ${name}_at(k); sum += ${of('v')};`)}
    ${inBlocks.finish}
    return sum;
  }`;
  }
  return `
  vec4 ${name}_around(int t) {
    vec4 sum = vec4(0.0);
    int row = over_channels(t), c = t - row * channels, reach = (radius + 3) >> 2;
    ${name}_start line = ${name}_row(row * channels);
    for (int k = max(c - reach, 0), end = min(c + reach, channels - 1); k <= end; k++) {
      vec4 v = ${name}_from(line, k);
      v = ${of('v')};
      ivec4 from = (k - c) * 4 + radius - ivec4(0, 1, 2, 3);
      ${list(4, (j) => `sum += mix(vec4(0.0), vec4(v[${j}]), lessThanEqual(uvec4(from + ${j}), uvec4(2 * radius)));`)}
    }
    return sum;
  }`;
}

/** The roots of usual exponents, n^−power with r = √n, where n is not negative; others take `pow`. */
const ROOTS: Readonly<Record<number, string>> = {
  0.5: 'r',
  0.75: 'r * sqrt(r)',
  1.5: 'n * r',
  1.75: 'n * r * sqrt(r)',
};

/** GLSL for `shrunk(n)` = n^−power. */
function shrunk(name: string, power: number, exponent: string): string {
  const root = ROOTS[power];
  return root
    ? `
  unit ${name}(unit n) {
    unit r = sqrt(n);
    return unit(1.0) / (${root});
  }`
    : `
  float ${name}(float n) { return power(n, ${exponent}); }
  vec4 ${name}(vec4 n) { return ${lanes('vec4', (c) => `${name}(n.${c})`)}; }`;
}

function drawChannels(
  backend: WebGLBackend,
  program: string,
  inputs: DrawCall['inputs'],
  output: TensorInfo,
  { channels, radius, bias, alpha, beta }: Attributes,
  terms: readonly Term[],
  result: string,
): void {
  const inBlocks = blockedSum(['sum'], 'float', 2 * radius + 1, LONGEST_PLAIN_SUM);
  const unit = unitFor(inBlocks.key ? 1 : channels);
  const isTexel = unit.form === 'texel';
  draw(backend, {
    program: `${program}${inBlocks.key} ${ROOTS[beta] ? beta : ''}`,
    inputs,
    outputs: [output],
    form: unit.form,
    rows: { x: channels / LANES, shares: channels / LANES },
    ints: { channels: isTexel ? unit.length : channels, radius },
    floats: { bias, alpha, beta },
    source: () => `
      ${inBlocks.functions}
      ${binaryFunctions.pow.glslFunctions ?? ''}
      ${terms.map((term) => around(term, isTexel, inBlocks)).join('')}
      ${shrunk('shrunk', beta, '-beta')}
      ${shrunk('shrunk_more', beta + 1, '-beta - 1.0')}
      unit result(int i) {
        unit norm = bias + alpha * x_around(i);
        return ${result};
      }`,
  });
}

export const localResponseNormalization: Kernel<WebGLBackend, 'localResponseNormalization'> = (
  backend,
  [x],
  [y],
  attributes,
) => {
  const name = 'localResponseNormalization';
  drawChannels(backend, name, { x: x! }, y!, attributes, [SQUARES], 'x_unit(i) * shrunk(norm)');
};

/** Computes dy·x·n^(−beta − 1) of each element in a first draw, so that each norm n is computed only twice. */
export const localResponseNormalizationGradient: Kernel<
  WebGLBackend,
  'localResponseNormalizationGradient'
> = (backend, [x, dy], [dx], attributes) => {
  const name = 'localResponseNormalizationGradient';
  withScratch(backend, dx!.shape, 'float32', (shares) => {
    const share = 'dy_unit(i) * x_unit(i) * shrunk_more(norm)';
    drawChannels(backend, `${name} shares`, { x: x!, dy: dy! }, shares, attributes, [SQUARES], share);
    const result = 'dy_unit(i) * shrunk(norm) - 2.0 * alpha * beta * x_unit(i) * shares_around(i)';
    drawChannels(backend, name, { x: x!, dy: dy!, shares }, dx!, attributes, [SQUARES, SHARES], result);
  });
};
