import { add, mul, reverse, stack, tensor, zerosLike } from '../../tensor/ops';
import type { KernelAttributes } from '../../kernels';
import type { Tensor } from '../../tensor/tensor';
import { realParts } from '../complex-values';
import { complexList, hostFourier } from '../kernels/host-fourier';
import { halfOf, radicesOf, remembered } from '../kernels/roots';
import { withLength } from '../with-length';

/** What is computed; the rows follow from the shape. See `FourierAttributes` of the kernel. */
export type Transform = Omit<KernelAttributes['fourier'], 'rows'>;

/** Computes a transform. */
type Compute = (x: Tensor, what: Transform) => Tensor;

/** Factors of pairs, as the two products need them: [re, re] and [−im, im] of each. */
interface Factors {
  readonly same: Float32Array;
  readonly crossed: Float32Array;
}

function factorsOf(re: Float64Array, im: Float64Array): Factors {
  const same = new Float32Array(2 * re.length);
  const crossed = new Float32Array(2 * re.length);
  re.forEach((value, i) => {
    same.set([value, value], 2 * i);
    crossed.set([-im[i]!, im[i]!], 2 * i);
  });
  return { same, crossed };
}

/** The chirp exp(−πij²/n), and the transform of its conjugate, laid around a circle of `circle` places. */
interface Tables {
  readonly circle: number;
  readonly chirp: Factors;
  readonly spectrum: Factors;
}

/** The least number from `least` on that the kernel transforms. */
function nextSmooth(least: number): number {
  let length = least;
  while (!radicesOf(length)) length++;
  return length;
}

function tablesOf(n: number): Tables {
  const circle = nextSmooth(2 * n - 1);
  const chirp = complexList(n);
  const around = complexList(circle);
  // j² modulo 2n, without numbers that are not exact: (j + 1)² = j² + 2j + 1.
  let square = 0;
  for (let j = 0; j < n; j++) {
    const angle = (Math.PI * square) / n;
    chirp.re[j] = Math.cos(angle);
    chirp.im[j] = -Math.sin(angle);
    for (const place of j === 0 ? [0] : [j, circle - j]) {
      around.re[place] = Math.cos(angle) / circle;
      around.im[place] = Math.sin(angle) / circle;
    }
    square = (square + 2 * j + 1) % (2 * n);
  }
  const { re, im } = hostFourier(around);
  return { circle, chirp: factorsOf(chirp.re, chirp.im), spectrum: factorsOf(re, im) };
}

/** Tables of the latest lengths are kept. */
const MOST_TABLES = 8;
const tables = remembered(tablesOf, MOST_TABLES);

/** x·f, or x·f̄, of pairs. */
function times(x: Tensor, { same, crossed }: Factors, isConjugate: boolean): Tensor {
  const shape = [same.length / 2, 2];
  const sign = isConjugate ? -1 : 1;
  return add(
    mul(x, tensor(same, shape)),
    mul(
      reverse(x, -1),
      tensor(
        crossed.map((v) => v * sign),
        shape,
      ),
    ),
  );
}

/** Cuts the axis before the last, or fills it up with zeros. */
const fitted = (x: Tensor, length: number): Tensor => withLength(x, x.rank - 2, length);

/**
 * A transform of any length n by a convolution with a chirp, which takes transforms of 2n − 1 or a few more (Bluestein, "A linear filtering approach to the
 * computation of discrete Fourier transform", IEEE Trans. Audio Electroacoust. 18, 1970): jk = (j² + k² − (k − j)²)/2.
 */
function complexBluestein(
  x: Tensor,
  { length, inverse, scale }: Pick<Transform, 'length' | 'inverse' | 'scale'>,
  transform: Compute,
): Tensor {
  const { circle, chirp, spectrum } = tables(length);
  const plain = { kind: 'complex', length: circle, scale: 1, middle: 1 } as const;
  const spread = fitted(times(x, chirp, inverse), circle);
  // The inverse is that of conjugates: the conjugate of the table is that of the transform's with the other sign.
  const product = times(transform(spread, { ...plain, inverse }), spectrum, inverse);
  const folded = fitted(transform(product, { ...plain, inverse: !inverse }), length);
  return mul(times(folded, chirp, inverse), scale);
}

/**
 * A transform whose length has other prime factors than 2, 3 and 5. It is made of other ops, which carry gradients back.
 *
 * @param transform computes those of other lengths
 */
export function bluestein(x: Tensor, given: Transform, transform: Compute): Tensor {
  const { kind, length, middle } = given;
  if (kind === 'complex') return complexBluestein(x, given, transform);
  const half = halfOf(length);
  const weights = tensor(
    Float32Array.from({ length: half }, (_, k) => (k === 0 || 2 * k === length ? 1 : middle)),
    [half, 1],
  );
  if (kind === 'toHalf') {
    const whole = complexBluestein(stack([x, zerosLike(x)], -1), given, transform);
    return mul(fitted(whole, half), weights);
  }
  // Re Σ over the first half: other frequencies are zeros, and the real part of what comes out is taken.
  const whole = complexBluestein(fitted(mul(x, weights), length), given, transform);
  return realParts(whole);
}
