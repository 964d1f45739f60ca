import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PRODUCT_SUM, loopInBlocks } from './blocked-sum';
import { draw } from './draw';
import { extentsOf, type MatrixProduct } from './matrix-product';

/** Computes any product, element by element. int32 products have no activation. */
export function multiplyElements(backend: WebGLBackend, product: MatrixProduct): void {
  const { a, b, bias, y, attributes } = product;
  const { transposeA, transposeB, activation, alpha } = attributes;
  const { m, n, k, batchedA, batchedB } = extentsOf(product);
  const isFloat = y.dtype === 'float32';
  const inBlocks = blockedSum(['sum'], 'float', isFloat ? k : 0, LONGEST_PRODUCT_SUM);
  draw(backend, {
    program: `matMul elements ${bias ? 'bias ' : ''}${isFloat ? activation : 'integer'}${inBlocks.key}`,
    inputs: bias ? { a, b, bias } : { a, b },
    outputs: [y],
    form: 'element',
    ints: {
      m,
      n,
      k,
      a_row_step: transposeA ? 1 : k,
      a_step: transposeA ? m : 1,
      a_batch: batchedA ? m * k : 0,
      b_column_step: transposeB ? k : 1,
      b_step: transposeB ? 1 : n,
      b_batch: batchedB ? k * n : 0,
    },
    floats: { alpha },
    source: () => `
      ${isFloat ? activationSource(activation) : '#define activated(sum) sum'}
      ${inBlocks.functions}
      scalar result(int i) {
        int line = over_n(i), column = i - line * n;
        int group = over_m(line), row = line - group * m;
        int at_a = group * a_batch + row * a_row_step, at_b = group * b_batch + column * b_column_step;
        scalar sum = scalar(0);
        ${inBlocks.declare}
        ${loopInBlocks(inBlocks, 'step', { first: '0', end: 'k' }, 'sum += a_at(at_a) * b_at(at_b); at_a += a_step; at_b += b_step;')}
        ${inBlocks.finish}
        return activated(sum${bias ? ' + bias_at(column)' : ''});
      }`,
  });
}
