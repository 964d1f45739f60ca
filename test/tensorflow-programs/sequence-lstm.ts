// A recurrent network that adds up a sequence: a basic LSTM cell, unrolled, and gradients applied by hand.
import * as tf from '@tensorflow/tfjs-core';

const STEPS = 5;
const UNITS = 4;
const BATCH = 6;

const forgetBias = tf.scalar(1);
const wave = (shape: number[], scale: number): tf.Tensor => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tidy(() =>
    tf
      .sin(tf.linspace(0, size, size))
      .mul(scale)
      .reshape(shape),
  );
};
const kernel = tf.variable(wave([1 + UNITS, 4 * UNITS], 0.4) as tf.Tensor2D, true, 'lstm/kernel');
const bias = tf.variable(tf.zeros<tf.Rank.R1>([4 * UNITS]), true, 'lstm/bias');
const weights = tf.variable(wave([UNITS, 1], 0.5) as tf.Tensor2D, true, 'output/weights');
const offset = tf.variable(tf.zeros<tf.Rank.R1>([1]), true, 'output/offset');

function sequences(): { xs: tf.Tensor3D; ys: tf.Tensor2D } {
  return tf.tidy(() => {
    const xs = tf.cos(tf.range(0, STEPS * BATCH)).reshape<tf.Tensor3D>([BATCH, STEPS, 1]);
    return { xs, ys: xs.sum(1).div(STEPS) as tf.Tensor2D };
  });
}

/** The last output of the cell, after it has seen the whole sequence. */
function encode(xs: tf.Tensor3D): tf.Tensor2D {
  let c = tf.zeros<tf.Rank.R2>([BATCH, UNITS]);
  let h = tf.zeros<tf.Rank.R2>([BATCH, UNITS]);
  for (const x of tf.unstack(xs, 1)) {
    [c, h] = tf.basicLSTMCell(forgetBias, kernel, bias, x as tf.Tensor2D, c, h);
  }
  return h;
}

const predict = (xs: tf.Tensor3D): tf.Tensor2D => encode(xs).matMul(weights).add(offset) as tf.Tensor2D;

export async function run(): Promise<number[]> {
  const { xs, ys } = sequences();
  const optimizer = tf.train.momentum(0.2, 0.8);
  const results: number[] = [];
  for (let step = 0; step < 12; step++) {
    const { value, grads } = tf.variableGrads(() => tf.losses.meanSquaredError(ys, predict(xs)) as tf.Scalar);
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    results.push((await value.data())[0]);
    value.dispose();
    tf.dispose(grads);
  }
  const stacked = tf.tidy(() => {
    const cell = (data: tf.Tensor2D, c: tf.Tensor2D, h: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] =>
      tf.basicLSTMCell(forgetBias, kernel, bias, data, c, h);
    const zeros = tf.zeros<tf.Rank.R2>([BATCH, UNITS]);
    const first = xs.slice([0, 0, 0], [BATCH, 1, 1]).as2D(BATCH, 1);
    const [states, outputs] = tf.multiRNNCell([cell], first, [zeros], [zeros]);
    return tf.concat([...states, ...outputs], 1);
  });
  results.push(...(await stacked.data()));
  const predictions = predict(xs);
  results.push(...(await predictions.data()));
  tf.dispose([xs, ys, stacked, predictions, forgetBias]);
  tf.disposeVariables();
  optimizer.dispose();
  return results;
}
