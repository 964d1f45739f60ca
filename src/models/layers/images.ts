/** Layers that change the size of images, and what all layers of images share: the order of their axes. */
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { mapExtent, ranked, type Extent } from './extents';
import { kind, type Shape } from './kind';
import { borders, count, ends, number, oneOf, only, or, pair, type Pair } from './setting';

export const dataFormat = or(oneOf('channels_last', 'channels_first'), 'channels_last');

/** The axis of the channels. */
export const channelsAt = (format: string, rank: number): number =>
  format === 'channels_first' ? 1 : rank - 1;

/** Height and width. */
export const spatialOf = (shape: Shape, format: string): Shape =>
  format === 'channels_first' ? shape.slice(2) : shape.slice(1, -1);

export const imageShape = (batch: Extent, sides: Shape, channels: Extent, format: string): Shape =>
  format === 'channels_first' ? [batch, channels, ...sides] : [batch, ...sides, channels];

/** Works on images with their channels behind. */
export function channelsLast(x: Tensor, format: string, work: (x: Tensor) => Tensor): Tensor {
  return format === 'channels_first'
    ? dl.transpose(work(dl.transpose(x, [0, 2, 3, 1])), [0, 3, 1, 2])
    : work(x);
}

type Sides = (sides: Shape) => Shape;
const withSides = (inputs: readonly Shape[], format: string, change: Sides): readonly Shape[] => {
  const shape = ranked(inputs, 4);
  return [imageShape(shape[0]!, change(spatialOf(shape, format)), shape[channelsAt(format, 4)]!, format)];
};

export const ZeroPadding2D = kind({
  className: 'ZeroPadding2D',
  settings: { padding: or(borders, [[1, 1], [1, 1]]), dataFormat }, // prettier-ignore
  shapes: ({ padding, dataFormat }, inputs) =>
    withSides(inputs, dataFormat, (sides) =>
      sides.map((extent, i) => mapExtent(extent, (known) => known + padding[i]![0] + padding[i]![1])),
    ),
  run: ({ x, settings: { padding, dataFormat } }) =>
    channelsLast(x, dataFormat, (images) =>
      dl.pad(images, [
        [0, 0],
        ...padding.map(([before, after]): [number, number] => [before, after]),
        [0, 0],
      ]),
    ),
});

export const ZeroPadding1D = kind({
  className: 'ZeroPadding1D',
  settings: { padding: or(ends, [1, 1]) },
  shapes: ({ padding: [before, after] }, inputs) => {
    const [batch, steps, size] = ranked(inputs, 3);
    return [[batch!, mapExtent(steps!, (known) => known + before + after), size!]];
  },
  run: ({ x, settings: { padding } }) => dl.pad(x, [[0, 0], [...padding], [0, 0]]),
});

/** The extent without what is cut off. @throws when nothing would be left */
const cut = (extent: Extent, [before, after]: Pair): Extent =>
  mapExtent(extent, (known) => {
    if (known > before + after) return known - before - after;
    throw new Error(`'cropping' is [${before}, ${after}] of an axis of ${known}; wanted less than that`);
  });

export const Cropping2D = kind({
  className: 'Cropping2D',
  settings: { cropping: or(borders, [[0, 0], [0, 0]]), dataFormat }, // prettier-ignore
  shapes: ({ cropping, dataFormat }, inputs) =>
    withSides(inputs, dataFormat, (sides) => sides.map((extent, i) => cut(extent, cropping[i]!))),
  run: ({ x, settings: { cropping, dataFormat } }) =>
    channelsLast(x, dataFormat, (images) => {
      const [top, left] = [cropping[0][0], cropping[1][0]];
      const [height, width] = [1, 2].map((axis) => cut(images.shape[axis]!, cropping[axis - 1]!)!);
      return dl.slice(images, [0, top, left, 0], [-1, height!, width!, -1]);
    }),
});

export const Cropping1D = kind({
  className: 'Cropping1D',
  settings: { cropping: or(ends, [1, 1]) },
  shapes: ({ cropping }, inputs) => {
    const [batch, steps, size] = ranked(inputs, 3);
    return [[batch!, cut(steps!, cropping), size!]];
  },
  run: ({ x, settings: { cropping } }) =>
    dl.slice(x, [0, cropping[0], 0], [-1, cut(x.shape[1]!, cropping)!, -1]),
});

const resized = (x: Tensor, size: Pair, interpolation: 'nearest' | 'bilinear'): Tensor =>
  interpolation === 'nearest'
    ? dl.image.resizeNearestNeighbor(x, [...size], false, true)
    : dl.image.resizeBilinear(x, [...size], false, true);

const interpolations = oneOf('nearest', 'bilinear');

export const UpSampling2D = kind({
  className: 'UpSampling2D',
  settings: { size: or(pair, [2, 2]), dataFormat, interpolation: or(interpolations, 'nearest') },
  shapes: ({ size, dataFormat }, inputs) =>
    withSides(inputs, dataFormat, (sides) =>
      sides.map((extent, i) => mapExtent(extent, (known) => known * size[i]!)),
    ),
  run: ({ x, settings: { size, dataFormat, interpolation } }) =>
    channelsLast(x, dataFormat, (images) =>
      resized(images, [images.shape[1]! * size[0], images.shape[2]! * size[1]], interpolation),
    ),
});

export const UpSampling1D = kind({
  className: 'UpSampling1D',
  settings: { size: or(count, 2) },
  shapes: ({ size }, inputs) => {
    const [batch, steps, channels] = ranked(inputs, 3);
    return [[batch!, mapExtent(steps!, (known) => known * size), channels!]];
  },
  run: ({ x, settings: { size } }) => {
    const [batch, steps, channels] = x.shape as [number, number, number];
    return dl.reshape(dl.tile(dl.expandDims(x, 2), [1, 1, size, 1]), [batch, steps * size, channels]);
  },
});

export const Resizing = kind({
  className: 'Resizing',
  settings: {
    height: count,
    width: count,
    interpolation: or(interpolations, 'bilinear'),
    cropToAspectRatio: only(false),
    dataFormat,
  },
  shapes: ({ height, width, dataFormat }, inputs) => withSides(inputs, dataFormat, () => [height, width]),
  run: ({ x, settings: { height, width, interpolation, dataFormat } }) =>
    channelsLast(x, dataFormat, (images) => resized(images, [height, width], interpolation)),
  dtype: 'float32',
});

export const Rescaling = kind({
  className: 'Rescaling',
  settings: { scale: number, offset: or(number, 0) },
  run: ({ x, settings: { scale, offset } }) => dl.add(dl.mul(dl.cast(x, 'float32'), scale), offset),
  dtype: 'float32',
});
