import * as dl from 'rxtensor/tensor';
import { binaryFunctions, type BinaryName } from '../../kernels';
import { expectClose, expectExact, type Tolerance } from '../../../test/support/close';
import { at, build, reference, sample, toTensor } from '../../../test/support/reference';
import { broadcastShape } from '../shape';

/** Python's %: the remainder takes the sign of the divisor. */
function modulo(a: number, b: number): number {
  if (b === 0 || !Number.isFinite(a)) return NaN;
  if (!Number.isFinite(b)) return Number.isNaN(b) ? NaN : a === 0 || a < 0 === b < 0 ? a : b;
  return a - b * Math.floor(a / b);
}

/** IEEE 754's pow: unlike JavaScript's, 1 for a base of 1 and for −1 to an infinite power. */
const power = (a: number, b: number): number =>
  a === 1 || b === 0 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;

/** What each function is, in float64. */
const functions: Record<BinaryName, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  divNoNan: (a, b) => (b === 0 ? 0 : a / b),
  floorDiv: (a, b) => Math.floor(a / b),
  mod: modulo,
  pow: power,
  maximum: Math.max,
  minimum: Math.min,
  squaredDifference: (a, b) => (a - b) ** 2,
  atan2: Math.atan2,
  prelu: (a, b) => (a < 0 ? a * b : a),
  bitwiseAnd: (a, b) => a & b,
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  logicalAnd: (a, b) => Number(a !== 0 && b !== 0),
  logicalOr: (a, b) => Number(a !== 0 || b !== 0),
  logicalXor: (a, b) => Number((a !== 0) !== (b !== 0)),
};

type Binary = (a: dl.TensorInput, b: dl.TensorInput) => dl.Tensor;
const ops = dl as unknown as Record<BinaryName, Binary>;
const names = Object.keys(binaryFunctions) as BinaryName[];
const isPredicate = (name: BinaryName): boolean => binaryFunctions[name].result === 'bool';
const tolerance: Tolerance = { cpu: 2e-6, webgl: 1e-4 };

const numbers = [-Infinity, -3, -2.5, -1, -0.5, 0, 0.5, 1, 2, 3, 100, Infinity];
const integers = [-7, -3, -1, 0, 1, 2, 5];

describe('binary ops', () => {
  for (const name of names.filter((each) => each !== 'bitwiseAnd')) {
    it(`${name} gives what it should for every pair of float32 numbers, NaN too`, () => {
      dl.tidy(() => {
        const values = name.startsWith('logical') ? numbers : [...numbers, NaN];
        const y = ops[name](dl.tensor2d(values, [values.length, 1]), dl.tensor1d(values));
        expect(y.dtype).toBe(isPredicate(name) ? 'bool' : 'float32');
        const found = y.dataSync();
        values.forEach((a, i) =>
          values.forEach((b, j) => {
            const wanted = Math.fround(functions[name](a, b));
            expectClose([found[i * values.length + j]!], [wanted], tolerance, `${name}(${a}, ${b})`);
          }),
        );
      });
    });
  }

  for (const name of names) {
    it(`${name} of int32 stays int32 where it can`, () => {
      dl.tidy(() => {
        const y = ops[name](
          dl.tensor2d(integers, [integers.length, 1], 'int32'),
          dl.tensor1d(integers, 'int32'),
        );
        const isInt = binaryFunctions[name].int !== undefined || name === 'div' || name === 'divNoNan';
        expect(y.dtype).toBe(isPredicate(name) ? 'bool' : isInt ? 'int32' : 'float32');
        const found = y.dataSync();
        // A division by zero is 0, a negative power is truncated.
        const exact = (a: number, b: number): number => {
          if (['div', 'divNoNan', 'floorDiv'].includes(name)) return b === 0 ? 0 : Math.floor(a / b);
          if (name === 'mod') return b === 0 ? 0 : modulo(a, b);
          if (name === 'pow') return b < 0 && a === 0 ? 0 : Math.trunc(a ** b);
          return functions[name](a, b);
        };
        integers.forEach((a, i) =>
          integers.forEach((b, j) => {
            expectClose(
              [found[i * integers.length + j]!],
              [exact(a, b)],
              isInt || isPredicate(name) ? 0 : tolerance,
              `${name}(${a}, ${b})`,
            );
          }),
        );
      });
    });
  }

  it('promote: float32 over int32 over bool; bool is counted', () => {
    dl.tidy(() => {
      const values = {
        float32: dl.tensor1d([1.5]),
        int32: dl.tensor1d([2], 'int32'),
        bool: dl.tensor1d([true]),
      };
      const wanted = { float32: 1.5, int32: 2, bool: 1 };
      const width = ['bool', 'int32', 'float32'] as const;
      for (const a of width) {
        for (const b of width) {
          const y = dl.add(values[a], values[b]);
          const wider = width[Math.max(width.indexOf(a), width.indexOf(b))]!;
          expect(y.dtype).toBe(wider === 'bool' ? 'int32' : wider);
          expectExact(y, [wanted[a] + wanted[b]]);
          expect(dl.less(values[a], values[b]).dtype).toBe('bool');
          expectExact(dl.less(values[a], values[b]), [Number(wanted[a] < wanted[b])]);
        }
      }
    });
  });

  it('take plain numbers as float32, beside int32 too', () => {
    dl.tidy(() => {
      const pixels = dl.tensor1d([51, 255], 'int32');
      expect(pixels.add(1).dtype).toBe('float32');
      expectClose(pixels.div(255), [0.2, 1], 1e-6);
      expectExact(dl.sub(1, pixels), [-50, -254]);
      expect(dl.add(1, 2).dtype).toBe('float32');
      expect(pixels.add(dl.scalar(1, 'int32')).dtype).toBe('int32');
    });
  });

  it('divide bool by int32 as integers, and bool by bool as fractions', () => {
    dl.tidy(() => {
      for (const f of [dl.div, dl.divNoNan]) {
        const ofIntegers = f(dl.tensor1d([true, true]), dl.tensor1d([1, 2], 'int32'));
        expect(ofIntegers.dtype).toBe('int32');
        expectExact(ofIntegers, [1, 0]);
        expect(f(dl.tensor1d([true]), dl.tensor1d([true])).dtype).toBe('float32');
      }
    });
  });

  it('broadcast shapes of rank 0 to 6, empty ones too', () => {
    const pairs: [number[], number[]][] = [
      [[], []],
      [[], [3]],
      [[3], []],
      [[1], [4]],
      [[5], [5]],
      [[2, 3], [3]],
      [
        [2, 3],
        [2, 1],
      ],
      [
        [2, 1],
        [1, 3],
      ],
      [
        [3, 1, 2],
        [4, 1],
      ],
      [
        [2, 3, 4],
        [2, 3, 4],
      ],
      [
        [1, 2, 3, 1],
        [2, 1, 1, 4],
      ],
      [
        [2, 1, 2, 1, 3],
        [2, 1, 3, 1],
      ],
      [
        [2, 1, 2, 1, 2, 1],
        [1, 3, 1, 2, 1, 2],
      ],
      [[1, 2, 1, 2, 1, 2], [2]],
      [[0], [1]],
      [[2, 0], [0]],
      [
        [0, 3],
        [1, 3],
      ],
      [[64, 17], [17]],
      [
        [33, 4],
        [33, 1],
      ],
    ];
    dl.tidy(() => {
      for (const [shapeA, shapeB] of pairs) {
        const a = sample(shapeA, 1);
        const b = sample(shapeB, 2);
        const shape = broadcastShape('spec', shapeA, shapeB);
        const wanted = build(shape, (index) => at(a, index) - at(b, index));
        expectExact(dl.sub(toTensor(a), toTensor(b)), wanted, `[${shapeA}] − [${shapeB}]`);
      }
    });
  });

  it('are exact for int32 beyond the range of float32, and wrap', () => {
    dl.tidy(() => {
      const big = dl.tensor1d([16777217, 2147483647], 'int32');
      expectExact(big.add(dl.scalar(2, 'int32')), [16777219, -2147483647]);
      expectExact(big.sub(dl.scalar(1, 'int32')), [16777216, 2147483646]);
      expectExact(big.mul(dl.scalar(3, 'int32')), [50331651, 2147483645]);
      expectExact(big.equal(dl.scalar(16777216, 'int32')), [0, 0]);
      expectExact(big.maximum(dl.scalar(16777218, 'int32')), [16777218, 2147483647]);
      expectExact(dl.pow(dl.tensor1d([3], 'int32'), dl.tensor1d([19], 'int32')), [1162261467]);
    });
  });

  it('x / x is 1', () => {
    dl.tidy(() => {
      const x = sample([200], 5, 0.1, 50);
      expectExact(
        toTensor(x).div(toTensor(x)),
        build([200], () => 1),
      );
    });
  });

  it('prelu takes the slope at 0, as leakyRelu does', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([-1, 0, -0, 2]);
      const slope = dl.grad((each: dl.Tensor) => dl.prelu(each, 0.25))(x);
      expect([...slope.dataSync()]).toEqual([0.25, 0.25, 0.25, 1]);
      expect([
        ...dl
          .grad((each: dl.Tensor) => dl.leakyRelu(each, 0.25))(x)
          .dataSync(),
      ]).toEqual([...slope.dataSync()]);
    });
  });

  it('bitwiseAnd wants int32', () => {
    dl.tidy(() => {
      expectExact(dl.bitwiseAnd(dl.tensor1d([12, -1], 'int32'), dl.tensor1d([10, 255], 'int32')), [8, 255]);
      expect(() => dl.bitwiseAnd(dl.tensor1d([1.5]), dl.tensor1d([1], 'int32'))).toThrowError(
        /bitwiseAnd: argument 'a' is float32; wanted int32/,
      );
    });
  });

  it('name op and shapes where those cannot be broadcast', () => {
    dl.tidy(() => {
      const a = dl.ones([2, 3]);
      const b = dl.ones([2]);
      for (const name of names) {
        const [x, y] = name === 'bitwiseAnd' ? [a.toInt(), b.toInt()] : [a, b];
        const op = name === 'bitwiseAnd' ? 'bitwiseAnd' : name;
        expect(() => ops[name](x, y)).toThrowError(
          new RegExp(
            `^${op}: arguments 'a' and 'b' have shapes \\[2,3\\] and \\[2\\], which cannot be broadcast together`,
          ),
        );
      }
    });
  });

  it('name op and argument where that is no tensor', () => {
    for (const name of names) {
      expect(() => ops[name](1, {} as never)).toThrowError(
        new RegExp(`^${name}: argument 'b' is an object; wanted a tensor`),
      );
      expect(() => ops[name](undefined as never, 1)).toThrowError(
        new RegExp(`^${name}: argument 'a' is undefined; wanted a tensor`),
      );
    }
  });
});

describe('strict forms', () => {
  const strict = names.filter((name) => `${name}Strict` in dl);

  it('are there for those of the introduced library', () => {
    expect(strict.length).toBe(15);
  });

  it('give what the others give, for one shape only', () => {
    dl.tidy(() => {
      const a = reference([1, 5, -3]);
      const b = reference([2, 2, -3]);
      const all = dl as unknown as Record<string, Binary>;
      for (const name of strict) {
        const wanted = build([3], (index) => Math.fround(functions[name](at(a, index), at(b, index))));
        expectClose(all[`${name}Strict`]!(toTensor(a), toTensor(b)), wanted, tolerance, name);
        expect(() => all[`${name}Strict`]!(toTensor(a), 1)).toThrowError(
          `${name}Strict: arguments 'a' and 'b' have shapes [3] and []; wanted the same shape`,
        );
      }
    });
  });
});
