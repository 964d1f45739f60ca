import * as fc from 'fast-check';
import { anyNumber, between, broadcastable, integers, ofShape } from '../arbitraries';
import { broadcastShape } from '../../../src/tensor/shape';
import { at, build } from '../../support/reference';
import { besideKink, type Argument, type Operand, type Options } from '../operand';
import { tf } from '../oracle';
import type { Rows } from '../row';

const e = integers(1, 6);
type Both = fc.Arbitrary<readonly Argument[]>;
const floats: typeof anyNumber = fc.constant({ dtype: 'float32', values: between(-4, 4) });

/** Matrices in batches, that broadcast or are alike, each transposed or not. */
const batches = (broadcast: boolean, extent = e, of = floats): Both =>
  fc
    .tuple(
      broadcastable(2, fc.array(integers(1, 3), { maxLength: 4 })).map(([a, b]) =>
        broadcast ? [a, b] : [a, a],
      ),
      extent,
      extent,
      extent,
      fc.boolean(),
      fc.boolean(),
      of,
    )
    .chain(([[a, b], m, k, n, transposeA, transposeB, { dtype, values }]) =>
      fc.tuple(
        ofShape([...a!, ...(transposeA ? [k, m] : [m, k])], values, dtype),
        ofShape([...b!, ...(transposeB ? [n, k] : [k, n])], values, dtype),
        fc.constant(transposeA),
        fc.constant(transposeB),
      ),
    );

/** The product of matrices by definition. */
function product(a: Operand, b: Operand, transposeA: boolean, transposeB: boolean): Operand[] {
  const batch = broadcastShape('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const shape = [...batch, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
  const of = (
    x: Operand,
    lead: readonly number[],
    row: number,
    column: number,
    transposed: boolean,
  ): number => at(x, [...lead, ...(transposed ? [column, row] : [row, column])]);
  const { values } = build(shape, (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    let total = 0;
    for (let k = 0; k < inner; k++) {
      total +=
        of(a, index.slice(0, -2), row, k, transposeA) * of(b, index.slice(0, -2), k, column, transposeB);
    }
    return total;
  });
  return [{ dtype: a.dtype, shape, values }];
}

/** Two tensors of one dtype. */
const pairOf = (shapes: fc.Arbitrary<readonly [readonly number[], readonly number[]]>, of = floats): Both =>
  fc
    .tuple(shapes, of)
    .chain(([[first, second], { dtype, values }]) =>
      fc.tuple(ofShape(first, values, dtype), ofShape(second, values, dtype)),
    );

const dots = fc
  .tuple(e, e, e, fc.boolean(), fc.boolean())
  .map(([m, k, n, matrix, second]) => [matrix ? [m, k] : [k], second ? [k, n] : [k]] as const);

const vectors = fc.tuple(e, e).map(([m, n]) => [[m], [n]] as const);
const matrixAndVector = fc.tuple(e, e).map(([m, n]) => [[m, n], [n]] as const);
const vectorAndMatrix = fc.tuple(e, e).map(([m, n]) => [[m], [m, n]] as const);

/** Equations of the kinds that TensorFlow.js knows: one or two operands, no index twice in one, no ellipsis. */
const equations: Both = fc
  .constantFrom(
    'ij,jk->ik',
    'ij,kj->ik',
    'bij,bjk->bik',
    'i,i->',
    'i,j->ij',
    'ijk->ki',
    'ij->',
    'ij->j',
    'ijk,jil->kl',
    'bhwc,cd->bhwd',
    'abc,cd->abd',
    'ij,ij->i',
  )
  .chain((equation) =>
    fc.tuple(...Array.from({ length: 12 }, () => integers(1, 4))).chain((extents) =>
      fc
        .tuple(
          ...equation
            .split('->')[0]!
            .split(',')
            .map((labels) => ofShape(labels.split('').map((label) => extents[label.charCodeAt(0) % 12]!))),
        )
        .map((operands: Operand[]) => [equation, ...operands]),
    ),
  );

const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu');
const fusedProducts = (
  values: fc.Arbitrary<number>,
  batched: boolean,
  adapt = (options: Options, _bias: Operand): Options => options,
): Both =>
  fc
    .tuple(fc.tuple(e, e, e), activations, fc.boolean(), fc.boolean(), fc.boolean(), integers(1, 2))
    .chain(([[m, k, n], activation, hasBias, transposeA, transposeB, batch]) => {
      const lead = batched && batch > 1 ? [batch] : [];
      return fc
        .tuple(
          ofShape([...lead, ...(transposeA ? [k, m] : [m, k])], values),
          ofShape([...lead, ...(transposeB ? [n, k] : [k, n])], values),
          ofShape([n], values),
          ofShape([n], values),
        )
        .map(([a, b, bias, slopes]): readonly Argument[] => [
          adapt(
            {
              a,
              b,
              transposeA,
              transposeB,
              activation,
              leakyreluAlpha: 0.25,
              ...(hasBias ? { bias } : {}),
              ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}),
            },
            bias,
          ),
        ]);
    });

export const products: Rows = {
  matMul: {
    args: batches(true, integers(0, 6), anyNumber),
    gradient: batches(false),
    definition: product,
    oracleIsWrong: 'where both batches are broadcast it multiplies others, and its gradient is not summed',
  },
  dot: { args: pairOf(dots, anyNumber), gradient: pairOf(dots) },
  outerProduct: { args: pairOf(vectors, anyNumber), gradient: pairOf(vectors) },
  matrixTimesVector: {
    args: pairOf(matrixAndVector, anyNumber),
    gradient: pairOf(matrixAndVector),
    oracle: tf.dot,
  },
  vectorTimesMatrix: {
    args: pairOf(vectorAndMatrix, anyNumber),
    gradient: pairOf(vectorAndMatrix),
    oracle: tf.dot,
  },
  einsum: { args: equations, gradient: { none: 'TensorFlow.js has no gradient of it' } },
  'fused.matMul': {
    args: fusedProducts(between(-2, 2), true),
    gradient: fusedProducts(between(0.25, 1), false, besideKink),
  },
};
