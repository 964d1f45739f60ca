// Fits a cubic polynomial to noisy points, with variables and an optimizer.
import * as tf from '@tensorflow/tfjs-core';

const LEARNING_RATE = 0.4;
const STEPS = 60;

interface Points {
  readonly xs: tf.Tensor1D;
  readonly ys: tf.Tensor1D;
}

/** Points of a polynomial, with a noise that is the same each time. */
function generate(count: number, coefficients: readonly number[]): Points {
  return tf.tidy(() => {
    const xs = tf.linspace(-1, 1, count);
    const noise = tf.sin(tf.range(0, count).mul(37)).mul(0.05);
    const powers = coefficients.map((c, i) => xs.pow(tf.scalar(i)).mul(c));
    const ys = tf.addN(powers).add(noise);
    const least = ys.min();
    const range = ys.max().sub(least);
    return { xs, ys: ys.sub(least).div(range) as tf.Tensor1D };
  });
}

const a = tf.variable(tf.scalar(0.1));
const b = tf.variable(tf.scalar(-0.2));
const c = tf.variable(tf.scalar(0.3));
const d = tf.variable(tf.scalar(0.4));
const variables = [a, b, c, d];

function predict(x: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() =>
    a
      .mul(x.pow(tf.scalar(3, 'int32')))
      .add(b.mul(x.square()))
      .add(c.mul(x))
      .add(d),
  );
}

function loss(predictions: tf.Tensor1D, labels: tf.Tensor1D): tf.Scalar {
  return predictions.sub(labels).square().mean();
}

export async function run(): Promise<number[]> {
  const { xs, ys } = generate(50, [0.9, -0.8, -0.2, 0.5]);
  const optimizer = tf.train.sgd(LEARNING_RATE);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const cost = optimizer.minimize(() => loss(predict(xs), ys), true);
    if (cost !== null && step % 10 === 0) losses.push((await cost.data())[0]);
    cost?.dispose();
  }
  const only = tf.train.adagrad(0.1);
  only.minimize(() => loss(predict(xs), ys), false, [a, b]);
  const coefficients = variables.map((variable) => variable.dataSync()[0]);
  const predictions = predict(xs);
  const values = Array.from(await predictions.data());
  tf.dispose([xs, ys, predictions]);
  variables.forEach((variable) => variable.dispose());
  optimizer.dispose();
  only.dispose();
  return [...losses, ...coefficients, ...values];
}
