// Which kernels the backward pass of the large ops runs: kernels made for it, not chains of small ones.
import * as dl from 'rxtensor/tensor';

interface Row {
  readonly f: (...args: dl.Tensor[]) => dl.Tensor;
  /** Shapes of what it is differentiated by. */
  readonly at: readonly number[][];
  /** The kernels of the backward pass, in order. */
  readonly backward: string;
}

const images = [2, 6, 6, 4];
const filter = [3, 3, 4, 5];
const depthwise = [3, 3, 4, 1];
const convolution = 'conv2dInputGradient conv2dFilterGradient';
const indices = (...values: number[]): dl.Tensor1D => dl.tensor1d(values, 'int32');

const table: Readonly<Record<string, Row>> = {
  conv1d: {
    f: (x, w) => dl.conv1d(x, w, 1, 'same'),
    at: [
      [2, 8, 4],
      [3, 4, 5],
    ],
    backward: convolution,
  },
  conv2d: {
    f: (x, w) => dl.conv2d(x, w, 1, 'same'),
    at: [images, filter],
    backward: convolution,
  },
  conv2dTranspose: {
    f: (x, w) => dl.conv2dTranspose(x, w, [2, 8, 8, 3], 1, 'valid'),
    at: [images, [3, 3, 3, 4]],
    backward: 'conv2d conv2dFilterGradient',
  },
  depthwiseConv2d: {
    f: (x, w) => dl.depthwiseConv2d(x, w, 1, 'same'),
    at: [images, depthwise],
    backward: convolution,
  },
  separableConv2d: {
    f: (x, w, p) => dl.separableConv2d(x, w, p, 1, 'same'),
    at: [images, depthwise, [1, 1, 4, 5]],
    backward: `${convolution} ${convolution}`,
  },
  maxPool: {
    f: (x) => dl.maxPool(x, 2, 2, 'valid'),
    at: [images],
    backward: 'maxPoolGradient',
  },
  avgPool: {
    f: (x) => dl.avgPool(x, 2, 2, 'valid'),
    at: [images],
    backward: 'averagePoolGradient',
  },
  // dx is dy times a factor for each channel; the sums for all parameters are one pass; the rest is for each channel.
  batchNorm: {
    f: (...args) =>
      dl.batchNorm(...(args as [dl.Tensor, dl.Tensor1D, dl.Tensor1D, dl.Tensor1D, dl.Tensor1D])),
    at: [images, [4], [4], [4], [4]],
    backward: 'binary unary binary binary batchNormGradient binary unary binary binary binary binary',
  },
  localResponseNormalization: {
    f: (x) => dl.localResponseNormalization(x),
    at: [images],
    backward: 'localResponseNormalizationGradient',
  },
  resizeBilinear: {
    f: (x) => dl.image.resizeBilinear(x, [9, 9]),
    at: [images],
    backward: 'resizeGradient',
  },
  resizeNearestNeighbor: {
    f: (x) => dl.image.resizeNearestNeighbor(x, [9, 9]),
    at: [images],
    backward: 'resizeGradient',
  },
  cropAndResize: {
    f: (x) => dl.image.cropAndResize(x, [[0, 0, 1, 1]], indices(0), [3, 3]),
    at: [images],
    backward: 'warpGradient',
  },
  gather: { f: (x) => dl.gather(x, indices(0, 2)), at: [[4, 4]], backward: 'scatterAdd' },
  gatherND: {
    f: (x) => dl.gatherND(x, dl.tensor2d([[0, 2]], [1, 2], 'int32')),
    at: [[4, 4]],
    backward: 'scatterAdd',
  },
  unsortedSegmentSum: {
    f: (x) => dl.unsortedSegmentSum(x, indices(0, 2, 0, 1), 3),
    at: [[4, 4]],
    backward: 'gather',
  },
  cumsum: { f: (x) => dl.cumsum(x, 0), at: [[4, 4]], backward: 'scan' },
  cumprod: { f: (x) => dl.cumprod(x, 0), at: [[4, 4]], backward: 'recurrence scan binary' },
  softmax: { f: (x) => dl.softmax(x), at: [[4, 4]], backward: 'softmaxGradient' },
  'fused.matMul': {
    f: (a, b, bias) => dl.fused.matMul({ a, b, bias, activation: 'relu' }),
    at: [[4, 4], [4, 3], [3]],
    backward: 'activationGradient matMul matMul reduce',
  },
  'fused.conv2d': {
    f: (x, w, bias) =>
      dl.fused.conv2d({
        ...{ x: x, filter: w, strides: 1, pad: 'same' },
        ...{ bias, activation: 'relu' },
      }),
    at: [images, filter, [5]],
    backward: `activationGradient ${convolution} reduce`,
  },
  'fused.depthwiseConv2d': {
    f: (x, w, bias) =>
      dl.fused.depthwiseConv2d({
        ...{ x: x, filter: w, strides: 1, pad: 'same' },
        ...{ bias, activation: 'relu6' },
      }),
    at: [images, depthwise, [4]],
    backward: `activationGradient ${convolution} reduce`,
  },
};

describe('the backward pass', () => {
  for (const [name, { f, at, backward }] of Object.entries(table)) {
    it(`of ${name} is ${backward}`, async () => {
      const args = at.map((shape, i) => dl.randomUniform(shape, 0.1, 1, 'float32', i));
      const kernelsOf = async (work: () => dl.TensorContainer): Promise<string[]> => {
        const { kernels } = await dl.profile(() => dl.tidy(() => void work()));
        return kernels.map(({ kernel }) => kernel);
      };
      const forward = await kernelsOf(() => f(...args));
      const dy = dl.tidy(() => dl.onesLike(f(...args)));
      const both = await kernelsOf(() => dl.grads(f)(args, dy));
      expect(both.slice(forward.length)).toEqual(backward.split(' '));
      dl.dispose([args, dy]);
    });
  }
});
