import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { list } from './glsl';
import { VERTEX_SHADER } from './prelude';
import { linkProgram, setUniforms, type Program } from './program';
import { bindInputs, gatherOperands, shaderParts, type Numbers, type Operands } from './shader-source';
import { laneTypeOf, type LaneType, type Texture } from './textures';

/**
 * One draw: a program over some inputs that fills its outputs. `source` defines, after the form:
 *
 * - 'texel', 'element': `unit result(int i)`, the values of the output's texel i, or the value at index i. `unit` is then a
 *   vector or a scalar of the output's type and `x_unit(i)` reads the same of input x, so that a kernel that moves or combines
 *   whole texels where the innermost axis allows it is written once.
 * - 'block': `void block()`, which assigns `out_0`, `out_1`, … itself: one of each layer, or of each output.
 *   `texel_of(layer)` is the index of the texel that is due there.
 *
 * Sources never contain sizes, so that one program serves all shapes: they are uniforms, named by `ints` and `floats`
 * (an array `s` becomes `s0`, `s1`, …). `over_s(n)` is ⌊n / s⌋ for n ≥ 0.
 */
export interface DrawCall {
  /** The kernel's name, and after it whatever else the source depends on. */
  readonly program: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: readonly TensorInfo[];
  readonly form: 'texel' | 'element' | 'block';
  readonly source: () => string;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
  /** Lengths, in texels, of the rows along which inputs are read through `x_row`, `x_line` and `x_cell`. */
  readonly rows?: Readonly<Record<string, number>>;
}

/** Runs one draw into the textures that the outputs have. Outputs without elements need none; inputs without elements read as zeros. */
export function draw(backend: WebGLBackend, call: DrawCall): void {
  const [first] = call.outputs;
  if (!first || first.size === 0) return;
  const { gl } = backend;
  const targets = call.outputs.map((output) => backend.textureOf(output));
  const { layout } = targets[0]!;
  const operands = gatherOperands(backend, call, {
    width: layout.width,
    here: layout,
    size: first.size,
  });
  const outputTypes = call.outputs.map((output) => laneTypeOf(output.dtype));
  const key = `${call.program}|${call.form}|${outputTypes.join()}|${layout.layers}|${operands.key}`;
  const program = backend.program(key, () => build(gl, call, operands, outputTypes, layout.layers));

  bindTargets(backend, targets);
  gl.viewport(0, 0, layout.width, layout.height);
  gl.useProgram(program.program);
  bindInputs(gl, operands);
  setUniforms(gl, program, operands.ints.values, operands.floats.values);
  backend.setBlending(false);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  backend.submitted();
}

function build(
  gl: WebGL2RenderingContext,
  call: DrawCall,
  operands: Operands,
  outputTypes: readonly LaneType[],
  layers: number,
): Program {
  const body = call.source();
  const [type] = outputTypes;
  const vector = type === 'float' ? 'vec4' : 'ivec4';
  const count = outputTypes.length * layers;
  const parts = shaderParts(operands, body, call.form === 'element' ? 'at' : 'texel');
  const source = `${parts.head}
    ${list(count, (i) => `layout(location = ${i}) out highp ${outputTypes[i % outputTypes.length] === 'float' ? 'vec4' : 'ivec4'} out_${i};`)}
    int texel_of(int layer) {
      return (int(gl_FragCoord.y) * ${layers} + layer) * texture_width + int(gl_FragCoord.x);
    }
    ${parts.names}
    #define vector ${vector}
    #define scalar ${type}
    #define unit ${call.form === 'element' ? 'scalar' : 'vector'}
    ${body}
    void main() {
      ${call.form === 'block' ? 'here = texel_of(0); block();' : list(count, (i) => mainOfLayer(i, call.form))}
    }`;
  return linkProgram(gl, call.program, { vertex: VERTEX_SHADER, fragment: source }, parts);
}

function mainOfLayer(layer: number, form: DrawCall['form']): string {
  const result =
    form === 'texel'
      ? 'result(here)'
      : 'vector(result(here * 4), result(here * 4 + 1), result(here * 4 + 2), result(here * 4 + 3))';
  return `here_layer = ${layer}; here = texel_of(${layer}); out_${layer} = ${result};`;
}

/** Makes the textures the targets of a draw, all layers of the only one or the only layers of several. */
export function bindTargets(backend: WebGLBackend, targets: readonly Texture[]): void {
  const { gl } = backend;
  const [only] = targets;
  if (targets.length === 1 && only) {
    backend.bindFramebuffer(only);
    return;
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, backend.sharedFramebuffer(targets.length));
  targets.forEach((target, index) => {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + index, target.texture, 0, 0);
  });
}
