import { animationFrames, defer, ignoreElements, merge, switchMap, tap, type Observable } from 'rxjs';
import { canvasFrames, type FramesOptions, type Tensor3D } from 'rxtensor';
import portrait from '../clip/astronaut.jpg';

const WIDTH = 640;
const HEIGHT = 480;

/**
 * Pictures for where there is no camera: NASA's portrait of the astronaut Eileen Collins (public domain), which moves and comes nearer, as a person before a camera
 * does. It never ends.
 */
export function clipFrames(options: FramesOptions): Observable<Tensor3D> {
  return defer(() => decoded(portrait)).pipe(
    switchMap((image) => {
      const canvas = document.createElement('canvas');
      canvas.width = WIDTH;
      canvas.height = HEIGHT;
      drawAt(0, image, canvas);
      const moving$ = animationFrames().pipe(
        tap(({ elapsed }) => drawAt(elapsed / 1000, image, canvas)),
        ignoreElements(),
      );
      return merge(moving$, canvasFrames(canvas, options));
    }),
  );
}

async function decoded(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** The picture after so many seconds: it sways, leans and comes nearer by periods that have no common multiple. */
function drawAt(seconds: number, image: HTMLImageElement, canvas: HTMLCanvasElement): void {
  const pen = canvas.getContext('2d')!;
  const wave = (period: number): number => Math.sin((2 * Math.PI * seconds) / period);
  const zoom = (WIDTH / image.width) * (1.5 + 0.2 * wave(7));
  pen.setTransform(1, 0, 0, 1, WIDTH / 2 + 36 * wave(5), HEIGHT * 0.42 + 16 * wave(3.7));
  pen.rotate(0.07 * wave(6.1));
  pen.scale(zoom, zoom);
  // About the face. No edge of the portrait comes into sight.
  pen.drawImage(image, -0.46 * image.width, -0.28 * image.height);
}
