import type { TensorDescription } from 'rxtensor/models';

/** Sides of inputs that a model leaves open. */
const SIDE = 96;

/** A value for an input of a model: soft spots of light on a dark ground, as in a picture. */
export function pictureFor({ shape, dtype }: TensorDescription): {
  readonly values: Float32Array | Int32Array;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
} {
  const extents = (shape ?? [1]).map((extent, axis) => extent ?? (axis === 0 ? 1 : SIDE));
  const [, height = 1, width = 1, channels = 1] = extents;
  const size = extents.reduce((product, extent) => product * extent, 1);
  const brightness = (i: number): number => {
    const channel = i % channels;
    const x = (Math.floor(i / channels) % width) / width;
    const y = (Math.floor(i / (channels * width)) % height) / height;
    const spot = (cx: number, cy: number, radius: number): number =>
      Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius ** 2));
    const light = 0.7 * spot(0.5, 0.4, 0.2) + 0.5 * spot(0.4, 0.35, 0.04) + 0.5 * spot(0.6, 0.35, 0.04);
    return 0.1 + Math.min(0.9, light * (1 - 0.15 * channel) + 0.05 * Math.sin(40 * x + 25 * y));
  };
  return dtype === 'int32'
    ? {
        values: Int32Array.from({ length: size }, (_, i) => Math.round(255 * brightness(i))),
        shape: extents,
        dtype,
      }
    : {
        values: Float32Array.from({ length: size }, (_, i) => brightness(i)),
        shape: extents,
        dtype: 'float32',
      };
}
