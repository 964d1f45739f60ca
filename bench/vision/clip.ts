/** The clip of test/models as a fake camera of Chromium takes it at any rate: YUV4MPEG2, whose frames it need not decode. */
import { CLIP_SIZE, clipOf } from '../../test/models/clip';
import { photo } from '../../test/models/photos';
import { CAMERA } from './case';

/** A photo, and where one face of it fills the picture as in front of a camera. */
const PHOTO = 1;
const FACE = { x: 225, y: -75, scale: 0.5 };
/** One movement to and fro in a second. */
const FRAMES = CAMERA.frameRate;

/** Luma and the two chromas, which have half as many rows and columns (ITU-R BT.601, from 16 to 235 and to 240). */
function planesOf(data: Uint8Array, width: number, height: number): Uint8Array {
  const size = width * height;
  const planes = new Uint8Array(1.5 * size);
  for (let i = 0; i < size; i++) {
    const [red, green, blue] = [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!];
    planes[i] = 16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256;
    const [row, column] = [Math.floor(i / width), i % width];
    if (row % 2 || column % 2) continue;
    const at = size + (row / 2) * (width / 2) + column / 2;
    planes[at] = 128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256;
    planes[at + size / 4] = 128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256;
  }
  return planes;
}

/** The file. */
export function clipFile(): Uint8Array {
  const [width, height] = CLIP_SIZE;
  const taken = photo(PHOTO);
  const frames = clipOf(taken, FRAMES, {
    ...FACE,
    x: taken.width / 2 - FACE.x,
    y: taken.height / 2 + FACE.y,
  }).flatMap((data) => [Buffer.from('FRAME\n'), planesOf(data, width, height)]);
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${width} H${height} F${CAMERA.frameRate}:1 Ip A1:1\n`),
    ...frames,
  ]);
}
