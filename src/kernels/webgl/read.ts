import { toTypedArray, type DataType, type TypedArray } from '../dtype';
import { LANES, texelsOf } from './texture-layout';
import type { Texture } from './textures';

type Lanes = Float32Array | Int32Array;

/** Reads the first `size` values of `texture`, whose framebuffer is bound. Blocks until the device is done. */
export function readNow(gl: WebGL2RenderingContext, texture: Texture, size: number): Lanes {
  const target = lanesFor(texture, size);
  // If the engine's stack overflowed in an earlier read, its buffer may still be bound.
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  forEachLayer(gl, texture, size, (rows, offset) => {
    gl.readPixels(0, 0, texture.layout.width, rows, ...formatOf(gl, texture), target, offset);
  });
  return inOrder(target, texture, size);
}

/**
 * Queues a copy of the first `size` values of `texture`, whose framebuffer is bound, to a new buffer. Later draws and frees do not change
 * the copy. Call the returned function once, when the device has done the queued work: it returns the values and frees the buffer.
 */
export function pendingRead(gl: WebGL2RenderingContext, texture: Texture, size: number): () => Lanes {
  const target = lanesFor(texture, size);
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_PACK_BUFFER, target.byteLength, gl.STREAM_READ);
  forEachLayer(gl, texture, size, (rows, offset) => {
    gl.readPixels(
      0,
      0,
      texture.layout.width,
      rows,
      ...formatOf(gl, texture),
      offset * target.BYTES_PER_ELEMENT,
    );
  });
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  return () => {
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, target);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    return inOrder(target, texture, size);
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

function lanesFor(texture: Texture, size: number): Lanes {
  const { width, layers } = texture.layout;
  const length = rowsToRead(texture, size) * layers * width * LANES;
  return texture.laneType === 'float' ? new Float32Array(length) : new Int32Array(length);
}

function forEachLayer(
  gl: WebGL2RenderingContext,
  texture: Texture,
  size: number,
  read: (rows: number, offset: number) => void,
): void {
  const rows = rowsToRead(texture, size);
  for (let layer = 0; layer < texture.layout.layers && rows > 0; layer++) {
    gl.readBuffer(gl.COLOR_ATTACHMENT0 + layer);
    read(rows, layer * rows * texture.layout.width * LANES);
  }
}

/** Puts rows that were read layer by layer in order (row r lies in layer r mod layers), and keeps `size` values. */
function inOrder(values: Lanes, texture: Texture, size: number): Lanes {
  const { width, layers } = texture.layout;
  if (layers === 1) return values.length === size ? values : values.slice(0, size);
  const rowLength = width * LANES;
  const rows = rowsToRead(texture, size);
  const ordered = values.slice();
  for (let row = 0; row < rows * layers; row++) {
    const from = ((row % layers) * rows + Math.floor(row / layers)) * rowLength;
    ordered.set(values.subarray(from, from + rowLength), row * rowLength);
  }
  return ordered.slice(0, size);
}
