import type { TensorInfo } from '../../backend';
import { stridesOf } from '../../strides';
import type { WebGLBackend } from '../../webgl/backend';
import { draw } from '../../webgl/draw';
import { lanes } from '../../webgl/glsl';
import { broadcastView } from '../../webgl/pointwise';
import { readingsOf, type Reading } from '../../webgl/readings';
import { sameLayout, type TextureLayout } from '../../webgl/texture-layout';
import { laneTypeOf } from '../../webgl/textures';

/** A chain as GLSL: functions, of which `chain` computes the value of an element from those of the inputs. */
export interface ChainSource {
  readonly program: string;
  readonly functions: string;
}

/**
 * Computes a chain whose inputs are whole, numbers of the host, or rows (a bias, a scale): a fragment finds its place in the rows once for all
 * of them, since that takes software drivers as long as three steps.
 *
 * @returns false if there are not several rows, they lie in their textures in different ways, or other inputs are among them; then nothing is drawn
 */
export function drawRowChain(
  backend: WebGLBackend,
  { program, functions }: ChainSource,
  from: readonly TensorInfo[],
  output: TensorInfo,
): boolean {
  if (output.size === 0) return false;
  const views = Object.fromEntries(from.map((operand, i) => [`v${i}`, broadcastView(operand, output)]));
  const plan = readingsOf(backend, views, output, stridesOf(output.shape));
  const { all, moving } = plan;
  const layoutOf = ({ name }: Reading): TextureLayout => backend.textureOf(plan.inputs[name]!).layout;
  const [row] = moving;
  const areAlike = moving.every(
    (each) => each.walk === 'across' && sameLayout(layoutOf(each), layoutOf(row!)),
  );
  if (moving.length < 2 || !areAlike) return false;
  if (all.some(({ walk }) => walk !== 'here' && walk !== 'value' && walk !== 'across')) return false;
  const [along, times] = plan.rates.slice(row!.start) as [number, number];
  draw(backend, {
    program: `${program} rows ${plan.key}`,
    inputs: plan.inputs,
    outputs: [output],
    form: 'texel',
    ints: { whole: plan.scalars.int },
    floats: { real: plan.scalars.float, along, times },
    source: () => `${functions}
      unit result(int t) {
        float rows = fract(centre.x * times) * along, row = floor(rows);
        vec3 place = vec3(rows - row, (row + 0.5) * rise_of_${row!.name}, 0);
        ${all.map((each) => `${each.type === 'float' ? '' : 'i'}vec4 ${each.name} = ${valueOf(each)};`).join('\n')}
        return ${lanes(laneTypeOf(output.dtype) === 'float' ? 'vec4' : 'ivec4', (c) => `chain(${all.map(({ name }) => `${name}.${c}`).join(', ')})`)};
      }`,
  });
  return true;
}

function valueOf({ name, type, walk, start }: Reading): string {
  if (walk === 'here') return `${name}_here()`;
  if (walk === 'across') return `texture(${name}_texture, place)`;
  return type === 'float' ? `vec4(real${start})` : `ivec4(whole${start})`;
}
