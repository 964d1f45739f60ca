/** What one process computes by itself: what members of a run must equal, bit by bit. */
import { lastValueFrom, map, take, tap, toArray, type Observable } from 'rxjs';
import {
  batch,
  examples,
  getRandomState,
  setRandomState,
  tidy,
  trainStep,
  variableGrads,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
} from 'rxtensor';
import { disposeModel, type DigitBatch } from '../../examples/mnist-model';
import type { Digits } from '../../examples/mnist-terminal/digits';
import { batchesOf, begin, hashOf } from './training';
import type { Job } from './job';

/** The hashes of all variables after each step of one process that accumulates the batches of `members`. */
export async function accumulatedHashes(digits: Digits, job: Job, members: number): Promise<string[]> {
  const { model, optimizer } = begin(job);
  const { epochs, seed, steps } = job;
  const small = examples(digits, { epochs, shuffle: true, seed }).pipe(
    batch(job.batch / members),
  ) as Observable<DigitBatch>;
  const hashes = await lastValueFrom(
    small.pipe(
      steps === null ? tap() : take(steps * members),
      trainStep(optimizer, model.loss, { accumulate: members }),
      // The variables have changed when the loss is emitted.
      map(() => hashOf(model)),
      toArray(),
    ),
  );
  disposeModel(model);
  optimizer.dispose();
  return hashes;
}

/**
 * The hashes of all variables after each step of one process that computes the parts of all members one after the other. It is written with
 * tensors alone, from what the documentation promises.
 *
 * @param membersAt how many members take a step: 0, 1, …
 */
export async function shardedHashes(
  digits: Digits,
  job: Job,
  membersAt: (step: number) => number,
): Promise<string[]> {
  const { model, optimizer } = begin(job);
  let step = 0;
  const hashes = await lastValueFrom(
    batchesOf(digits, job).pipe(
      map((each) => {
        tidy(() => optimizer.applyGradients(meanGradients(each, step, membersAt(step))));
        step++;
        return hashOf(model);
      }),
      toArray(),
    ),
  );
  disposeModel(model);
  optimizer.dispose();
  return hashes;

  function meanGradients(whole: DigitBatch, at: number, members: number): NamedTensorMap {
    const rows = whole.ys.shape[0]!;
    const parts: { grads: NamedTensorMap; weight: number }[] = [];
    for (let i = 0; i < members; i++) {
      const from = Math.floor((rows * i) / members);
      const size = Math.floor((rows * (i + 1)) / members) - from;
      if (size === 0) continue;
      const before = getRandomState();
      setRandomState({ seed: [job.seed, i], counter: at * 2 ** 20 });
      let weight = size;
      const { grads } = variableGrads(() => {
        const result = model.loss({
          xs: whole.xs.slice([from, 0, 0], [size, 28, 28]),
          ys: whole.ys.slice([from], [size]),
        });
        if (!('loss' in result)) return result as Scalar;
        if (result.weight !== undefined) weight = (result.weight as Tensor).dataSync()[0]!;
        return result.loss as Scalar;
      });
      setRandomState(before);
      parts.push({ grads, weight });
    }
    const weights = parts.map(({ weight }) => weight);
    const isEven = weights.every((each) => each === weights[0]);
    return Object.fromEntries(
      model.variables.map(({ name }) => {
        const terms = parts.map(({ grads }, i) => (isEven ? grads[name]! : grads[name]!.mul(weights[i]!)));
        return [name, blockSum(terms).div(isEven ? terms.length : weights.reduce((a, b) => a + b))];
      }),
    );
  }
}

/** ((t₀ + t₁) + …) + ((tₖ + tₖ₊₁) + …) + …, in blocks of k = ⌈√N⌉. */
function blockSum(terms: readonly Tensor[]): Tensor {
  const size = Math.ceil(Math.sqrt(terms.length));
  const blocks: Tensor[] = [];
  for (let i = 0; i < terms.length; i += size)
    blocks.push(terms.slice(i, i + size).reduce((sum, each) => sum.add(each)));
  return blocks.reduce((sum, each) => sum.add(each));
}
