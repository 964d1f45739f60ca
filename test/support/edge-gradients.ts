/**
 * Finds edges of a function's domain, and infinities and extreme numbers, at which a gradient or a second derivative is NaN but the value
 * is not. The cause mostly is 0 · ∞ or ∞ − ∞ in a gradient rule.
 */
import { grads } from '../../src/tensor/gradients';
import { sum } from '../../src/tensor/ops';
import { tidy } from '../../src/tensor/scope';
import type { Tensor } from '../../src/tensor/tensor';
import { ofAllArguments, type DifferentiableFunction } from './gradient-check';
import { reference, toTensor, type Reference, type ReferenceLike } from './reference';

/** The values to try, by how extreme they are: the bounds of the functions in the table, then the ends of float32's range. */
export const edges = {
  ordinary: [0, -0, 1, -1, 2, 6, 1.5, -1.25],
  tiny: [1e-30, -1e-30, 1e-38],
  huge: [3e38, -3e38, 1e30],
  infinite: [Infinity, -Infinity],
} as const;
export type Extremity = keyof typeof edges;
const extremities = Object.keys(edges) as Extremity[];

export type Order = 'gradient' | 'second derivative';

/** A point at which a gradient is NaN, such as (1…, *): the first element of the first input is 1, the second input is unchanged. */
export interface Fault {
  readonly order: Order;
  /** The extremity of the most extreme value at the point. */
  readonly extremity: Extremity;
  /** The inputs with respect to which the gradient is taken. */
  readonly by: readonly number[];
  readonly at: string;
}

const hasNaN = (x: Tensor): boolean => x.dataSync().some(Number.isNaN);

/** The input with one value for all elements, or only for the first one. */
function filledWith(x: Reference, value: number, everywhere: boolean): Reference {
  return { shape: x.shape, values: x.values.map((old, i) => (everywhere || i === 0 ? value : old)) };
}

interface Edge {
  readonly value: number;
  readonly extremity: Extremity;
}
interface Point {
  readonly extremity: Extremity;
  readonly name: string;
  readonly inputs: readonly Reference[];
}

const text = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
const moreExtreme = (a: Extremity, b: Extremity): Extremity =>
  extremities.indexOf(a) > extremities.indexOf(b) ? a : b;

/** The points to try: each edge in each input, in all elements and in one; for two inputs of one shape also each pair of edges. */
function* pointsAround(at: readonly ReferenceLike[], tried: readonly Extremity[]): Generator<Point> {
  const usual = at.map(reference);
  const all = tried.flatMap((extremity) => edges[extremity].map((value): Edge => ({ value, extremity })));
  for (const [i, x] of usual.entries()) {
    for (const { value, extremity } of all) {
      for (const everywhere of [true, false]) {
        const inputs = usual.map((each, j) => (i === j ? filledWith(x, value, everywhere) : each));
        const name = usual.map((_, j) => (i !== j ? '*' : text(value) + (everywhere ? '' : '…')));
        yield { extremity, inputs, name: `(${name.join(', ')})` };
      }
    }
  }
  // An op with two inputs of one shape is mostly elementwise.
  if (usual.length !== 2 || usual[0]!.shape.join() !== usual[1]!.shape.join()) return;
  for (const a of all) {
    for (const b of all) {
      yield {
        extremity: moreExtreme(a.extremity, b.extremity),
        inputs: [filledWith(usual[0]!, a.value, true), filledWith(usual[1]!, b.value, true)],
        name: `(${text(a.value)}, ${text(b.value)})`,
      };
    }
  }
}

const gradients =
  (f: DifferentiableFunction) =>
  (inputs: Tensor[]): Tensor[] =>
    grads(ofAllArguments(f))(inputs);

/** The points around `at` at which f is not NaN, but a gradient or a second derivative is. */
export function nanGradients(
  f: DifferentiableFunction,
  at: readonly ReferenceLike[],
  tried: readonly Extremity[],
): Fault[] {
  const faults: Fault[] = [];
  for (const { name, inputs, extremity } of pointsAround(at, tried)) {
    tidy(() => {
      const point = inputs.map((x) => toTensor(x));
      if (hasNaN(f(...point))) return;
      const first = gradients(f)(point);
      const isGood = first.map((each) => !hasNaN(each));
      const by = isGood.flatMap((good, i) => (good ? [] : [i]));
      if (by.length > 0) faults.push({ order: 'gradient', extremity, by, at: name });
      const again = isGood.flatMap((good, i) => {
        if (!good) return [];
        const slope: DifferentiableFunction = (...args) => sum(gradients(f)(args)[i]!);
        return gradients(slope)(point).some(hasNaN) ? [i] : [];
      });
      if (again.length > 0) faults.push({ order: 'second derivative', extremity, by: again, at: name });
    });
  }
  return faults;
}
