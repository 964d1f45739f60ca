/**
 * Checks gradients against finite differences, along random directions u of each input: the derivative of Σ dy·f(x + t·u) at t = 0, with
 * random weights dy, must be Σ ∇·u. Sums are computed in float64; only f runs on the backend.
 */
import { grads } from '../../src/tensor/gradients';
import { customGrad } from '../../src/tensor/custom-gradient';
import { zerosLike } from '../../src/tensor/ops/creation';
import { tidy } from '../../src/tensor/scope';
import type { Tensor } from '../../src/tensor/tensor';
import { toleranceHere, type Tolerance } from './close';
import { build, numbers, reference, toTensor, type Reference, type ReferenceLike } from './reference';

export type DifferentiableFunction = (...args: Tensor[]) => Tensor;

export interface GradientCheckOptions {
  /** |numeric − analytic| ≤ tolerance · (1 + |numeric| + |analytic|). */
  readonly tolerance?: Tolerance;
  /** The step of the finite differences, a power of 2. Kinks of f must be more than two steps away. */
  readonly step?: number;
  /** The number of random directions for each input. */
  readonly directions?: number;
  readonly seed?: number;
}

/** The rounding errors of f, divided by the step. On WebGL the transcendental functions are less accurate. */
export const GRADIENT_TOLERANCE: Tolerance = { cpu: 1e-3, webgl: 4e-3 };

const values = (x: Tensor): number[] => Array.from(x.dataSync());
const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * b[i]!, 0);

/** Makes f depend on all of its arguments, so that an argument without influence has the gradient 0. f itself runs no further kernel. */
export function ofAllArguments(f: DifferentiableFunction): DifferentiableFunction {
  const beside = customGrad((...given) => {
    const [value, ...args] = given.slice(0, -1) as [Tensor, ...Tensor[]];
    return { value, gradFunc: (dy) => [dy, ...args.map((x) => zerosLike(x))] };
  });
  return (...args) => beside(f(...args), ...args);
}

/** A random direction u with elements ±1 and ±½, so that x + t·u is exact in float32. */
function direction(shape: readonly number[], next: () => number): Reference {
  return build(shape, () => (next() < 0.5 ? -1 : 1) * (next() < 0.5 ? 0.5 : 1));
}

/** A line for each gradient of f at a point that differs from finite differences; empty if all agree. */
export function gradientErrors(
  f: DifferentiableFunction,
  point: readonly ReferenceLike[],
  { tolerance = GRADIENT_TOLERANCE, step = 1 / 32, directions = 2, seed = 7 }: GradientCheckOptions = {},
): string[] {
  const next = numbers(seed);
  const inputs = point.map(reference);
  const tensors = (shifted: number, by: Reference | null, t: number): Tensor[] =>
    inputs.map((x, i) =>
      toTensor(
        i === shifted && by ? { shape: x.shape, values: x.values.map((v, k) => v + t * by.values[k]!) } : x,
      ),
    );
  const evaluate = (
    shifted: number,
    by: Reference | null,
    t: number,
  ): { shape: number[]; values: number[] } =>
    tidy(() => {
      const y = f(...tensors(shifted, by, t));
      return { shape: y.shape as number[], values: values(y) };
    });

  const weights = direction(evaluate(-1, null, 0).shape, next);
  const gradients = tidy(() => grads(ofAllArguments(f))(tensors(-1, null, 0), toTensor(weights)).map(values));
  const errors: string[] = [];
  gradients.forEach((gradient, i) => {
    for (let k = 0; k < directions; k++) {
      const u = direction(inputs[i]!.shape, next);
      const phi = (t: number): number => inner(weights.values, evaluate(i, u, t).values);
      // Of fourth order: the error is step⁴·f⁗′/30.
      const numeric = (8 * (phi(step) - phi(-step)) - (phi(2 * step) - phi(-2 * step))) / (12 * step);
      const analytic = inner(gradient, u.values);
      const bound = toleranceHere(tolerance) * (1 + Math.abs(numeric) + Math.abs(analytic));
      if (!(Math.abs(numeric - analytic) <= bound)) {
        errors.push(
          `input ${i}: the gradient gives ${analytic} along a direction, differences give ${numeric}`,
        );
      }
    }
  });
  return errors;
}

/** Expects the gradients of f at a point to agree with finite differences. */
export function expectGradients(
  f: DifferentiableFunction,
  point: readonly ReferenceLike[],
  options?: GradientCheckOptions,
): void {
  expect(gradientErrors(f, point, options)).toEqual([]);
}

/**
 * As {@link expectGradients}, for second derivatives: each gradient of f is checked as a function of f's arguments and dy.
 */
export function expectSecondGradients(
  f: DifferentiableFunction,
  point: readonly ReferenceLike[],
  options: GradientCheckOptions = {},
): void {
  const inputs = point.map(reference);
  const shape = tidy(() => f(...inputs.map((x) => toTensor(x))).shape as number[]);
  const dy = direction(shape, numbers(11));
  inputs.forEach((_, i) => {
    const gradient: DifferentiableFunction = (...args) =>
      grads(ofAllArguments(f))(args.slice(0, -1), args[args.length - 1])[i]!;
    expect(gradientErrors(gradient, [...inputs, dy], { directions: 1, ...options }))
      .withContext(`second derivatives, by input ${i} first`)
      .toEqual([]);
  });
}
