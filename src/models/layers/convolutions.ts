import * as dl from '../../tensor';
import type { Tensor, Tensor4D } from '../../tensor';
import { activate, activation, fusedActivation, type Activation } from './activations';
import { channelsAt, channelsLast, dataFormat, imageShape, spatialOf } from './images';
import { ranked, transposedExtent, windowExtent } from './extents';
import { initialize, initializer } from './initializers';
import { kind, type LayerCall, type Shape } from './kind';
import { count, ends, flag, joined, oneOf, only, or, pair, single, type Pair } from './setting';

// Bundlers drop constants and calls that nothing uses, but not accesses to properties.
const linear = or(activation, 'linear');
const biasFlag = or(flag, true);
const glorot = or(initializer, initialize('GlorotUniform'));
const zeros = or(initializer, initialize('Zeros'));
const once = or(pair, [1, 1]);
const validOrSame = or(oneOf('valid', 'same'), 'valid');

const weighing = {
  activation: linear,
  useBias: biasFlag,
  kernelInitializer: glorot,
  biasInitializer: zeros,
};

const windowed = {
  kernelSize: pair,
  strides: once,
  padding: validOrSame,
  dataFormat,
  dilationRate: once,
};

const channelsOf = (shape: Shape, format: string): number => shape[channelsAt(format, shape.length)] ?? NaN;

interface Window {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly dilationRate: Pair;
  readonly dataFormat: 'channels_last' | 'channels_first';
}

/** The shape behind a window that moves over images. */
function windowShape(inputs: readonly Shape[], settings: Window, channels: number): Shape {
  const shape = ranked(inputs, 4);
  const { kernelSize, strides, padding, dilationRate, dataFormat } = settings;
  const sides = spatialOf(shape, dataFormat).map((extent, i) =>
    windowExtent(extent, kernelSize[i]!, strides[i]!, dilationRate[i]!, padding),
  );
  return imageShape(shape[0]!, sides, channels, dataFormat);
}

const biasOf = (
  channels: number,
  settings: { readonly useBias: boolean; readonly biasInitializer: ReturnType<typeof initialize> },
) => (settings.useBias ? [{ name: 'bias', shape: [channels], initializer: settings.biasInitializer }] : []);

/** What follows a convolution: a bias for each channel, and an activation. */
interface Finish {
  readonly useBias: boolean;
  readonly activation: Activation;
}

const biased = (y: Tensor, { settings, weight }: LayerCall<Finish>): Tensor =>
  settings.useBias ? dl.add(y, weight('bias')) : y;

/** A convolution of images in one kernel with its bias and its activation. */
function convolved(conv: typeof dl.fused.conv2d, call: LayerCall<Window & Finish>, filter: Tensor): Tensor {
  const { strides, padding, dataFormat, dilationRate, useBias, activation } = call.settings;
  const { activation: own, then } = fusedActivation(activation);
  const y = channelsLast(call.x, dataFormat, (x) =>
    conv({
      x: x,
      filter: filter,
      strides: [...strides] as [number, number],
      pad: padding,
      dilations: [...dilationRate] as [number, number],
      bias: useBias ? call.weight('bias') : null,
      activation: own,
    }),
  );
  // In the axes' own order: a softmax is over the last.
  return then(y);
}

export const Conv2D = kind({
  className: 'Conv2D',
  settings: joined(joined(windowed, weighing), { filters: count, groups: or(count, 1) }),
  weights: (settings, inputs) => {
    const { filters, kernelSize, kernelInitializer, groups, dataFormat } = settings;
    const channels = channelsOf(ranked(inputs, 4), dataFormat);
    if (channels % groups !== 0 || filters % groups !== 0)
      throw new Error(
        `'groups' is ${groups}; wanted a divisor of 'filters', ${filters}, and of the ${channels} channels`,
      );
    return [
      { name: 'kernel', shape: [...kernelSize, channels / groups, filters], initializer: kernelInitializer },
      ...biasOf(filters, settings),
    ];
  },
  shapes: (settings, inputs) => [windowShape(inputs, settings, settings.filters)],
  run: (call) => {
    const { groups } = call.settings;
    if (groups === 1) return convolved(dl.fused.conv2d, call, call.weight('kernel'));
    const { strides, padding, dataFormat, dilationRate } = call.settings;
    const filters = dl.split(call.weight('kernel'), groups, 3);
    const y = channelsLast(call.x, dataFormat, (x) => {
      const parts = dl
        .split(x, groups, 3)
        .map((part, i) =>
          dl.conv2d(part as Tensor4D, filters[i] as Tensor4D, [...strides], padding, 'NHWC', [
            ...dilationRate,
          ]),
        );
      return biased(dl.concat(parts, 3), call);
    });
    return activate(call.settings.activation, y);
  },
});

export const DepthwiseConv2D = kind({
  className: 'DepthwiseConv2D',
  settings: joined(windowed, {
    depthMultiplier: or(count, 1),
    activation: linear,
    useBias: biasFlag,
    depthwiseInitializer: glorot,
    biasInitializer: zeros,
  }),
  weights: (settings, inputs) => {
    const { kernelSize, depthMultiplier, depthwiseInitializer, dataFormat } = settings;
    const channels = channelsOf(ranked(inputs, 4), dataFormat);
    return [
      {
        name: 'depthwise_kernel',
        shape: [...kernelSize, channels, depthMultiplier],
        initializer: depthwiseInitializer,
        aliases: ['kernel'],
      },
      ...biasOf(channels * depthMultiplier, settings),
    ];
  },
  shapes: (settings, inputs) => [
    windowShape(
      inputs,
      settings,
      channelsOf(ranked(inputs, 4), settings.dataFormat) * settings.depthMultiplier,
    ),
  ],
  run: (call) => convolved(dl.fused.depthwiseConv2d, call, call.weight('depthwise_kernel')),
});

export const SeparableConv2D = kind({
  className: 'SeparableConv2D',
  settings: joined(windowed, {
    filters: count,
    depthMultiplier: or(count, 1),
    activation: linear,
    useBias: biasFlag,
    depthwiseInitializer: glorot,
    pointwiseInitializer: glorot,
    biasInitializer: zeros,
  }),
  weights: (settings, inputs) => {
    const { kernelSize, depthMultiplier, filters } = settings;
    const channels = channelsOf(ranked(inputs, 4), settings.dataFormat);
    return [
      {
        name: 'depthwise_kernel',
        shape: [...kernelSize, channels, depthMultiplier],
        initializer: settings.depthwiseInitializer,
      },
      {
        name: 'pointwise_kernel',
        shape: [1, 1, channels * depthMultiplier, filters],
        initializer: settings.pointwiseInitializer,
      },
      ...biasOf(filters, settings),
    ];
  },
  shapes: (settings, inputs) => [windowShape(inputs, settings, settings.filters)],
  run: (call) => {
    const { strides, padding, dataFormat, dilationRate, activation } = call.settings;
    const y = channelsLast(call.x, dataFormat, (x) =>
      biased(
        dl.separableConv2d(
          x,
          call.weight('depthwise_kernel'),
          call.weight('pointwise_kernel'),
          [...strides],
          padding,
          [...dilationRate],
        ),
        call,
      ),
    );
    return activate(activation, y);
  },
});

const undilated: typeof pair = {
  read: (given) => (pair.read(given)?.join() === '1,1' ? [1, 1] : undefined),
  wanted: '1',
};

export const Conv2DTranspose = kind({
  className: 'Conv2DTranspose',
  settings: joined(weighing, {
    filters: count,
    kernelSize: pair,
    strides: once,
    padding: validOrSame,
    dataFormat,
    dilationRate: or(undilated, [1, 1]),
    outputPadding: or(ends, null),
  }),
  weights: (settings, inputs) => [
    {
      name: 'kernel',
      shape: [...settings.kernelSize, settings.filters, channelsOf(ranked(inputs, 4), settings.dataFormat)],
      initializer: settings.kernelInitializer,
    },
    ...biasOf(settings.filters, settings),
  ],
  shapes: (settings, inputs) => {
    const shape = ranked(inputs, 4);
    const { kernelSize, strides, padding, outputPadding, filters, dataFormat } = settings;
    const sides = spatialOf(shape, dataFormat).map((extent, i) =>
      transposedExtent(extent, kernelSize[i]!, strides[i]!, padding, outputPadding?.[i] ?? null),
    );
    return [imageShape(shape[0]!, sides, filters, dataFormat)];
  },
  run: (call) => {
    const { kernelSize, strides, padding, outputPadding, filters, dataFormat, activation } = call.settings;
    const y = channelsLast(call.x, dataFormat, (x) => {
      const [batch, height, width] = x.shape as [number, number, number];
      const sides = [height, width].map((extent, i) =>
        transposedExtent(extent, kernelSize[i]!, strides[i]!, padding, outputPadding?.[i] ?? null),
      ) as [number, number];
      const shape = [batch, ...sides, filters] as const;
      return biased(dl.conv2dTranspose(x, call.weight('kernel'), shape, [...strides], padding), call);
    });
    return activate(activation, y);
  },
});

export const Conv1D = kind({
  className: 'Conv1D',
  settings: joined(weighing, {
    filters: count,
    kernelSize: single,
    strides: or(single, [1]),
    padding: or(oneOf('valid', 'same', 'causal'), 'valid'),
    dataFormat: only('channels_last'),
    dilationRate: or(single, [1]),
    groups: only(1),
  }),
  weights: (settings, inputs) => {
    const channels = ranked(inputs, 3)[2] ?? NaN;
    const { kernelSize, filters, kernelInitializer } = settings;
    return [
      { name: 'kernel', shape: [...kernelSize, channels, filters], initializer: kernelInitializer },
      ...biasOf(filters, settings),
    ];
  },
  shapes: (settings, inputs) => {
    const [batch, steps] = ranked(inputs, 3);
    const { kernelSize, strides, padding, dilationRate, filters } = settings;
    const extent = windowExtent(steps!, kernelSize[0], strides[0], dilationRate[0], padding);
    return [[batch!, extent, filters]];
  },
  run: (call) => {
    const { kernelSize, strides, padding, dilationRate } = call.settings;
    const isCausal = padding === 'causal';
    const before = (kernelSize[0] - 1) * dilationRate[0];
    const x = isCausal ? dl.pad(call.x, [[0, 0], [before, 0], [0, 0]]) : call.x; // prettier-ignore
    const y = dl.conv1d(
      x,
      call.weight('kernel'),
      strides[0],
      isCausal ? 'valid' : padding,
      'NWC',
      dilationRate[0],
    );
    return activate(call.settings.activation, biased(y, call));
  },
});
