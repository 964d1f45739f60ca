import type { Tensor3D } from '../tensor/tensor';
import type { OverlayContext } from './overlay';
import { valuesOnCpu } from './values-on-cpu';

/**
 * Makes a function that shows pictures on a canvas, which takes their size. It returns false, and does nothing, for a picture that has not three channels or does not lie on
 * the CPU. The pixels go to the canvas itself, from memory that is used again for the next picture: `paint`, which can also scale and blend, draws them on a second canvas first.
 */
export function showerOnCpu(): (picture: Tensor3D, context: OverlayContext, mirror: boolean) => boolean {
  let image: ImageData | undefined;
  return (picture, context, mirror) => {
    const [height, width, channels] = picture.shape;
    const values = channels === 3 ? valuesOnCpu(picture) : null;
    if (!values) return false;
    const { canvas } = context;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (image?.width !== width || image.height !== height) {
      image = new ImageData(width, height);
      image.data.fill(255);
    }
    const { data } = image;
    const scale = picture.dtype === 'int32' ? 1 : 255;
    const step = mirror ? -3 : 3;
    for (let row = 0, to = 0; row < height; row++) {
      let from = 3 * (row * width + (mirror ? width - 1 : 0));
      // The assignments clamp, round, and make NaN 0.
      for (const end = to + 4 * width; to < end; to += 4, from += step) {
        data[to] = values[from]! * scale;
        data[to + 1] = values[from + 1]! * scale;
        data[to + 2] = values[from + 2]! * scale;
      }
    }
    context.putImageData(image, 0, 0);
    return true;
  };
}
