import type { TensorInfo } from '../backend';
import type { KernelAttributes } from '../kernel-table';
import { updateRules } from '../optimizer-updates';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';

/**
 * [value, gradient, …slots, of each variable] → [value, …slots, of each]. Updates variables and all their slots in one draw, with a render target for each.
 *
 * @param byRow the inputs in whose textures a row is as long as in the first output's, which has one layer: a texel is then found without a division
 */
export function update(
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  { name, hyperparameters }: KernelAttributes['update'],
  byRow: readonly boolean[] = [],
): void {
  const { glsl, slots } = updateRules[name];
  const rule = glsl.replace(/\bh\[(\d+)\]/g, 'hyperparameters$1');
  const states = ['value', ...slots.map((_, k) => `slot${k}`)];
  const read = ['value', 'gradient', ...states.slice(1)];
  const nameOf = (i: number): string => `${read[i % read.length]!}_${Math.floor(i / read.length)}`;
  const readOf = (i: number): string =>
    byRow[i]
      ? `texture(${nameOf(i)}_texture, ${nameOf(i)}_centre(int(gl_FragCoord.x), int(gl_FragCoord.y)))`
      : `${nameOf(i)}_here()`;
  draw(backend, {
    program: `update ${name} ${inputs.length} ${byRow.map(Number).join('')}`,
    inputs: Object.fromEntries(inputs.map((input, i) => [nameOf(i), input])),
    outputs,
    form: 'block',
    floats: { hyperparameters },
    source: () => `
      void rule(${states.map((each) => `inout float ${each}`).join(', ')}, float g) { ${rule} }
      void block() {
        here_layer = 0;
        ${list(
          outputs.length / states.length,
          (v) => `{
          ${read.map((each, k) => `vec4 ${each} = ${readOf(v * read.length + k)};`).join('\n')}
          ${list(4, (lane) => `rule(${[...states, 'gradient'].map((each) => `${each}[${lane}]`).join(', ')});`)}
          ${states.map((each, k) => `out_${v * states.length + k} = ${each};`).join(' ')}
        }`,
        )}
      }`,
  });
}
