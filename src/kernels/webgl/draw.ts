import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { list } from './glsl';
import { VERTEX_SHADER } from './prelude';
import { startLinking, type Linking } from './program';
import { gatherOperands, shaderParts, type Numbers, type Operands } from './shader-source';
import { submit } from './submission';
import { laneTypeOf } from './textures';

/**
 * One draw: a program that computes outputs from inputs. What `source` must define depends on the form:
 *
 * - 'texel', 'element': `unit result(int i)`, the four values of the output's texel i, or the value at its index i. `unit` is
 *   a vector or a scalar of the output's type, and `x_unit(i)` reads a texel or an element of input x. So one source serves
 *   both forms: a kernel chooses texels where the innermost axis allows it.
 * - 'block': `void block()`, which assigns `out_0`, `out_1`, …, one texel for each layer or each output. `texel_of(layer)` is
 *   the index of the texel to compute for a layer.
 *
 * A source contains no sizes, so that one program serves all shapes. Sizes are uniforms, named by `ints` and `floats` (an
 * array `s` becomes `s0`, `s1`, …). `over_s(n)` is ⌊n / s⌋ for n ≥ 0.
 */
export interface DrawCall {
  /** The kernel's name, and all else that the source depends on: a cached program with the same name is used again. */
  readonly program: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: readonly TensorInfo[];
  readonly form: 'texel' | 'element' | 'block';
  readonly source: () => string;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
  /** For each input that is read by `x_row`, `x_line` or `x_cell`: the length of its rows, in texels. */
  readonly rows?: Readonly<Record<string, number>>;
}

/** Draws into the textures of the outputs. Does nothing for outputs without elements; inputs without elements read as zeros. */
export function draw(backend: WebGLBackend, call: DrawCall): void {
  const [first] = call.outputs;
  if (!first || first.size === 0) return;
  const { gl } = backend;
  const { layout } = backend.textureOf(first);
  const operands = gatherOperands(backend, call, {
    width: layout.width,
    here: layout,
    size: first.size,
  });
  let key = `${call.program}|${call.form}|${layout.layers}|${operands.key}`;
  for (const { dtype } of call.outputs) key += laneTypeOf(dtype);
  const program = backend.program(key, () => build(gl, call, operands, layout.layers));
  if (!program) return;

  submit(backend, {
    targets: call.outputs.map((output) => backend.textureOf(output)),
    clear: null,
    draw: { program, operands, points: null },
  });
}

function build(gl: WebGL2RenderingContext, call: DrawCall, operands: Operands, layers: number): Linking {
  const body = call.source();
  const outputTypes = call.outputs.map(({ dtype }) => laneTypeOf(dtype));
  const [type] = outputTypes;
  const vector = type === 'float' ? 'vec4' : 'ivec4';
  const count = outputTypes.length * layers;
  const parts = shaderParts(operands, body, call.form === 'element' ? 'at' : 'texel');
  const source = `${parts.head}
    ${list(count, (i) => `layout(location = ${i}) out highp ${outputTypes[i % outputTypes.length] === 'float' ? 'vec4' : 'ivec4'} out_${i};`)}
    int line_of(int layer) { return int(gl_FragCoord.y) * ${layers} + layer; }
    int texel_of(int layer) { return line_of(layer) * texture_width + int(gl_FragCoord.x); }
    ${parts.names}
    #define vector ${vector}
    #define scalar ${type}
    #define unit ${call.form === 'element' ? 'scalar' : 'vector'}
    ${body}
    void main() {
      ${call.form === 'block' ? 'here = texel_of(0); block();' : list(count, (i) => mainOfLayer(i, call.form))}
    }`;
  return startLinking(gl, call.program, { vertex: VERTEX_SHADER, fragment: source }, parts);
}

function mainOfLayer(layer: number, form: DrawCall['form']): string {
  const result =
    form === 'texel'
      ? 'result(here)'
      : 'vector(result(here * 4), result(here * 4 + 1), result(here * 4 + 2), result(here * 4 + 3))';
  return `here_layer = ${layer}; here = texel_of(${layer}); out_${layer} = ${result};`;
}
