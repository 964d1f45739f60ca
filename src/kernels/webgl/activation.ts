import { unaryFunctions } from '../unary-functions';
import type { Activation } from '../activation';
import { lanes } from './glsl';

/**
 * Activations of four values at once. A choice for each value would take software drivers half as long again to build a program, and here
 * there are up to 32.
 */
const ofVectors: Partial<Record<Activation, string>> = {
  linear: 'v',
  relu: 'mix(v, vec4(0.0), lessThan(v, vec4(0.0)))',
  relu6: 'mix(mix(v, vec4(0.0), lessThan(v, vec4(0.0))), vec4(6.0), greaterThan(v, vec4(6.0)))',
};

/** GLSL for `float activated(float)` and `vec4 activated(vec4)`, which apply an activation to the result of a product. */
export function activationSource(activation: Activation): string {
  const row = activation === 'linear' ? null : unaryFunctions[activation];
  return `
    ${row?.glslFunctions ?? ''}
    float apply(float x, float p) { return ${row?.glsl ?? 'x'}; }
    float activated(float x) { return apply(x, alpha); }
    vec4 activated(vec4 v) { return ${ofVectors[activation] ?? lanes('vec4', (c) => `activated(v.${c})`)}; }`;
}
