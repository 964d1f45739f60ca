import { toTypedArray, type DataType, type TypedArray } from '../dtype';
import { LANES, texelsOf } from './texture-layout';
import type { Texture } from './textures';

type Lanes = Float32Array | Int32Array;

/**
 * A texel that no kernel computes. It marks the place where the last texel of each layer will be read to: a read that fails leaves the mark there.
 * Nothing else tells of it: when the driver has died, or memory is exhausted, a read does nothing, and it may take seconds until the
 * context counts as lost.
 */
const MARK = new Int32Array([0x6e6f7420, -0x5a917d3b, 0x72656164, -0x3c2e8f17]);
const BYTES_PER_LANE = 4;

/**
 * Reads the first `size` values of `texture`, whose framebuffer is bound. Blocks until the device is done. Returns null when the read has
 * failed.
 */
export function readNow(gl: WebGL2RenderingContext, texture: Texture, size: number): Lanes | null {
  const rows = rowsToRead(texture, size);
  const words = new Int32Array(lanesOf(texture, rows));
  const target = lanesIn(words, texture);
  const ends = endsOfLayers(texture, rows);
  for (const end of ends) words.set(MARK, end);
  // If the engine's stack overflowed in an earlier read, its buffer may still be bound.
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  forEachLayer(gl, texture, rows, (offset) => {
    gl.readPixels(0, 0, texture.layout.width, rows, ...formatOf(gl, texture), target, offset);
  });
  return ends.some((end) => isMarked(words, end)) ? null : inOrder(target, texture, rows, size);
}

/**
 * Queues a copy of the first `size` values of `texture`, whose framebuffer is bound, to a new buffer. Later draws and frees do not change
 * the copy. Call the returned function once, when the device has done the queued work: it returns the values, or null when the read has
 * failed, and frees the buffer.
 */
export function pendingRead(gl: WebGL2RenderingContext, texture: Texture, size: number): () => Lanes | null {
  const rows = rowsToRead(texture, size);
  const lanes = lanesOf(texture, rows);
  const ends = endsOfLayers(texture, rows);
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_PACK_BUFFER, (lanes + LANES) * BYTES_PER_LANE, gl.STREAM_READ);
  // The mark behind the values must arrive: a buffer without memory reads as zeros.
  for (const place of [...ends, lanes]) gl.bufferSubData(gl.PIXEL_PACK_BUFFER, place * BYTES_PER_LANE, MARK);
  forEachLayer(gl, texture, rows, (offset) => {
    const bytes = offset * BYTES_PER_LANE;
    gl.readPixels(0, 0, texture.layout.width, rows, ...formatOf(gl, texture), bytes);
  });
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  return () => {
    const words = new Int32Array(lanes + LANES);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, words);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    const isRead = isMarked(words, lanes) && !ends.some((end) => isMarked(words, end));
    return isRead ? inOrder(lanesIn(words, texture), texture, rows, size) : null;
  };
}

/** Converts the lanes of a texture to the array type of `dtype`. Without lanes (a tensor that was never written) it gives zeros. */
export function toDataType(lanes: Lanes | null, size: number, dtype: DataType): TypedArray {
  if (!lanes) return toTypedArray(new Uint8Array(size), dtype);
  return dtype === 'bool' ? toTypedArray(lanes, dtype) : lanes.slice(0, size);
}

function formatOf(gl: WebGL2RenderingContext, { laneType }: Texture): [format: number, type: number] {
  return laneType === 'float' ? [gl.RGBA, gl.FLOAT] : [gl.RGBA_INTEGER, gl.INT];
}

/** The number of rows of a layer that contain the first `size` values. */
function rowsToRead({ layout }: Texture, size: number): number {
  return Math.ceil(texelsOf(size) / (layout.width * layout.layers));
}

function lanesOf({ layout }: Texture, rows: number): number {
  return rows * layout.layers * layout.width * LANES;
}

/** The words as the texture's values. */
function lanesIn(words: Int32Array, { laneType }: Texture): Lanes {
  return laneType === 'float' ? new Float32Array(words.buffer) : words;
}

/** Where the last texel of each layer comes to lie, in lanes. */
function endsOfLayers(texture: Texture, rows: number): number[] {
  const { layers } = texture.layout;
  return Array.from({ length: layers }, (_, i) => ((i + 1) * lanesOf(texture, rows)) / layers - LANES);
}

function isMarked(words: Int32Array, place: number): boolean {
  return MARK.every((word, lane) => words[place + lane] === word);
}

function forEachLayer(
  gl: WebGL2RenderingContext,
  texture: Texture,
  rows: number,
  read: (offset: number) => void,
): void {
  for (let layer = 0; layer < texture.layout.layers; layer++) {
    gl.readBuffer(gl.COLOR_ATTACHMENT0 + layer);
    read(layer * rows * texture.layout.width * LANES);
  }
}

/** The first `size` values in order, of rows that were read layer by layer (row r lies in layer r mod layers). */
function inOrder(values: Lanes, texture: Texture, rows: number, size: number): Lanes {
  const { width, layers } = texture.layout;
  if (layers === 1) return values.subarray(0, size);
  const rowLength = width * LANES;
  const ordered = values.slice();
  for (let row = 0; row < rows * layers; row++) {
    const from = ((row % layers) * rows + Math.floor(row / layers)) * rowLength;
    ordered.set(values.subarray(from, from + rowLength), row * rowLength);
  }
  return ordered.subarray(0, size);
}
