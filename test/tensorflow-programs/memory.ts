// Who frees what: tidy, keep, dispose, clones and variables, counted.
import * as tf from '@tensorflow/tfjs-core';

export async function run(): Promise<number[]> {
  const before = tf.memory().numTensors;
  const counts: number[] = [];
  const count = (): void => {
    counts.push(tf.memory().numTensors - before);
  };

  const kept: tf.Tensor[] = [];
  const result = tf.tidy('work', () => {
    const a = tf.ones([3, 3]);
    const b = a.mul(2).add(1);
    kept.push(tf.keep(b.clone()));
    count();
    return { sum: b.sum(), list: [a.slice([0, 0], [1, 3])] };
  });
  count();
  counts.push(...(await kept[0].data()), (await result.sum.data())[0]);
  tf.dispose(result.sum);
  tf.dispose(result.list);
  count();
  kept[0].dispose();
  count();

  const x = tf.tensor1d([1, 2, 3, 4]);
  const view = x.reshape([2, 2]);
  const copy = tf.clone(view);
  x.dispose();
  counts.push(Number(x.isDisposed), Number(view.isDisposed), ...view.dataSync());
  tf.dispose({ nested: [view, { copy }] });
  count();

  const state = tf.variable(tf.zeros<tf.Rank.R1>([2]), false, 'memory/state');
  count();
  for (let i = 0; i < 3; i++) {
    tf.tidy(() => {
      state.assign(state.add(tf.tensor1d([i, 1])));
    });
  }
  count();
  counts.push(...(await state.data()), Number(state.trainable));
  state.dispose();
  count();

  const optimizer = tf.train.adam(0.1);
  const weight = tf.variable(tf.scalar(3));
  for (let i = 0; i < 3; i++) optimizer.minimize(() => weight.square().asScalar());
  counts.push((await weight.data())[0]);
  optimizer.dispose();
  weight.dispose();

  const { newBytes, result: profiled } = await tf.profile(() => tf.tidy(() => tf.ones([4]).add(1)));
  counts.push(newBytes);
  tf.dispose(profiled as tf.Tensor);
  count();
  return counts;
}
