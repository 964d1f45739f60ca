// Three kinds of flowers by four measures: normalized features, two dense layers, a confusion matrix.
import * as tf from '@tensorflow/tfjs-core';

const FLOWERS = 3;
const FEATURES = 4;
const EACH = 10;

/** Measures that scatter around those of each kind. */
function measure(): { features: number[][]; kinds: number[] } {
  const means = [
    [5.0, 3.4, 1.5, 0.2],
    [5.9, 2.8, 4.3, 1.3],
    [6.6, 3.0, 5.6, 2.0],
  ];
  const features: number[][] = [];
  const kinds: number[] = [];
  means.forEach((mean, kind) => {
    for (let i = 0; i < EACH; i++) {
      features.push(mean.map((value, j) => value + 0.3 * Math.sin(i * 7 + j * 3 + kind)));
      kinds.push(kind);
    }
  });
  return { features, kinds };
}

class Dense {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;

  constructor(inputs: number, outputs: number, phase: number) {
    const made = tf.tidy(() => {
      const steps = tf.range(0, inputs * outputs).add(phase);
      return tf.sin(steps.mul(2.3)).mul(0.3).as2D(inputs, outputs);
    });
    this.kernel = tf.variable(made, true, `kernel${phase}`);
    this.bias = tf.variable(tf.zeros<tf.Rank.R1>([outputs]), true, `bias${phase}`);
    made.dispose();
  }

  apply(x: tf.Tensor2D): tf.Tensor2D {
    return x.matMul(this.kernel).add(this.bias) as tf.Tensor2D;
  }
}

export async function run(): Promise<number[]> {
  const { features, kinds } = measure();
  const raw = tf.tensor2d(features, [FLOWERS * EACH, FEATURES]);
  const { mean, variance } = tf.moments(raw, 0);
  const xs = tf.tidy(() => raw.sub(mean).div(variance.sqrt().add(1e-6)) as tf.Tensor2D);
  const truth = tf.tensor1d(kinds, 'int32');
  const labels = tf.oneHot(truth, FLOWERS);
  const hidden = new Dense(FEATURES, 10, 1);
  const output = new Dense(10, FLOWERS, 2);
  const predict = (x: tf.Tensor2D): tf.Tensor2D => output.apply(hidden.apply(x).sigmoid());

  const optimizer = tf.train.rmsprop(0.05, 0.9);
  const losses: number[] = [];
  for (let epoch = 0; epoch < 30; epoch++) {
    const cost = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(labels, predict(xs)).asScalar(),
      true,
    );
    if (cost !== null) losses.push(cost.dataSync()[0]);
    tf.dispose(cost!);
  }

  const [matrix, certain] = tf.tidy(() => {
    const probabilities = tf.softmax(predict(xs));
    const guessed = probabilities.argMax(1).toInt() as tf.Tensor1D;
    return [tf.math.confusionMatrix(truth, guessed, FLOWERS), probabilities.max(1)];
  });
  const results = [...losses, ...(await matrix.data()), ...(await certain.data())];
  const { values, indices } = tf.topk(certain, 3);
  results.push(...values.dataSync(), ...indices.dataSync());
  tf.dispose([raw, mean, variance, xs, truth, labels, matrix, certain, values, indices]);
  tf.disposeVariables();
  optimizer.dispose();
  return results;
}
