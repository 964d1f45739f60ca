import type { Padding, RoundingMode } from '../../src/tensor';

/** A window that slides over images, in the terms of an op's arguments. */
export interface Sliding {
  readonly filter: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly pad: Padding;
  readonly rounding?: RoundingMode;
}

/** An element of a window: its place in the window and in the image. */
export interface Tap {
  readonly fy: number;
  readonly fx: number;
  readonly y: number;
  readonly x: number;
}

/** The extents of the output, and for each of its places the window elements inside the image, by TensorFlow's definitions. */
export function slide(
  height: number,
  width: number,
  { filter, strides = [1, 1], dilations = [1, 1], pad, rounding = 'floor' }: Sliding,
): { readonly extents: [number, number]; readonly taps: (oy: number, ox: number) => Tap[] } {
  const along = (input: number, axis: 0 | 1): [out: number, before: number] => {
    const reach = dilations[axis] * (filter[axis] - 1) + 1;
    if (pad === 'same') {
      const out = Math.ceil(input / strides[axis]);
      return [out, Math.floor(Math.max((out - 1) * strides[axis] + reach - input, 0) / 2)];
    }
    const [before, behind] = pad === 'valid' ? [0, 0] : typeof pad === 'number' ? [pad, pad] : pad[1 + axis]!;
    return [Math[rounding]((input + before + behind - reach) / strides[axis]) + 1, before];
  };
  const [outHeight, top] = along(height, 0);
  const [outWidth, left] = along(width, 1);
  const taps = (oy: number, ox: number): Tap[] => {
    const found: Tap[] = [];
    for (let fy = 0; fy < filter[0]; fy++) {
      for (let fx = 0; fx < filter[1]; fx++) {
        const y = oy * strides[0] - top + fy * dilations[0];
        const x = ox * strides[1] - left + fx * dilations[1];
        if (y >= 0 && y < height && x >= 0 && x < width) found.push({ fy, fx, y, x });
      }
    }
    return found;
  };
  return { extents: [outHeight, outWidth], taps };
}
