/** Measures the error of sums of up to 10⁷ terms on every backend. It must not grow with the number of terms. */
import { grad, setBackend, tensor, tensor1d, tensor4d, tidy, type Tensor } from '../../src/tensor';
import * as ops from '../../src/tensor/ops';
import { numbers } from '../../test/support/reference';
import { exactSum, PROMISED, type ExactSum } from '../../test/support/rounding';

/** A kind of numbers to add up. */
interface Kind {
  readonly of: string;
  readonly draw: (length: number, seed: number) => Float32Array;
}

const within =
  (low: number, high: number): Kind['draw'] =>
  (length, seed) => {
    const next = numbers(seed);
    return Float32Array.from({ length }, () => low + (high - low) * next());
  };

const kinds: readonly Kind[] = [
  { of: '0.1', draw: (length) => new Float32Array(length).fill(0.1) },
  { of: 'numbers in [0, 1]', draw: within(0, 1) },
  { of: 'numbers in [−1, 1]', draw: within(-1, 1) },
];

/** Numbers for variances: far from zero, and close to each other. */
const farKinds: readonly Kind[] = [
  { of: '10⁶ and 10⁶ + 1', draw: (length) => Float32Array.from({ length }, (_, i) => 1e6 + (i % 2)) },
  { of: 'numbers in [999, 1001]', draw: within(999, 1001) },
  { of: 'numbers in [−1, 1]', draw: within(-1, 1) },
];

/** A run: the op, and the exact value of each result. */
interface Run {
  readonly f: () => Tensor;
  readonly exact: readonly ExactSum[];
}

interface LongOp {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly terms: readonly number[];
  /** The most terms to run on WebGL. Software rendering takes long for more, or the library promises nothing. */
  readonly mostOnWebGL: number;
  readonly aim: number;
  readonly run: (terms: number, draw: Kind['draw']) => Run;
}

const scaled = ({ value, magnitude }: ExactSum, by: number): ExactSum => ({
  value: value * by,
  magnitude: magnitude * by,
});

const POWERS = [1e5, 1e6, 1e7];

/** The side of a square image with about so many pixels. */
const sideOf = (terms: number): number => Math.floor(Math.sqrt(terms));

const longOps: readonly LongOp[] = [
  {
    name: 'sum',
    kinds,
    terms: [...POWERS, 2 ** 26],
    mostOnWebGL: 1e7,
    aim: PROMISED.reduction,
    run: (terms, draw) => {
      const x = draw(terms, 1);
      return { f: () => ops.sum(tensor(x)), exact: [exactSum(terms, (k) => x[k]!)] };
    },
  },
  {
    name: 'mean of each of 2 columns',
    kinds,
    terms: POWERS,
    mostOnWebGL: 1e6,
    aim: PROMISED.reduction,
    run: (terms, draw) => {
      const x = draw(2 * terms, 2);
      return {
        f: () => ops.mean(tensor(x, [terms, 2]), 0),
        exact: [0, 1].map((column) =>
          scaled(
            exactSum(terms, (k) => x[2 * k + column]!),
            1 / terms,
          ),
        ),
      };
    },
  },
  {
    name: 'moments, mean',
    kinds: farKinds,
    terms: POWERS,
    mostOnWebGL: 1e6,
    aim: PROMISED.reduction,
    run: (terms, draw) => {
      const x = draw(terms, 3);
      return {
        f: () => ops.moments(tensor(x)).mean,
        exact: [
          scaled(
            exactSum(terms, (k) => x[k]!),
            1 / terms,
          ),
        ],
      };
    },
  },
  {
    name: 'moments, variance',
    kinds: farKinds,
    terms: POWERS,
    mostOnWebGL: 1e6,
    aim: PROMISED.reduction,
    run: (terms, draw) => {
      const x = draw(terms, 4);
      const mean = exactSum(terms, (k) => x[k]!).value / terms;
      return {
        f: () => ops.moments(tensor(x)).variance,
        exact: [
          scaled(
            exactSum(terms, (k) => (x[k]! - mean) ** 2),
            1 / terms,
          ),
        ],
      };
    },
  },
  {
    name: 'avgPool of one window',
    kinds,
    terms: POWERS,
    mostOnWebGL: 1e6,
    aim: PROMISED.reduction,
    run: (terms, draw) => {
      const side = sideOf(terms);
      const x = draw(side * side, 5);
      return {
        f: () => ops.avgPool(tensor4d(x, [1, side, side, 1]), side, 1, 'valid'),
        exact: [
          scaled(
            exactSum(side * side, (k) => x[k]!),
            1 / side ** 2,
          ),
        ],
      };
    },
  },
  {
    name: 'dot',
    kinds,
    terms: POWERS,
    mostOnWebGL: 1e7,
    aim: PROMISED.product,
    run: (terms, draw) => {
      const [a, b] = [draw(terms, 6), draw(terms, 7)];
      return {
        f: () => ops.dot(tensor(a), tensor(b)),
        exact: [exactSum(terms, (k) => a[k]! * b[k]!)],
      };
    },
  },
  {
    name: 'matMul, 2 × n · n × 2',
    kinds,
    terms: POWERS,
    mostOnWebGL: 1e6,
    aim: PROMISED.product,
    run: (terms, draw) => {
      const [a, b] = [draw(2 * terms, 8), draw(2 * terms, 9)];
      return {
        f: () => ops.matMul(tensor(a, [2, terms]), tensor(b, [terms, 2])),
        exact: [0, 1, 2, 3].map((i) =>
          exactSum(terms, (k) => a[(i >> 1) * terms + k]! * b[2 * k + (i & 1)]!),
        ),
      };
    },
  },
  {
    name: 'gradient of conv2d by its filter, 1 × 1',
    kinds,
    terms: POWERS,
    mostOnWebGL: 1e6,
    aim: PROMISED.product,
    run: (terms, draw) => {
      const [x, dy] = [draw(terms, 10), draw(terms, 11)];
      const shape: [number, number, number, number] = [1, 100, terms / 100, 1];
      return {
        f: () => {
          const image = tensor4d(x, shape);
          const convolve = (w: Tensor): Tensor => ops.conv2d(image, w, 1, 'same');
          return grad(convolve)(ops.ones([1, 1, 1, 1]), tensor(dy, shape));
        },
        exact: [exactSum(terms, (k) => x[k]! * dy[k]!)],
      };
    },
  },
  {
    name: 'unsortedSegmentSum into one segment',
    kinds,
    terms: POWERS,
    mostOnWebGL: 2 ** 20,
    aim: PROMISED.product,
    run: (terms, draw) => {
      const x = draw(terms, 12);
      return {
        f: () => ops.unsortedSegmentSum(tensor1d(x), tensor1d(new Int32Array(terms)), 1),
        exact: [exactSum(terms, (k) => x[k]!)],
      };
    },
  },
];

/** The names of the measured ops. */
export const longOpNames: readonly string[] = longOps.map(({ name }) => name);

/** The errors of an op for one kind and number of terms, relative to Σ |terms|. */
export interface LongError {
  readonly name: string;
  readonly of: string;
  readonly terms: number;
  readonly aim: number;
  /** The error by backend; null if it was not run. */
  readonly errors: Readonly<Record<string, number | null>>;
}

function worst(found: ArrayLike<number>, exact: readonly ExactSum[]): number {
  if (found.length !== exact.length) return Infinity;
  return exact.reduce((most, { value, magnitude }, i) => {
    const error = Math.abs(found[i]! - value) / magnitude;
    return Number.isNaN(error) ? Infinity : Math.max(most, error);
  }, 0);
}

/** Measures an op with each kind and number of terms on each backend. */
export function longErrors(op: string, backends: readonly string[]): LongError[] {
  const { name, kinds: all, terms, mostOnWebGL, aim, run } = longOps.find((each) => each.name === op)!;
  return all.flatMap(({ of, draw }) =>
    terms.map((count) => {
      const { f, exact } = run(count, draw);
      const errors = backends.map((backend) => {
        if (backend === 'webgl' && count > mostOnWebGL) return [backend, null];
        setBackend(backend);
        return [
          backend,
          worst(
            tidy(() => f().dataSync()),
            exact,
          ),
        ];
      });
      return { name, of, terms: count, aim, errors: Object.fromEntries(errors) as LongError['errors'] };
    }),
  );
}
