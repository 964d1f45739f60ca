import { sizeOf, type Shape } from '../strides';

/**
 * Where the values of a tensor lie in a texture array. The values are flat, row-major, four to a texel; texel t is at
 * x = t mod width, layer = ⌊t / width⌋ mod layers, y = ⌊t / width⌋ div layers. So reshaping costs nothing, and with
 * several layers one draw fills several rows at once (layers is a power of two, 1 for ordinary tensors).
 */
export interface TextureLayout {
  readonly width: number;
  readonly height: number;
  readonly layers: number;
}

/** Values in one texel. */
export const LANES = 4;

export function texelsOf(size: number): number {
  return Math.ceil(size / LANES);
}

export function sameLayout(a: TextureLayout, b: TextureLayout): boolean {
  return a.width === b.width && a.layers === b.layers;
}

/**
 * A lone row of texels leaves half of each 2×2 quad of fragments idle and fills the tiles of texture memory badly, so
 * rows are lengthened only while at least so many of them are left.
 */
const LEAST_ROWS = 3;
/** For the same reason rows shorter than this are put side by side where there are more than so many of them. */
const SHORT_ROW = 32;
const MANY_ROWS = 1024;

/**
 * The layout for a tensor of this shape. The width is a multiple of as many trailing axes as fit, so that kernels
 * which walk along a row of the tensor, be it [channels], [width, channels] or [height, width, channels], stay within
 * a row of the texture and need no division for each fetch.
 *
 * @throws when no texture can hold it
 */
export function chooseLayout(shape: Shape, maxTextureSize: number): TextureLayout {
  const texels = texelsOf(sizeOf(shape));
  checkSize(sizeOf(shape), maxTextureSize);
  return layOut(texels, longestRow(shape, texels, maxTextureSize), 1, maxTextureSize);
}

/**
 * A fragment that computes several rows reads what they share once, so that it pays to have as many as there are attachments.
 * Few fragments take no longer for it: each waits for its own chain of reads, and those of several rows are in flight together.
 */
const MOST_LAYERS = 8;
const LEAST_FRAGMENTS = 256;

/**
 * The layout of an output whose rows of `row` texels are computed several at a time, one a layer; null where there are too few
 * rows for that, or no texture holds it so.
 *
 * @param neighbours the rows of a fragment are neighbours, beginning at a multiple of their number; otherwise they are as
 *   far from each other as there are rows in the texture's width
 * @param fits whether so many rows at a time are possible
 */
export function blockLayout(
  device: { readonly maxTextureSize: number; readonly maxDrawBuffers: number },
  texels: number,
  row: number,
  neighbours = false,
  fits: (layers: number) => boolean = () => true,
): TextureLayout | null {
  const { maxTextureSize } = device;
  for (let layers = Math.min(device.maxDrawBuffers, MOST_LAYERS); layers >= 4; layers /= 2) {
    if (texels < layers * LEAST_FRAGMENTS || row > maxTextureSize || !fits(layers)) continue;
    const layout = neighbours ? withWidth(row, texels, layers) : layOut(texels, row, layers, maxTextureSize);
    if (layout.width % row === 0 && layout.height <= maxTextureSize) return layout;
  }
  return null;
}

/** @throws where a tensor of `size` elements is more than a texture can hold */
export function checkSize(size: number, maxTextureSize: number): void {
  const texels = texelsOf(size);
  if (texels <= maxTextureSize * maxTextureSize) return;
  throw new Error(
    `webgl: a tensor of ${size} elements needs ${texels} texels; a texture of this device holds at most ` +
      `${maxTextureSize} × ${maxTextureSize} = ${maxTextureSize ** 2} texels (${maxTextureSize ** 2 * LANES} elements)`,
  );
}

function longestRow(shape: Shape, texels: number, maxTextureSize: number): number {
  let row = 0;
  let elements = 1;
  for (let axis = shape.length - 1; axis > 0; axis--) {
    elements *= shape[axis]!;
    const candidate = elements / LANES;
    if (candidate > maxTextureSize) break;
    if (Number.isInteger(candidate) && (row === 0 || texels >= LEAST_ROWS * candidate)) row = candidate;
  }
  return row;
}

function layOut(texels: number, row: number, layers: number, maxTextureSize: number): TextureLayout {
  const side = Math.sqrt(texels / layers);
  if (row > 0) {
    const most = Math.floor(maxTextureSize / row);
    const short = row < SHORT_ROW && texels > row * layers * MANY_ROWS;
    const count = short ? Math.min(most, Math.max(1, Math.floor(side / row))) : 1;
    for (const rows of [count, most]) {
      const layout = withWidth(row * rows, texels, layers);
      if (layout.height <= maxTextureSize) return layout;
    }
  }
  const width = Math.min(maxTextureSize, 2 ** Math.ceil(Math.log2(Math.max(1, side))));
  const layout = withWidth(width, texels, layers);
  return layout.height <= maxTextureSize ? layout : withWidth(maxTextureSize, texels, layers);
}

function withWidth(width: number, texels: number, layers: number): TextureLayout {
  return { width, height: Math.max(1, Math.ceil(texels / (width * layers))), layers };
}
