import { wrongArgument } from '../argument';
import { op } from '../op';
import { normalizeAxes, normalizeAxis } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { equal } from './arithmetic';
import { castTo } from './cast';
import type { NormOf, NormOrder } from './method-types';
import { max, min, reducedShape, sum } from './reduction';
import { reshape } from './reshape';
import { abs, sqrt, square } from './unary';
import { where } from './where';

/** Computes a norm over the axes, which stay with extent 1. For matrices the axes are [rows, columns]. */
type Rule = (x: Tensor, axes: [number, number] | number[]) => Tensor;

/** The derivative of √ is infinite at 0, so the root of 0 is not taken: the gradient there is 0, a subgradient of the norm. */
const euclidean: Rule = (x, axes) => {
  const squares = sum(square(x), axes, true);
  const isZero = equal(squares, 0);
  return where(isZero, 0, sqrt(where(isZero, 1, squares)));
};

const rules = new Map<unknown, { readonly vector: Rule; readonly matrix?: Rule }>([
  ['euclidean', { vector: euclidean, matrix: euclidean }],
  ['fro', { vector: euclidean, matrix: euclidean }],
  [2, { vector: euclidean }],
  [
    1,
    {
      vector: (x, axes) => sum(abs(x), axes, true),
      matrix: (x, [rows, columns]) => max(sum(abs(x), rows, true), columns, true),
    },
  ],
  [
    Infinity,
    {
      vector: (x, axes) => max(abs(x), axes, true),
      matrix: (x, [rows, columns]) => max(sum(abs(x), columns, true), rows, true),
    },
  ],
  [
    -Infinity,
    {
      vector: (x, axes) => min(abs(x), axes, true),
      matrix: (x, [rows, columns]) => min(sum(abs(x), columns, true), rows, true),
    },
  ],
]);

/**
 * Computes a norm in float32: of vectors along one axis, of matrices along two axes [rows, columns], or of all elements as one vector if
 * `axis` is left out.
 *
 * | ord           | of vectors             | of matrices              |
 * | ------------- | ---------------------- | ------------------------ |
 * | 'euclidean'   | √Σx²                   | √Σx²                     |
 * | 'fro'         | √Σx²                   | √Σx² (Frobenius)         |
 * | 1             | Σ\|x\|                 | greatest column sum of \|x\| |
 * | 2             | √Σx²                   | an error                 |
 * | Infinity      | greatest \|x\|         | greatest row sum of \|x\|    |
 * | -Infinity     | least \|x\|            | least row sum of \|x\|       |
 *
 * The gradient of the norm of zeros is 0. The square of a number beyond 1.8e19 overflows, which makes the Euclidean norm infinite.
 *
 * @param axis one axis, or two for matrices; negative counts from the end
 * @param keepDims keeps the reduced axes, with extent 1
 * @throws for any other `ord`, or more than two axes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.norm([3, 4]).print(); // 5
 * dl.norm([[1, -2], [3, 4]], 1, [0, 1]).print(); // 6, of the second column
 * ```
 */
export const norm = op(
  'norm',
  function norm(
    x: TensorInput,
    ord: NormOrder = 'euclidean',
    axis?: number | number[] | null,
    keepDims = false,
  ): Tensor {
    return normOf('norm', x, ord, axis, keepDims);
  },
) as NormOf<[x: TensorInput, ord?: NormOrder]>;

function normOf(
  name: string,
  x: TensorInput,
  ord: NormOrder,
  axis: number | number[] | null | undefined,
  keepDims: boolean,
): Tensor {
  const given = asTensor(name, 'x', x);
  const axes = normalizeAxes(name, axis, given.rank);
  if (Array.isArray(axis) && (axis.length === 0 || axis.length > 2)) {
    throw new Error(
      `${name}: argument 'axis' is [${axis.join(',')}]; wanted one or two axes, or null for all elements`,
    );
  }
  const isMatrix = Array.isArray(axis) && axis.length === 2;
  const rule = rules.get(ord)?.[isMatrix ? 'matrix' : 'vector'];
  if (!rule) {
    const wanted = `1, ${isMatrix ? '' : '2, '}'euclidean', 'fro', Infinity or -Infinity for ${isMatrix ? 'matrices' : 'vectors'}`;
    throw wrongArgument(name, 'ord', ord, wanted);
  }
  const value = castTo(given, 'float32');
  const ordered = isMatrix ? axis.map((each) => normalizeAxis(name, each, value.rank)) : axes;
  const result = rule(value, ordered);
  return reshape(result, reducedShape(value.shape, axes, keepDims));
}

/**
 * The root of the sum of squares: {@link norm} with `ord` 'euclidean'.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([3, 4]).euclideanNorm().print()); // 5
 * ```
 */
export const euclideanNorm = op(
  'euclideanNorm',
  function euclideanNorm(x: TensorInput, axis?: number | number[] | null, keepDims = false): Tensor {
    return normOf('euclideanNorm', x, 'euclidean', axis, keepDims);
  },
) as NormOf<[x: TensorInput]>;
