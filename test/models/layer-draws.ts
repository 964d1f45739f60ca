/** Layers with settings that are drawn, to compare them with those of TensorFlow.js. */

/** Draws one of some values. */
export type Pick = <T extends readonly unknown[]>(...values: T) => T[number];

/** A layer of TensorFlow.js: the options it is made with, and the shapes of its inputs. */
export interface LayerDraw {
  readonly options: object;
  readonly inputs: readonly (readonly number[])[];
  readonly dtype?: 'int32';
  /** A layer around which it is. */
  readonly inner?: readonly [layer: string, options: object];
  /** Whether training gives the same each time. */
  readonly trains?: boolean;
}

const window = (pick: Pick): object => {
  const dilationRate = pick(1, 1, 2);
  return {
    kernelSize: pick(1, 2, 3, [2, 3]),
    strides: dilationRate === 1 ? pick(1, 2, [2, 1]) : 1,
    dilationRate,
    padding: pick('valid', 'same'),
    activation: pick(undefined, 'linear', 'relu', 'tanh', 'elu', 'sigmoid', 'softmax'),
    useBias: pick(true, true, false),
  };
};
const image = (pick: Pick): number[] => [pick(1, 2), pick(6, 7), pick(5, 8), pick(1, 3)];
const either = (pick: Pick): object => ({
  dataFormat: pick('channelsLast', 'channelsLast', 'channelsFirst'),
});
const sequence = (pick: Pick): number[] => [pick(1, 2), pick(5, 6), pick(1, 3)];
const pooling = (pick: Pick): object => ({
  poolSize: pick(2, 3, [2, 3]),
  strides: pick(undefined, 1, 2, [1, 2]),
  padding: pick('valid', 'same'),
});
const recurrent = (pick: Pick): object => ({
  units: pick(1, 3),
  activation: pick(undefined, 'tanh', 'relu'),
  useBias: pick(true, true, false),
  returnSequences: pick(true, false),
  goBackwards: pick(false, false, true),
  // The orthogonal one is slow there.
  recurrentInitializer: 'glorotUniform',
});
const gated = (pick: Pick): object => ({
  ...recurrent(pick),
  recurrentActivation: pick(undefined, 'sigmoid', 'hardSigmoid'),
});
const alike = (pick: Pick): LayerDraw => {
  const shape = image(pick);
  return { options: {}, inputs: pick([shape, shape], [shape, shape, shape]) };
};

/** By the name of the function that makes the layer. */
export const layerDraws: Readonly<Record<string, (pick: Pick) => LayerDraw>> = {
  dense: (pick) => ({
    options: {
      units: pick(1, 4),
      activation: pick(
        undefined, 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'tanh', 'softmax', 'logSoftmax', 'softplus', 'softsign',
        'swish', 'mish', 'gelu',
      ), // prettier-ignore
      useBias: pick(true, false),
    },
    inputs: [pick([2, 3], [1, 3], [2, 4, 3])],
    trains: true,
  }),
  activation: (pick) => ({
    options: { activation: pick('relu', 'tanh', 'softmax', 'sigmoid') },
    inputs: [pick([2, 3], [2, 4, 3])],
  }),
  reLU: (pick) => ({ options: { maxValue: pick(undefined, 6, 0.5) }, inputs: [[2, 5]] }),
  leakyReLU: (pick) => ({ options: { alpha: pick(undefined, 0.1) }, inputs: [[2, 5]] }),
  prelu: (pick) => ({
    options: { alphaInitializer: 'randomNormal', sharedAxes: pick(undefined, [1], [1, 2]) },
    inputs: [[2, 3, 4, 2]],
  }),
  elu: (pick) => ({ options: { alpha: pick(undefined, 1) }, inputs: [[2, 5]] }),
  thresholdedReLU: (pick) => ({ options: { theta: pick(undefined, 0.3) }, inputs: [[2, 5]] }),
  softmax: (pick) => ({ options: { axis: pick(-1, 2) }, inputs: [[2, 3, 4]] }),
  conv1d: (pick) => {
    const dilationRate = pick(1, 1, 2);
    return {
      options: {
        ...window(pick),
        filters: pick(1, 4),
        kernelSize: pick(1, 2, 3),
        strides: dilationRate === 1 ? pick(1, 2) : 1,
        dilationRate,
        padding: pick('valid', 'same'),
      },
      inputs: [[pick(1, 2), 8, pick(1, 3)]],
      trains: true,
    };
  },
  conv2d: (pick) => ({
    options: { filters: pick(1, 4), ...window(pick), ...either(pick) },
    inputs: [image(pick)],
    trains: true,
  }),
  conv2dTranspose: (pick) => ({
    options: {
      filters: pick(1, 3),
      ...window(pick),
      dilationRate: 1,
      strides: pick(1, 2, [2, 1], 3),
      ...either(pick),
    },
    inputs: [image(pick)],
  }),
  depthwiseConv2d: (pick) => ({
    options: { ...window(pick), strides: 1, dilationRate: 1, depthMultiplier: pick(1, 2) },
    inputs: [image(pick)],
  }),
  separableConv2d: (pick) => ({
    options: {
      filters: pick(1, 4),
      ...window(pick),
      strides: pick(1, 2),
      dilationRate: 1,
    },
    inputs: [image(pick)],
  }),
  maxPooling1d: (pick) => ({
    options: { poolSize: pick(2, 3), strides: pick(undefined, 1, 2), padding: pick('valid', 'same') },
    inputs: [sequence(pick)],
  }),
  averagePooling1d: (pick) => ({
    options: { poolSize: pick(2, 3), strides: pick(undefined, 1, 2), padding: pick('valid', 'same') },
    inputs: [sequence(pick)],
  }),
  maxPooling2d: (pick) => ({
    options: { ...pooling(pick), ...either(pick) },
    inputs: [[...image(pick).slice(0, 3), 5]],
  }),
  averagePooling2d: (pick) => ({
    options: { ...pooling(pick), ...either(pick) },
    inputs: [[...image(pick).slice(0, 3), 5]],
  }),
  globalMaxPooling1d: (pick) => ({ options: {}, inputs: [sequence(pick)] }),
  globalAveragePooling1d: (pick) => ({ options: {}, inputs: [sequence(pick)] }),
  globalMaxPooling2d: (pick) => ({ options: either(pick), inputs: [image(pick)] }),
  globalAveragePooling2d: (pick) => ({ options: either(pick), inputs: [image(pick)] }),
  batchNormalization: (pick) => {
    const [center, scale] = [pick(true, false), pick(true, false)];
    return {
      options: { axis: pick(undefined, -1, 1), epsilon: pick(undefined, 0.1), center, scale },
      inputs: [pick([3, 4], [2, 3, 5], image(pick))],
      // There, training needs both.
      trains: center && scale,
    };
  },
  layerNormalization: (pick) => ({
    options: {
      axis: pick(undefined, -1),
      epsilon: pick(undefined, 0.1),
      center: pick(true, false),
      scale: pick(true, false),
    },
    inputs: [pick([3, 4], [2, 3, 5])],
    trains: true,
  }),
  dropout: (pick) => ({ options: { rate: pick(0.1, 0.5) }, inputs: [[2, 5]] }),
  spatialDropout1d: (pick) => ({ options: { rate: 0.5 }, inputs: [sequence(pick)] }),
  gaussianNoise: () => ({ options: { stddev: 0.5 }, inputs: [[2, 5]] }),
  gaussianDropout: () => ({ options: { rate: 0.5 }, inputs: [[2, 5]] }),
  flatten: (pick) => ({ options: either(pick), inputs: [pick([2, 5, 3], image(pick))] }),
  reshape: (pick) => ({
    options: { targetShape: pick([6, 4], [2, -1], [24], [2, 3, 4]) },
    inputs: [[2, 4, 6]],
  }),
  permute: (pick) => ({ options: { dims: pick([2, 1, 3], [3, 1, 2]) }, inputs: [[2, 3, 4, 5]] }),
  repeatVector: (pick) => ({ options: { n: pick(1, 3) }, inputs: [[2, 5]] }),
  concatenate: (pick) => ({
    options: { axis: pick(undefined, -1, 2) },
    inputs: pick([[2, 3, 4], [2, 3, 4]], [[1, 3, 4], [1, 3, 4], [1, 3, 4]]), // prettier-ignore
  }),
  add: alike,
  multiply: alike,
  average: alike,
  maximum: alike,
  minimum: alike,
  dot: (pick) => ({
    options: { axes: pick(-1, 1, [1, 1]), normalize: pick(false, true) },
    inputs: pick([[2, 3], [2, 3]], [[2, 3, 3], [2, 3, 3]]), // prettier-ignore
  }),
  zeroPadding2d: (pick) => ({
    options: { padding: pick(undefined, 1, [1, 2], [[0, 1], [2, 0]]), ...either(pick) }, // prettier-ignore
    inputs: [image(pick)],
  }),
  cropping2D: (pick) => ({
    options: { cropping: pick([[1, 1], [0, 2]], [[0, 1], [0, 0]]), ...either(pick) }, // prettier-ignore
    inputs: [[...image(pick).slice(0, 3), 4]],
  }),
  upSampling2d: (pick) => ({
    options: { size: pick(undefined, [1, 3]), ...either(pick) },
    inputs: [image(pick)],
  }),
  rescaling: (pick) => ({ options: { scale: pick(2, 1 / 255), offset: pick(0, -1) }, inputs: [image(pick)] }),
  embedding: (pick) => ({
    options: { inputDim: 5, outputDim: pick(1, 3), embeddingsInitializer: 'randomNormal' },
    inputs: [[2, pick(1, 4)]],
    dtype: 'int32',
  }),
  simpleRNN: (pick) => ({ options: recurrent(pick), inputs: [sequence(pick)], trains: true }),
  lstm: (pick) => ({
    options: { ...gated(pick), unitForgetBias: pick(true, false) },
    inputs: [sequence(pick)],
    trains: true,
  }),
  gru: (pick) => ({ options: gated(pick), inputs: [sequence(pick)], trains: true }),
  bidirectional: (pick) => ({
    options: { mergeMode: pick('concat', 'sum', 'mul', 'ave') },
    inner: [pick('lstm', 'gru', 'simpleRNN'), { ...gated(pick), goBackwards: false }],
    inputs: [sequence(pick)],
  }),
  timeDistributed: (pick) =>
    pick<readonly LayerDraw[]>(
      { options: {}, inner: ['dense', { units: 3, activation: 'relu' }], inputs: [[2, 3, 4]] },
      { options: {}, inner: ['conv2d', { filters: 2, kernelSize: 2 }], inputs: [[1, 2, 4, 4, 3]] },
    ),
};
