import type { TensorInfo } from '../backend';
import { accessorSource, accessorTraits, traitsKey, type AccessorTraits } from './accessors';
import type { WebGLBackend } from './backend';
import { list } from './glsl';
import { chooseLayout, type TextureLayout } from './layout';
import { EXACT_QUOTIENT, FAST_QUOTIENT, LARGEST_FAST_DIVISION, PRELUDE } from './prelude';
import { linkProgram, setUniforms, vectorsFor, type Program } from './program';
import { laneTypeOf, type LaneType, type Texture } from './textures';

type Numbers = Readonly<Record<string, number | readonly number[]>>;

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
  /** How the output is laid out; by default as suits its shape. */
  readonly layout?: TextureLayout;
}

/** Runs one draw. Outputs without elements need none; inputs without elements read as zeros. */
export function draw(backend: WebGLBackend, call: DrawCall): void {
  const [first] = call.outputs;
  if (!first || first.storage.size === 0) return;
  const { gl } = backend;
  const layout = call.layout ?? chooseLayout(first.shape, backend.maxTextureSize);
  const inputs = Object.entries(call.inputs).map(([name, tensor]) => {
    const texture = backend.textureOf(tensor);
    const row = call.rows?.[name];
    return { name, texture, row, traits: accessorTraits(texture.laneType, texture.layout, layout, row) };
  });
  const largest = Math.max(first.storage.size, ...Object.values(call.inputs).map((x) => x.storage.size));
  const exact = largest > LARGEST_FAST_DIVISION;
  const outputTypes = call.outputs.map((output) => laneTypeOf(output.dtype));
  const ints = new UniformList();
  const floats = new UniformList();
  ints.add('texture_width', layout.width);
  for (const { name, texture, row } of inputs) {
    ints.add(`width_of_${name}`, texture.layout.width);
    ints.add(`shift_of_${name}`, Math.log2(texture.layout.layers));
    ints.add(`length_of_${name}`, Math.floor(row ?? 0));
    floats.add(`reciprocal_of_${name}`, 1 / texture.layout.width);
  }
  const own = { ownInts: ints.names.length, ownFloats: floats.names.length };
  ints.addAll(call.ints);
  floats.addAll(call.floats);

  const key = `${call.program}|${call.form}|${outputTypes.join()}|${layout.layers}|${inputs.map((input) => traitsKey(input.traits)).join()}${exact ? '|exact' : ''}`;
  const program = backend.program(key, () =>
    build(gl, call, { inputs, outputTypes, layers: layout.layers, exact, ints, floats, ...own }),
  );

  const targets = backend.allocateOutputs(call.outputs, layout);
  bindTargets(backend, targets);
  gl.viewport(0, 0, layout.width, layout.height);
  gl.useProgram(program.program);
  inputs.forEach(({ texture }, unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture.texture);
  });
  setUniforms(gl, program, ints.values, floats.values);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  backend.submitted();
}

/** Numbers that go to the shader, with the names by which it knows them. */
class UniformList {
  readonly names: string[] = [];
  readonly values: number[] = [];

  add(name: string, value: number): void {
    this.names.push(name);
    this.values.push(value);
  }

  addAll(numbers: Numbers = {}): void {
    for (const name in numbers) {
      const value = numbers[name]!;
      if (typeof value === 'number') this.add(name, value);
      else value.forEach((element, index) => this.add(`${name}${index}`, element));
    }
  }
}

interface Ingredients {
  readonly inputs: readonly { readonly name: string; readonly traits: AccessorTraits }[];
  readonly outputTypes: readonly LaneType[];
  readonly layers: number;
  readonly exact: boolean;
  readonly ints: UniformList;
  readonly floats: UniformList;
  /** How many of them belong to the accessors; the call's own come after. */
  readonly ownInts: number;
  readonly ownFloats: number;
}

function build(gl: WebGL2RenderingContext, call: DrawCall, parts: Ingredients): Program {
  const body = call.source();
  const divided = new Set([...body.matchAll(/\bover_(\w+)\(/g)].map((match) => match[1]!));
  const divisors = parts.ints.names.flatMap((name, index) => (divided.has(name) ? [index] : []));
  const floatNames = [
    ...parts.floats.names,
    ...divisors.map((index) => `inverse_of_${parts.ints.names[index]!}`),
  ];
  const [type] = parts.outputTypes;
  const vector = type === 'float' ? 'vec4' : 'ivec4';
  const count = parts.outputTypes.length * parts.layers;
  const source = `#version 300 es
    precision highp float;
    precision highp int;
    precision highp sampler2DArray;
    precision highp isampler2DArray;
    ${PRELUDE}
    ${parts.exact ? EXACT_QUOTIENT : FAST_QUOTIENT}
    uniform ivec4 ints[${vectorsFor(parts.ints.names.length)}];
    uniform vec4 floats[${vectorsFor(floatNames.length)}];
    int here, here_layer;
    ${macros('ints', parts.ints.names, 0, parts.ownInts)}
    ${macros('floats', floatNames, 0, parts.ownFloats)}
    ${parts.inputs.map(({ name, traits }) => accessorSource(name, traits, call.form === 'element' ? 'at' : 'texel')).join('')}
    ${list(count, (i) => `layout(location = ${i}) out highp ${parts.outputTypes[i % parts.outputTypes.length] === 'float' ? 'vec4' : 'ivec4'} out_${i};`)}
    int texel_of(int layer) {
      return (int(gl_FragCoord.y) * ${parts.layers} + layer) * texture_width + int(gl_FragCoord.x);
    }
    ${macros('ints', parts.ints.names, parts.ownInts)}
    ${macros('floats', floatNames, parts.ownFloats)}
    ${divisors
      .map((index) => parts.ints.names[index]!)
      .map((name) => `#define over_${name}(n) quotient(n, ${name}, inverse_of_${name})`)
      .join('\n')}
    #define vector ${vector}
    #define scalar ${type}
    #define unit ${call.form === 'element' ? 'scalar' : 'vector'}
    ${body}
    void main() {
      ${call.form === 'block' ? 'here = texel_of(0); block();' : list(count, (i) => mainOfLayer(i, call.form))}
    }`;
  return linkProgram(
    gl,
    call.program,
    source,
    parts.inputs.map(({ name }) => `${name}_texture`),
    { ints: parts.ints.names.length, floats: floatNames.length },
    divisors,
  );
}

function mainOfLayer(layer: number, form: DrawCall['form']): string {
  const result =
    form === 'texel'
      ? 'result(here)'
      : 'vector(result(here * 4), result(here * 4 + 1), result(here * 4 + 2), result(here * 4 + 3))';
  return `here_layer = ${layer}; here = texel_of(${layer}); out_${layer} = ${result};`;
}

/** Names for the places in an array of uniforms. The call's names come after the accessors, whose own they may not change. */
function macros(array: string, names: readonly string[], from: number, to = names.length): string {
  return names
    .map((name, i) => `#define ${name} ${array}[${i >> 2}].${'xyzw'[i & 3]!}`)
    .slice(from, to)
    .join('\n');
}

function bindTargets(backend: WebGLBackend, targets: readonly Texture[]): void {
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
