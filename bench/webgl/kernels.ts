// One case for each kernel: what an application asks of it, at a size that fills the device.
import { customKernel } from '../../src/custom-kernels';
import type { KernelName } from '../../src/kernels/kernel-table';
import { unsortedSegmentMax } from '../../src/ops';
import { rfft } from '../../src/sound';
import { prepared } from '../cases/case';
import { painting, pixelsOfCanvas } from './frames';
import { tensor, values, type Library, type Tensor, type Tensor4D } from '../library';
import type { Prepared } from '../cases';

export interface KernelCase {
  /** What is computed. */
  readonly what: string;
  /** Why TensorFlow.js is not timed: it has no such op, or computes it on the CPU. */
  readonly alone?: string;
  /** How far results may be apart, relative to the greatest; infinite for random ones. */
  readonly tolerance?: number;
  readonly prepare: (lib: Library) => Prepared;
}

const MATRIX = [1000, 1000];
const IMAGES = [8, 56, 56, 32];

const matrix = (lib: Library, seed = 3): Tensor => tensor(lib, MATRIX, seed);
const images = (lib: Library, seed = 3): Tensor4D => tensor(lib, IMAGES, seed) as Tensor4D;

function indices(lib: Library, size: number, below: number): Tensor {
  const whole = Int32Array.from(values(size, 8), (value) => Math.floor(Math.abs(value) * below));
  return lib.tensor1d(whole, 'int32');
}

function on(
  what: string,
  make: (lib: Library) => Tensor,
  f: (lib: Library, x: Tensor) => Tensor,
): KernelCase {
  return {
    what,
    prepare: (lib) => {
      const x = make(lib);
      return prepared(() => f(lib, x));
    },
  };
}

/** The gradient of f at x, from a dy in the shape of f's result: with the forward pass, which both sides run. */
function gradient(
  what: string,
  make: (lib: Library) => Tensor,
  f: (lib: Library, x: Tensor) => Tensor,
): KernelCase {
  return {
    what: `${what}, forward and backward`,
    prepare: (lib) => {
      const x = make(lib);
      const result = f(lib, x);
      const dy = tensor(lib, [...result.shape], 9);
      result.dispose();
      const of = lib.grad((t: Tensor) => f(lib, t) as never);
      return prepared(() => of(x, dy) as Tensor);
    },
  };
}

const filter = (lib: Library, shape: number[]): Tensor4D => tensor(lib, shape, 2, 0.1) as Tensor4D;

export const kernelCases: Readonly<Record<KernelName, KernelCase>> = {
  fill: on('fill 1000×1000', matrix, (lib) => lib.fill(MATRIX, 1.5)),
  ramp: {
    ...on('range of 1M', matrix, (lib) => lib.range(0, 1e6)),
    alone: 'made on the host',
  },
  random: {
    ...on('randomUniform 1000×1000', matrix, (lib) => lib.randomUniform(MATRIX)),
    alone: 'made on the host',
  },
  cast: on(
    'cast 1000×1000 to int32',
    (lib) => tensor(lib, MATRIX, 3, 100),
    (lib, x) => lib.cast(x, 'int32'),
  ),
  unary: on('sigmoid of 1M', matrix, (lib, x) => lib.sigmoid(x)),
  activationGradient: gradient('elu of 1M', matrix, (lib, x) => lib.elu(x)),
  binary: {
    what: 'squaredDifference, 1M',
    prepare: (lib) => {
      const [a, b] = [matrix(lib), matrix(lib, 4)];
      return prepared(() => lib.squaredDifference(a, b));
    },
  },
  select: {
    what: 'where, 1M',
    prepare: (lib) => {
      const [a, b] = [matrix(lib), matrix(lib, 4)];
      const condition = lib.greater(a, b);
      return prepared(() => lib.where(condition as never, a, b));
    },
  },
  reduce: on('max over axis 1 of 1000×1000', matrix, (lib, x) => lib.max(x, 1)),
  argReduce: on('argMax over axis 1 of 1000×1000', matrix, (lib, x) => lib.argMax(x, 1)),
  scan: on('cumsum over axis 1 of 1000×1000', matrix, (lib, x) => lib.cumsum(x, 1)),
  recurrence: {
    ...gradient('cumprod over axis 1 of 1000×1000', matrix, (lib, x) => lib.cumprod(x, 1)),
    alone: 'has no gradient of cumprod',
  },
  softmax: on('logSoftmax of 1000×1000', matrix, (lib, x) => lib.logSoftmax(x)),
  softmaxGradient: gradient('softmax of 1000×1000', matrix, (lib, x) => lib.softmax(x)),
  crossEntropy: {
    what: 'softmaxCrossEntropy of 1000×10',
    prepare: (lib) => {
      const [labels, logits] = [tensor(lib, [1000, 10], 1), tensor(lib, [1000, 10], 2)];
      return prepared(() => lib.losses.softmaxCrossEntropy(labels as never, logits as never));
    },
  },
  crossEntropyGradient: {
    what: 'softmaxCrossEntropy of 1000×1000, forward and backward',
    prepare: (lib) => {
      const [labels, logits] = [lib.softmax(matrix(lib)), matrix(lib, 4)];
      const of = lib.grad(
        (x: Tensor) => lib.losses.softmaxCrossEntropy(labels as never, x as never) as never,
      );
      return prepared(() => of(logits) as Tensor);
    },
  },
  matMul: {
    what: 'matMul of 32 × 128×128',
    prepare: (lib) => {
      const [a, b] = [tensor(lib, [32, 128, 128], 1), tensor(lib, [32, 128, 128], 2)];
      return prepared(() => lib.matMul(a, b, false, true));
    },
  },
  conv2d: on('conv2d 5×5 stride 2, 8×56×56×32 → 32', images, (lib, x) =>
    lib.tidy(() => lib.conv2d(x as Tensor4D, filter(lib, [5, 5, 32, 32]), 2, 'same')),
  ),
  conv2dInputGradient: {
    what: 'conv2dTranspose 3×3 stride 2, 8×28×28×32 → 32',
    prepare: (lib) => {
      const [x, f] = [tensor(lib, [8, 28, 28, 32], 1) as Tensor4D, filter(lib, [3, 3, 32, 32])];
      return prepared(() => lib.conv2dTranspose(x, f, [8, 56, 56, 32], 2, 'same'));
    },
  },
  conv2dFilterGradient: {
    what: 'conv2d 3×3, 8×56×56×32 → 32, forward and the gradient to the filter',
    tolerance: 1e-4,
    prepare: (lib) => {
      const [x, f, dy] = [images(lib), filter(lib, [3, 3, 32, 32]), images(lib, 5)];
      const of = lib.grad((t: Tensor) => lib.conv2d(x, t as Tensor4D, 1, 'same') as never);
      return prepared(() => of(f, dy) as Tensor);
    },
  },
  pool: on('avgPool 3×3 stride 2, 8×56×56×32', images, (lib, x) => lib.avgPool(x as Tensor4D, 3, 2, 'same')),
  maxPoolIndices: on('maxPoolWithArgmax 2×2, 8×56×56×32', images, (lib, x) =>
    lib.tidy(() => lib.maxPoolWithArgmax(x as Tensor4D, 2, 2, 'same').indexes as Tensor),
  ),
  maxPoolGradient: gradient('maxPool 2×2, 8×56×56×32', images, (lib, x) =>
    lib.maxPool(x as Tensor4D, 2, 2, 'same'),
  ),
  // Without padding: TensorFlow.js's gradient divides by the size of the whole window where its average does not.
  averagePoolGradient: gradient('avgPool 3×3 stride 2, 8×56×56×32', images, (lib, x) =>
    lib.avgPool(x as Tensor4D, 3, 2, 'valid'),
  ),
  batchNorm: {
    what: 'batchNorm 8×56×56×32',
    prepare: (lib) => {
      const x = images(lib);
      const [mean, offset, scale] = [tensor(lib, [32], 2), tensor(lib, [32], 3), tensor(lib, [32], 4)];
      const variance = lib.tidy(() => lib.add(lib.abs(tensor(lib, [32], 5)), 0.1));
      return prepared(() => lib.batchNorm(x, mean, variance, offset, scale));
    },
  },
  batchNormGradient: {
    what: 'batchNorm 8×56×56×32, forward and backward',
    tolerance: 1e-4,
    prepare: (lib) => {
      const [x, dy] = [images(lib), images(lib, 5)];
      const [mean, offset, scale] = [tensor(lib, [32], 2), tensor(lib, [32], 3), tensor(lib, [32], 4)];
      const variance = lib.tidy(() => lib.add(lib.abs(tensor(lib, [32], 5)), 0.1));
      const of = lib.grad((t: Tensor) => lib.batchNorm(t, mean, variance, offset, scale) as never);
      return prepared(() => of(x, dy) as Tensor);
    },
  },
  localResponseNormalization: on('localResponseNormalization 8×56×56×32', images, (lib, x) =>
    lib.localResponseNormalization(x as Tensor4D, 5, 1, 1, 0.5),
  ),
  localResponseNormalizationGradient: gradient('localResponseNormalization 8×56×56×32', images, (lib, x) =>
    lib.localResponseNormalization(x as Tensor4D, 5, 1, 1, 0.5),
  ),
  transpose: on('transpose 8×56×56×32 to channels first', images, (lib, x) => lib.transpose(x, [0, 3, 1, 2])),
  slice: on('stridedSlice of every second of 1000×1000', matrix, (lib, x) =>
    lib.stridedSlice(x, [0, 0], MATRIX, [2, 2]),
  ),
  pad: on(
    'mirrorPad 8×56×56×32 by 3',
    images,
    (lib, x) =>
    lib.mirrorPad(x, [[0, 0], [3, 3], [3, 3], [0, 0]], 'reflect'), // prettier-ignore
  ),
  concat: {
    what: 'concat three of 8×56×56×32 along the channels',
    prepare: (lib) => {
      const parts = [images(lib), images(lib, 4), images(lib, 5)];
      return prepared(() => lib.concat(parts, 3));
    },
  },
  tile: on(
    'tile 500×500 to 1000×1500',
    (lib) => tensor(lib, [500, 500], 1),
    (lib, x) => lib.tile(x, [2, 3]),
  ),
  gather: {
    what: 'gather 1000 columns of 1000×1000',
    prepare: (lib) => {
      const [x, columns] = [matrix(lib), indices(lib, 1000, 1000)];
      return prepared(() => lib.gather(x, columns, 1));
    },
  },
  scatterAdd: {
    what: 'unsortedSegmentSum of 4000×64 into 1000',
    tolerance: 1e-4,
    prepare: (lib) => {
      const [x, segments] = [tensor(lib, [4000, 64], 1), indices(lib, 4000, 1000)];
      return prepared(() => lib.unsortedSegmentSum(x, segments, 1000));
    },
  },
  flattenIndices: {
    what: 'gatherND of 10000 elements of 1000×1000',
    prepare: (lib) => {
      const [x, places] = [matrix(lib), lib.tidy(() => lib.reshape(indices(lib, 20_000, 1000), [10_000, 2]))];
      return prepared(() => lib.gatherND(x, places as never) as Tensor);
    },
  },
  lastPlaces: {
    what: 'tensorScatterUpdate of 1000 rows of 1000×64',
    alone: 'computes it on the CPU',
    prepare: (lib) => {
      const [x, rows] = [tensor(lib, [1000, 64], 1), tensor(lib, [1000, 64], 2)];
      const places = lib.tidy(() => lib.reshape(indices(lib, 1000, 1000), [1000, 1]));
      return prepared(() => lib.tensorScatterUpdate(x, places as never, rows));
    },
  },
  searchSorted: {
    what: 'searchSorted of 100,000 in 1000',
    prepare: (lib) => {
      const sorted = lib.tensor1d(values(1000, 1).sort());
      const wanted = tensor(lib, [100_000], 2);
      return prepared(() => lib.searchSorted(sorted, wanted));
    },
  },
  topK: on('topk 5 of 1000×1000', matrix, (lib, x) =>
    lib.tidy(() => (lib.topk(x, 5) as { values: Tensor }).values),
  ),
  mirrorPadGradient: {
    ...gradient(
      'mirrorPad 8×56×56×32 by 3',
      images,
      (lib, x) =>
      lib.mirrorPad(x, [[0, 0], [3, 3], [3, 3], [0, 0]], 'reflect'), // prettier-ignore
    ),
    alone: 'has no gradient of mirrorPad',
  },
  resize: on('resizeNearestNeighbor 8×56×56×32 → 112×112', images, (lib, x) =>
    lib.image.resizeNearestNeighbor(x as Tensor4D, [112, 112]),
  ),
  resizeGradient: gradient('resizeBilinear 8×56×56×32 → 112×112', images, (lib, x) =>
    lib.image.resizeBilinear(x as Tensor4D, [112, 112]),
  ),
  custom: {
    what: 'x² of 1000×1000, a kernel of the program',
    alone: 'has no such kernels',
    prepare: (lib) => {
      const x = matrix(lib);
      const squared = customKernel({
        name: 'squared',
        inputs: ['x'],
        shape: ({ x: shape }) => shape,
        glsl: 'float result(int i) { return x_at(i) * x_at(i); }',
        cpu: (output, { x: values }) => values.forEach((value, i) => (output[i] = value * value)),
      });
      return prepared(() => squared(x));
    },
  },
  fourier: {
    what: 'rfft of 1000 rows of 1000',
    alone: 'is not timed: its transform gives a complex dtype',
    prepare: (lib) => {
      const x = matrix(lib);
      return prepared(() => rfft(x));
    },
  },
  segmentExtreme: {
    what: 'unsortedSegmentMax of 1000 rows of 1000, 100 segments',
    alone: 'has no such op',
    prepare: (lib) => {
      const x = matrix(lib);
      const ids = lib.tensor1d(Int32Array.from({ length: 1000 }, (_, i) => (i * 37) % 100));
      return prepared(() => unsortedSegmentMax(x, ids, 100));
    },
  },
  fromPixels: { what: 'a canvas of 640×480, as it is', prepare: pixelsOfCanvas },
  paint: {
    what: 'an image of 640×480 on a canvas',
    alone: 'reads the image first, without waiting for it',
    prepare: painting,
  },
  warp: {
    what: 'image.transform of 8×56×56×32, bilinear',
    tolerance: 1e-3,
    prepare: (lib) => {
      const x = images(lib);
      const rows = Float32Array.from({ length: 64 }, (_, i) => [0.9, 0.1, 2, -0.1, 0.9, 3, 0, 0][i % 8]!);
      const transforms = lib.tensor2d(rows, [8, 8]);
      return prepared(() => lib.image.transform(x, transforms, 'bilinear'));
    },
  },
  warpGradient: {
    what: 'image.transform of 8×56×56×32, forward and backward',
    alone: 'has no gradient of transform',
    prepare: (lib) => {
      const [x, dy] = [images(lib), images(lib, 5)];
      const rows = Float32Array.from({ length: 64 }, (_, i) => [0.9, 0.1, 2, -0.1, 0.9, 3, 0, 0][i % 8]!);
      const transforms = lib.tensor2d(rows, [8, 8]);
      const of = lib.grad((t: Tensor) => lib.image.transform(t as Tensor4D, transforms, 'bilinear') as never);
      return prepared(() => of(x, dy) as Tensor);
    },
  },
  oneHot: {
    what: 'oneHot of 1000 in 1000',
    prepare: (lib) => {
      const classes = indices(lib, 1000, 1000);
      return prepared(() => lib.oneHot(classes, 1000));
    },
  },
  update: {
    what: 'one Adam step of 1M values',
    prepare: (lib) => {
      const w = lib.variable(matrix(lib), true, 'kernel table/adam');
      const optimizer = lib.train.adam(0.001);
      const gradients = { [w.name]: matrix(lib, 4) };
      return {
        run: () => optimizer.applyGradients(gradients as never),
        check: () => [0],
      };
    },
  },
};
