import * as fc from 'fast-check';
import { between, broadcastable, integers, ofShape } from '../arbitraries';
import { broadcastShape } from '../../../src/tensor/shape';
import { at, build } from '../../../src/testing/reference';
import { tf } from '../oracle';
const e = integers(1, 6);
/** Matrices in batches, that broadcast or are alike, each transposed or not. */
const batches = (broadcast) => fc
    .tuple(broadcastable(2, fc.array(integers(1, 3), { maxLength: 2 })).map(([a, b]) => broadcast ? [a, b] : [a, a]), e, e, e, fc.boolean(), fc.boolean())
    .chain(([[a, b], m, k, n, transposeA, transposeB]) => fc.tuple(ofShape([...a, ...(transposeA ? [k, m] : [m, k])]), ofShape([...b, ...(transposeB ? [n, k] : [k, n])]), fc.constant(transposeA), fc.constant(transposeB)));
/** The product of matrices by definition. */
function product(a, b, transposeA, transposeB) {
    const batch = broadcastShape('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    const inner = a.shape.at(transposeA ? -2 : -1);
    const shape = [...batch, a.shape.at(transposeA ? -1 : -2), b.shape.at(transposeB ? -2 : -1)];
    const of = (x, lead, row, column, transposed) => at(x, [...lead, ...(transposed ? [column, row] : [row, column])]);
    const { values } = build(shape, (index) => {
        const [row, column] = index.slice(-2);
        let total = 0;
        for (let k = 0; k < inner; k++) {
            total +=
                of(a, index.slice(0, -2), row, k, transposeA) * of(b, index.slice(0, -2), k, column, transposeB);
        }
        return total;
    });
    return [{ dtype: 'float32', shape, values }];
}
const dots = fc
    .tuple(e, e, e, fc.boolean(), fc.boolean())
    .chain(([m, k, n, matrix, second]) => fc.tuple(ofShape(matrix ? [m, k] : [k]), ofShape(second ? [k, n] : [k])));
const vectors = fc.tuple(e, e).chain(([m, n]) => fc.tuple(ofShape([m]), ofShape([n])));
/** Equations of the kinds that TensorFlow.js knows: one or two operands, no index twice in one, no ellipsis. */
const equations = fc
    .constantFrom('ij,jk->ik', 'ij,kj->ik', 'bij,bjk->bik', 'i,i->', 'i,j->ij', 'ijk->ki', 'ij->', 'ij->j', 'ijk,jil->kl', 'bhwc,cd->bhwd', 'abc,cd->abd', 'ij,ij->i')
    .chain((equation) => fc.tuple(...Array.from({ length: 12 }, () => integers(1, 4))).chain((extents) => fc
    .tuple(...equation
    .split('->')[0]
    .split(',')
    .map((labels) => ofShape(labels.split('').map((label) => extents[label.charCodeAt(0) % 12]))))
    .map((operands) => [equation, ...operands])));
const matrixAndVector = fc.tuple(e, e).chain(([m, n]) => fc.tuple(ofShape([m, n]), ofShape([n])));
const vectorAndMatrix = fc.tuple(e, e).chain(([m, n]) => fc.tuple(ofShape([m]), ofShape([m, n])));
const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu');
const fusedProducts = (values) => fc
    .tuple(e, e, e, activations, fc.boolean())
    .chain(([m, k, n, activation, hasBias]) => fc
    .tuple(ofShape([m, k], values), ofShape([k, n], values), ofShape([n], values))
    .map(([a, b, bias]) => [{ a, b, activation, ...(hasBias ? { bias } : {}) }]));
export const products = {
    matMul: {
        args: batches(true),
        gradient: batches(false),
        definition: product,
        oracleIsWrong: 'where both batches are broadcast it multiplies others, and its gradient is not summed',
    },
    dot: { args: dots, gradient: dots },
    outerProduct: { args: vectors, gradient: vectors },
    matrixTimesVector: { args: matrixAndVector, gradient: matrixAndVector, oracle: tf.dot },
    vectorTimesMatrix: { args: vectorAndMatrix, gradient: vectorAndMatrix, oracle: tf.dot },
    einsum: { args: equations, gradient: { none: 'TensorFlow.js has no gradient of it' } },
    'fused.matMul': { args: fusedProducts(between(-2, 2)), gradient: fusedProducts(between(0.25, 1)) },
};
