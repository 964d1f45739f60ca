// A small convolutional network that learns to tell drawn shapes apart.
import * as tf from '@tensorflow/tfjs-core';

const SIZE = 8;
const CLASSES = 3;
const BATCH = 12;

/** Vertical bars, horizontal bars and diagonals, each at another place. */
function drawShapes(count: number): { images: tf.Tensor4D; labels: tf.Tensor2D } {
  const values = new Float32Array(count * SIZE * SIZE);
  const classes: number[] = [];
  for (let n = 0; n < count; n++) {
    const kind = n % CLASSES;
    const place = (n * 5) % SIZE;
    for (let i = 0; i < SIZE; i++) {
      const [row, column] = kind === 0 ? [i, place] : kind === 1 ? [place, i] : [i, (i + place) % SIZE];
      values[(n * SIZE + row) * SIZE + column] = 1;
    }
    classes.push(kind);
  }
  return tf.tidy(() => ({
    images: tf.tensor4d(values, [count, SIZE, SIZE, 1]),
    labels: tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES).toFloat() as tf.Tensor2D,
  }));
}

/** Weights that are the same in each run. */
function weights<R extends tf.Rank>(shape: number[], scale: number): tf.Variable<R> {
  return tf.tidy(() => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values = tf.cos(tf.range(0, size).mul(1.7)).mul(scale).reshape(shape);
    return tf.variable(values as tf.Tensor<R>);
  });
}

const conv1 = weights<tf.Rank.R4>([3, 3, 1, 4], 0.4);
const bias1 = tf.variable(tf.zeros<tf.Rank.R1>([4]));
const conv2 = weights<tf.Rank.R4>([3, 3, 4, 6], 0.2);
const bias2 = tf.variable(tf.zeros<tf.Rank.R1>([6]));
const dense = weights<tf.Rank.R2>([2 * 2 * 6, CLASSES], 0.2);
const bias3 = tf.variable(tf.zeros<tf.Rank.R1>([CLASSES]));

function model(images: tf.Tensor4D): tf.Tensor2D {
  const layer1 = tf.conv2d(images, conv1, 1, 'same').add(bias1).relu();
  const pooled1 = tf.maxPool(layer1 as tf.Tensor4D, 2, 2, 'valid');
  const layer2 = tf.conv2d(pooled1, conv2, [1, 1], 'same').add(bias2).relu();
  const pooled2 = tf.avgPool(layer2 as tf.Tensor4D, [2, 2], [2, 2], 'valid');
  return tf.matMul(pooled2.reshape([-1, 2 * 2 * 6]), dense).add(bias3) as tf.Tensor2D;
}

function loss(labels: tf.Tensor2D, logits: tf.Tensor2D): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(labels, logits).asScalar();
}

export async function run(): Promise<number[]> {
  const { images, labels } = drawShapes(BATCH * 2);
  const optimizer = tf.train.adam(0.02);
  const results: number[] = [];
  for (let step = 0; step < 16; step++) {
    const [xs, ys] = tf.tidy(() => {
      const begin = (step % 2) * BATCH;
      return [
        images.slice([begin, 0, 0, 0], [BATCH, SIZE, SIZE, 1]),
        labels.slice([begin, 0], [BATCH, CLASSES]),
      ] as [tf.Tensor4D, tf.Tensor2D];
    });
    const cost = optimizer.minimize(() => loss(ys, model(xs)), true)!;
    results.push((await cost.data())[0]);
    tf.dispose([cost, xs, ys]);
    await tf.nextFrame();
  }
  const accuracy = tf.tidy(() => {
    const guessed = model(images).softmax().argMax(-1);
    return guessed.equal(labels.argMax(-1)).toFloat().mean();
  });
  results.push((await accuracy.data())[0]);
  tf.dispose([accuracy, images, labels]);
  tf.disposeVariables();
  optimizer.dispose();
  return results;
}
