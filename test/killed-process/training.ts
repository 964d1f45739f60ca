// A training that goes on where it was killed: `training.ts FILE`. Says `step loss` of each step, on a line, when it has been taken.
import { map } from 'rxjs';
import * as dl from 'rxtensor';
import { fileStore } from 'rxtensor/node';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: training.ts FILE');

dl.setSeed(4);
const examples = Array.from({ length: 20 }, (_, i) => ({
  x: [Math.sin(i), Math.cos(i), 1],
  y: [Math.sin(2 * i)],
}));
// So large that a kill finds writes half done.
const hidden = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([3, 20_000]), true, 'hidden'));
const last = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([20_000, 1], 0, 0.01), true, 'last'));
const adam = dl.train.adam(0.001);
const store = fileStore(file);

dl.resume(store, adam, ({ position }) =>
  dl.examples(examples, { epochs: 4, shuffle: true, startAt: position }).pipe(
    dl.batch(2),
    dl.trainStep(adam, ({ x, y }) =>
      dl.losses.meanSquaredError(y, dl.dropout(x.matMul(hidden).tanh(), 0.3).matMul(last)),
    ),
    dl.checkpoint({ every: 3, store }),
    dl.progress(),
    dl.mapTensor(({ step, value }) => ({ step, value })),
    dl.download(),
    map(({ step, value }) => `${step} ${value}`),
  ),
).subscribe((line) => process.stdout.write(`${line}\n`));
