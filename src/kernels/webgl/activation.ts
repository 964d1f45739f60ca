import { unaryFunctions } from '../unary-functions';
import type { Activation } from '../activation';

/** GLSL for `float activated(float)` and `vec4 activated(vec4)`, which apply an activation to the result of a product. */
export function activationSource(activation: Activation): string {
  const row = activation === 'linear' ? null : unaryFunctions[activation];
  return `
    ${row?.glslFunctions ?? ''}
    float apply(float x, float p) { return ${row?.glsl ?? 'x'}; }
    float activated(float x) { return apply(x, alpha); }
    vec4 activated(vec4 v) { return vec4(activated(v.x), activated(v.y), activated(v.z), activated(v.w)); }`;
}
