import type { Uniforms } from '../../webgl/program';
import { FLOATS_OF_INPUT, INTS_OF_INPUT, OWN_INTS, type Numbers } from '../../webgl/shader-source';

/** Where a uniform of the call begins among all of its type; −1 if the call has none of the name. */
export function placeOfUniform(
  name: string,
  type: keyof Uniforms,
  inputs: number,
  numbers: Numbers = {},
): number {
  let place = type === 'ints' ? OWN_INTS + INTS_OF_INPUT * inputs : FLOATS_OF_INPUT * inputs;
  for (const [each, value] of Object.entries(numbers)) {
    if (each === name) return place;
    place += typeof value === 'number' ? 1 : value.length;
  }
  return -1;
}
