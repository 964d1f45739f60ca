import { activeBackend } from '../kernels';
import { CpuBackend } from '../kernels/cpu/backend';
import { op } from '../tensor/op';
import { pixelsOf } from '../tensor/ops/pixels';
import { reshape } from '../tensor/ops/reshape';
import { makeTensor } from '../tensor/tensor-like';
import type { Tensor4D } from '../tensor/tensor';
import { warpRegion } from './crop-region';
import { inverseOf, type Affine, type Size } from './geometry';
import type { Frame } from './picture';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const NAME = 'cropRegion';
/** The frame, in messages. */
const PICTURE = "argument 'picture'";

/** From so many pixels of a picture for one of the crop on, the whole picture goes to the GPU as it is, and is warped there. A detector asks for that, once in many frames. */
const MUCH_SMALLER = 1.5;

/** One canvas for all crops whose pixels are read on the CPU, and one for those that go to the GPU. */
const scratch: Record<'cpu' | 'gpu', Context | null> = { cpu: null, gpu: null };

/** Where the tensors lie on the CPU. */
export const isOnCpu = (): boolean => activeBackend() instanceof CpuBackend;

function contextFor(place: 'cpu' | 'gpu', [height, width]: Size): Context {
  const context = (scratch[place] ??= newContext({ alpha: false, willReadFrequently: place === 'cpu' }));
  const { canvas } = context;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return context;
}

function newContext(settings: CanvasRenderingContext2DSettings): Context {
  const canvas =
    typeof OffscreenCanvas === 'function' ? new OffscreenCanvas(1, 1) : document.createElement('canvas');
  return (canvas as HTMLCanvasElement).getContext('2d', settings)!;
}

/**
 * Cuts a region out of what the browser can draw, as `cropRegion` does out of a tensor. The browser draws the region alone, turned upright, on a small canvas, and that is read:
 * of a camera's 640 × 480 pixels a landmark model takes 192 × 192. Values are whole 255ths, and edges of the picture that cross a pixel of the crop are blended there.
 */
export const cropFrame = op(NAME, function cropRegion(frame: Frame, toPicture: Affine, size: Size): Tensor4D {
  const place = isOnCpu() ? 'cpu' : 'gpu';
  // A browser that draws on a GPU averages pixels as it makes a picture smaller: palms of a dozen pixels would be found elsewhere than on a tensor.
  if (place === 'gpu' && Math.hypot(toPicture[0], toPicture[3]) > MUCH_SMALLER)
    return warpRegion(pixelsOf(NAME, frame, {}, PICTURE), toPicture, size);
  const context = contextFor(place, size);
  const [height, width] = size;
  const [a, b, c, d, e, f] = inverseOf(toPicture);
  try {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillRect(0, 0, width, height);
    context.setTransform(a, d, b, e, c, f);
    context.drawImage(frame, 0, 0);
    if (place === 'gpu') {
      const pixels = pixelsOf(NAME, context.canvas, { normalize: '0..1' }, PICTURE);
      return reshape(pixels, [1, height, width, 3]);
    }
    const values = valuesOf(context.getImageData(0, 0, width, height).data);
    return makeTensor(NAME, values, [1, height, width, 3]) as Tensor4D;
  } catch (error) {
    // Once pixels of another site were drawn on a canvas, it can never be read again.
    scratch[place] = null;
    if (!(error instanceof DOMException)) throw error;
    // The crop tells why it cannot be read; nothing is drawn again.
    pixelsOf(NAME, context.canvas, {}, PICTURE);
    throw new Error(`${NAME}: ${PICTURE} cannot be drawn (${String(error)}); wanted one that is not closed`, {
      cause: error,
    });
  }
});

/** Red, green and blue of each pixel, from 0 to 1. */
function valuesOf(bytes: Uint8ClampedArray): Float32Array {
  const values = new Float32Array((bytes.length / 4) * 3);
  for (let from = 0, to = 0; to < values.length; from += 4, to += 3) {
    values[to] = bytes[from]! / 255;
    values[to + 1] = bytes[from + 1]! / 255;
    values[to + 2] = bytes[from + 2]! / 255;
  }
  return values;
}
