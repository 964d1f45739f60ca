// What happens to a picture before a network sees it: pixels, sizes, crops, colours, flips.
import * as tf from '@tensorflow/tfjs-core';

const HEIGHT = 6;
const WIDTH = 9;

/** A picture as a canvas gives it: bytes of red, green, blue and alpha. */
function picture(): { data: Uint8Array; width: number; height: number } {
  const data = new Uint8Array(HEIGHT * WIDTH * 4);
  for (let i = 0; i < HEIGHT * WIDTH; i++) {
    data.set([(i * 29) % 256, (i * 53) % 256, (i * 97) % 256, 255], i * 4);
  }
  return { data, width: WIDTH, height: HEIGHT };
}

/** The square in the middle, of that size, from 0 to 1. */
function toInput(pixels: tf.Tensor3D, size: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [height, width] = pixels.shape;
    const side = Math.min(height, width);
    const begin = [Math.floor((height - side) / 2), Math.floor((width - side) / 2), 0];
    const square = pixels.slice(begin, [side, side, 3]);
    const resized = tf.image.resizeBilinear(square as tf.Tensor3D, [size, size], true);
    return resized.toFloat().div(255).expandDims<tf.Tensor4D>(0);
  });
}

export async function run(): Promise<number[]> {
  const pixels = tf.browser.fromPixels(picture(), 3);
  const results: number[] = [pixels.shape[0], pixels.shape[1], pixels.shape[2]];
  const input = toInput(pixels, 4);
  results.push(...(await input.data()));

  const outputs = tf.tidy(() => {
    const scaled = pixels.div(255);
    const mean = tf.tensor1d([0.485, 0.456, 0.406]);
    const deviation = tf.tensor1d([0.229, 0.224, 0.225]);
    const normalized = scaled.sub(mean).div(deviation) as tf.Tensor3D;
    const batch = normalized.expandDims<tf.Tensor4D>(0);
    const boxes = tf.tensor2d([
      [0.1, 0.1, 0.8, 0.7],
      [0, 0, 1, 1],
    ]);
    const crops = tf.image.cropAndResize(batch, boxes, tf.tensor1d([0, 0], 'int32'), [3, 3]);
    const flipped = tf.image.flipLeftRight(batch);
    const nearest = tf.image.resizeNearestNeighbor(batch, [3, 5]);
    const channelsFirst = tf.transpose(normalized, [2, 0, 1]);
    const framed = tf.pad(normalized, [
      [1, 1],
      [2, 0],
      [0, 0],
    ]);
    const mirrored = tf.mirrorPad(
      normalized,
      [
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      'reflect',
    );
    const gray = tf.image.rgbToGrayscale(batch);
    const doubled = pixels.toInt().add(tf.scalar(1, 'int32')).floorDiv(tf.scalar(2, 'int32'));
    const bright = scaled.greater(0.5).toFloat().sum();
    const blocks = tf.depthToSpace(tf.reshape(tf.range(0, 16), [1, 2, 2, 4]) as tf.Tensor4D, 2);
    return [crops, flipped, nearest, channelsFirst, framed, mirrored, gray, doubled, bright, blocks];
  });
  for (const output of outputs) results.push(...output.shape, ...(await output.data()));
  const bytes = await tf.browser.toPixels(input.squeeze<tf.Tensor3D>([0]));
  results.push(...bytes);
  tf.dispose([pixels, input, ...outputs]);
  return results;
}
