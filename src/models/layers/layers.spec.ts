import * as dl from '../../tensor';
import { given, tensorOf } from '../../../test/support/layer-values';
import * as layers from '.';
import type { Layer } from './layer';

type Weights = Readonly<Record<string, readonly number[]>>;

/** A layer, its input, its weights, and what it must give. */
interface Case {
  readonly layer: () => Layer;
  readonly x: () => dl.Tensor | dl.Tensor[];
  readonly weights?: Weights;
  readonly shape?: readonly number[];
  readonly values: readonly number[];
  readonly training?: boolean;
}

const line = (values: readonly number[]) => () => dl.tensor2d([...values], [1, values.length]);
const sequence = (rows: number[][]) => () => dl.tensor3d([rows]);
const image = (values: readonly number[], height: number, width: number) => () =>
  dl.tensor4d([...values], [1, height, width, 1]);
const pair = (a: number[], b: number[]) => () => [dl.tensor2d([a]), dl.tensor2d([b])];

const cases: Readonly<Record<string, Case>> = {
  dense: {
    layer: () => layers.dense({ units: 2, activation: 'relu' }),
    x: line([1, 2]),
    weights: { kernel: [1, 10, 100, -1000], bias: [0.5, 3] },
    values: [201.5, 0],
  },
  'dense of steps': {
    layer: () => layers.dense({ units: 1, useBias: false, activation: 'softsign' }),
    x: sequence([[1, 2], [3, 4]]), // prettier-ignore
    weights: { kernel: [1, -1] },
    shape: [1, 2, 1],
    values: [-0.5, -0.5],
  },
  activation: {
    layer: () => layers.activation({ activation: 'hard_sigmoid' }),
    x: line([-3, 0, 1]),
    values: [0, 0.5, 0.7],
  },
  'reLU with all of its numbers': {
    layer: () => layers.reLU({ maxValue: 4, negativeSlope: 0.5, threshold: 1 }),
    x: line([-1, 0.5, 1, 3, 9]),
    values: [-1, -0.25, 1, 3, 4],
  },
  'reLU up to 6': { layer: () => layers.reLU({ maxValue: 6 }), x: line([-1, 3, 7]), values: [0, 3, 6] },
  leakyReLU: { layer: () => layers.leakyReLU(), x: line([-1, 2]), values: [-0.3, 2] },
  prelu: {
    layer: () => layers.prelu(),
    x: line([-1, -2]),
    weights: { alpha: [0.5, 0.25] },
    values: [-0.5, -0.5],
  },
  elu: { layer: () => layers.elu({ alpha: 2 }), x: line([-1, 2]), values: [2 * Math.expm1(-1), 2] },
  thresholdedReLU: { layer: () => layers.thresholdedReLU(), x: line([0.5, 1, 2]), values: [0, 0, 2] },
  'softmax along the steps': {
    layer: () => layers.softmax({ axis: 1 }),
    x: sequence([[0, Math.log(3)], [0, 0]]), // prettier-ignore
    values: [0.5, 0.75, 0.5, 0.25],
  },
  'dropout at rest': { layer: () => layers.dropout({ rate: 0.5 }), x: line([1, 2]), values: [1, 2] },
  flatten: { layer: () => layers.flatten(), x: sequence([[1, 2], [3, 4]]), shape: [1, 4], values: [1, 2, 3, 4] }, // prettier-ignore
  reshape: {
    layer: () => layers.reshape({ targetShape: [2, -1] }),
    x: line([1, 2, 3, 4]),
    shape: [1, 2, 2],
    values: [1, 2, 3, 4],
  },
  permute: {
    layer: () => layers.permute({ dims: [2, 1] }),
    x: sequence([[1, 2, 3], [4, 5, 6]]), // prettier-ignore
    shape: [1, 3, 2],
    values: [1, 4, 2, 5, 3, 6],
  },
  repeatVector: {
    layer: () => layers.repeatVector({ n: 2 }),
    x: line([1, 2]),
    shape: [1, 2, 2],
    values: [1, 2, 1, 2],
  },
  masking: {
    layer: () => layers.masking({ maskValue: 7 }),
    x: sequence([[7, 7], [7, 1]]), // prettier-ignore
    values: [0, 0, 7, 1],
  },
  embedding: {
    layer: () => layers.embedding({ inputDim: 3, outputDim: 2 }),
    x: () => dl.tensor2d([[2, 0]], undefined, 'int32'),
    weights: { embeddings: [1, 2, 3, 4, 5, 6] },
    shape: [1, 2, 2],
    values: [5, 6, 1, 2],
  },
  conv1d: {
    layer: () => layers.conv1d({ filters: 1, kernelSize: 2, strides: 2 }),
    x: sequence([[1], [2], [3], [4]]),
    weights: { kernel: [1, 10], bias: [0.5] },
    shape: [1, 2, 1],
    values: [21.5, 43.5],
  },
  'conv1d that sees only what was': {
    layer: () =>
      layers.conv1d({ filters: 1, kernelSize: 2, dilationRate: 2, padding: 'causal', useBias: false }),
    x: sequence([[1], [2], [3], [4]]),
    weights: { kernel: [1, 10] },
    values: [10, 20, 31, 42],
  },
  conv2d: {
    layer: () => layers.conv2d({ filters: 1, kernelSize: 2, activation: 'tanh' }),
    x: image([1, 2, 3, 4], 2, 2),
    weights: { kernel: [0.1, 0.1, 0.1, 0.1], bias: [0] },
    values: [Math.tanh(1)],
  },
  'conv2d in groups': {
    layer: () => layers.conv2d({ filters: 2, kernelSize: 1, groups: 2 }),
    x: () => dl.tensor4d([1, 2], [1, 1, 1, 2]),
    weights: { kernel: [10, 100], bias: [0, 1] },
    values: [10, 201],
  },
  'conv2d with the channels in front': {
    layer: () =>
      layers.conv2d({ filters: 1, kernelSize: [1, 2], dataFormat: 'channels_first', useBias: false }),
    x: () => dl.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]),
    weights: { kernel: [1, 10, 100, 1000] },
    shape: [1, 1, 1, 1],
    values: [1 + 30 + 200 + 4000],
  },
  conv2dTranspose: {
    layer: () => layers.conv2dTranspose({ filters: 1, kernelSize: [1, 2], strides: [1, 2], useBias: false }),
    x: image([1, 2], 1, 2),
    weights: { kernel: [1, 10] },
    shape: [1, 1, 4, 1],
    values: [1, 10, 2, 20],
  },
  depthwiseConv2d: {
    layer: () => layers.depthwiseConv2d({ kernelSize: 1, depthMultiplier: 2 }),
    x: () => dl.tensor4d([1, 2], [1, 1, 1, 2]),
    weights: { depthwise_kernel: [1, 10, 100, 1000], bias: [0, 0, 0, 1] },
    values: [1, 10, 200, 2001],
  },
  separableConv2d: {
    layer: () => layers.separableConv2d({ filters: 1, kernelSize: 1 }),
    x: () => dl.tensor4d([1, 2], [1, 1, 1, 2]),
    weights: { depthwise_kernel: [3, 5], pointwise_kernel: [1, 10], bias: [0.5] },
    values: [103.5],
  },
  maxPooling1d: { layer: () => layers.maxPooling1d(), x: sequence([[1], [3], [2], [0]]), values: [3, 2] },
  averagePooling1d: {
    layer: () => layers.averagePooling1d({ poolSize: 2, strides: 1, padding: 'same' }),
    x: sequence([[1], [3], [2]]),
    values: [2, 2.5, 2],
  },
  maxPooling2d: { layer: () => layers.maxPooling2d(), x: image([1, 4, 3, 2], 2, 2), values: [4] },
  averagePooling2d: {
    layer: () => layers.averagePooling2d({ poolSize: [1, 2] }),
    x: image([1, 4, 3, 2], 2, 2),
    values: [2.5, 2.5],
  },
  globalMaxPooling1d: { layer: () => layers.globalMaxPooling1d(), x: sequence([[1, 5], [3, 2]]), values: [3, 5] }, // prettier-ignore
  globalAveragePooling1d: {
    layer: () => layers.globalAveragePooling1d({ keepdims: true }),
    x: sequence([[1, 5], [3, 2]]), // prettier-ignore
    shape: [1, 1, 2],
    values: [2, 3.5],
  },
  globalMaxPooling2d: { layer: () => layers.globalMaxPooling2d(), x: image([1, 4, 3, 2], 2, 2), values: [4] },
  globalAveragePooling2d: {
    layer: () => layers.globalAveragePooling2d({ keepdims: true }),
    x: image([1, 4, 3, 2], 2, 2),
    shape: [1, 1, 1, 1],
    values: [2.5],
  },
  batchNormalization: {
    layer: () => layers.batchNormalization({ epsilon: 0 }),
    x: line([5, 7]),
    weights: { gamma: [2, 1], beta: [1, 0], moving_mean: [3, 6], moving_variance: [4, 0.25] },
    values: [3, 2],
  },
  'batchNormalization of a batch': {
    layer: () => layers.batchNormalization({ epsilon: 0, axis: 1 }),
    x: () => dl.tensor3d([[[1, 3]], [[5, 7]]]), // prettier-ignore
    weights: { gamma: [Math.sqrt(5)], beta: [4], moving_mean: [0], moving_variance: [1] },
    training: true,
    values: [1, 3, 5, 7],
  },
  layerNormalization: {
    layer: () => layers.layerNormalization({ epsilon: 0 }),
    x: line([1, 3]),
    weights: { gamma: [2, 3], beta: [0, 1] },
    values: [-2, 4],
  },
  'normalization by its settings': {
    layer: () => layers.normalization({ mean: [1, 2], variance: [4, 9] }),
    x: line([5, -1]),
    values: [2, -1],
  },
  'normalization by its weights, the other way': {
    layer: () => layers.normalization({ invert: true }),
    x: line([2, -1]),
    weights: { mean: [1, 2], variance: [4, 9], count: [3] },
    values: [5, -1],
  },
  concatenate: { layer: () => layers.concatenate(), x: pair([1], [2, 3]), shape: [1, 3], values: [1, 2, 3] },
  add: { layer: () => layers.add(), x: pair([1, 2], [3, 4]), values: [4, 6] },
  subtract: { layer: () => layers.subtract(), x: pair([1, 2], [3, 5]), values: [-2, -3] },
  multiply: { layer: () => layers.multiply(), x: pair([1, 2], [3, 4]), values: [3, 8] },
  average: { layer: () => layers.average(), x: pair([1, 2], [3, 4]), values: [2, 3] },
  maximum: { layer: () => layers.maximum(), x: pair([1, 5], [3, 4]), values: [3, 5] },
  minimum: { layer: () => layers.minimum(), x: pair([1, 5], [3, 4]), values: [1, 4] },
  dot: { layer: () => layers.dot({ axes: 1 }), x: pair([1, 2], [3, 4]), shape: [1, 1], values: [11] },
  zeroPadding1d: {
    layer: () => layers.zeroPadding1d({ padding: [1, 0] }),
    x: sequence([[1], [2]]),
    values: [0, 1, 2],
  },
  zeroPadding2d: {
    layer: () => layers.zeroPadding2d({ padding: [[0, 1], [1, 0]] }), // prettier-ignore
    x: image([1, 2], 1, 2),
    shape: [1, 2, 3, 1],
    values: [0, 1, 2, 0, 0, 0],
  },
  cropping1d: {
    layer: () => layers.cropping1d({ cropping: [1, 0] }),
    x: sequence([[1], [2], [3]]),
    values: [2, 3],
  },
  cropping2d: {
    layer: () => layers.cropping2d({ cropping: [[0, 1], [1, 0]] }), // prettier-ignore
    x: image([1, 2, 3, 4], 2, 2),
    values: [2],
  },
  upSampling1d: { layer: () => layers.upSampling1d(), x: sequence([[1], [2]]), values: [1, 1, 2, 2] },
  upSampling2d: {
    layer: () => layers.upSampling2d({ size: [1, 2] }),
    x: image([1, 2], 1, 2),
    values: [1, 1, 2, 2],
  },
  'upSampling2d between pixels': {
    layer: () => layers.upSampling2d({ size: [1, 2], interpolation: 'bilinear' }),
    x: image([1, 2], 1, 2),
    values: [1, 1.25, 1.75, 2],
  },
  resizing: {
    layer: () => layers.resizing({ height: 1, width: 1, interpolation: 'nearest' }),
    x: image([1, 2, 3, 4], 2, 2),
    values: [4],
  },
  rescaling: { layer: () => layers.rescaling({ scale: 2, offset: -1 }), x: line([1, 2]), values: [1, 3] },
  timeDistributed: {
    layer: () => layers.timeDistributed({ layer: layers.dense({ units: 1, useBias: false }) }),
    x: sequence([[1, 2], [3, 4]]), // prettier-ignore
    weights: { kernel: [1, 10] },
    shape: [1, 2, 1],
    values: [21, 43],
  },
};

describe('layers', () => {
  for (const [name, { layer, x, weights, shape, values, training }] of Object.entries(cases)) {
    it(`${name}: gives what its definition says`, async () => {
      const before = dl.memory().numTensors;
      const result = await given(layer(), [x()].flat(), weights, { training });
      if (shape) expect(result.shape).toEqual(shape);
      expect(result.values.length).toBe(values.length);
      result.values.forEach((value, i) => expect(value).withContext(String(i)).toBeCloseTo(values[i]!, 4));
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  it('dropout and its kin draw from the state of random numbers, and keep the mean', async () => {
    const before = dl.memory().numTensors;
    const makers = {
      dropout: () => layers.dropout({ rate: 0.5 }),
      gaussianNoise: () => layers.gaussianNoise({ stddev: 0.5 }),
      gaussianDropout: () => layers.gaussianDropout({ rate: 0.5 }),
      spatialDropout1d: () => layers.spatialDropout1d({ rate: 0.5 }),
    };
    for (const [name, make] of Object.entries(makers)) {
      const draw = () => given(make(), [dl.ones([100, 20, 5])], {}, { training: true });
      dl.setSeed(5);
      const first = await draw();
      dl.setSeed(5);
      expect((await draw()).values)
        .withContext(name)
        .toEqual(first.values);
      expect((await draw()).values)
        .withContext(name)
        .not.toEqual(first.values);
      const mean = first.values.reduce((sum, value) => sum + value, 0) / first.values.length;
      expect(Math.abs(mean - 1))
        .withContext(name)
        .toBeLessThan(0.2);
    }
    const channels = await given(
      layers.spatialDropout2d({ rate: 0.5 }),
      [dl.ones([1, 2, 2, 8])],
      {},
      { training: true },
    );
    for (let c = 0; c < 8; c++)
      expect(new Set([0, 1, 2, 3].map((place) => channels.values[8 * place + c])).size).toBe(1);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('begin with weights of the range that their initializer has, repeated by a seed', async () => {
    const before = dl.memory().numTensors;
    const weightsOf = async (initializer: Parameters<typeof layers.dense>[0]['kernelInitializer']) => {
      const layer = layers.dense({ units: 40, kernelInitializer: initializer });
      layer.build([[null, 60]]);
      const values = Array.from(await layer.variables['dense/kernel']!.data());
      layer.dispose();
      return values;
    };
    const deviation = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    for (const [name, wanted] of [
      ['glorot_uniform', Math.sqrt(2 / 100)],
      ['glorotNormal', Math.sqrt(2 / 100)],
      ['he_normal', Math.sqrt(2 / 60)],
      ['heUniform', Math.sqrt(2 / 60)],
      ['lecun_normal', Math.sqrt(1 / 60)],
      ['random_normal', 0.05],
      ['orthogonal', Math.sqrt(1 / 60)],
      ['ones', 1],
      ['zeros', 0],
    ] as const) {
      expect(Math.abs(deviation(await weightsOf(name)) - wanted))
        .withContext(name)
        .toBeLessThan(0.1 * wanted + 1e-6);
    }
    expect(await weightsOf({ name: 'constant', value: 3 })).toContain(3);
    expect(await weightsOf({ name: 'he_normal', seed: 1 })).toEqual(
      await weightsOf({ name: 'he_normal', seed: 1 }),
    );
    const identity = await weightsOf('identity');
    expect([identity[0], identity[1], identity[41]]).toEqual([1, 0, 1]);
    const rows = await weightsOf('orthogonal');
    const product = rows.reduce((sum, value, i) => sum + (i % 40 === 0 ? value * rows[i + 1]! : 0), 0);
    expect(product).toBeCloseTo(0, 4);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('say what is wrong with their options', () => {
    const wrong: readonly (readonly [() => unknown, string])[] = [
      [() => layers.dense({} as never), "layers.dense: 'units' is undefined; wanted a positive integer"],
      [
        () => layers.dense({ units: 2, activatoin: 'relu' } as never),
        "layers.dense: there is no option 'activatoin'; the nearest is 'activation'",
      ],
      [() => layers.dense({ units: 1.5 }), "layers.dense: 'units' is 1.5; wanted a positive integer"],
      [
        () => layers.dense({ units: 1, activation: 'rleu' }),
        "layers.dense: 'activation' is 'rleu'; wanted the name of an activation",
      ],
      [
        () => layers.conv2d({ filters: 1, kernelSize: 0 }),
        "layers.conv2d: 'kernelSize' is 0; wanted a positive integer, or two of them",
      ],
      [() => layers.dropout({ rate: 1 }), "layers.dropout: 'rate' is 1; wanted a number from 0, less than 1"],
      [
        () => layers.lstm({ units: 1, stateful: true as never }),
        "layers.lstm: 'stateful' is true; wanted false",
      ],
      [
        () => layers.dense({ units: 1, name: 'a/b' }),
        "layers.dense: argument 'name' is 'a/b'; wanted a name without slashes",
      ],
      [
        () => layers.bidirectional({ layer: layers.dense({ units: 1 }) }),
        "'layer' is Dense; wanted a recurrent layer",
      ],
      [() => layers.dense(5 as never), "layers.dense: argument 'options' is 5; wanted an object of options"],
    ];
    for (const [make, message] of wrong) expect(make).toThrowError(new RegExp(escaped(message)));
  });

  it('say what is wrong with their inputs, and leave nothing', () => {
    const before = dl.memory().numTensors;
    const wrong: readonly (readonly [Layer, () => dl.Tensor[], string])[] = [
      [
        layers.conv2d({ filters: 1, kernelSize: 3 }),
        () => [tensorOf([1, 2, 2, 1])],
        "Conv2D 'conv2d': an axis of 2 is shorter than the window of 3",
      ],
      [
        layers.conv2d({ filters: 1, kernelSize: 1 }),
        () => [tensorOf([2, 2])],
        'wanted one of rank 4, with the batch',
      ],
      [layers.add(), () => [tensorOf([1, 2])], 'there is one input; wanted two or more'],
      [layers.dot({ axes: 1 }), () => [tensorOf([1, 2])], 'wanted two of rank 2 or more, with the batch'],
      [
        layers.multiHeadAttention({ numHeads: 1, keyDim: 2 }),
        () => [tensorOf([1, 2])],
        'wanted query, value and perhaps key',
      ],
      [layers.gru({ units: 1 }), () => [tensorOf([1, 2])], 'and perhaps the states (1)'],
      [layers.maxPooling1d(), () => [tensorOf([1, 2])], 'the input is [1, 2]; wanted one of rank 3'],
      [
        layers.timeDistributed({ layer: layers.dense({ units: 1 }) }),
        () => [tensorOf([1, 2])],
        "TimeDistributed 'time_distributed': Dense 'dense': the input is [1]; wanted one of rank 2",
      ],
      [layers.add(), () => [tensorOf([1, 2]), tensorOf([1, 3])], 'wanted shapes that fit each other'],
      [
        layers.concatenate(),
        () => [tensorOf([1, 2]), tensorOf([2, 2])],
        'wanted shapes that differ at axis -1 alone',
      ],
      [layers.reshape({ targetShape: [3] }), () => [tensorOf([1, 2])], 'wanted what fits into [3]'],
      [layers.permute({ dims: [1, 1] }), () => [tensorOf([1, 2, 3])], 'wanted each of [1, 2] once'],
      [layers.lstm({ units: 1 }), () => [tensorOf([1, 2])], 'wanted [batch, steps, features]'],
      [layers.cropping1d(), () => [tensorOf([1, 2, 1])], 'of an axis of 2; wanted less'],
      [
        layers.batchNormalization({ axis: 5 }),
        () => [tensorOf([1, 2])],
        "'axis' is 5, of an input of rank 2",
      ],
    ];
    for (const [layer, inputs, message] of wrong) {
      const xs = inputs();
      expect(() => layer.apply(xs)).toThrowError(new RegExp(escaped(message)));
      layer.dispose();
      dl.dispose(xs);
    }
    expect(dl.memory().numTensors).toBe(before);
  });

  it('give their gradients', () => {
    const before = dl.memory().numTensors;
    dl.tidy(() => {
      const layer = layers.dense({ units: 2, activation: 'mish' });
      const { value, grads } = dl.variableGrads(() => layer.apply(tensorOf([3, 4])).sum<dl.Scalar>());
      expect(value.shape).toEqual([]);
      expect(Object.keys(grads).length).toBe(2);
      layer.dispose();
    });
    expect(dl.memory().numTensors).toBe(before);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
