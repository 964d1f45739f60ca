import { createHash } from 'node:crypto';
import { concatMap, take, type Observable, type OperatorFunction } from 'rxjs';
import {
  batch,
  examples,
  setSeed,
  train,
  trainStep,
  type Optimizer,
  type Peers,
  type Scalar,
} from 'rxtensor';
import type { DigitBatch, DigitModel } from '../../examples/mnist-model';
import type { Digits } from '../../examples/mnist-terminal/digits';
import { clusterModel, type ClusterModel } from './cluster-model';
import type { Job } from './job';

/** The model of a job, with its first weights, and the optimizer. */
export function begin({ model, seed, learningRate }: Job): { model: ClusterModel; optimizer: Optimizer } {
  setSeed(seed);
  return { model: clusterModel(model), optimizer: train.adam(learningRate) };
}

/** The batches of a job, the same for all members. */
export function batchesOf(digits: Digits, job: Job): Observable<DigitBatch> {
  const { epochs, seed, batch: size, steps } = job;
  const batches = examples(digits, { epochs, shuffle: true, seed }).pipe(
    batch(size),
  ) as Observable<DigitBatch>;
  return steps === null ? batches : batches.pipe(take(steps));
}

export function stepsOf(digits: Digits, { epochs, batch: size, steps }: Job): number {
  const all = Math.ceil(((digits.ys.shape[0] ?? 0) * epochs) / size);
  return steps === null ? all : Math.min(all, steps);
}

export function steps(
  { model, optimizer }: { model: ClusterModel; optimizer: Optimizer },
  peers: Peers,
): OperatorFunction<DigitBatch, Scalar> {
  return trainStep(optimizer, model.loss, { peers });
}

/** A hash of all variables. */
export function hashOf({ variables }: DigitModel): string {
  const hash = createHash('md5');
  for (const each of variables) {
    const values = each.dataSync();
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Holds each value up for some time, without blocking. */
export function paced<T>(milliseconds: number): OperatorFunction<T, T> {
  return concatMap(async (value) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return value;
  });
}
