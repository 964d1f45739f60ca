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

/** A picture as programs give it to a package: pixels, four bytes each. */
export function picture(
  width: number,
  height: number,
): { readonly data: Uint8Array; readonly width: number; readonly height: number } {
  const { values } = pictureFor({ name: '', shape: [1, height, width, 3], dtype: 'int32' });
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) data[4 * pixel + channel] = values[3 * pixel + channel]!;
  }
  return { data, width, height };
}

/**
 * A second of two notes, one after the other, over a soft hiss, as in a recording. In silence a model that takes logarithms makes much of
 * rounding.
 */
export function tune(samplesPerSecond: number): Float32Array {
  return Float32Array.from({ length: samplesPerSecond }, (_, i) => {
    const hertz = i < samplesPerSecond / 2 ? 440 : 660;
    const hiss = 0.05 * Math.sin(12.9898 * i + 0.37 * i * i);
    return 0.5 * Math.sin((2 * Math.PI * hertz * i) / samplesPerSecond) + hiss;
  });
}
