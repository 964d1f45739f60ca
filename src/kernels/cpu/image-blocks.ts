import { copyRun } from './copy';

/** The shape of a batch of images [batch, height, width, channels]. */
export interface Images {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** How many rows and columns of zeros surround every image. */
export interface Margins {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Divides a batch into blocks of a few images, each with its margins. So windows need not be clipped, and a block stays
 * in the cache.
 */
export interface ImageBlocks {
  readonly images: Images;
  readonly margins: Margins;
  /** Height and width of an image with its margins. */
  readonly height: number;
  readonly width: number;
  /** Images in a full block; the last block may have fewer. */
  readonly count: number;
  /** Floats of scratch for one block; 0 without margins, since the images are then read in place. */
  readonly scratchLength: number;
}

/** Most floats in a block of several images: 128 KiB, about half of a second-level cache. */
const BLOCK_FLOATS = 32768;

export function planBlocks(images: Images, margins: Margins): ImageBlocks {
  const height = images.height + margins.top + margins.bottom;
  const width = images.width + margins.left + margins.right;
  const size = height * width * images.channels;
  const count = Math.min(images.batch, Math.max(1, Math.floor(BLOCK_FLOATS / size)));
  const isBare = height === images.height && width === images.width;
  return { images, margins, height, width, count, scratchLength: isBare ? 0 : count * size };
}

/** `count` images of a batch, with their margins: they begin at values[start], height·width·channels of {@link ImageBlocks} apart. */
export interface Block {
  readonly values: Float32Array;
  readonly start: number;
  readonly firstImage: number;
  readonly count: number;
}

/** Calls `visit` for each block in order. If there are margins, the images have been copied to `scratch` between them. */
export function forEachBlock(
  blocks: ImageBlocks,
  values: Float32Array,
  scratch: Float32Array,
  visit: (block: Block) => void,
): void {
  const { images, margins, scratchLength } = blocks;
  const line = images.width * images.channels;
  const paddedLine = blocks.width * images.channels;
  const corner = margins.top * paddedLine + margins.left * images.channels;
  // Every block overwrites only the images: the margins stay zero.
  scratch.fill(0, 0, scratchLength);
  const from = new Int32Array(values.buffer, values.byteOffset, values.length);
  const to = new Int32Array(scratch.buffer, scratch.byteOffset, scratch.length);
  for (let firstImage = 0; firstImage < images.batch; firstImage += blocks.count) {
    const count = Math.min(blocks.count, images.batch - firstImage);
    const firstLine = firstImage * images.height;
    if (scratchLength === 0) {
      visit({ values, start: firstLine * line, firstImage, count });
      continue;
    }
    for (let image = 0; image < count; image++) {
      for (let y = 0; y < images.height; y++) {
        const source = (firstLine + image * images.height + y) * line;
        copyRun(from, source, to, corner + (image * blocks.height + y) * paddedLine, line);
      }
    }
    visit({ values: scratch, start: 0, firstImage, count });
  }
}
