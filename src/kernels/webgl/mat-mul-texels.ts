import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PRODUCT_SUM, loopInBlocks, sumsOf } from './blocked-sum';
import { draw } from './draw';
import { list } from './glsl';
import { blockLayout, LANES, type TextureLayout } from './texture-layout';
import { extentsOf, type MatrixProduct } from './matrix-product';

/** The layout of y in which a fragment computes several rows at once; null if there are too few rows. */
function layoutOfTexels(backend: WebGLBackend, product: MatrixProduct): TextureLayout | null {
  const { batch, m, n } = extentsOf(product);
  // The rows of a fragment share texels of b, so that they must be in one batch entry, and texels of a if that is transposed.
  const neighbours = product.attributes.transposeA || batch > 1;
  const row = n / LANES;
  return blockLayout(backend, batch * m * row, row, neighbours, (layers) => !neighbours || m % layers === 0);
}

/**
 * Each fragment computes a texel (four columns) in one row for each layer of y, so that a texel read from b serves all rows. If k is
 * a multiple of four, it takes four steps at a time.
 */
export function multiplyTexels(backend: WebGLBackend, product: MatrixProduct): void {
  const { a, b, bias, y, attributes } = product;
  const { transposeA, transposeB, activation, alpha } = attributes;
  const { m, n, k, batchedA, batchedB } = extentsOf(product);
  const row = n / LANES;
  const { layers, width } = backend.allocateTexture(y, layoutOfTexels(backend, product))!.layout;
  const byFour = k % LANES === 0;
  const stepsOfK = byFour ? k / LANES : k;
  const rowOfA = transposeA ? m / LANES : stepsOfK;
  const rowOfB = transposeB ? k / LANES : row;
  const inBlocks = blockedSum(sumsOf(layers), 'vec4', stepsOfK, LONGEST_PRODUCT_SUM);
  const source = (): string => {
    const eachLayer = (text: (layer: number) => string): string => list(layers, text);
    const transposedStep = (k: string): string => `
        w = b_cell(b_first + ${k}, column);
        ${list(Math.ceil(layers / LANES), (q) => `v${q} = a_cell(a_first + ${k}, (row0 >> 2) + ${q});`)}
        ${eachLayer((l) => `sum${l} += v${l >> 2}[${layers === 1 ? 'row0 & 3' : l & 3}] * w;`)}`;
    const steps = transposeA
      ? `
        vec4 w, ${list(Math.ceil(layers / LANES), (q) => `v${q}`, ', ')};
        ${byFour ? list(LANES, (j) => transposedStep(`step * 4 + ${j}`)) : transposedStep('step')}`
      : byFour
        ? `
        ${list(LANES, (j) => `vec4 w${j} = ${transposeB ? `b_from(b_row${j}, step)` : `b_cell(b_first + step * 4 + ${j}, column)`};`)}
        vec4 v;
        ${eachLayer((l) =>
          transposeB
            ? `v = a_from(a_row${l}, step); sum${l} += vec4(dot(v, w0), dot(v, w1), dot(v, w2), dot(v, w3));`
            : `v = a_from(a_row${l}, step); sum${l} += v.x * w0 + v.y * w1 + v.z * w2 + v.w * w3;`,
        )}`
        : `
        vec4 w = b_cell(b_first + step, column);
        ${eachLayer((l) => `sum${l} += a_at(a_row${l} + step) * w;`)}`;
    return `
      ${activationSource(activation)}
      ${inBlocks.functions}
      void block() {
        int line0 = over_row(texel_of(0)), column = texel_of(0) - line0 * row;
        int group = over_m(line0);
        int row0 = line0 - group * m;
        int a_first = group * a_step, b_first = group * b_step;
        ${transposeA ? '' : eachLayer((l) => `${byFour ? `a_start a_row${l} = a_row` : `int a_row${l} = `}((a_first + row0 + ${l} * rows_apart) * ${byFour ? 'length_k' : 'k'});`)}
        ${transposeB ? list(LANES, (j) => `b_start b_row${j} = b_row((b_first + column * 4 + ${j}) * length_k);`) : ''}
        ${eachLayer((l) => `vec4 sum${l} = vec4(0.0);`)}
        ${inBlocks.declare}
        ${loopInBlocks(inBlocks, 'step', { first: '0', end: 'length_k' }, steps)}
        ${inBlocks.finish}
        ${bias ? 'vec4 bias = bias_texel(column);' : ''}
        ${eachLayer((l) => `out_${l} = activated(sum${l}${bias ? ' + bias' : ''});`)}
      }`;
  };
  draw(backend, {
    program: `matMul ${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'} ${byFour ? 4 : 1} ${bias ? 'bias ' : ''}${activation}${inBlocks.key}`,
    inputs: bias ? { a, b, bias } : { a, b },
    outputs: [y],
    form: 'block',
    rows: { a: rowOfA, b: rowOfB },
    ints: {
      row,
      m,
      k,
      length_k: stepsOfK,
      rows_apart: layers > 1 ? width / row : 1,
      a_step: batchedA ? (transposeA ? k : m) : 0,
      b_step: batchedB ? (transposeB ? n : k) : 0,
    },
    floats: { alpha },
    source,
  });
}
