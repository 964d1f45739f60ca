// Gradients without an optimizer: grad, grads, valueAndGrads, a gradient of one's own, clipping, and momentum by hand.
import * as tf from '@tensorflow/tfjs-core';

/** Rounds, with the gradient of the identity. */
const straightThrough = tf.customGrad((x, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor]);
  return {
    value: tf.round(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.mul(tf.onesLike(saved[0])),
  };
});

/** Scales all gradients down so that together they are no longer than `limit`. */
function clipByNorm(gradients: tf.Tensor[], limit: number): tf.Tensor[] {
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => gradient.square().sum());
    const norm = tf.sqrt(tf.addN(squares));
    const scale = tf.minimum(1, tf.div(limit, norm));
    return gradients.map((gradient) => gradient.mul(scale));
  });
}

const points = tf.tensor2d([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const labels = tf.tensor2d([[0], [1], [1], [0]]);

function forward(w1: tf.Tensor, b1: tf.Tensor, w2: tf.Tensor, b2: tf.Tensor): tf.Tensor {
  const hidden = tf.tanh(tf.matMul(points, w1).add(b1));
  return tf.matMul(hidden, w2).add(b2);
}

export async function run(): Promise<number[]> {
  const results: number[] = [];
  const cube = tf.grad((x: tf.Tensor) => x.mul(x).mul(x));
  const second = tf.grad((x: tf.Tensor) => cube(x).sum());
  const at = tf.tensor1d([1, 2, 3]);
  const rounded = tf.grad((x: tf.Tensor) => straightThrough(x).square().sum());
  for (const f of [cube, second, rounded]) {
    const gradient = f(at);
    results.push(...(await gradient.data()));
    gradient.dispose();
  }

  const parameters = [
    tf.variable(
      tf.tensor2d([
        [0.5, -0.4, 0.3],
        [-0.6, 0.7, 0.2],
      ]),
    ),
    tf.variable(tf.tensor1d([0.1, -0.1, 0])),
    tf.variable(tf.tensor2d([[0.8], [-0.5], [0.4]])),
    tf.variable(tf.tensor1d([0])),
  ] as tf.Variable[];
  const velocities = parameters.map((parameter) => tf.variable(tf.zerosLike(parameter), false));
  const lossOf = (...args: tf.Tensor[]): tf.Tensor =>
    tf.losses.sigmoidCrossEntropy(labels, forward(args[0], args[1], args[2], args[3]));
  const step = tf.valueAndGrads(lossOf);
  for (let i = 0; i < 25; i++) {
    tf.tidy(() => {
      const { value, grads } = step(parameters);
      const clipped = clipByNorm(grads, 0.5);
      parameters.forEach((parameter, n) => {
        velocities[n].assign(velocities[n].mul(0.9).add(clipped[n]));
        parameter.assign(parameter.sub(velocities[n].mul(0.3)));
      });
      results.push(value.dataSync()[0]);
    });
  }
  const { value, grad } = tf.tidy(() => tf.valueAndGrad((x: tf.Tensor) => tf.logSumExp(x))(at));
  results.push(...(await value.data()), ...(await grad.data()));
  for (const parameter of parameters) results.push(...(await parameter.data()));
  tf.dispose([at, points, labels, value, grad, ...parameters, ...velocities]);
  return results;
}
