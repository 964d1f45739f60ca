import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { bindTargets } from './draw';
import { list } from './glsl';
import { linkProgram, setUniforms, type Program } from './program';
import { bindInputs, gatherOperands, shaderParts, type Numbers, type Operands } from './shader-source';

/**
 * One draw that adds: a point for each term, which its vertex puts where it belongs, and blending sums what falls on one place, in the
 * order of the points. So the cost is that of the terms alone, where a fragment would have to look through all of them.
 *
 * `source` defines `void term(int p)`, which assigns `target`, the output's texel (form 'texel') or index ('element') that the
 * term p is added to, and `added`, a `unit`: its value. A negative target is nowhere. Inputs and numbers are as in {@link draw}.
 */
export interface PointsCall {
  readonly program: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Of float32: integers do not blend. */
  readonly output: TensorInfo;
  readonly form: 'texel' | 'element';
  /** How many terms there are. */
  readonly count: number;
  readonly source: () => string;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
}

/** What becomes of a term: `add` assigns the summands of all targets, one `unit` each, from `added` and `target`. */
export interface Summands {
  readonly name: string;
  readonly count: number;
  readonly add: (summands: readonly string[]) => string;
  /** Functions that it calls. */
  readonly functions?: string;
  /** Statements that move a term's `target`. */
  readonly move?: string;
}

/** The terms themselves, in one sum. */
export const TERMS: Summands = { name: 'terms', count: 1, add: ([only]) => `${only!} = added;` };

/** Whether {@link drawPoints} can fill an output. */
export function canAddPoints(backend: WebGLBackend, output: TensorInfo): boolean {
  return backend.blendsFloats && output.dtype === 'float32';
}

/**
 * Fills the output with the sums of the terms. They are added one by one in float32, so that the error grows with their number: see
 * `scattered-sum.ts` for many.
 */
export function drawPoints(
  backend: WebGLBackend,
  call: PointsCall,
  summands: Summands = TERMS,
  outputs: readonly TensorInfo[] = [call.output],
): void {
  const { output } = call;
  const { size } = output;
  if (size === 0) return;
  const { gl } = backend;
  const targets = outputs.map((each) => backend.textureOf(each));
  const { layout } = targets[0]!;
  const operands = gatherOperands(
    backend,
    { ...call, ints: { ...call.ints, texture_height: layout.height } },
    { width: layout.width, here: null, size: Math.max(size, call.count) },
  );
  const program = backend.program(
    `${call.program}|points|${summands.name}|${call.form}|${operands.key}`,
    () => build(gl, call, operands, summands),
  );
  bindTargets(backend, targets);
  gl.viewport(0, 0, layout.width, layout.height);
  outputs.forEach((_, index) => gl.clearBufferfv(gl.COLOR, index, [0, 0, 0, 0]));
  gl.useProgram(program.program);
  bindInputs(gl, operands);
  setUniforms(gl, program, operands.ints.values, operands.floats.values);
  backend.setBlending(true);
  gl.drawArrays(gl.POINTS, 0, call.count);
  backend.submitted();
}

function build(
  gl: WebGL2RenderingContext,
  call: PointsCall,
  operands: Operands,
  { count, add, functions = '', move = '' }: Summands,
): Program {
  const isTexel = call.form === 'texel';
  const each = (text: (index: number) => string): string => list(count, text);
  const names = Array.from({ length: count }, (_, index) => `summand_${index}`);
  const body = `${call.source()}
    ${functions}
    void move_target() { ${move} }
    void summands(out unit ${names.join(', out unit ')}) { ${add(names)} }`;
  const parts = shaderParts(operands, body, isTexel ? 'texel' : 'at');
  const place = isTexel ? 'target' : 'target >> 2';
  // Nothing is added to the other three values of the texel.
  const lane = (value: string): string =>
    isTexel ? value : `mix(vec4(0.0), vec4(${value}), equal(ivec4(target & 3), ivec4(0, 1, 2, 3)))`;
  const vertex = `${parts.head}
    ${each((index) => `flat out highp vec4 term_${index};`)}
    ${parts.names}
    #define unit ${isTexel ? 'vec4' : 'float'}
    int target, order;
    unit added;
    ${body}
    void main() {
      target = -1;
      order = 0;
      added = unit(0.0);
      term(gl_VertexID);
      if (target >= 0) move_target();
      int texel = ${place}, row = texel / texture_width;
      vec2 centre = vec2(float(texel - row * texture_width), float(row)) + 0.5;
      gl_Position = target < 0
        ? vec4(2.0, 2.0, 2.0, 1.0)
        : vec4(centre * 2.0 / vec2(float(texture_width), float(texture_height)) - 1.0, 0.0, 1.0);
      gl_PointSize = 1.0;
      unit ${names.join(', ')};
      summands(${names.join(', ')});
      ${each((index) => `term_${index} = ${lane(names[index]!)};`)}
    }`;
  const fragment = `#version 300 es
    precision highp float;
    ${each((index) => `flat in highp vec4 term_${index}; layout(location = ${index}) out highp vec4 sum_${index};`)}
    void main() { ${each((index) => `sum_${index} = term_${index};`)} }`;
  return linkProgram(gl, call.program, { vertex, fragment }, parts);
}
