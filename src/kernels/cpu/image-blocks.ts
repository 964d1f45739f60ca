import { copyRun } from './copy';

/** Images in a row, NHWC. */
export interface Images {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Rows and columns of zeros around every image. */
export interface Margins {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * How a batch is worked off: some images at a time, each with its margins, so that windows need not be clipped and
 * what is being read stays in the cache.
 */
export interface ImageBlocks {
  readonly images: Images;
  readonly margins: Margins;
  /** With the margins. */
  readonly height: number;
  readonly width: number;
  /** Images of a full block. */
  readonly count: number;
  /** Floats of scratch: 0 where the images are used where they are. */
  readonly scratchLength: number;
}

/** Floats of a block: about the size of a second-level cache's half. */
const BLOCK_FLOATS = 32768;

export function planBlocks(images: Images, margins: Margins): ImageBlocks {
  const height = images.height + margins.top + margins.bottom;
  const width = images.width + margins.left + margins.right;
  const size = height * width * images.channels;
  const count = Math.min(images.batch, Math.max(1, Math.floor(BLOCK_FLOATS / size)));
  const isBare = height === images.height && width === images.width;
  return { images, margins, height, width, count, scratchLength: isBare ? 0 : count * size };
}

/** Some images of a batch: those of `values` begin at `start`, one every height·width·channels of the blocks. */
export interface Block {
  readonly values: Float32Array;
  readonly start: number;
  readonly firstImage: number;
  readonly count: number;
}

/** Calls `visit` for block after block, the images having been copied between margins where there are any. */
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
  // Only the images are written again: the margins stay zero.
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
