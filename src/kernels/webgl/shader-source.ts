import { accessorSource, accessorTraits, traitsKey, type AccessorTraits } from './accessors';
import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import type { TextureLayout } from './texture-layout';
import { EXACT_QUOTIENT, FAST_QUOTIENT, LARGEST_FAST_DIVISION, PRELUDE } from './prelude';
import { vectorsFor } from './program';
import type { Texture } from './textures';

/** Uniforms by name. An array `s` becomes `s0`, `s1`, …. */
export type Numbers = Readonly<Record<string, number | readonly number[]>>;

/** Uniforms of one type in order, with their names in the shader. */
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

/** What a program reads: the textures of its inputs, and its uniforms. */
export interface Operands {
  readonly inputs: readonly {
    readonly name: string;
    readonly texture: Texture;
    readonly traits: AccessorTraits;
  }[];
  readonly ints: UniformList;
  readonly floats: UniformList;
  /** How many uniforms belong to the accessors. The uniforms of the call follow them. */
  readonly ownInts: number;
  readonly ownFloats: number;
  /** Whether quotients need an integer division; see {@link LARGEST_FAST_DIVISION}. */
  readonly exact: boolean;
  /** Part of the program's key: equal keys make equal declarations. */
  readonly key: string;
}

/** The operands of a draw; see `DrawCall`. */
interface OperandsCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly ints?: Numbers;
  readonly floats?: Numbers;
  readonly rows?: Readonly<Record<string, number>>;
}

/**
 * Finds the inputs' textures, uploads values that are still on the host, and collects the uniforms. Binds nothing yet.
 *
 * @param here the output's layout; null where the vertex shader reads the inputs
 * @param size the number of elements of the output
 */
export function gatherOperands(
  backend: WebGLBackend,
  call: OperandsCall,
  {
    width,
    here,
    size,
  }: { readonly width: number; readonly here: TextureLayout | null; readonly size: number },
): Operands {
  const ints = new UniformList();
  const floats = new UniformList();
  ints.add('texture_width', width);
  const inputs = Object.entries(call.inputs).map(([name, tensor]) => {
    const texture = backend.textureOf(tensor);
    const row = call.rows?.[name];
    ints.add(`width_of_${name}`, texture.layout.width);
    ints.add(`shift_of_${name}`, Math.log2(texture.layout.layers));
    ints.add(`length_of_${name}`, Math.floor(row ?? 0));
    floats.add(`reciprocal_of_${name}`, 1 / texture.layout.width);
    floats.add(`rise_of_${name}`, 1 / texture.layout.height);
    return { name, texture, traits: accessorTraits(texture.laneType, texture.layout, here, row) };
  });
  const own = { ownInts: ints.names.length, ownFloats: floats.names.length };
  ints.addAll(call.ints);
  floats.addAll(call.floats);
  const largest = Math.max(size, ...Object.values(call.inputs).map((x) => x.size));
  const exact = largest > LARGEST_FAST_DIVISION;
  const key = `${inputs.map((input) => traitsKey(input.traits)).join()}${exact ? '|exact' : ''}`;
  return { inputs, ints, floats, ...own, exact, key };
}

/** Binds input k to texture unit k. */
export function bindInputs(gl: WebGL2RenderingContext, { inputs }: Operands): void {
  inputs.forEach(({ texture }, unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture.texture);
  });
}

/** The source of a shader before a kernel's body, and what is needed to link it. */
export interface ShaderParts {
  /** All from the version to the inputs' accessors. */
  readonly head: string;
  /** Macros for the call's uniforms. They come behind the head, so that they cannot replace names in it. */
  readonly names: string;
  readonly samplers: readonly string[];
  readonly counts: { readonly ints: number; readonly floats: number };
  readonly divisors: readonly number[];
}

/** @param unit what `x_unit` reads: a texel, or the value at an index */
export function shaderParts(operands: Operands, body: string, unit: 'texel' | 'at'): ShaderParts {
  const { inputs, ints, floats, ownInts, ownFloats } = operands;
  const divided = new Set([...body.matchAll(/\bover_(\w+)\(/g)].map((match) => match[1]!));
  const divisors = ints.names.flatMap((name, index) => (divided.has(name) ? [index] : []));
  const floatNames = [...floats.names, ...divisors.map((index) => `inverse_of_${ints.names[index]!}`)];
  const head = `#version 300 es
    precision highp float;
    precision highp int;
    precision highp sampler2DArray;
    precision highp isampler2DArray;
    ${PRELUDE}
    ${operands.exact ? EXACT_QUOTIENT : FAST_QUOTIENT}
    uniform ivec4 ints[${vectorsFor(ints.names.length)}];
    uniform vec4 floats[${vectorsFor(floatNames.length)}];
    int here, here_layer;
    ${macros('ints', ints.names, 0, ownInts)}
    ${macros('floats', floatNames, 0, ownFloats)}
    ${inputs.map(({ name, traits }) => accessorSource(name, traits, unit)).join('')}`;
  const names = `
    ${macros('ints', ints.names, ownInts)}
    ${macros('floats', floatNames, ownFloats)}
    ${divisors
      .map((index) => ints.names[index]!)
      .map((name) => `#define over_${name}(dividend) quotient(dividend, ${name}, inverse_of_${name})`)
      .join('\n')}`;
  return {
    head,
    names,
    samplers: inputs.map(({ name }) => `${name}_texture`),
    counts: { ints: ints.names.length, floats: floatNames.length },
    divisors,
  };
}

/** Macros that name the components of an array of four-vectors of uniforms, from number `from` up to `to`. */
function macros(array: string, names: readonly string[], from: number, to = names.length): string {
  return names
    .map((name, i) => `#define ${name} ${array}[${i >> 2}].${'xyzw'[i & 3]!}`)
    .slice(from, to)
    .join('\n');
}
