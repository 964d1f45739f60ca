import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { list } from './glsl';
import { startLinking, type Linking } from './program';
import { gatherOperands, shaderParts, type Numbers, type Operands } from './shader-source';
import { submit } from './submission';

/**
 * One draw that adds terms to an output, each at a place that the term chooses. It draws a point for each term; the vertex shader moves
 * the point to its place, and blending adds up the points on one place, in order. The cost grows with the number of terms, whereas a
 * fragment for each place would have to look through all terms.
 *
 * `source` defines `void term(int p)`. It assigns the value of term p to `added`, a `unit`, and to `target` the output's texel (form
 * 'texel') or index ('element') to which it is added; a term with a negative target is dropped. Inputs and numbers are as in {@link draw}.
 */
export interface PointsCall {
  readonly program: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** A float32 tensor: integers cannot be blended. */
  readonly output: TensorInfo;
  readonly form: 'texel' | 'element';
  /** The number of terms. */
  readonly count: number;
  readonly source: () => string;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
}

/** How a term is divided into summands for several output textures. */
export interface Summands {
  readonly name: string;
  /** The number of textures. */
  readonly count: number;
  /** Statements that compute the summands, a `unit` for each texture, from `added` and `target`. */
  readonly add: (summands: readonly string[]) => string;
  /** Functions that `add` calls. */
  readonly functions?: string;
  /** Statements that change a term's `target`. */
  readonly move?: string;
}

/** Adds the terms as they are to one texture. */
export const TERMS: Summands = { name: 'terms', count: 1, add: ([only]) => `${only!} = added;` };

/** Whether {@link drawPoints} can fill this output on this device. */
export function canAddPoints(backend: WebGLBackend, output: TensorInfo): boolean {
  return backend.blendsFloats && output.dtype === 'float32';
}

/**
 * Fills the outputs with sums of terms. The terms are added one by one in float32, so that the error grows with their number; for long
 * sums see `scattered-sum.ts`.
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
  const { layout } = backend.textureOf(outputs[0]!);
  const operands = gatherOperands(
    backend,
    { ...call, ints: { ...call.ints, texture_height: layout.height } },
    { width: layout.width, here: null, size: Math.max(size, call.count) },
  );
  const program = backend.program(
    `${call.program}|points|${summands.name}|${call.form}|${operands.key}`,
    () => build(gl, call, operands, summands),
  );
  if (!program) return;
  submit(backend, {
    targets: outputs.map((each) => backend.textureOf(each)),
    clear: 0,
    draw: { program, operands, points: call.count },
  });
}

function build(
  gl: WebGL2RenderingContext,
  call: PointsCall,
  operands: Operands,
  { count, add, functions = '', move = '' }: Summands,
): Linking {
  const isTexel = call.form === 'texel';
  const each = (text: (index: number) => string): string => list(count, text);
  const names = Array.from({ length: count }, (_, index) => `summand_${index}`);
  const body = `${call.source()}
    ${functions}
    void move_target() { ${move} }
    void summands(out unit ${names.join(', out unit ')}) { ${add(names)} }`;
  const parts = shaderParts(operands, body, isTexel ? 'texel' : 'at');
  const place = isTexel ? 'target' : 'target >> 2';
  // An element is one lane of a texel: the other three lanes add 0.
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
  return startLinking(gl, call.program, { vertex, fragment }, parts);
}
