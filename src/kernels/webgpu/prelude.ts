import { parseExpression, parseFunctions, parseStatements } from '../shader-forms/parse';
import { wgslExpression, wgslFunction, wgslStatements, wgslTypes } from '../shader-forms/print-wgsl';
import type { Naming } from '../shader-forms/print';

/**
 * The functions with which every shader begins. The bits of NaN and infinity are variables, since WGSL forbids constants with these values;
 * the tests look at bits, since a compiler may assume that there are no such numbers.
 */
export const PRELUDE = `
var<private> bits_of_nan: u32 = 0x7fc00000u;
var<private> bits_of_infinity: u32 = 0x7f800000u;
fn not_a_number() -> f32 { return bitcast<f32>(bits_of_nan); }
fn infinity() -> f32 { return bitcast<f32>(bits_of_infinity); }
fn is_nan(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u; }
fn is_inf(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) == 0x7f800000u; }
fn half_even(v: f32) -> f32 { return round(v); }
`;

/** A parameter of a form: its type and name in GLSL. */
export type FormParameter = readonly [type: 'float' | 'int', name: string];

/** The WGSL of functions that are written in the subset of GLSL; see shader-forms/syntax.ts. */
export function functionsOf(glsl: string): string {
  return parseFunctions(glsl).map(wgslFunction).join('\n');
}

/** A WGSL function whose result is a form's expression, with the functions that it calls. */
export function formFunction(
  name: string,
  type: 'float' | 'int',
  parameters: readonly FormParameter[],
  form: { readonly glsl: string; readonly glslFunctions?: string },
): string {
  const list = parameters.map(([of, each]) => `${each}: ${wgslTypes[of]}`).join(', ');
  return `${functionsOf(form.glslFunctions ?? '')}
    fn ${name}(${list}) -> ${wgslTypes[type]} { return ${wgslExpression(parseExpression(form.glsl))}; }`;
}

/** The WGSL of a form's statements. */
export function statementsOf(glsl: string, naming: Naming): string {
  return wgslStatements(parseStatements(glsl), naming);
}
