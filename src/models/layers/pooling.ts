import * as dl from '../../tensor';
import type { Tensor, Tensor4D } from '../../tensor';
import { channelsAt, channelsLast, dataFormat, imageShape, spatialOf } from './images';
import { ranked, windowExtent } from './extents';
import { kind } from './kind';
import { flag, oneOf, only, or, pair, single } from './setting';

type Pool = typeof dl.maxPool;
const padding = or(oneOf('valid', 'same'), 'valid');

/* @__NO_SIDE_EFFECTS__ */
const pooling2d = (className: string, pool: Pool) =>
  kind({
    className,
    settings: { poolSize: or(pair, [2, 2]), strides: or(pair, null), padding, dataFormat },
    shapes: ({ poolSize, strides, padding, dataFormat }, inputs) => {
      const shape = ranked(inputs, 4);
      const sides = spatialOf(shape, dataFormat).map((extent, i) =>
        windowExtent(extent, poolSize[i]!, (strides ?? poolSize)[i]!, 1, padding),
      );
      return [imageShape(shape[0]!, sides, shape[channelsAt(dataFormat, 4)]!, dataFormat)];
    },
    run: ({ x, settings: { poolSize, strides, padding, dataFormat } }) =>
      channelsLast(x, dataFormat, (images) =>
        pool(images as Tensor4D, [...poolSize], [...(strides ?? poolSize)], padding),
      ),
  });

export const MaxPooling2D = pooling2d('MaxPooling2D', dl.maxPool);
export const AveragePooling2D = pooling2d('AveragePooling2D', dl.avgPool);

/* @__NO_SIDE_EFFECTS__ */
const pooling1d = (className: string, pool: Pool) =>
  kind({
    className,
    settings: {
      poolSize: or(single, [2]),
      strides: or(single, null),
      padding,
      dataFormat: only('channels_last'),
    },
    shapes: ({ poolSize, strides, padding }, inputs) => {
      const [batch, steps, channels] = ranked(inputs, 3);
      return [[batch!, windowExtent(steps!, poolSize[0], (strides ?? poolSize)[0], 1, padding), channels!]];
    },
    run: ({ x, settings: { poolSize, strides, padding } }) => {
      const images = dl.expandDims<Tensor4D>(x, 2);
      return dl.squeeze(pool(images, [poolSize[0], 1], [(strides ?? poolSize)[0], 1], padding), [2]);
    },
  });

export const MaxPooling1D = pooling1d('MaxPooling1D', dl.maxPool);
export const AveragePooling1D = pooling1d('AveragePooling1D', dl.avgPool);

type Reduce = (x: Tensor, axes: number[], keepDims: boolean) => Tensor;

/* @__NO_SIDE_EFFECTS__ */
const global2d = (className: string, reduce: Reduce) =>
  kind({
    className,
    settings: { dataFormat, keepdims: or(flag, false) },
    shapes: ({ dataFormat, keepdims }, inputs) => {
      const shape = ranked(inputs, 4);
      const channels = shape[channelsAt(dataFormat, 4)]!;
      return [keepdims ? imageShape(shape[0]!, [1, 1], channels, dataFormat) : [shape[0]!, channels]];
    },
    run: ({ x, settings: { dataFormat, keepdims } }) =>
      reduce(x, dataFormat === 'channels_first' ? [2, 3] : [1, 2], keepdims),
    mask: () => null,
  });

export const GlobalMaxPooling2D = global2d('GlobalMaxPooling2D', (x, axes, keep) => dl.max(x, axes, keep));
export const GlobalAveragePooling2D = global2d('GlobalAveragePooling2D', (x, axes, keep) =>
  dl.mean(x, axes, keep),
);

/* @__NO_SIDE_EFFECTS__ */
const global1d = (className: string, reduce: (x: Tensor, keepDims: boolean, mask: Tensor | null) => Tensor) =>
  kind({
    className,
    settings: { dataFormat: only('channels_last'), keepdims: or(flag, false) },
    shapes: ({ keepdims }, inputs) => {
      const [batch, , channels] = ranked(inputs, 3);
      return [keepdims ? [batch!, 1, channels!] : [batch!, channels!]];
    },
    run: ({ x, settings: { keepdims }, mask }) => reduce(x, keepdims, mask),
    mask: () => null,
  });

export const GlobalMaxPooling1D = global1d('GlobalMaxPooling1D', (x, keep) => dl.max(x, 1, keep));
export const GlobalAveragePooling1D = global1d('GlobalAveragePooling1D', (x, keep, mask) => {
  if (!mask) return dl.mean(x, 1, keep);
  const counts = dl.expandDims(dl.cast(mask, 'float32'), 2);
  return dl.div(dl.sum(dl.mul(x, counts), 1, keep), dl.sum(counts, 1, keep));
});
