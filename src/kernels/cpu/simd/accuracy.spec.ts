import { erf } from '../../erf';
import { loadSimdModule, type SimdModule } from './load';

/*
 * The error of the compiled functions in units in the last place, against JavaScript's float64, over all magnitudes:
 * half of the arguments are random bit patterns, the others lie where the function is not constant.
 */

const COUNT = 40_000;
const X = 65536;
const Y = X + COUNT * 4;

const references = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  erf,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  softplus: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  elu: (x: number) => (x < 0 ? Math.expm1(x) : x),
  sqrt: Math.sqrt,
  rsqrt: (x: number) => 1 / Math.sqrt(x),
  reciprocal: (x: number) => 1 / x,
};
type FunctionName = keyof typeof references;

/** The distance between float32 numbers at |x|; below the normal range that of denormals. */
function unitInLastPlace(x: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x) || 2 ** -149)), -126);
  return 2 ** (exponent - 23);
}

function argumentsOf(): Float32Array {
  let state = 12345;
  const next = (): number => (state = (state * 48271) % 2147483647);
  const bits = new Uint32Array(COUNT);
  const x = new Float32Array(bits.buffer);
  for (let i = 0; i < COUNT; i++) {
    if (i % 2) bits[i] = (next() * 2 + (next() & 1)) >>> 0;
    else x[i] = ((next() / 2147483647) * 2 - 1) * [1.2, 10, 110, 1e6][(i >> 1) % 4]!;
  }
  x.set([
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    1,
    -1,
    1e-45,
    -1e-45,
    1.1754944e-38,
    3.4e38,
    88.72,
    -87.34,
    -103.9,
  ]);
  return x;
}

describe('the compiled functions', () => {
  const x = argumentsOf();

  for (const level of ['simd', 'relaxed'] as const) {
    const memory = new WebAssembly.Memory({ initial: 8 });
    const module: SimdModule | null = loadSimdModule(memory, level);
    if (!module) continue;

    for (const name of Object.keys(references) as FunctionName[]) {
      it(`give ${name} within 4 units in the last place (${level})`, () => {
        new Float32Array(memory.buffer, X, COUNT).set(x);
        module.exports[`unary_${name}`](X, Y, COUNT, 0, 0);
        const y = new Float32Array(memory.buffer, Y, COUNT);
        let worst = 0;
        let at = 0;
        for (let i = 0; i < COUNT; i++) {
          const wanted = references[name](x[i]!);
          const rounded = Math.fround(wanted);
          if (Object.is(rounded, y[i]!) || (rounded === 0 && y[i] === 0)) continue;
          const error = Math.abs(y[i]! - wanted) / unitInLastPlace(wanted);
          if (!(error <= worst)) [worst, at] = [error, i];
        }
        expect(worst).withContext(`at ${x[at]!}: ${y[at]!}`).toBeLessThan(4);
      });
    }
  }
});
