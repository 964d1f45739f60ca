// A training from a table that goes on where it was killed: `table-training.ts FILE`. The table is made anew beside it, always the same. Says
// `step loss sum` of each step, on a line, when it has been taken; the sum is that of the numbers of the batch's rows.
import { writeFileSync } from 'node:fs';
import { map } from 'rxjs';
import * as dl from 'rxtensor';
import { standardise, transform } from 'rxtensor/data';
import { csv } from 'rxtensor/files';
import { fileStore } from 'rxtensor/node';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: table-training.ts FILE');

const ROWS = 200;
const table = `${file}.csv`;
const lines = Array.from(
  { length: ROWS },
  (_, i) => `${i},${Math.sin(i).toFixed(4)},${(10 * Math.cos(i)).toFixed(4)},${Math.sin(2 * i).toFixed(4)}\n`,
);
writeFileSync(table, `id,a,b,y\n${lines.join('')}`);

dl.setSeed(4);
// So large that a kill finds writes half done.
const hidden = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([2, 20_000]), true, 'hidden'));
const last = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([20_000, 1], 0, 0.01), true, 'last'));
const adam = dl.train.adam(0.001);
const store = fileStore(file);
interface Batch {
  readonly id: dl.Tensor1D;
  readonly a: dl.Tensor1D;
  readonly b: dl.Tensor1D;
  readonly y: dl.Tensor1D;
}

dl.resume(store, adam, ({ position }) =>
  csv(table, {
    columns: { id: 'int32', a: 'float32', b: 'float32', y: 'float32' },
    epochs: 2,
    startAt: position,
  }).pipe(
    transform<Record<keyof Batch, number>>([standardise(['a', 'b'], { mean: [0, 0], scale: [0.7, 7] })]),
    dl.shuffle(50, { seed: 9 }),
    dl.batch(10),
    dl.trainStep(
      adam,
      ({ a, b, y }) => {
        const guess = dl.dropout(dl.stack([a, b], 1).matMul(hidden).tanh(), 0.3).matMul(last);
        return dl.losses.meanSquaredError(y, guess.flatten());
      },
      { metrics: { sum: (_, { id }) => id.sum() } },
    ),
    dl.checkpoint({ every: 3, store }),
    dl.download(),
    map(({ step, loss, metrics }) => `${step} ${loss} ${String(metrics.sum)}`),
  ),
).subscribe((line) => process.stdout.write(`${line}\n`));
