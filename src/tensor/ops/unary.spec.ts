import * as dl from 'rxtensor/tensor';
import { unaryFunctions, type UnaryName } from '../../kernels';
import { expectClose, expectExact, type Tolerance } from '../../../test/support/close';
import { build, sample, toTensor } from '../../../test/support/reference';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** 2/√π ∫₀ˣ e^−t² dt by Simpson's rule. */
function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const end = Math.min(Math.abs(x), 7);
  const n = 2000;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    sum += Math.exp(-(((end * i) / n) ** 2)) * (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2);
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * (end / n / 3) * sum;
}

const halfEven = (x: number): number =>
  x % 1 === 0.5 || x % 1 === -0.5 ? 2 * Math.round(x / 2) : Math.round(x);
const sigmoid = (x: number): number => (x < -700 ? 0 : 1 / (1 + Math.exp(-x)));
const orNaN = (x: number, y: number): number => (Number.isNaN(x) ? NaN : y);

/** What each function is, in float64. */
const functions: Record<UnaryName, (x: number) => number> = {
  abs: Math.abs,
  neg: (x) => -x,
  sign: Math.sign,
  ceil: Math.ceil,
  floor: Math.floor,
  round: halfEven,
  reciprocal: (x) => 1 / x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  erf,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => (x < 0 ? Math.exp(x) - 1 : x),
  selu: (x) => SELU_SCALE * (x < 0 ? SELU_ALPHA * (Math.exp(x) - 1) : x),
  leakyRelu: (x) => (x < 0 ? 0.2 * x : x),
  sigmoid,
  softplus: (x) => (x > 30 ? x : Math.log(1 + Math.exp(x))),
  step: (x) => orNaN(x, x > 0 ? 1 : 0),
  clipByValue: (x) => Math.min(1.5, Math.max(-1, x)),
  isNaN: (x) => Number(Number.isNaN(x)),
  isInf: (x) => Number(Math.abs(x) === Infinity),
  isFinite: (x) => Number(Number.isFinite(x)),
  logicalNot: (x) => Number(x === 0),
};

type Unary = (x: dl.TensorInput) => dl.Tensor;
const ops: Record<UnaryName, Unary> = {
  ...(dl as unknown as Record<UnaryName, Unary>),
  clipByValue: (x) => dl.clipByValue(x, -1, 1.5),
};

const names = Object.keys(unaryFunctions) as UnaryName[];
const tolerance: Tolerance = { cpu: 2e-6, webgl: 1e-4 };

// prettier-ignore
const points = [
  -Infinity, -100, -10, -3.5, -2.5, -2, -1.5, -1, -0.75, -0.5, -0.25, -0.1, -1e-3, -1e-6,
  0, 1e-6, 1e-3, 0.05, 0.1, 0.25, 0.3, 0.5, 0.6, 0.75, 1, 1.001, 1.5, 2, 2.5, 3.5, 5, 6, 7, 10, 100, Infinity, NaN,
].map(Math.fround);

describe('unary ops', () => {
  for (const name of names) {
    it(`${name} gives what it should for float32, special values too`, () => {
      dl.tidy(() => {
        const y = ops[name](dl.tensor1d(points));
        expect(y.dtype).toBe(unaryFunctions[name].result ?? 'float32');
        const wanted = points.map((x) => Math.fround(functions[name](x)));
        points.forEach((x, i) => expectClose([y.dataSync()[i]!], [wanted[i]!], tolerance, `${name}(${x})`));
      });
    });

    it(`${name} keeps int32 exact where it can, and is float32 elsewhere`, () => {
      dl.tidy(() => {
        const values = [-3, -1, 0, 1, 2, 5];
        const y = ops[name](dl.tensor1d(values, 'int32'));
        const isInt = unaryFunctions[name].int !== undefined;
        expect(y.dtype).toBe(unaryFunctions[name].result ?? (isInt ? 'int32' : 'float32'));
        const f = (x: number): number => (isInt ? Math.trunc(functions[name](x)) : functions[name](x));
        // The bounds of clipByValue are truncated to integers.
        expectClose(
          y,
          values.map(name === 'clipByValue' ? (x) => Math.min(1, Math.max(-1, x)) : f),
          tolerance,
        );
      });
    });

    it(`${name} reads bool as 0 and 1`, () => {
      dl.tidy(() => {
        const y = ops[name](dl.tensor1d([true, false]));
        const isInt = unaryFunctions[name].int !== undefined;
        expect(y.dtype).toBe(unaryFunctions[name].result ?? (isInt ? 'int32' : 'float32'));
        const f = (x: number): number => (isInt ? Math.trunc(functions[name](x)) : functions[name](x));
        expectClose(y, [f(1), f(0)], tolerance);
      });
    });
  }

  it('work on every rank and on nothing', () => {
    dl.tidy(() => {
      for (const shape of [
        [],
        [1],
        [5],
        [2, 3],
        [2, 1, 3],
        [1, 2, 1, 3],
        [2, 1, 1, 2, 1],
        [1, 2, 1, 2, 1, 3],
        [0],
        [2, 0],
      ]) {
        const x = sample(shape);
        expectExact(
          dl.neg(toTensor(x)),
          build(shape, () => 0).values.length === 0
            ? { shape, values: [] }
            : { shape, values: x.values.map((v) => -v) },
        );
      }
    });
  });

  it('take plain values and leave nothing behind', () => {
    const before = dl.memory().numTensors;
    const y = dl.square([
      [1, 2],
      [3, 4],
    ]);
    expect(dl.memory().numTensors).toBe(before + 1);
    expectExact(y, [
      [1, 4],
      [9, 16],
    ]);
    y.dispose();
    const z = dl.neg(new Int32Array([5]));
    expect(z.dataSync()).toEqual(new Int32Array([-5]));
    z.dispose();
  });

  it('are exact for int32 beyond the range of float32', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([16777217, -16777217, 2147483647], 'int32');
      expectExact(x.neg(), [-16777217, 16777217, -2147483647]);
      expectExact(x.abs(), [16777217, 16777217, 2147483647]);
      expectExact(x.relu(), [16777217, 0, 2147483647]);
      expectExact(dl.square(dl.tensor1d([46341, 65536], 'int32')), [-2147479015, 0]);
    });
  });

  it('refuse what is no tensor, naming the op', () => {
    for (const name of names) {
      expect(() => ops[name]('a' as never)).toThrowError(
        `${name}: argument 'x' is a string; wanted a tensor, a number, or nested arrays`,
      );
    }
  });
});

describe('unary ops with parameters', () => {
  it('leakyRelu and step take alpha', () => {
    dl.tidy(() => {
      expectClose(dl.leakyRelu([-2, 3], 0.5), [-1, 3]);
      expectClose(dl.tensor1d([-2, 3]).leakyRelu(), [-0.4, 3]);
      expectClose(dl.step([-2, 0, 3], -1), [-1, -1, 1]);
    });
  });

  it('clipByValue refuses min > max', () => {
    expect(() => dl.clipByValue([1], 2, 1)).toThrowError(
      /clipByValue: arguments .* are 2 and 1; wanted min ≤ max/,
    );
    expect(() => dl.clipByValue([1], NaN, 1)).toThrowError(/wanted min ≤ max/);
    dl.tidy(() => expectExact(dl.clipByValue([-Infinity, 0.5, Infinity, NaN], -1, 1), [-1, 0.5, 1, NaN]));
  });

  it('clipByValue keeps NaN where both bounds are one number', () => {
    dl.tidy(() => expectExact(dl.clipByValue([NaN, -1, 1], 0, 0), [NaN, 0, 0]));
  });

  it('logSigmoid does not overflow', () => {
    dl.tidy(() =>
      expectClose(dl.logSigmoid([-200, -1, 0, 1, 200]), [
        -200,
        -1.3132616875182228,
        -Math.LN2,
        -0.31326168751822286,
        0,
      ]),
    );
  });
});
