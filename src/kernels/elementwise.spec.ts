import * as dl from 'rxtensor/tensor';
import * as ops from '../tensor/ops';
import { getBackend } from '../tensor';
import { numbers } from '../../test/support/reference';
import { binaryFunctions, type BinaryName } from './binary-functions';
import { unaryFunctions, type UnaryName } from './unary-functions';

const COUNT = 20_000;
const SMALLEST_NORMAL = 2 ** -126;
const LARGEST = 3.4028234663852886e38;

/** Random float32 numbers, with all magnitudes equally likely. */
function anyFloats(seed: number): Float32Array {
  const next = numbers(seed);
  const bits = Uint32Array.from({ length: COUNT }, () => Math.floor(next() * 4294967296));
  return new Float32Array(bits.buffer);
}

/** GLSL may take denormals for 0. */
const flushed = (x: number): number => (Math.abs(x) < SMALLEST_NORMAL ? 0 * x : x);

/** Functions with zeros other than 0, near which the absolute error counts. */
const zeros: readonly string[] = ['sin', 'cos', 'tan', 'log', 'acos', 'acosh'];
/** Wider tolerances: tan near its poles multiplies the error of its argument, and floorDiv jumps. */
const steep: Readonly<Record<string, number>> = { tan: 1e-2, floorDiv: 1 };
const parameters: Readonly<Record<string, readonly number[]>> = {
  leakyRelu: [0.25],
  step: [0.25],
  clipByValue: [-1.5, 2.5],
};

function isNear(name: string, found: number, wanted: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(found);
  const tolerance = steep[name] ?? (getBackend() === 'webgl' ? 2e-5 : 1e-6);
  const difference = Math.abs(found - wanted);
  if (found === wanted || difference <= tolerance * Math.abs(wanted)) return true;
  if (zeros.includes(name) && difference <= tolerance) return true;
  // At the ends of float32's range a small error decides between a number, 0 and infinity.
  if (Math.abs(wanted) < SMALLEST_NORMAL * (1 + tolerance))
    return Math.abs(found) < SMALLEST_NORMAL * (1 + tolerance);
  return (
    Math.abs(wanted) > LARGEST * (1 - tolerance) &&
    Math.abs(found) > LARGEST * (1 - tolerance) &&
    found * wanted > 0
  );
}

type Elementwise = (...inputs: unknown[]) => dl.Tensor;

function expectRight(name: string, js: (...x: number[]) => number, inputs: readonly Float32Array[]): void {
  const given = parameters[name] ?? [];
  const op = (ops as unknown as Record<string, Elementwise>)[name]!;
  const found = dl.tidy(() => op(...inputs.map((x) => dl.tensor1d(x)), ...given).dataSync());
  const wrong: string[] = [];
  found.forEach((value, i) => {
    const x = inputs.map((input) => input[i]!);
    const isRight = [x, x.map(flushed)].some((at) => isNear(name, value, js(...at, ...given)));
    if (!isRight) wrong.push(`${name}(${x.join(', ')}) is ${value}; wanted ${js(...x, ...given)}`);
  });
  expect(wrong.slice(0, 5)).toEqual([]);
}

describe('elementwise functions over the whole of float32', () => {
  const x = anyFloats(3);
  x.set([222031363, 3.4028235e38, -3.4028235e38, 8192, 8193, -8193, 1e5, 1e6, -1e6, 16367173 * 2 ** 72]);
  const y = anyFloats(4);

  for (const name of Object.keys(unaryFunctions) as UnaryName[]) {
    it(`are right: ${name}`, () => {
      const { js } = unaryFunctions[name];
      expectRight(name, (value, p = 0, q = 0) => js(value, p, q), [x]);
    });
  }

  for (const name of Object.keys(binaryFunctions) as BinaryName[]) {
    if (name === 'bitwiseAnd') continue;
    it(`are right: ${name}`, () => expectRight(name, (a, b) => binaryFunctions[name].js(a, b), [x, y]));
  }

  it('are right in a power beside 1, and in the cosine of 222031363', () => {
    const near = x.map((_, i) => 1 + ((i % 200) - 100) * 1e-4);
    const powers = x.map((_, i) => ((i % 97) - 48) * 100);
    expectRight('pow', (a, b) => binaryFunctions.pow.js(a, b), [near, powers]);
    expect(dl.tidy(() => dl.cos(222031363).dataSync()[0])).toBeCloseTo(Math.cos(Math.fround(222031363)), 6);
  });
});
