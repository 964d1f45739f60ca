/** Layers around another layer. */
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { kind, type Shape } from './kind';
import { Layer, shown } from './layer';
import { oneOf, or, type Setting } from './setting';

/** A layer within another. In a file it is class and settings, which the reader has made a layer. */
export const layerSetting: Setting<Layer> = {
  read: (given) => (given instanceof Layer ? given : undefined),
  wanted: 'a layer',
  written: (layer) => layer.toJson(),
};

export const TimeDistributed = kind({
  className: 'TimeDistributed',
  settings: { layer: layerSetting },
  parts: ({ layer }) => [layer],
  hidesParts: true,
  partInputs: (_, [input]) => {
    if (input!.length > 2) return [[input![0]!, ...input!.slice(2)]];
    throw new Error(`the input is ${shown([input!])}; wanted one of rank 3 or more, with batch and steps`);
  },
  shapes: ({ layer }, [input]) => {
    const [batch, steps, ...rest] = input!;
    const [shape] = layer.outputShapes([[batch!, ...rest]]);
    return [[batch!, steps!, ...shape!.slice(1)]];
  },
  run: ({ x, parts: [layer], options }) => {
    const [batch, steps, ...rest] = x.shape as [number, number, ...number[]];
    const { outputs } = layer!.run([dl.reshape(x, [batch * steps, ...rest])], options);
    const [y] = outputs;
    return dl.reshape(y!, [batch, steps, ...y!.shape.slice(1)]);
  },
});

const merges = { sum: dl.add, mul: dl.mul, ave: (a: Tensor, b: Tensor) => dl.div(dl.add(a, b), 2) };

const widened = (shape: Shape): Shape =>
  shape.map((extent, axis) => (axis === shape.length - 1 && extent !== null ? 2 * extent : extent));

/** Schuster & Paliwal 1997: one copy of the layer goes forward, one backward. */
export const Bidirectional = kind({
  className: 'Bidirectional',
  settings: {
    layer: layerSetting,
    backwardLayer: or(layerSetting, null),
    mergeMode: or(oneOf('concat', 'sum', 'mul', 'ave'), 'concat'),
  },
  parts: ({ layer, backwardLayer }) => {
    const forward = layer.like({}, `forward_${layer.name}`);
    const isBackwards = layer.setting('goBackwards') === true;
    if (layer.setting('goBackwards') === undefined || layer.setting('returnState') === true)
      throw new Error(`'layer' is ${layer.className}; wanted a recurrent layer, without returnState`);
    const backward = backwardLayer ?? layer;
    return [
      forward,
      backward.like({ goBackwards: !isBackwards }, backwardLayer?.name ?? `backward_${layer.name}`),
    ];
  },
  shapes: ({ layer, mergeMode }, inputs) => {
    const [shape] = layer.outputShapes(inputs);
    return [mergeMode === 'concat' ? widened(shape!) : shape!];
  },
  run: ({ inputs, parts, options, mask, settings: { layer, mergeMode } }) => {
    const [a, b] = parts.map((part) => part.run(inputs, { ...options, mask }).outputs[0]!) as [
      Tensor,
      Tensor,
    ];
    // Step by step, the one belongs to the other.
    const back = layer.setting('returnSequences') === true ? dl.reverse(b, 1) : b;
    return mergeMode === 'concat' ? dl.concat([a, back], -1 + a.rank) : merges[mergeMode](a, back);
  },
  mask: ({ mask, settings: { layer } }) => (layer.setting('returnSequences') === true ? mask : null),
});
