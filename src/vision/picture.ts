/** Pictures: tensors, and what a browser can draw. */
import { isDrawable, sizesOf } from '../tensor/ops/pixels';
import type { DrawableSource } from '../kernels';
import type { Tensor3D } from '../tensor/tensor';
import { assertPicture } from './arguments';
import type { Size } from './geometry';

/**
 * A picture that is no tensor: a `VideoFrame`, an `ImageBitmap`, a video, a canvas or an image element. Models read the parts that they look at, and no more of it. What is
 * transparent in it counts as black.
 */
export type Frame =
  VideoFrame | ImageBitmap | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement;

/** A tensor [height, width, channels], int32 from 0 to 255 or float32 from 0 to 1, or what has not been read into one. */
export type Picture = Tensor3D | Frame;

/** Whether a canvas draws it, for each kind of thing that was asked about: a stream has one kind, and asks for each crop. */
const kinds = new WeakMap<object, boolean>();

export function isFrame(picture: unknown): picture is Frame {
  if (typeof picture !== 'object' || picture === null) return false;
  // All that are made by one constructor have one prototype.
  const kind = Object.getPrototypeOf(picture) as object | null;
  if (kind === null) return false;
  const known = kinds.get(kind);
  if (known !== undefined) return known;
  const found = isDrawable(picture);
  kinds.set(kind, found);
  return found;
}

/** The height and the width of a picture, in pixels. @throws unless it is one, and has pixels */
export function sizeOfPicture(name: string, picture: Picture): Size {
  if (isFrame(picture)) return sizesOf(name, "argument 'picture'", picture satisfies DrawableSource)[0];
  assertPicture(name, picture);
  const [height, width] = picture.shape;
  return [height, width];
}
