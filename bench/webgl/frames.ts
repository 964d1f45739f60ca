// Pictures that become tensors, and tensors that are shown.
import { of } from 'rxjs';
import { prepared, type Prepared } from '../cases/case';
import { tensor, type Library, type Tensor, type Tensor3D, type Tensor4D } from '../library';

const [WIDTH, HEIGHT] = [640, 480];

/** A canvas of colours. */
function picture(): OffscreenCanvas {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d')!;
  for (let i = 0; i < 300; i++) {
    context.fillStyle = `hsl(${i * 7}, 80%, 50%)`;
    context.fillRect((i * 37) % WIDTH, (i * 53) % HEIGHT, 60, 50);
  }
  return canvas;
}

type Source = OffscreenCanvas | ImageBitmap;
type Resize = (
  x: Tensor4D,
  size: [number, number],
  alignCorners: boolean,
  halfPixelCenters: boolean,
) => Tensor;

/** An input [1, 224, 224, 3] from -1 to 1 of a picture: two ops of ours, five of TensorFlow.js. */
function input(lib: Library, source: Source): Tensor {
  const isOurs: boolean = 'webcam' in lib;
  return lib.tidy(() => {
    if (isOurs) return lib.expandDims(lib.fromPixels(source, { size: [224, 224], normalize: '-1..1' }), 0);
    const pixels = lib.expandDims<Tensor4D>(lib.browser.fromPixels(source), 0);
    const scaled = (lib.image.resizeBilinear as Resize)(pixels, [224, 224], false, true);
    return lib.div(lib.sub(scaled, 127.5), 127.5);
  });
}

export function inputOfCanvas(lib: Library): Prepared {
  const canvas = picture();
  return prepared(() => input(lib, canvas));
}

export function inputOfBitmap(lib: Library): Prepared {
  const bitmap = picture().transferToImageBitmap();
  return prepared(() => input(lib, bitmap));
}

export function pixelsOfCanvas(lib: Library): Prepared {
  const canvas = picture();
  return prepared(() => lib.browser.fromPixels(canvas));
}

/** Shows an image [480, 640, 3] on a canvas. */
export function painting(lib: Library): Prepared {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const image = lib.tidy(() => lib.abs(tensor(lib, [HEIGHT, WIDTH, 3], 5)));
  return {
    run: () => {
      of(image as Tensor3D)
        .pipe(lib.paint(canvas))
        .subscribe();
    },
    check: () => image.dataSync(),
  };
}
