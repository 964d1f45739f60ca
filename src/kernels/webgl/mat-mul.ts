import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { sameShape } from '../strides';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { LANES, texelsOf } from './texture-layout';
import { multiplyElements } from './mat-mul-elements';
import { multiplyTexels } from './mat-mul-texels';
import { extentsOf, type MatrixProduct } from './matrix-product';
import { pad } from './pad';
import { pointwise } from './pointwise';
import { reduce } from './reduce';
import { withScratch } from './scratch';
import { slice } from './slice';
import { transpose } from './transpose';

/** The least multiplications (m·n·k) for which transposing or padding operands, so that the fast kernel can be used, pays. */
const LEAST_WORK_TO_REARRANGE = 2 ** 16;
/** The least results (m·n) for which it pays. */
const LEAST_RESULTS_TO_REARRANGE = 16;
/** The least inner extent (k) for which padding it to whole texels pays. */
const LEAST_INNER_TO_PAD = 32;
/** In a product with few results, a longer inner extent is divided into parts of about LENGTH_OF_PART. */
const LONGEST_INNER = 4096;
const LENGTH_OF_PART = 512;
/** So many results keep a device busy without parts. */
const MANY_RESULTS = 4096;
/** The most results of all parts together. */
const MOST_PARTIAL_RESULTS = 2 ** 20;

export const matMul: Kernel<WebGLBackend, 'matMul'> = (backend, [a, b, bias], [y], attributes) => {
  multiply(backend, { a: a!, b: b!, bias, y: y!, attributes });
};

/** The kernel that computes a product ('elements' or 'texels'), or what is done first: cut k into 'parts', transpose or pad. */
type Way = 'parts' | 'elements' | 'texels' | 'transpose a' | 'transpose b' | 'pad';

function wayOf({ maxTextureSize }: WebGLBackend, product: MatrixProduct): Way {
  if (product.y.dtype !== 'float32') return 'elements';
  const { transposeA, transposeB } = product.attributes;
  const { batch, m, n, k } = extentsOf(product);
  if (batch === 1 && m * n < MANY_RESULTS && k > LONGEST_INNER) return 'parts';
  const large = batch * m * n * k >= LEAST_WORK_TO_REARRANGE && m * n >= LEAST_RESULTS_TO_REARRANGE;
  const turnsA = transposeA && (transposeB || m % LANES !== 0);
  const turnsB = transposeB && k % LANES !== 0;
  const widensN = n % LANES !== 0;
  if (!large) return turnsA || turnsB || widensN ? 'elements' : 'texels';
  if (turnsA) return 'transpose a';
  if (turnsB) return 'transpose b';
  const [wide, long] = [wholeTexels(n), widensK(product) ? wholeTexels(k) : k];
  if (wide === n && long === k) return 'texels';
  const largest = batch * Math.max(m * wide, m * long, long * wide);
  return texelsOf(largest) <= maxTextureSize ** 2 ? 'pad' : widensN ? 'elements' : 'texels';
}

function widensK(product: MatrixProduct): boolean {
  const { k } = extentsOf(product);
  return !product.attributes.transposeA && k % LANES !== 0 && k >= LEAST_INNER_TO_PAD;
}

/**
 * Computes a product into y, which has no texture yet. Products whose rows are whole texels are computed by the fast kernel. Others are
 * computed element by element or, if they are large, after their operands have been transposed or padded, which costs m·k or k·n.
 */
export function multiply(backend: WebGLBackend, product: MatrixProduct): void {
  const { y, attributes } = product;
  if (y.size === 0) return;
  const way = wayOf(backend, product);
  switch (way) {
    case 'parts':
      multiplyByParts(backend, product);
      break;
    case 'elements':
      backend.allocateTexture(y);
      multiplyElements(backend, product);
      break;
    case 'texels':
      multiplyTexels(backend, product);
      break;
    case 'pad': {
      const { n, k } = extentsOf(product);
      multiplyPadded(backend, product, wholeTexels(n), widensK(product) ? wholeTexels(k) : k);
      break;
    }
    default: {
      const [operand, flag] =
        way === 'transpose a' ? (['a', 'transposeA'] as const) : (['b', 'transposeB'] as const);
      withTransposed(backend, product[operand], MATRIX_TRANSPOSED, (straight) => {
        multiply(backend, { ...product, [operand]: straight, attributes: { ...attributes, [flag]: false } });
      });
    }
  }
}

/** Computes a product in scratch memory, and lends it to `use`. */
function withProduct(
  backend: WebGLBackend,
  shape: readonly number[],
  product: Omit<MatrixProduct, 'y'>,
  use: (y: TensorInfo) => void,
): void {
  const multiplied = (y: TensorInfo): void => {
    multiply(backend, { ...product, y });
    use(y);
  };
  withScratch(backend, shape, 'float32', multiplied, 'own');
}

/** Computes a product with its operands padded with zeros to the larger extents n and k, and cuts off the added columns. */
function multiplyPadded(backend: WebGLBackend, product: MatrixProduct, n: number, k: number): void {
  const { a, b, bias, y, attributes } = product;
  const { batch, m } = extentsOf(product);
  const shapeOfA = [a.shape[0]!, ...(attributes.transposeA ? [k, m] : [m, k])];
  const shapeOfB = [b.shape[0]!, ...(attributes.transposeB ? [n, k] : [k, n])];
  withPadded(backend, a, shapeOfA, (wideA) => {
    withPadded(backend, b, shapeOfB, (wideB) => {
      const padded = { a: wideA, b: wideB, attributes };
      if (n === y.shape[2]) {
        multiply(backend, { ...padded, bias, y });
        return;
      }
      const multiplyWide = (wideBias: TensorInfo | undefined): void =>
        withProduct(backend, [batch, m, n], { ...padded, bias: wideBias }, (wide) => {
          backend.allocateTexture(y);
          slice(backend, [wide], [y], { begin: [0, 0, 0], strides: [1, 1, 1] });
        });
      if (bias) withPadded(backend, bias, [n], multiplyWide);
      else multiplyWide(bias);
    });
  });
}

/**
 * Multiplies parts of the inner extent as a batch, and adds up the products. Otherwise a few fragments would each process a long row,
 * and most of the device would be idle.
 */
function multiplyByParts(backend: WebGLBackend, product: MatrixProduct): void {
  const { a, b, bias, y, attributes } = product;
  const { m, n, k } = extentsOf(product);
  const most = Math.max(1, Math.floor(MOST_PARTIAL_RESULTS / (m * n)));
  const length = wholeTexels(Math.ceil(k / Math.min(most, Math.ceil(k / LENGTH_OF_PART))));
  const parts = Math.ceil(k / length);
  const linear = { ...attributes, activation: 'linear' } as const;
  withInnerParts(backend, a, parts, length, attributes.transposeA, (partsOfA) => {
    withInnerParts(backend, b, parts, length, !attributes.transposeB, (partsOfB) => {
      const partial = { a: partsOfA, b: partsOfB, bias: undefined, attributes: linear };
      withProduct(backend, [parts, m, n], partial, (products) => {
        backend.allocateTexture(y);
        const sumTo = (sum: TensorInfo): void => {
          reduce(backend, [products], [sum], { name: 'sum', outer: 1, extent: parts, inner: m * n });
        };
        if (!bias && attributes.activation === 'linear') {
          sumTo(y);
          return;
        }
        withScratch(backend, y.shape, y.dtype, (sum) => {
          sumTo(sum);
          finish(backend, { ...product, a: sum });
        });
      });
    });
  });
}

/** Adds the bias to the sum `a`, and applies the activation. */
function finish(backend: WebGLBackend, { a, bias, y, attributes }: MatrixProduct): void {
  pointwise(backend, {
    program: `matMul finish ${attributes.activation}${bias ? ' bias' : ''}`,
    inputs: { sum: { tensor: a }, ...(bias && { bias: { tensor: bias, strides: [0, 0, 1] } }) },
    output: y,
    floats: [attributes.alpha],
    functions: `#define alpha parameter0\n${activationSource(attributes.activation)}`,
    expression: `activated(sum${bias ? ' + bias' : ''})`,
  });
}

/** Lends an operand that has been cut along the inner extent into a batch of parts. The last part is padded with zeros. */
function withInnerParts(
  backend: WebGLBackend,
  x: TensorInfo,
  parts: number,
  length: number,
  innerFirst: boolean,
  use: (cut: TensorInfo) => void,
): void {
  const [, rows, columns] = x.shape as [number, number, number];
  const other = innerFirst ? columns : rows;
  const whole = parts * length;
  withPadded(backend, x, innerFirst ? [1, whole, other] : [1, other, whole], (padded) => {
    if (innerFirst || other === 1) {
      use(reshaped(padded, innerFirst ? [parts, length, other] : [parts, other, length]));
    } else {
      withTransposed(backend, reshaped(padded, [other, parts, length]), [1, 0, 2], use);
    }
  });
}

function wholeTexels(extent: number): number {
  return texelsOf(extent) * LANES;
}

/** The permutation that exchanges the rows and columns of each matrix of a batch. */
const MATRIX_TRANSPOSED = [0, 2, 1];

function permuted(shape: readonly number[], permutation: readonly number[]): readonly number[] {
  return permutation.map((axis) => shape[axis]!);
}

function withTransposed(
  backend: WebGLBackend,
  x: TensorInfo,
  permutation: readonly number[],
  use: (transposed: TensorInfo) => void,
): void {
  withScratch(backend, permuted(x.shape, permutation), x.dtype, (transposed) => {
    transpose(backend, [x], [transposed], { permutation });
    use(transposed);
  });
}

/** Lends `x` padded with zeros at the end of each axis to the given shape; `x` itself if it has that shape. */
function withPadded(
  backend: WebGLBackend,
  x: TensorInfo,
  shape: readonly number[],
  use: (padded: TensorInfo) => void,
): void {
  if (sameShape(x.shape, shape)) {
    use(x);
    return;
  }
  withScratch(backend, shape, x.dtype, (padded) => {
    pad(backend, [x], [padded], { before: shape.map(() => 0), mode: 'constant', value: 0 });
    use(padded);
  });
}
