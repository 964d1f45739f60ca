import { sizeOf, type Shape } from '../strides';

/**
 * Where the values of a tensor lie in a texture array. They are flat, row-major, four in a texel. Texel t lies at
 * x = t mod width, layer = ⌊t / width⌋ mod layers, y = ⌊⌊t / width⌋ / layers⌋. So reshaping costs nothing, and a draw into
 * several layers fills several rows at once. The number of layers is a power of two, 1 for most tensors.
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
  return a.width === b.width && a.height === b.height && a.layers === b.layers;
}

/**
 * A texture row is lengthened by a further axis only if at least so many rows remain. A single row of texels would leave
 * half of each 2×2 quad of fragments idle, and use the tiles of texture memory badly.
 */
const LEAST_ROWS = 3;
/** Columns [n, 1] of so few texels lie in one row of the texture: one that is added to a matrix is read with less arithmetic. */
const LONGEST_COLUMN = 2048;
/** Rows shorter than this are put side by side if there are more than MANY_ROWS of them, for the same reason. */
const SHORT_ROW = 32;
const MANY_ROWS = 1024;

/**
 * The layout for a tensor of this shape. The width is a multiple of the product of as many trailing axes as fit. So a
 * kernel that walks along a row of the tensor ([channels], [width, channels], …) stays in a row of the texture, and
 * needs no division for each fetch.
 *
 * @throws when the tensor is too large for a texture
 */
export function chooseLayout(shape: Shape, maxTextureSize: number): TextureLayout {
  const texels = texelsOf(sizeOf(shape));
  checkSize(sizeOf(shape), maxTextureSize);
  const row = longestRow(shape, texels, maxTextureSize);
  if (row === 0 && shape.at(-1) === 1 && texels <= Math.min(LONGEST_COLUMN, maxTextureSize)) {
    return withWidth(texels, texels, 1);
  }
  return layOut(texels, row, 1, maxTextureSize);
}

/**
 * The most layers. A fragment that computes several rows reads their common operands only once, so that many layers pay. Even with
 * few fragments it takes no longer: a fragment waits for its reads, and the reads of several rows overlap.
 */
const MOST_LAYERS = 8;
export const LEAST_FRAGMENTS = 256;

/**
 * The layout of an output of which a fragment computes several rows of `row` texels at once, one for each layer; null if there are
 * too few rows, or no texture is large enough.
 *
 * @param neighbours whether the rows of a fragment are neighbours; the first is then a multiple of their number. Otherwise they are
 *   as far apart as there are rows in the texture's width
 * @param fits whether the kernel can compute so many rows at once
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

/** @throws when a tensor of `size` elements is too large for a texture */
export function checkSize(size: number, maxTextureSize: number): void {
  const texels = texelsOf(size);
  if (texels <= maxTextureSize * maxTextureSize) return;
  throw new Error(
    `webgl: a tensor of ${size} elements needs ${texels} texels; a texture here holds at most ` +
      `${maxTextureSize} × ${maxTextureSize} = ${maxTextureSize ** 2} texels (${maxTextureSize ** 2 * LANES} elements), ` +
      "by the device's MAX_TEXTURE_SIZE or the switch WEBGL_MAX_TEXTURE_SIZE; split it, or setBackend('cpu')",
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
