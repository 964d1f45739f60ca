import type { LinearMemory } from '../memory';
import type { FillingKernel } from '../../../../test/four-ways/case';
import { compareWays } from '../../../../test/four-ways/comparison';
import { rows } from '../../../../test/four-ways/rows';
import { backendOf } from '../../../../test/four-ways/ways';
import type { Operand, OperandType } from '../../../../test/support/run-kernel';
import type { WindowGeometry } from '../../convolution';
import type { DataType } from '../../dtype';
import { binaryFunctions, type BinaryName } from '../../binary-functions';
import { unaryFunctions, type UnaryName } from '../../unary-functions';
import type { Activation } from '../../activation';
import { activationGradients, type ActivationGradientName } from '../../activation-gradients';
import type { KernelAttributes } from '../../kernel-table';
import { sizeOf } from '../../strides';
import { updateRules, type UpdateName } from '../../optimizer-updates';
import { reductions, type ReductionName } from '../../reductions';

/*
 * The compiled kernels against the plain ones, which other specs hold against definitions: random shapes, chosen so
 * that every remainder of four and eight, every stride and padding, and the smallest sizes come up.
 */

/** Park & Miller's minimal standard generator: the same cases every time. */
let state = 1;
function uniform(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

function integer(low: number, high: number): number {
  return low + Math.floor(uniform() * (high - low + 1));
}

function pick<T>(choices: readonly T[]): T {
  return choices[integer(0, choices.length - 1)]!;
}

function floats(shape: readonly number[], scale = 1): Operand {
  return {
    shape,
    dtype: 'float32',
    values: Array.from({ length: sizeOf(shape) }, () => Math.fround((uniform() * 2 - 1) * scale)),
  };
}

function integers(shape: readonly number[], low = -9, high = 9, dtype: DataType = 'int32'): Operand {
  return { shape, dtype, values: Array.from({ length: sizeOf(shape) }, () => integer(low, high)) };
}

function random(shape: readonly number[], dtype: DataType): Operand {
  if (dtype === 'float32') return floats(shape, 4);
  return dtype === 'bool' ? integers(shape, 0, 1, 'bool') : integers(shape);
}

const tiling = {
  ...{ filterHeight: 2, filterWidth: 2, strideHeight: 2, strideWidth: 2 },
  ...{ dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0 },
};

const float = (shape: readonly number[]): OperandType => ({ shape, dtype: 'float32' });

const levels = ['simd', 'relaxed'] as const;

/** Bytes of linear memory in use. */
const usedBytes = (): number[] =>
  levels.map((level) => {
    const backend = backendOf(level) as { readonly linear?: LinearMemory } | null | undefined;
    return backend?.linear?.usedBytes ?? 0;
  });

/** Expects of every level that this engine has what the plain kernels give, up to what their arithmetic allows. */
function compare<K extends FillingKernel>(
  kernel: K,
  inputs: readonly Operand[],
  outputs: readonly OperandType[],
  attributes: KernelAttributes[K],
): void {
  const before = usedBytes();
  compareWays(kernel, rows[kernel], { inputs, outputs, attributes }, levels);
  // Operands and scratch are free again.
  expect(usedBytes()).toEqual(before);
}

function randomGeometry(depthwise: boolean, multiplier = 1): WindowGeometry {
  for (;;) {
    const g = {
      batch: integer(1, 3),
      inHeight: integer(1, 12),
      inWidth: integer(1, 12),
      inChannels: pick([1, 2, 3, 4, 5, 8, 11]),
      filterHeight: integer(1, 4),
      filterWidth: integer(1, 4),
      strideHeight: integer(1, 3),
      strideWidth: integer(1, 3),
      dilationHeight: integer(1, 2),
      dilationWidth: integer(1, 2),
      padTop: integer(0, 3),
      padLeft: integer(0, 3),
    };
    const out = (size: number, pads: number, filter: number, stride: number, dilation: number): number =>
      Math.floor((size + pads - (filter - 1) * dilation - 1) / stride) + 1;
    const outHeight = out(
      g.inHeight,
      g.padTop + integer(0, 2),
      g.filterHeight,
      g.strideHeight,
      g.dilationHeight,
    );
    const outWidth = out(g.inWidth, g.padLeft + integer(0, 2), g.filterWidth, g.strideWidth, g.dilationWidth);
    const outChannels = depthwise ? g.inChannels * multiplier : integer(1, 20);
    if (outHeight > 0 && outWidth > 0) return { ...g, outHeight, outWidth, outChannels };
  }
}

const inputShape = (g: WindowGeometry): number[] => [g.batch, g.inHeight, g.inWidth, g.inChannels];
const outputShape = (g: WindowGeometry): number[] => [g.batch, g.outHeight, g.outWidth, g.outChannels];

function times(count: number, body: (round: number) => void): void {
  for (let round = 0; round < count; round++) body(round);
}

const activations: readonly Activation[] = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyRelu'];

describe('the compiled kernels', () => {
  beforeEach(() => {
    state = 1;
  });

  it('are there where the engine has SIMD', () => {
    expect(backendOf('simd')).not.toBeNull();
  });

  it('multiply matrices of any size, transposed or not, batched, with bias and activation', () => {
    const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 31, 130, 260];
    times(200, (round) => {
      const [m, n, k] = [pick(sizes), pick(sizes), round % 40 === 0 ? 600 : pick(sizes)];
      const [transposeA, transposeB] = [integer(0, 1) === 1, integer(0, 1) === 1];
      const batch = integer(1, 3);
      const a = floats([integer(0, 1) ? batch : 1, ...(transposeA ? [k, m] : [m, k])]);
      const b = floats([integer(0, 1) ? batch : 1, ...(transposeB ? [n, k] : [k, n])]);
      const inputs = integer(0, 1) ? [a, b, floats([n])] : [a, b];
      compare('matMul', inputs, [float([batch, m, n])], {
        transposeA,
        transposeB,
        activation: pick(activations),
        alpha: 0.2,
      });
    });
  });

  it('convolve, depthwise too, and give both gradients, for any stride, dilation, padding and multiplier', () => {
    times(200, (round) => {
      const geometry = randomGeometry(round % 3 === 0, pick([1, 1, 2, 3]));
      const g = geometry;
      const filterShape = [g.filterHeight, g.filterWidth, round % 3 === 0 ? 1 : g.inChannels, g.outChannels];
      const [x, filter, dy] = [floats(inputShape(g)), floats(filterShape), floats(outputShape(g))];
      const inputs = integer(0, 1) ? [x, filter, floats([g.outChannels])] : [x, filter];
      compare('conv2d', inputs, [float(outputShape(g))], {
        geometry,
        activation: pick(activations),
        alpha: 0.2,
      });
      compare('conv2dInputGradient', [dy, filter], [float(inputShape(g))], { geometry });
      compare('conv2dFilterGradient', [x, dy], [float(filterShape)], { geometry });
    });
  });

  it('give both gradients of a convolution where most of dy is zero', () => {
    times(60, (round) => {
      const [filterHeight, filterWidth] = [integer(2, 4), integer(2, 4)];
      const [strideHeight, strideWidth] = [integer(1, 2), integer(1, 2)];
      const [padTop, padLeft, dilationHeight] = [integer(0, 2), integer(0, 2), integer(1, 2)];
      const g = {
        batch: integer(1, 3),
        inHeight: integer(7, 9),
        inWidth: integer(5, 9),
        inChannels: integer(16, 19),
        outHeight: integer(1, 4),
        outWidth: integer(1, 4),
        outChannels: integer(1, 9),
        ...{ filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft, dilationHeight },
        dilationWidth: 1,
      };
      const filterShape = [filterHeight, filterWidth, g.inChannels, g.outChannels];
      const [x, filter, all] = [floats(inputShape(g)), floats(filterShape), floats(outputShape(g))];
      const values = all.values.map((value) => (uniform() < 0.2 ? value : 0));
      // what is infinite spreads: the usual kernels see to it
      if (round % 10 === 0) values[values.length >> 1] = Infinity;
      const dy = { ...all, values };
      compare('conv2dInputGradient', [dy, filter], [float(inputShape(g))], { geometry: g });
      compare('conv2dFilterGradient', [x, dy], [float(filterShape)], { geometry: g });
    });
  });

  it('convolve depthwise by 3×3 at stride 1, which has a loop of its own, whatever the border', () => {
    for (const channels of [4, 6, 16, 21]) {
      for (const [inWidth, outWidth, padLeft] of [
        [7, 7, 1],
        [7, 5, 0],
        [2, 4, 2],
        [1, 1, 1],
        [1, 3, 2],
        [9, 7, 0],
        [3, 2, 1],
      ] as const) {
        for (const strideHeight of [1, 2]) {
          const size = { batch: 2, inHeight: 6, inWidth, inChannels: channels, outChannels: channels };
          const taps = { filterHeight: 3, filterWidth: 3, dilationHeight: strideHeight, dilationWidth: 1 };
          const steps = { strideHeight, strideWidth: 1, padTop: 1, padLeft };
          const geometry = { ...size, ...taps, ...steps, outHeight: strideHeight === 1 ? 6 : 2, outWidth };
          const inputs = [floats(inputShape(geometry)), floats([3, 3, 1, channels]), floats([channels])];
          compare('conv2d', inputs, [float(outputShape(geometry))], {
            geometry,
            activation: 'relu',
            alpha: 0,
          });
        }
      }
    }
  });

  it('pool, and give the gradients', () => {
    times(100, () => {
      const geometry = { ...randomGeometry(true) };
      const g = geometry;
      const x = floats(inputShape(g));
      const dy = floats(outputShape(g));
      compare('pool', [x], [float(outputShape(g))], { geometry, mode: 'max' });
      compare('pool', [x], [float(outputShape(g))], { geometry, mode: 'average' });
      compare('maxPoolIndices', [x], [{ shape: outputShape(g), dtype: 'int32' }], { geometry });
      compare('maxPoolGradient', [dy, x], [float(inputShape(g))], { geometry });
      compare('averagePoolGradient', [dy], [float(inputShape(g))], { geometry });
    });
  });

  it('give the gradient of a pool of 2×2 windows that tile the image, which has a loop of its own', () => {
    for (const [inWidth, inChannels] of [
      [8, 4],
      [6, 12],
      [5, 4],
      [8, 6],
    ] as const) {
      const size = { batch: 2, inHeight: 4, inWidth, inChannels, outHeight: 2, outWidth: inWidth >> 1 };
      const geometry = { ...size, outChannels: inChannels, ...tiling };
      const [x, dy] = [floats(inputShape(geometry)), floats(outputShape(geometry))];
      // halves, and so equals; and some that are no numbers
      const values = x.values.map((value, i) => (i % 17 === 0 ? NaN : Math.round(2 * value)));
      compare('maxPoolGradient', [dy, { ...x, values }], [float(inputShape(geometry))], { geometry });
    }
  });

  for (const name of Object.keys(activationGradients) as ActivationGradientName[]) {
    it(`give the gradient of ${name} of any length`, () => {
      for (const length of [1, 3, 4, 9, 64]) {
        const y = floats([length], 8);
        const values = [...y.values];
        values[length >> 1] = [0, 6, NaN][length % 3]!;
        const inputs = [floats([length], 4), { ...y, values }];
        compare('activationGradient', inputs, [float([length])], { name, alpha: 0.3 });
      }
    });
  }

  it('keep NaN in a pool of the greatest', () => {
    const geometry = { ...randomGeometry(true), padTop: 0, padLeft: 0 };
    const x = floats(inputShape(geometry));
    const values = [...x.values];
    values[0] = NaN;
    compare('pool', [{ ...x, values }], [float(outputShape(geometry))], { geometry, mode: 'max' });
    compare('maxPoolIndices', [{ ...x, values }], [{ shape: outputShape(geometry), dtype: 'int32' }], {
      geometry,
    });
  });

  for (const name of Object.keys(unaryFunctions) as UnaryName[]) {
    it(`give ${name} of any length and dtype`, () => {
      const { result, int } = unaryFunctions[name];
      for (const length of [1, 2, 3, 4, 7, 33]) {
        const outputs: OperandType[] = [{ shape: [length], dtype: result ?? 'float32' }];
        compare('unary', [floats([length], 3)], outputs, { name, p: 0.25, q: 0.75 });
        const special = [
          0,
          -0,
          NaN,
          Infinity,
          -Infinity,
          1,
          -1,
          0.5,
          1.5,
          2.5,
          -0.5,
          1e-40,
          3e38,
          -3e38,
          1e-7,
          88.8,
          -104,
        ];
        compare(
          'unary',
          [{ shape: [special.length], dtype: 'float32', values: special }],
          [{ ...outputs[0]!, shape: [special.length] }],
          {
            name,
            p: 0.25,
            q: 0.75,
          },
        );
        if (int)
          compare('unary', [integers([length])], [{ shape: [length], dtype: result ?? 'int32' }], {
            name,
            p: -2,
            q: 3,
          });
      }
    });
  }

  const broadcasts: readonly (readonly [number[], number[], number[]])[] = [
    [[7], [7], [7]],
    [[5, 6], [1], [5, 6]],
    [[1], [5, 6], [5, 6]],
    [[5, 6], [6], [5, 6]],
    [
      [5, 6],
      [5, 1],
      [5, 6],
    ],
    [
      [5, 1],
      [1, 9],
      [5, 9],
    ],
    [
      [2, 1, 3],
      [4, 1],
      [2, 4, 3],
    ],
    [
      [2, 3, 4, 5],
      [3, 1, 5],
      [2, 3, 4, 5],
    ],
    [
      [2, 3, 1, 5],
      [1, 3, 4, 1],
      [2, 3, 4, 5],
    ],
    [[], [], []],
    [[700, 3], [3], [700, 3]],
    [[10], [2, 130, 10], [2, 130, 10]],
  ];
  for (const name of Object.keys(binaryFunctions) as BinaryName[]) {
    it(`give ${name} with any broadcasting and dtype`, () => {
      const { result, int } = binaryFunctions[name];
      for (const [a, b, shape] of broadcasts) {
        compare('binary', [floats(a, 3), floats(b, 3)], [{ shape, dtype: result ?? 'float32' }], { name });
        if (int)
          compare('binary', [integers(a), integers(b)], [{ shape, dtype: result ?? 'int32' }], { name });
      }
      const special = [0, -0, NaN, Infinity, -Infinity, 1, -1, 2, -2, 3, 0.5, -0.5, 1e-40, 3e38];
      const rows: Operand = { shape: [special.length, 1], dtype: 'float32', values: special };
      const columns: Operand = { shape: [special.length], dtype: 'float32', values: special };
      compare(
        'binary',
        [rows, columns],
        [{ shape: [special.length, special.length], dtype: result ?? 'float32' }],
        { name },
      );
    });
  }

  it('select', () => {
    for (const [a, b] of [
      [
        [3, 5],
        [3, 5],
      ],
      [[1], [3, 5]],
      [[3, 5], []],
      [[5], [3, 1]],
    ] as const) {
      const condition = integers([3, 5], 0, 1, 'bool');
      compare('select', [condition, floats(a), floats(b)], [float([3, 5])], {});
    }
  });

  for (const name of Object.keys(reductions) as ReductionName[]) {
    it(`reduce to the ${name}`, () => {
      times(60, () => {
        const [outer, extent, inner] = [
          integer(1, 4),
          pick([1, 2, 5, 8, 17, 130, 1100]),
          pick([1, 1, 2, 4, 7, 18]),
        ];
        const view = { outer, extent, inner, name };
        if (name !== 'all' && name !== 'any') {
          const x = floats([outer, extent, inner], name === 'prod' ? 2 : 1);
          compare('reduce', [x], [float([outer, inner])], view);
        }
        const dtype = name === 'mean' ? 'float32' : name === 'all' || name === 'any' ? 'bool' : 'int32';
        const [low, high] = name === 'all' ? [0, 40] : name === 'any' ? [0, 0] : [-9, 9];
        const inputs =
          dtype === 'bool'
            ? integers([outer, extent, inner], low, Math.min(high, 1), 'bool')
            : integers([outer, extent, inner], low, high);
        compare('reduce', [inputs], [{ shape: [outer, inner], dtype }], view);
      });
    });
  }

  it('give softmax, its logarithm, cross-entropy and their gradients', () => {
    for (const extent of [1, 2, 3, 4, 5, 10, 64, 101]) {
      const view = { outer: 3, extent, inner: 1 };
      const [x, y, dy] = [floats([3, extent], 30), floats([3, extent]), floats([3, extent])];
      for (const logarithm of [false, true]) {
        compare('softmax', [x], [float([3, extent])], { ...view, logarithm });
        compare('softmaxGradient', [y, dy], [float([3, extent])], { ...view, logarithm });
      }
      compare('crossEntropy', [dy, x], [float([3])], view);
      compare('crossEntropyGradient', [dy, x, floats([3])], [float([3, extent])], view);
    }
  });

  it('transpose by any permutation', () => {
    const shapes = [
      [5, 7],
      [16, 33],
      [2, 3, 4],
      [4, 1, 9],
      [3, 2, 5, 6],
      [2, 3, 4, 5, 3],
    ];
    times(120, () => {
      const shape = pick(shapes);
      const permutation = shape.map((_, axis) => axis).sort(() => uniform() - 0.5);
      const out = permutation.map((axis) => shape[axis]!);
      compare('transpose', [floats(shape)], [float(out)], { permutation });
    });
  });

  it('slice, pad and join', () => {
    times(80, () => {
      const rank = integer(1, 4);
      const shape = Array.from({ length: rank }, () => integer(1, 6));
      const begin = shape.map((extent) => integer(0, extent - 1));
      const size = shape.map((extent, axis) => integer(1, extent - begin[axis]!));
      compare('slice', [floats(shape)], [float(size)], { begin, strides: shape.map(() => 1) });
      const before = shape.map(() => integer(0, 2));
      const padded = shape.map((extent, axis) => extent + before[axis]! + integer(0, 2));
      compare('pad', [floats(shape)], [float(padded)], { before, mode: 'constant', value: 0.5 });
      const axis = integer(0, rank - 1);
      const other = shape.map((extent, at) => (at === axis ? integer(0, 5) : extent));
      const joined = shape.map((extent, at) => (at === axis ? extent + other[at]! : extent));
      compare('concat', [floats(shape), floats(other)], [float(joined)], { axis });
    });
  });

  it('resize images, and give the gradient', () => {
    times(60, () => {
      const [height, width, channels] = [integer(1, 7), integer(1, 7), pick([1, 3, 4, 9])];
      const [outHeight, outWidth] = [integer(1, 12), integer(1, 12)];
      const interpolation = pick(['nearest', 'bilinear'] as const);
      const sampling = (from: number, to: number): { start: number; step: number; divisor: number } =>
        integer(0, 1)
          ? { start: 0, step: from, divisor: to }
          : { start: from - to, step: 2 * from, divisor: 2 * to };
      const attributes = {
        interpolation,
        rows: sampling(height, outHeight),
        columns: sampling(width, outWidth),
      };
      const [x, dy] = [floats([2, height, width, channels]), floats([2, outHeight, outWidth, channels])];
      compare('resize', [x], [float(dy.shape)], attributes);
      compare('resizeGradient', [dy], [float(x.shape)], attributes);
      const infinite = { ...x, values: Array.from(x.values, (value) => (value > 0.8 ? Infinity : value)) };
      compare('resize', [infinite], [float(dy.shape)], attributes);
    });
  });

  it('gather and scatter', () => {
    times(40, () => {
      const view = { outer: integer(1, 3), extent: integer(1, 9), inner: pick([1, 3, 4, 10, 300]) };
      const count = integer(1, 12);
      const indices = integers([count], -1, view.extent);
      const shape = [view.outer, view.extent, view.inner];
      compare('gather', [floats(shape), indices], [float([view.outer, count, view.inner])], view);
      compare('scatterAdd', [floats([view.outer, count, view.inner]), indices], [float(shape)], view);
    });
  });

  it('draw the same random numbers', () => {
    for (const length of [1, 3, 4, 1001]) {
      for (const distribution of ['uniform', 'integer', 'normal', 'truncatedNormal', 'gamma'] as const) {
        const [a, b] = distribution === 'integer' ? [-5, 90] : [0.5, 1.75];
        const output: OperandType = {
          shape: [length],
          dtype: distribution === 'integer' ? 'int32' : 'float32',
        };
        compare('random', [], [output], { distribution, key: [12345, -67890], a, b });
      }
    }
  });

  it('convert between dtypes', () => {
    const dtypes: readonly DataType[] = ['float32', 'int32', 'bool'];
    for (const from of dtypes)
      for (const to of dtypes) compare('cast', [random([11], from)], [{ shape: [11], dtype: to }], {});
  });

  for (const name of Object.keys(updateRules) as UpdateName[]) {
    it(`update by ${name}`, () => {
      const { slots, hyperparameters } = updateRules[name];
      for (const length of [1, 4, 6, 23]) {
        const state = [floats([length]), floats([length]), ...slots.map(() => integers([length], 1, 9))].map(
          (operand) => ({
            ...operand,
            dtype: 'float32' as const,
          }),
        );
        const outputs = [float([length]), ...slots.map(() => float([length]))];
        compare('update', state, outputs, {
          name,
          hyperparameters: hyperparameters.map(() => 0.1 + 0.8 * uniform()),
        });
      }
    });
  }
});
