// Ours: one pipe, from the file to the step.
import { identity, lastValueFrom, map, toArray } from 'rxjs';
import * as dl from 'rxtensor';
import { standardise, transform } from 'rxtensor/data';
import { csv, type CsvType } from 'rxtensor/files';
import { recorded } from 'rxtensor/programs';
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

const columns: Record<string, CsvType> = Object.fromEntries(
  [...features, target].map((name) => [name, 'float32']),
);

function model(): { loss: (batch: Record<string, dl.Tensor>) => dl.Scalar; free: () => void } {
  const variables = firstWeights().map((weights, i) =>
    dl.tidy(() => dl.variable(dl.tensor(weights, shapes[i]!))),
  );
  const [w1, b1, w2, b2] = variables as unknown as [dl.Tensor2D, dl.Tensor, dl.Tensor2D, dl.Tensor];
  return {
    loss: (batch) => {
      const x = dl.stack(
        features.map((name) => batch[name]!),
        1,
      ) as dl.Tensor2D;
      const hidden = dl.fused.matMul({ a: x, b: w1, bias: b1, activation: 'relu' });
      const predicted = dl.fused.matMul({ a: hidden, b: w2, bias: b2 }).reshape([-1]);
      return dl.losses.meanSquaredError(batch[target]!, predicted) as dl.Scalar;
    },
    free: () => dl.dispose(variables),
  };
}

async function train(path: string, isShuffled: boolean): Promise<readonly number[]> {
  const { loss, free } = model();
  const optimizer = dl.train.adam(LEARNING_RATE);
  const losses = await lastValueFrom(
    csv(path, { columns }).pipe(
      transform<Record<string, number>>([standardise([...features], { mean, scale })]),
      isShuffled ? dl.shuffle(HELD, { seed: SEED }) : identity,
      dl.batch(BATCH),
      dl.trainStep(optimizer, loss, { recorded }),
      map((value) => value.dataSync()[0]!),
      toArray(),
    ),
  );
  optimizer.dispose();
  free();
  return losses;
}

dl.setBackend('cpu');
void answer({ train });
