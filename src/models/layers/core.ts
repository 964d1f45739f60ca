import { sizeOf } from '../../kernels';
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { activate, activation, fusedActivation } from './activations';
import { lastOf, mapExtent, productOf, ranked } from './extents';
import { initialize, initializer } from './initializers';
import { kind, type Shape } from './kind';
import { axes, count, flag, integers, number, oneOf, only, or, seed, share, type Setting } from './setting';
import { shown } from './layer';

export const Dense = kind({
  className: 'Dense',
  settings: {
    units: count,
    activation: or(activation, 'linear'),
    useBias: or(flag, true),
    kernelInitializer: or(initializer, initialize('GlorotUniform')),
    biasInitializer: or(initializer, initialize('Zeros')),
  },
  weights: ({ units, useBias, kernelInitializer, biasInitializer }, [input]) => [
    { name: 'kernel', shape: [lastOf(input!), units], initializer: kernelInitializer },
    ...(useBias ? [{ name: 'bias', shape: [units], initializer: biasInitializer }] : []),
  ],
  shapes: ({ units }, [input]) => {
    if (input!.length > 1) return [[...input!.slice(0, -1), units]];
    throw new Error(`the input is ${shown([input!])}; wanted one of rank 2 or more, with the batch`);
  },
  run: ({ x, settings: { units, useBias, activation }, weight }) => {
    const { activation: own, then } = fusedActivation(activation);
    const rows = x.rank === 2 ? x : dl.reshape(x, [-1, x.shape.at(-1)!]);
    const y = dl.fused.matMul({
      a: rows,
      b: weight('kernel'),
      bias: useBias ? weight('bias') : null,
      activation: own,
    });
    return then(x.rank === 2 ? y : dl.reshape(y, [...x.shape.slice(0, -1), units]));
  },
});

export const Activation = kind({
  className: 'Activation',
  settings: { activation },
  run: ({ x, settings }) => activate(settings.activation, x),
});

export const ReLU = kind({
  className: 'ReLU',
  settings: { maxValue: or(number, null), negativeSlope: or(number, 0), threshold: or(number, 0) },
  run: ({ x, settings: { maxValue, negativeSlope, threshold } }) => {
    if (threshold === 0 && negativeSlope === 0 && maxValue === 6) return dl.relu6(x);
    // max_value cuts what lies above the threshold; below it, the line goes through the threshold.
    const upper = threshold === 0 ? dl.relu(x) : dl.where(dl.greaterEqual(x, threshold), x, dl.zerosLike(x));
    const cut = maxValue === null ? upper : dl.minimum(upper, maxValue);
    if (negativeSlope === 0) return cut;
    return dl.add(cut, dl.mul(dl.minimum(dl.sub(x, threshold), 0), negativeSlope));
  },
});

export const LeakyReLU = kind({
  className: 'LeakyReLU',
  // Keras 3 calls it negative_slope; the reader knows both.
  settings: { alpha: or(number, 0.3) },
  run: ({ x, settings: { alpha } }) => dl.leakyRelu(x, alpha),
});

export const PReLU = kind({
  className: 'PReLU',
  settings: {
    alphaInitializer: or(initializer, initialize('Zeros')),
    sharedAxes: or(axes, null),
  },
  weights: ({ alphaInitializer, sharedAxes }, [input]) => [
    {
      name: 'alpha',
      shape: input!.slice(1).map((extent, i) => (sharedAxes?.includes(i + 1) ? 1 : (extent ?? NaN))),
      initializer: alphaInitializer,
    },
  ],
  run: ({ x, weight }) => dl.prelu(x, weight('alpha')),
});

export const ELU = kind({
  className: 'ELU',
  settings: { alpha: or(number, 1) },
  run: ({ x, settings: { alpha } }) =>
    alpha === 1 ? dl.elu(x) : dl.where(dl.greater(x, 0), x, dl.mul(dl.expm1(dl.minimum(x, 0)), alpha)),
});

export const ThresholdedReLU = kind({
  className: 'ThresholdedReLU',
  settings: { theta: or(number, 1) },
  run: ({ x, settings: { theta } }) => dl.where(dl.greater(x, theta), x, dl.zerosLike(x)),
});

export const Softmax = kind({
  className: 'Softmax',
  settings: { axis: or(axes, [-1]) },
  run: ({ x, settings: { axis } }) => {
    if (axis.length !== 1) throw new Error(`'axis' is [${axis.join(', ')}]; wanted one axis`);
    const [along] = axis.map((each) => (each < 0 ? x.rank + each : each));
    return along === x.rank - 1 ? dl.softmax(x) : softmaxAlong(x, along!);
  },
});

function softmaxAlong(x: Tensor, axis: number): Tensor {
  const order = Array.from({ length: x.rank }, (_, i) => i);
  // Exchanging two axes undoes itself.
  [order[axis], order[x.rank - 1]] = [x.rank - 1, axis];
  return dl.transpose(dl.softmax(dl.transpose(x, order)), order);
}

const noiseShape: Setting<readonly (number | null)[]> = {
  read: (given) => (Array.isArray(given) ? (given as readonly (number | null)[]) : undefined),
  wanted: 'extents, or null for those of the input',
};

export const Dropout = kind({
  className: 'Dropout',
  settings: {
    rate: share,
    noiseShape: or(noiseShape, null),
    seed: or(seed, null),
  },
  run: ({ x, training, settings: { rate, noiseShape } }) => (training ? dl.dropout(x, rate, noiseShape) : x),
});

/* @__NO_SIDE_EFFECTS__ */
const spatialDropout = (className: string, rank: number) =>
  kind({
    className,
    settings: { rate: share, seed: or(seed, null) },
    shapes: (_, inputs) => [ranked(inputs, rank)],
    run: ({ x, training, settings: { rate } }) =>
      training ? dl.dropout(x, rate, [x.shape[0]!, ...Array<number>(rank - 2).fill(1), x.shape.at(-1)!]) : x,
  });
export const SpatialDropout1D = spatialDropout('SpatialDropout1D', 3);
export const SpatialDropout2D = spatialDropout('SpatialDropout2D', 4);

export const GaussianNoise = kind({
  className: 'GaussianNoise',
  settings: { stddev: number, seed: or(seed, null) },
  run: ({ x, training, settings: { stddev } }) =>
    training ? dl.add(x, dl.randomNormal([...x.shape], 0, stddev)) : x,
});

export const GaussianDropout = kind({
  className: 'GaussianDropout',
  settings: { rate: share, seed: or(seed, null) },
  run: ({ x, training, settings: { rate } }) =>
    training ? dl.mul(x, dl.randomNormal([...x.shape], 1, Math.sqrt(rate / (1 - rate)))) : x,
});

const dataFormat = or(oneOf('channels_last', 'channels_first'), 'channels_last');

export const Flatten = kind({
  className: 'Flatten',
  settings: { dataFormat },
  shapes: (_, [input]) => [[input![0]!, productOf(input!.slice(1))]],
  run: ({ x, settings: { dataFormat } }) => {
    const isTurned = dataFormat === 'channels_first' && x.rank > 2;
    const last = isTurned ? dl.transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]) : x;
    return dl.reshape(last, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
  },
});

/** TensorFlow.js writes null for −1. */
const targetShape: Setting<readonly number[]> = {
  read: (given) => {
    if (!Array.isArray(given)) return undefined;
    const extents = given.map((extent: unknown) => extent ?? -1);
    const fits = extents.every((extent) => Number.isSafeInteger(extent) && (extent as number) >= -1);
    return fits && extents.filter((extent) => extent === -1).length < 2 ? (extents as number[]) : undefined;
  },
  wanted: 'extents without the batch, at most one of them -1',
};

export const Reshape = kind({
  className: 'Reshape',
  settings: { targetShape },
  shapes: ({ targetShape }, [input]) => {
    const size = productOf(input!.slice(1));
    const known = targetShape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
    const open = targetShape.includes(-1);
    if (size !== null && (open ? size % known !== 0 : size !== known))
      throw new Error(`the input is ${shown([input!])}; wanted what fits into [${targetShape.join(', ')}]`);
    const rest = mapExtent(size, (all) => all / known);
    return [[input![0]!, ...targetShape.map((extent) => (extent === -1 ? rest : extent))]];
  },
  run: ({ x, settings: { targetShape } }) => dl.reshape(x, [x.shape[0]!, ...targetShape]),
});

export const Permute = kind({
  className: 'Permute',
  settings: { dims: integers(1, 'axes from 1, without the batch') },
  shapes: ({ dims }, [input]) => {
    const wanted = input!.slice(1).map((_, i) => i + 1);
    if ([...dims].sort((a, b) => a - b).join() !== wanted.join())
      throw new Error(`'dims' is [${dims.join(', ')}]; wanted each of [${wanted.join(', ')}] once`);
    return [[input![0]!, ...dims.map((axis) => input![axis]!)]];
  },
  run: ({ x, settings: { dims } }) => dl.transpose(x, [0, ...dims]),
});

export const RepeatVector = kind({
  className: 'RepeatVector',
  settings: { n: count },
  shapes: ({ n }, inputs) => {
    const [batch, size] = ranked(inputs, 2);
    return [[batch!, n, size!]];
  },
  run: ({ x, settings: { n } }) => dl.tile(dl.expandDims(x, 1), [1, n, 1]),
});

export const Masking = kind({
  className: 'Masking',
  settings: { maskValue: or(number, 0) },
  run: ({ x, settings: { maskValue } }) =>
    dl.mul(x, dl.cast(dl.any(dl.notEqual(x, maskValue), -1, true), 'float32')),
  mask: ({ x, settings: { maskValue } }) => dl.any(dl.notEqual(x, maskValue), -1),
});

export const Embedding = kind({
  className: 'Embedding',
  settings: {
    inputDim: count,
    outputDim: count,
    embeddingsInitializer: or(initializer, initialize('RandomUniform')),
    maskZero: or(flag, false),
  },
  weights: ({ inputDim, outputDim, embeddingsInitializer }) => [
    { name: 'embeddings', shape: [inputDim, outputDim], initializer: embeddingsInitializer },
  ],
  shapes: ({ outputDim }, [input]) => [[...input!, outputDim]],
  run: ({ x, weight }) => dl.gather(weight('embeddings'), dl.cast(x, 'int32')),
  mask: ({ x, settings: { maskZero } }) => (maskZero ? dl.notEqual(x, 0) : null),
  dtype: 'float32',
});

/** The shape of an input, with the batch. */
export const batchShape: Setting<Shape> = {
  read: (given) =>
    Array.isArray(given) &&
    given.every((each) => each === null || (Number.isSafeInteger(each) && (each as number) >= 0))
      ? (given as Shape)
      : undefined,
  wanted: 'extents with the batch, null where they vary',
};

/** An input of a model; `input` makes one for programs. */
export const InputLayer = kind({
  className: 'InputLayer',
  settings: {
    batchInputShape: batchShape,
    dtype: or(oneOf('float32', 'int32', 'bool'), 'float32'),
    sparse: only(false),
  },
  run: ({ x }) => x,
});
