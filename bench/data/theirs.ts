// The peer: tf.data.csv, in the form that its documentation shows, and optimizer.minimize on its WebAssembly backend.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { csv } from '@tensorflow/tfjs-data';
import { answer } from './contestant';
import {
  BATCH,
  features,
  firstWeights,
  HELD,
  LEARNING_RATE,
  mean,
  scale,
  SEED,
  shapes,
  target,
} from './table';

interface Row {
  readonly xs: Record<string, number>;
  readonly ys: Record<string, number>;
}

interface Batch {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor1D;
}

async function train(path: string, isShuffled: boolean): Promise<readonly number[]> {
  const variables = firstWeights().map((weights, i) => tf.variable(tf.tensor(weights, shapes[i])));
  const [w1, b1, w2, b2] = variables as unknown as [tf.Tensor2D, tf.Tensor, tf.Tensor2D, tf.Tensor];
  const optimizer = tf.train.adam(LEARNING_RATE);
  const rows = csv(`file://${path}`, { columnConfigs: { [target]: { isLabel: true } } }).map((row) => {
    const { xs, ys } = row as unknown as Row;
    return { xs: features.map((name, i) => (xs[name]! - mean[i]!) / scale[i]!), ys: ys[target]! };
  });
  const losses: number[] = [];
  await (isShuffled ? rows.shuffle(HELD, String(SEED)) : rows).batch(BATCH).forEachAsync((item) => {
    const { xs, ys } = item as unknown as Batch;
    const loss = optimizer.minimize(
      () => {
        const hidden = tf.fused.matMul({ a: xs, b: w1, bias: b1, activation: 'relu' });
        const predicted = tf.reshape(tf.fused.matMul({ a: hidden, b: w2, bias: b2 }), [-1]);
        return tf.losses.meanSquaredError(ys, predicted);
      },
      true,
      variables,
    )!;
    losses.push(loss.dataSync()[0]!);
    tf.dispose([loss, xs, ys]);
  });
  optimizer.dispose();
  tf.dispose(variables);
  return losses;
}

async function prepare(wasmPath: string): Promise<void> {
  setWasmPaths(wasmPath);
  setThreadsCount(1);
  tf.env().set('PROD', true);
  await tf.setBackend('wasm');
  await tf.ready();
}

void answer({ prepare, train });
