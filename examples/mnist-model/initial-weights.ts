import { randomNormal, variable, zeros, type RankOf, type Variable } from 'rxtensor';

/**
 * Weights whose variance, 2 / (inputs of a unit), keeps the signal's scale through layers of rectified units.
 * He, Zhang, Ren, Sun: "Delving deep into rectifiers" (2015), section 2.2.
 */
export function heWeights<const S extends readonly number[]>(name: string, shape: S): Variable<RankOf<S>> {
  const inputs = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  return variable(() => randomNormal(shape, 0, Math.sqrt(2 / inputs)), true, name);
}

/**
 * For biases, and for the last layer: all scores start equal, so that training need not first undo a random opinion. (The
 * layers below have to be random, or their units would all learn the same.)
 */
export function zeroWeights<const S extends readonly number[]>(name: string, shape: S): Variable<RankOf<S>> {
  return variable(() => zeros(shape), true, name);
}
