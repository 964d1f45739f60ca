// Sums of so many terms that one float32 accumulator would lose accuracy.
import * as dl from 'rxtensor/tensor';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import { runKernel, type Operand } from '../../../test/support/run-kernel';
import type { WebGLBackend } from './backend';
import { createWebGLBackend } from './create';

/** 0.1 in float32. */
const TENTH = Math.fround(0.1);
const PLAIN = 2e-6;
const PRODUCT = 1e-5;

/** Every element of the result is `wanted`, within the bound relative to the sum of the terms' magnitudes. */
interface Row {
  readonly name: string;
  readonly make: () => dl.Tensor;
  readonly wanted: number;
  readonly bound: number;
  /** Σ |terms|; left out if it equals `wanted`. */
  readonly magnitude?: number;
}

/** Casts a tensor of rank 1 to its type. */
const vector = (x: dl.Tensor): dl.Tensor1D => x as dl.Tensor1D;
const image = (x: dl.Tensor): dl.Tensor4D => x as dl.Tensor4D;
const tenths = (...shape: number[]): dl.Tensor => dl.fill(shape, 0.1);
const images = (...shape: number[]): dl.Tensor4D => tenths(...shape) as dl.Tensor4D;
const gradientAt = (f: (x: dl.Tensor4D) => dl.Tensor, shape: number[]): dl.Tensor =>
  dl.grad(f as (x: dl.Tensor) => dl.Tensor)(dl.ones(shape));

/** A number that is lost when it is added to 1 in float32. */
const TINY = Math.fround(3e-8);
const oneAndTiny = (count: number): dl.Tensor => dl.concat([dl.tensor1d([1]), dl.fill([count - 1], TINY)]);

const reductions: Row[] = [
  { name: 'sum', make: () => dl.sum(tenths(2 ** 20 + 3)), wanted: (2 ** 20 + 3) * TENTH, bound: PLAIN },
  { name: 'sum of many', make: () => dl.sum(tenths(2 ** 24)), wanted: 2 ** 24 * TENTH, bound: PLAIN },
  {
    name: 'sum of columns',
    make: () => dl.sum(tenths(2 ** 18, 3), 0),
    wanted: 2 ** 18 * TENTH,
    bound: PLAIN,
  },
  {
    name: 'sum of texels of columns',
    make: () => dl.sum(tenths(2 ** 18, 4), 0),
    wanted: 2 ** 18 * TENTH,
    bound: PLAIN,
  },
  {
    name: 'sum of 1 and tiny ones',
    make: () => dl.sum(oneAndTiny(2 ** 20)),
    wanted: 1 + (2 ** 20 - 1) * TINY,
    bound: PLAIN,
  },
  { name: 'mean', make: () => dl.mean(tenths(10 ** 6)), wanted: TENTH, bound: PLAIN },
  { name: 'mean of columns', make: () => dl.mean(tenths(10 ** 6, 2), 0), wanted: TENTH, bound: PLAIN },
  {
    name: 'logSumExp',
    make: () => dl.logSumExp(tenths(10 ** 6)),
    wanted: TENTH + Math.log(10 ** 6),
    bound: PLAIN,
  },
  {
    name: 'softmax',
    make: () => dl.slice(dl.softmax(tenths(10 ** 6)), [0], [9]),
    wanted: 10 ** -6,
    bound: PLAIN,
  },
  { name: 'softmax of a short row', make: () => dl.softmax(tenths(32)), wanted: 1 / 32, bound: PLAIN },
  {
    name: 'cumsum',
    make: () => dl.slice(dl.cumsum(tenths(10 ** 6)), [10 ** 6 - 1], [1]),
    wanted: 10 ** 6 * TENTH,
    bound: PLAIN,
  },
];

const poolings: Row[] = [
  {
    name: 'avgPool',
    make: () => dl.avgPool(image(dl.fill([1, 512, 512, 1], 200.3)), 512, 1, 'valid'),
    wanted: Math.fround(200.3),
    bound: PLAIN,
  },
  {
    name: 'avgPool of 7 × 7',
    make: () => dl.avgPool(images(1, 7, 7, 4), 7, 1, 'valid'),
    wanted: TENTH,
    bound: PLAIN,
  },
  {
    name: 'avgPool, gradient',
    make: () =>
      dl.slice(
        gradientAt((x) => dl.avgPool(x, [1, 2000], 1, 'valid'), [1, 1, 4000, 1]),
        [0, 0, 1999, 0],
        [1, 1, 2, 1],
      ),
    wanted: 1,
    bound: PLAIN,
  },
  {
    name: 'maxPool, gradient',
    // The greatest element of every window is the one in the middle.
    make: () => {
      const peak = dl.reshape(dl.cast(dl.equal(dl.range(0, 4001), 2000), 'float32'), [1, 1, 4001, 1]);
      const pooled = (x: dl.Tensor): dl.Tensor =>
        dl.mul(dl.maxPool(x as dl.Tensor4D, [1, 2001], 1, 'valid'), 0.1);
      return dl.slice(dl.grad(pooled)(peak), [0, 0, 2000, 0], [1, 1, 1, 1]);
    },
    wanted: 2001 * TENTH,
    bound: PLAIN,
  },
  {
    name: 'localResponseNormalization',
    make: () => dl.localResponseNormalization(images(1, 1, 1, 4001), 4001, 1, 1, 0.5),
    wanted: TENTH / Math.sqrt(1 + 4001 * TENTH ** 2),
    bound: PLAIN,
  },
];

const products: Row[] = [
  {
    name: 'dot',
    make: () => dl.dot(tenths(10 ** 6), tenths(10 ** 6)),
    wanted: 10 ** 6 * TENTH ** 2,
    bound: PRODUCT,
  },
  {
    name: 'dot of ones',
    make: () => dl.dot(dl.ones([5 * 10 ** 6]), dl.ones([5 * 10 ** 6])),
    wanted: 5 * 10 ** 6,
    bound: 0,
  },
  {
    name: 'batches of rows and columns',
    make: () => dl.matMul(tenths(3, 1, 10 ** 5), tenths(3, 10 ** 5, 1)),
    wanted: 10 ** 5 * TENTH ** 2,
    bound: PRODUCT,
  },
  {
    name: 'batches of texels',
    make: () => dl.matMul(tenths(2, 4, 10 ** 5), tenths(2, 10 ** 5, 8)),
    wanted: 10 ** 5 * TENTH ** 2,
    bound: PRODUCT,
  },
  {
    name: 'many results',
    make: () => dl.matMul(tenths(64, 9000), tenths(9000, 64)),
    wanted: 9000 * TENTH ** 2,
    bound: PRODUCT,
  },
  {
    name: 'transposed, odd',
    make: () => dl.matMul(tenths(40001, 7), tenths(5, 40001), true, true),
    wanted: 40001 * TENTH ** 2,
    bound: PRODUCT,
  },
  {
    name: 'a short one of 1 and tiny ones',
    make: () => dl.dot(oneAndTiny(1000), dl.ones([1000])),
    wanted: 1 + 999 * TINY,
    bound: PRODUCT,
  },
];

const taps = (height: number, width: number, channels: number): number =>
  height * width * channels * TENTH ** 2;
const filterOf = (make: (filter: dl.Tensor4D) => dl.Tensor, shape: number[]): dl.Tensor =>
  gradientAt(make, shape);

const convolutions: Row[] = [
  {
    name: 'conv2d, many channels',
    make: () => dl.conv2d(images(1, 5, 5, 2048), images(3, 3, 2048, 4), 1, 'valid'),
    wanted: taps(3, 3, 2048),
    bound: PRODUCT,
  },
  {
    name: 'conv2d, NaN above the padding',
    make: () => {
      const spoilt = dl.concat([dl.fill([1, 3, 2048, 1], NaN), tenths(1, 3, 2048, 3)], 3);
      const filter = dl.concat([spoilt, tenths(2, 3, 2048, 4)], 0) as dl.Tensor4D;
      return dl.slice(dl.conv2d(images(1, 5, 5, 2048), filter, 1, 'same'), [0, 0, 1, 0], [1, 1, 1, 4]);
    },
    wanted: taps(2, 3, 2048),
    bound: PRODUCT,
  },
  {
    name: 'conv2d, gradient to the filter, NaN beside the padding',
    make: () => {
      // The first column of dy meets the padding under the filter's first column.
      const dy = dl.concat([dl.fill([4, 100, 1, 4], NaN), tenths(4, 100, 99, 4)], 2);
      const gradient = dl.grad((w) =>
        dl.sum(dl.mul(dl.conv2d(images(4, 100, 100, 4), w as dl.Tensor4D, 1, 'same'), dy)),
      )(dl.ones([1, 3, 4, 4]));
      return dl.slice(gradient, [0, 0, 0, 0], [1, 1, 4, 4]);
    },
    wanted: 4 * 100 * 99 * TENTH ** 2,
    bound: PRODUCT,
  },
  {
    name: 'conv2d, sliding',
    make: () => dl.conv2d(images(1, 36, 36, 64), images(5, 5, 64, 8), 1, 'valid'),
    wanted: taps(5, 5, 64),
    bound: PRODUCT,
  },
  {
    name: 'conv2d, large filter',
    make: () => dl.conv2d(images(1, 40, 40, 5), images(35, 35, 5, 3), 1, 'valid'),
    wanted: taps(35, 35, 5),
    bound: PRODUCT,
  },
  {
    name: 'conv2d, gradient to the input',
    make: () =>
      dl.slice(
        gradientAt((x) => dl.conv2d(x, images(3, 3, 4, 2048), 1, 'same'), [1, 3, 3, 4]),
        [0, 1, 1, 0],
        [1, 1, 1, 4],
      ),
    wanted: 9 * 2048 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'conv2d, gradient to the filter by taps',
    make: () => filterOf((w) => dl.conv2d(images(8, 224, 224, 1), w, 1, 'same'), [1, 1, 1, 1]),
    wanted: 8 * 224 * 224 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'conv2d, gradient to the filter by rows',
    make: () => filterOf((w) => dl.conv2d(images(4, 224, 224, 4), w, 1, 'same'), [1, 1, 4, 4]),
    wanted: 4 * 224 * 224 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'conv2d, gradient to the filter of narrow images',
    make: () => filterOf((w) => dl.conv2d(images(500, 7, 7, 8), w, 1, 'same'), [1, 1, 8, 8]),
    wanted: 500 * 49 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'conv2d, gradient to the filter of long lines',
    make: () => filterOf((w) => dl.conv2d(images(1, 1, 10 ** 5, 1), w, 1, 'same'), [1, 1, 1, 4]),
    wanted: 10 ** 5 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'depthwiseConv2d',
    make: () => dl.depthwiseConv2d(images(1, 100, 100, 4), images(100, 100, 4, 1), 1, 'valid'),
    wanted: taps(100, 100, 1),
    bound: PRODUCT,
  },
  {
    name: 'depthwiseConv2d, gradient to the input',
    make: () =>
      dl.slice(
        gradientAt((x) => dl.depthwiseConv2d(x, images(1, 1001, 4, 1), 1, 'same'), [1, 1, 1001, 4]),
        [0, 0, 500, 0],
        [1, 1, 1, 4],
      ),
    wanted: 1001 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'depthwiseConv2d, gradient to the input of many outputs',
    make: () => gradientAt((x) => dl.depthwiseConv2d(x, images(1, 1, 1, 3000), 1, 'same'), [1, 2, 2, 1]),
    wanted: 3000 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'depthwiseConv2d, gradient to the filter',
    make: () => filterOf((w) => dl.depthwiseConv2d(images(4, 224, 224, 4), w, 1, 'same'), [1, 1, 4, 1]),
    wanted: 4 * 224 * 224 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'resizeBilinear, gradient',
    make: () => gradientAt((x) => dl.mul(dl.image.resizeBilinear(x, [300, 300]), 0.1), [1, 1, 1, 4]),
    wanted: 90000 * TENTH,
    bound: PRODUCT,
  },
];

const segments = (count: number, value: number, of: number): dl.Tensor =>
  dl.slice(
    dl.unsortedSegmentSum(vector(dl.fill([count], value)), vector(dl.zeros([count], 'int32')), of),
    [0],
    [1],
  );

const scatters: Row[] = [
  ...[2 ** 20, 10 ** 5, 1000].flatMap((count) =>
    [0.1, 1 / 3, 1.7].flatMap((value) =>
      // The sizes choose the three ways: searched, added in copies, and cut.
      [1, 100, 60000].map((of) => ({
        name: `${count} times ${value.toFixed(2)} into one of ${of} segments`,
        make: () => segments(count, value, of),
        wanted: count * Math.fround(value),
        bound: PRODUCT,
      })),
    ),
  ),
  ...[1, 100, 300000].map((of) => ({
    name: `1 and tiny ones into one of ${of} segments`,
    make: () =>
      dl.slice(
        dl.unsortedSegmentSum(oneAndTiny(2 ** 20) as dl.Tensor1D, vector(dl.zeros([2 ** 20], 'int32')), of),
        [0],
        [1],
      ),
    wanted: 1 + (2 ** 20 - 1) * TINY,
    bound: PRODUCT,
  })),
  // Numbers of terms around the limits of plain blending, and of several textures in one draw.
  ...[128, 129, 256, 300, 512, 513].map((count) => ({
    name: `1 and ${count - 1} tiny ones into one of 300000 segments`,
    make: () =>
      dl.slice(
        dl.unsortedSegmentSum(oneAndTiny(count) as dl.Tensor1D, vector(dl.zeros([count], 'int32')), 300000),
        [0],
        [1],
      ),
    wanted: 1 + (count - 1) * TINY,
    bound: PRODUCT,
  })),
  {
    name: 'what cancels',
    make: () =>
      dl.slice(
        dl.unsortedSegmentSum(
          vector(dl.concat([tenths(10 ** 5), dl.fill([10 ** 5], -0.1), dl.ones([7])])),
          vector(dl.zeros([200007], 'int32')),
          60000,
        ),
        [0],
        [1],
      ),
    wanted: 7,
    magnitude: 2e4,
    bound: PRODUCT,
  },
  {
    name: 'bincount',
    make: () => dl.slice(dl.bincount(dl.zeros([10 ** 5], 'int32'), tenths(10 ** 5), 30), [0], [1]),
    wanted: 10 ** 5 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'gather, gradient',
    make: () =>
      dl.slice(
        dl.grad((x) => dl.mul(dl.gather(x, vector(dl.zeros([10 ** 5], 'int32'))), 0.1))(dl.ones([30, 4])),
        [0],
        [1],
      ),
    wanted: 10 ** 5 * TENTH,
    bound: PRODUCT,
  },
  {
    name: 'image.transform, gradient',
    make: () => {
      // Every pixel shows the pixel in the middle.
      const seen = (x: dl.Tensor4D): dl.Tensor =>
        dl.mul(
          dl.image.transform(
            x,
            dl.tensor2d([[0, 0, 2, 0, 0, 2, 0, 0]]),
            'nearest',
            'constant',
            0,
            [300, 300],
          ),
          0.1,
        );
      return dl.slice(gradientAt(seen, [1, 5, 5, 1]), [0, 2, 2, 0], [1, 1, 1, 1]);
    },
    wanted: 90000 * TENTH,
    bound: PRODUCT,
  },
];

describeOwnWebGL('long sums on WebGL', () => {
  for (const { name, make, wanted, bound, magnitude = Math.abs(wanted) } of [
    ...reductions,
    ...poolings,
    ...products,
    ...convolutions,
    ...scatters,
  ]) {
    it(`keep their digits: ${name}`, () => {
      const found = dl.tidy(() => make().dataSync());
      const worst = Math.max(...Array.from(found, (value) => Math.abs(value - wanted)));
      expect(found.length).toBeGreaterThan(0);
      expect(worst / magnitude)
        .withContext(`${found[0]} for ${wanted}`)
        .toBeLessThanOrEqual(bound);
    });
  }

  it('are infinite where a term is, or too great', () => {
    for (const make of [
      () => dl.dot(dl.fill([1000], Infinity), dl.ones([1000])),
      () => dl.dot(dl.fill([10 ** 5], 1e36), dl.ones([10 ** 5])),
      () => dl.avgPool(image(dl.fill([1, 70, 70, 1], Infinity)), 70, 1, 'valid'),
      () => segments(1000, Infinity, 100),
      () => segments(1000, Infinity, 60000),
      () => segments(1000, 1e37, 60000),
    ]) {
      expect([...dl.tidy(() => dl.reshape(make(), [-1]).dataSync())]).toEqual([Infinity]);
    }
    const mixed = (of: number): dl.Tensor =>
      dl.slice(
        dl.unsortedSegmentSum(
          vector(dl.concat([dl.fill([999], Infinity), dl.fill([1], -Infinity)])),
          vector(dl.zeros([1000], 'int32')),
          of,
        ),
        [0],
        [1],
      );
    for (const of of [1, 100, 60000]) expect([...dl.tidy(() => mixed(of).dataSync())]).toEqual([NaN]);
  });

  it('find their place in products of more elements than the fast quotient is proven for', () => {
    const found = dl.tidy(() => {
      const rows = dl.tile(dl.reshape(dl.mod(dl.range(0, 4101), 7), [4101, 1, 1]), [1, 1, 512]);
      return dl.matMul(rows, rows, false, true).dataSync();
    });
    expect([...found]).toEqual(Array.from({ length: 4101 }, (_, k) => 512 * (k % 7) ** 2));
  });

  it('keep their digits where a device does not blend floats, and int32 is exact', () => {
    const backend = createWebGLBackend() as WebGLBackend;
    Object.defineProperty(backend, 'blendsFloats', { value: false });
    const count = 50_000;
    const indices: Operand = { shape: [count], dtype: 'int32', values: new Array<number>(count).fill(3) };
    const view = { outer: 1, extent: 20, inner: 1 };
    for (const [dtype, value] of [
      ['float32', 0.1],
      ['int32', 40_001],
    ] as const) {
      const values: Operand = { shape: [count], dtype, values: new Array<number>(count).fill(value) };
      const [sums] = runKernel(backend, 'scatterAdd', [values, indices], [{ shape: [20], dtype }], view);
      const wanted = count * (dtype === 'int32' ? value : TENTH);
      expect(Math.abs(sums![3]! - wanted)).toBeLessThanOrEqual(dtype === 'int32' ? 0 : PRODUCT * wanted);
    }
    const identity: Operand = { shape: [1, 8], dtype: 'float32', values: [0, 0, 1, 0, 0, 1, 0, 0] };
    const [dx] = runKernel(
      backend,
      'warpGradient',
      [
        { shape: [1, 100, 100, 1], dtype: 'float32', values: new Array<number>(10_000).fill(0.1) },
        identity,
        { shape: [1], dtype: 'int32', values: [0] },
      ],
      [{ shape: [1, 3, 3, 1], dtype: 'float32' }],
      { interpolation: 'nearest', outside: 'constant', fill: [0, 0, 0, 0] },
    );
    expect(Math.abs(dx![4]! - 10_000 * TENTH)).toBeLessThanOrEqual(PRODUCT * 10_000 * TENTH);
    backend.dispose();
  });
});
