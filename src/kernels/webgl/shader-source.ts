import { accessorSource, accessorTraits, traitsKey, type AccessorTraits } from './accessors';
import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import type { TextureLayout } from './texture-layout';
import { EXACT_QUOTIENT, FAST_QUOTIENT, LARGEST_FAST_DIVISION, PRELUDE } from './prelude';
import { vectorsFor, type Uniforms } from './program';
import type { Texture } from './textures';

/** Uniforms by name. An array `s` becomes `s0`, `s1`, …. */
export type Numbers = Readonly<Record<string, number | readonly number[]>>;

/** Numbers of a draw before those of its inputs, and of each input. */
export const OWN_INTS = 2;
export const INTS_OF_INPUT = 3;
export const FLOATS_OF_INPUT = 2;

/** What a program reads: the textures of its inputs, and its uniforms. */
export interface Operands {
  readonly call: OperandsCall;
  readonly inputs: readonly { readonly name: string; readonly traits: AccessorTraits }[];
  /** The textures of the inputs. */
  readonly textures: readonly Texture[];
  /** The numbers of the accessors, then those of the call. {@link namesOf} gives their names, which only a new program needs. */
  readonly uniforms: Uniforms;
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
  const inputs: Operands['inputs'][number][] = [];
  const textures: Texture[] = [];
  const ints = [width, 0];
  const floats: number[] = [];
  let largest = size;
  let key = '';
  for (const name in call.inputs) {
    const tensor = call.inputs[name]!;
    const texture = backend.textureOf(tensor);
    const { layout } = texture;
    const row = call.rows?.[name];
    ints.push(layout.width, Math.log2(layout.layers), Math.floor(row ?? 0));
    floats.push(1 / layout.width, 1 / layout.height);
    const traits = accessorTraits(texture.laneType, layout, here, row);
    inputs.push({ name, traits });
    textures.push(texture);
    largest = Math.max(largest, tensor.size);
    key += `${traitsKey(traits)},`;
  }
  addAll(ints, call.ints);
  addAll(floats, call.floats);
  const exact = largest > LARGEST_FAST_DIVISION;
  return { call, inputs, textures, uniforms: { ints, floats }, exact, key: exact ? `${key}exact` : key };
}

function addAll(to: number[], numbers: Numbers | undefined): void {
  for (const name in numbers) {
    const value = numbers[name]!;
    if (typeof value === 'number') to.push(value);
    else for (const each of value) to.push(each);
  }
}

/** The names of a call's uniforms of one type. `own` are its accessors' names for each input. */
function namesOf(own: readonly string[], inputs: Operands['inputs'], numbers: Numbers = {}): string[] {
  const ofInputs = inputs.flatMap(({ name }) => own.map((what) => `${what}_of_${name}`));
  const ofCall = Object.entries(numbers).flatMap(([name, value]) =>
    typeof value === 'number' ? [name] : value.map((_, index) => `${name}${index}`),
  );
  return [...ofInputs, ...ofCall];
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
  const { call, inputs } = operands;
  // A compiler cannot simplify with a 0 that it does not know.
  const ints = ['texture_width', 'nought', ...namesOf(['width', 'shift', 'length'], inputs, call.ints)];
  const floats = namesOf(['reciprocal', 'rise'], inputs, call.floats);
  const ownInts = OWN_INTS + INTS_OF_INPUT * inputs.length;
  const ownFloats = FLOATS_OF_INPUT * inputs.length;
  const divided = new Set([...body.matchAll(/\bover_(\w+)\(/g)].map((match) => match[1]!));
  const divisors = ints.flatMap((name, index) => (divided.has(name) ? [index] : []));
  floats.push(...divisors.map((index) => `inverse_of_${ints[index]!}`));
  const head = `#version 300 es
    precision highp float;
    precision highp int;
    precision highp sampler2DArray;
    precision highp isampler2DArray;
    ${PRELUDE}
    ${operands.exact ? EXACT_QUOTIENT : FAST_QUOTIENT}
    uniform ivec4 ints[${vectorsFor(ints.length)}];
    uniform vec4 floats[${vectorsFor(floats.length)}];
    int here, here_layer;
    ${inputs.some(({ traits }) => traits.here) || body.includes('(centre.') ? 'in highp vec2 centre;' : ''}
    ${macros('ints', ints, 0, ownInts)}
    ${macros('floats', floats, 0, ownFloats)}
    ${inputs.map(({ name, traits }) => accessorSource(name, traits, unit)).join('')}`;
  const names = `
    ${macros('ints', ints, ownInts)}
    ${macros('floats', floats, ownFloats)}
    ${divisors
      .map((index) => ints[index]!)
      .map((name) => `#define over_${name}(dividend) quotient(dividend, ${name}, inverse_of_${name})`)
      .join('\n')}`;
  return {
    head,
    names,
    samplers: inputs.map(({ name }) => `${name}_texture`),
    counts: { ints: ints.length, floats: floats.length },
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
