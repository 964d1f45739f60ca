import type { Kernel, TensorInfo } from '../backend';
import type { KernelAttributes } from '../kernel-table';
import { sameShape } from '../layout';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { blockLayout, LANES, texelsOf } from './layout';
import { pad } from './pad';
import { withScratch } from './scratch';
import { slice } from './slice';
import { transpose } from './transpose';

type Attributes = KernelAttributes['matMul'];

/** The extents of a product, and whether its operands come with a batch of their own. */
interface Product {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batchedA: boolean;
  readonly batchedB: boolean;
}

/** Smaller products are not worth the draws that bring their operands into a form for the fast kernel. */
const LEAST_WORK_TO_REARRANGE = 2 ** 16;
/** A shorter inner extent is not worth padding: it is gone through one by one. */
const LEAST_INNER_TO_PAD = 32;
/**
 * Products whose rows are whole texels go to the fast kernel. Others are computed element by element, or, where they are large,
 * after transposing or padding what is in the way: that costs m·k or k·n, the product m·n·k.
 */
export const matMul: Kernel<WebGLBackend, 'matMul'> = (backend, [a, b, bias], [y], attributes) => {
  multiply(backend, a!, b!, bias, y!, attributes);
};

function multiply(
  backend: WebGLBackend,
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  y: TensorInfo,
  attributes: Attributes,
): void {
  const product = productOf(a, b, y, attributes);
  const { batch, m, n, k } = product;
  const { transposeA, transposeB } = attributes;
  if (m === 0 || n === 0 || batch === 0) return;
  const large = batch * m * n * k >= LEAST_WORK_TO_REARRANGE;
  const turnsA = transposeA && (transposeB || m % LANES !== 0);
  const turnsB = transposeB && k % LANES !== 0;
  const widensN = n % LANES !== 0;
  const widensK = !transposeA && k % LANES !== 0 && k >= LEAST_INNER_TO_PAD;
  if (!large && (turnsA || turnsB || widensN)) {
    multiplyElements(backend, a, b, bias, y, attributes, product);
  } else if (large && turnsA) {
    withTransposed(backend, a, (straight) => {
      multiply(backend, straight, b, bias, y, { ...attributes, transposeA: false });
    });
  } else if (large && turnsB) {
    withTransposed(backend, b, (straight) => {
      multiply(backend, a, straight, bias, y, { ...attributes, transposeB: false });
    });
  } else if (large && (widensN || widensK)) {
    multiplyPadded(backend, a, b, bias, y, attributes, {
      ...product,
      n: wholeTexels(n),
      k: widensK ? wholeTexels(k) : k,
    });
  } else {
    multiplyTexels(backend, a, b, bias, y, attributes, product);
  }
}

/** The product with n and k made larger to those given: what is added is zeros, and columns that are cut off again. */
function multiplyPadded(
  backend: WebGLBackend,
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  y: TensorInfo,
  attributes: Attributes,
  { batch, m, n, k }: Product,
): void {
  const { transposeA, transposeB } = attributes;
  const shapeOfA = [a.shape[0]!, ...(transposeA ? [k, m] : [m, k])];
  const shapeOfB = [b.shape[0]!, ...(transposeB ? [n, k] : [k, n])];
  withPadded(backend, a, shapeOfA, (wideA) => {
    withPadded(backend, b, shapeOfB, (wideB) => {
      withPadded(backend, bias, [n], (wideBias) => {
        if (n === y.shape[2]) {
          multiply(backend, wideA!, wideB!, wideBias, y, attributes);
          return;
        }
        withScratch(backend, [batch, m, n], y.dtype, (wide) => {
          multiply(backend, wideA!, wideB!, wideBias, wide, attributes);
          slice(backend, [wide], [y], { begin: [0, 0, 0], strides: [1, 1, 1] });
        });
      });
    });
  });
}

function wholeTexels(extent: number): number {
  return texelsOf(extent) * LANES;
}

function productOf(a: TensorInfo, b: TensorInfo, y: TensorInfo, { transposeA }: Attributes): Product {
  const [batch, m, n] = y.shape.slice(-3) as [number, number, number];
  const [batchA, rowsA, columnsA] = a.shape.slice(-3) as [number, number, number];
  return { batch, m, n, k: transposeA ? rowsA : columnsA, batchedA: batchA > 1, batchedB: b.shape[0]! > 1 };
}

function withTransposed(backend: WebGLBackend, x: TensorInfo, use: (transposed: TensorInfo) => void): void {
  const [batch, rows, columns] = x.shape as [number, number, number];
  withScratch(backend, [batch, columns, rows], x.dtype, (transposed) => {
    transpose(backend, [x], [transposed], { permutation: [0, 2, 1] });
    use(transposed);
  });
}

/** `x` with zeros after its elements up to the given shape; itself where that is its own, or where there is none. */
function withPadded(
  backend: WebGLBackend,
  x: TensorInfo | undefined,
  shape: readonly number[],
  use: (padded: TensorInfo | undefined) => void,
): void {
  if (!x || sameShape(x.shape, shape)) {
    use(x);
    return;
  }
  withScratch(backend, shape, x.dtype, (padded) => {
    pad(backend, [x], [padded], { before: shape.map(() => 0), mode: 'constant', value: 0 });
    use(padded);
  });
}

/**
 * One texel of the output a fragment and layer: four columns of as many rows as there are layers, so that what is read of b
 * serves all of them. Four steps of k are taken at a time, where there are so many.
 */
function multiplyTexels(
  backend: WebGLBackend,
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  y: TensorInfo,
  { transposeA, transposeB, activation, alpha }: Attributes,
  { batch, m, n, k, batchedA, batchedB }: Product,
): void {
  const row = n / LANES;
  // All that a fragment computes shares its part of b (one batch entry) and, if a is transposed, its texels of a.
  const neighbours = transposeA || batch > 1;
  const layout = blockLayout(
    backend,
    batch * m * row,
    row,
    neighbours,
    (layers) => !neighbours || m % layers === 0,
  );
  const layers = layout?.layers ?? 1;
  const byFour = k % LANES === 0;
  const stepsOfK = byFour ? k / LANES : k;
  const rowOfA = transposeA ? m / LANES : stepsOfK;
  const rowOfB = transposeB ? k / LANES : row;
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
        ${eachLayer((l) => `sum${l} += a_at(a_row${l}.x + step) * w;`)}`;
    return `
      ${activationSource(activation)}
      void block() {
        int line0 = over_row(texel_of(0)), column = texel_of(0) - line0 * row;
        int group = over_m(line0);
        int row0 = line0 - group * m;
        int a_first = group * a_step, b_first = group * b_step;
        ${transposeA ? '' : eachLayer((l) => `ivec3 a_row${l} = ${byFour ? 'a_row' : 'ivec3'}((a_first + row0 + ${l} * rows_apart) * ${byFour ? 'length_k' : 'k'});`)}
        ${transposeB ? list(LANES, (j) => `ivec3 b_row${j} = b_row((b_first + column * 4 + ${j}) * length_k);`) : ''}
        ${eachLayer((l) => `vec4 sum${l} = vec4(0.0);`)}
        for (int step = 0; step < length_k; step++) {
          ${steps}
        }
        ${bias ? 'vec4 bias = bias_texel(column);' : ''}
        ${eachLayer((l) => `out_${l} = activated(sum${l}${bias ? ' + bias' : ''});`)}
      }`;
  };
  draw(backend, {
    program: `matMul ${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'} ${byFour ? 4 : 1} ${bias ? 'bias ' : ''}${activation}`,
    inputs: { a, b, ...(bias && { bias }) },
    outputs: [y],
    form: 'block',
    rows: { a: rowOfA, b: rowOfB },
    layout: layout ?? undefined,
    ints: {
      row,
      m,
      k,
      length_k: stepsOfK,
      rows_apart: layout ? layout.width / row : 1,
      a_step: batchedA ? (transposeA ? k : m) : 0,
      b_step: batchedB ? (transposeB ? n : k) : 0,
    },
    floats: { alpha },
    source,
  });
}

/** Any product, one element at a time. */
function multiplyElements(
  backend: WebGLBackend,
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  y: TensorInfo,
  { transposeA, transposeB, activation, alpha }: Attributes,
  { m, n, k, batchedA, batchedB }: Product,
): void {
  draw(backend, {
    program: `matMul elements ${bias ? 'bias ' : ''}${activation}`,
    inputs: { a, b, ...(bias && { bias }) },
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
      ${activationSource(activation)}
      float result(int i) {
        int line = over_n(i), column = i - line * n;
        int group = over_m(line), row = line - group * m;
        int at_a = group * a_batch + row * a_row_step, at_b = group * b_batch + column * b_column_step;
        float sum = 0.0;
        for (int step = 0; step < k; step++, at_a += a_step, at_b += b_step) sum += a_at(at_a) * b_at(at_b);
        return activated(sum${bias ? ' + bias_at(column)' : ''});
      }`,
  });
}
