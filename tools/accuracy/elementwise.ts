/** Measures the error of the elementwise functions on the backend in use. */
import { binaryFunctions, unaryFunctions, type BinaryName, type UnaryName } from '../../src/kernels';
import { tensor1d, tidy, type Tensor } from '../../src/tensor';
import * as ops from '../../src/tensor/ops';
import { errorInUlps, flushed, relativeError, type Worst } from './error';
import { binaryPoints, unaryPoints } from './points';

const COUNT = 60_000;

/**
 * erf by Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n + 1)), times 2e^(−x²)/√π (DLMF 7.6.2): no term cancels another. The library uses other
 * formulas.
 */
function erf(x: number): number {
  if (Math.abs(x) > 6 || x === 0) return Number.isNaN(x) ? NaN : Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** The names of the exported functions. */
type Name = UnaryName | BinaryName | 'logSigmoid';

/** References that are accurate to float64. Where one is missing, the row of the table is used, which computes in float64. */
const references: Partial<Record<Name, (...x: number[]) => number>> = {
  erf,
  logSigmoid: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
};

/** The arguments for which WebGL's errors are stated. On the CPU they are stated for all. */
const bounds: Partial<Record<Name, { readonly text: string; readonly holds: (...x: number[]) => boolean }>> =
  {
    pow: {
      text: '\\|b·log₂ a\\| ≤ 16',
      holds: (a, b) => !(Math.abs(b * Math.log2(Math.abs(a))) > 16) || !Number.isFinite(b),
    },
  };

/** Functions with zeros other than 0, near which the absolute error counts on WebGL. */
const zeros: readonly Name[] = ['sin', 'cos', 'tan', 'log', 'acos', 'acosh'];

/** Functions that jump between whole numbers. If the quotient is whole within its rounding, both neighbours count as right. */
const jumps: readonly Name[] = ['floorDiv'];

export interface ElementwiseError {
  readonly name: string;
  /** The largest error in units in the last place. */
  readonly ulps: Worst;
  /** The largest relative error for arguments within the bounds, where denormals may be taken for 0. */
  readonly relative: Worst;
  readonly bounds: string;
}

type Elementwise = (...inputs: (Tensor | number)[]) => Tensor;

function worst(
  inputs: readonly Float32Array[],
  found: ArrayLike<number>,
  error: (i: number) => [number, number],
): Worst {
  let most: Worst = { error: 0, at: [], found: 0, wanted: 0 };
  for (let i = 0; i < found.length; i++) {
    const [size, wanted] = error(i);
    if (size > most.error) most = { error: size, at: inputs.map((x) => x[i]!), found: found[i]!, wanted };
  }
  return most;
}

function measure(
  name: Name,
  exact: (...x: number[]) => number,
  inputs: readonly Float32Array[],
): ElementwiseError {
  const op = (ops as unknown as Record<string, Elementwise>)[name]!;
  const found = tidy(() => op(...inputs.map((x) => tensor1d(x)), ...(parameters[name] ?? [])).dataSync());
  const bound = bounds[name];
  const nearJump = (i: number, wanted: number): boolean =>
    jumps.includes(name) && Math.abs(found[i]! - wanted) <= 1 && Math.abs(wanted) < 2 ** 24;
  const atPlace = (i: number): number[] => inputs.map((x) => x[i]!);
  return {
    name,
    ulps: worst(inputs, found, (i) => {
      const wanted = exact(...atPlace(i));
      return [nearJump(i, wanted) ? 0 : errorInUlps(found[i]!, wanted), wanted];
    }),
    relative: worst(inputs, found, (i) => {
      const x = atPlace(i);
      const wanted = exact(...x);
      if ((bound && !bound.holds(...x)) || nearJump(i, wanted)) return [0, wanted];
      const readings = [wanted, exact(...x.map(flushed))];
      const relative = Math.min(...readings.map((each) => relativeError(found[i]!, each)));
      return [zeros.includes(name) ? Math.min(relative, Math.abs(found[i]! - wanted)) : relative, wanted];
    }),
    bounds: bound?.text ?? '',
  };
}

/** The parameters of the functions that have any, exact in float32. */
const parameters: Readonly<Record<string, readonly number[]>> = {
  leakyRelu: [0.25],
  step: [0.25],
  clipByValue: [-1.5, 2.5],
};

/** Measures every function of the tables with float32 results. */
export function elementwiseErrors(): ElementwiseError[] {
  const x = unaryPoints(COUNT);
  const [a, b] = binaryPoints(COUNT);
  const unary = (Object.keys(unaryFunctions) as UnaryName[])
    .filter((name) => unaryFunctions[name].result !== 'bool')
    .map((name) => {
      const [p = 0, q = 0] = parameters[name] ?? [];
      const { js } = unaryFunctions[name];
      return measure(name, references[name] ?? ((value) => js(value, p, q)), [x]);
    });
  const binary = (Object.keys(binaryFunctions) as BinaryName[])
    .filter((name) => binaryFunctions[name].result !== 'bool' && name !== 'bitwiseAnd')
    .map((name) => measure(name, (left, right) => binaryFunctions[name].js(left, right), [a, b]));
  return [...unary, measure('logSigmoid', references.logSigmoid!, [x]), ...binary];
}
