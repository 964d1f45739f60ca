import * as tf from '@tensorflow/tfjs-core';
import { lastValueFrom, map } from 'rxjs';
import * as dl from 'rxtensor';
import { values } from '../library';
import { timesAsFast, type StreamCase } from './case';

const ROWS = 60_000;
const SIZE = 784;
const BATCH = 64;

interface TheirBatch {
  readonly xs: tf.Tensor;
  readonly ys: tf.Tensor;
}

/**
 * Images and labels as those of MNIST, one by one out of memory and into batches. Each side has them in the form it takes best: ours one
 * array, tfjs-data a tensor for each row, which it stacks four times as fast as arrays.
 */
export const batching: StreamCase = {
  name: '60,000 rows of 784 into batches of 64',
  against: 'array(…).batch(64) of tfjs-data',
  asked: 'at least 5 times as fast',
  figure: timesAsFast(5),
  prepare: async () => {
    const { array } = await import('@tensorflow/tfjs-data');
    await tf.setBackend('cpu');
    const images = values(ROWS * SIZE, 1);
    const labels = Array.from({ length: ROWS }, (_, i) => i % 10);
    const rows = labels.map((ys, i) => ({
      xs: tf.tensor1d(images.subarray(i * SIZE, (i + 1) * SIZE)),
      ys,
    }));
    const batches$ = dl
      .examples({ xs: { values: images, shape: [ROWS, SIZE] }, ys: labels })
      .pipe(dl.batch(BATCH));
    const batches = array(rows).batch(BATCH);
    const sums: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    const ours = async (see?: (batch: { xs: dl.Tensor; ys: dl.Tensor }) => void): Promise<void> => {
      await lastValueFrom(batches$.pipe(map((batch) => see?.(batch))));
    };
    const theirs = async (see?: (batch: TheirBatch) => void): Promise<void> => {
      await batches.forEachAsync((item) => {
        const batch = item as unknown as TheirBatch;
        see?.(batch);
        batch.xs.dispose();
        batch.ys.dispose();
      });
    };
    return {
      ours: () => ours(),
      theirs: () => theirs(),
      check: async () => {
        await ours(({ xs, ys }) => sums.ours.push(...sumsOf(xs.dataSync(), ys.dataSync())));
        await theirs(({ xs, ys }) => sums.theirs.push(...sumsOf(xs.dataSync(), ys.dataSync())));
        return [sums.ours, sums.theirs];
      },
    };
  },
};

/** Of each array, the sum of its numbers weighed by their places: which row is where shows in it. */
function sumsOf(...arrays: ArrayLike<number>[]): number[] {
  return arrays.map((array) => Array.from(array).reduce((sum, value, i) => sum + value * (1 + (i % 7)), 0));
}
