// Run by Bun, Deno and Node with a number of epochs: prints what the smoke test computed, and trains on from a checkpoint in a file.
import process from 'node:process';
import * as dl from 'rxtensor';
import { fileStore } from 'rxtensor/node';
import { count, lastValueFrom } from 'rxjs';
import { smoke } from './smoke';

const store = fileStore('line.checkpoint');
const points = { x: [1, 2, 3, 4], y: [3, 5, 7, 9] };

/** Trains for so many epochs of two steps, from where the checkpoint in the file is; gives the number of steps that it took. */
async function train(epochs: number): Promise<number> {
  const [slope, offset] = [dl.variable(0, true, 'slope'), dl.variable(0, true, 'offset')];
  const adam = dl.train.adam(0.1);
  const losses$ = dl.resume(
    store,
    adam,
    ({ position }) =>
      dl.examples(points, { epochs, shuffle: true, seed: 1, startAt: position }).pipe(
        dl.batch(2),
        dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, x.mul(slope).add(offset))),
        dl.checkpoint({ every: 5, store, variables: [slope, offset] }),
        dl.download(),
      ),
    { variables: [slope, offset] },
  );
  const steps = await lastValueFrom(losses$.pipe(count()));
  dl.dispose([slope, offset]);
  adam.dispose();
  return steps;
}

const result = await smoke('cpu');
const steps = await train(Number(process.argv[2]));
console.log(JSON.stringify({ ...result, steps, left: dl.memory().numTensors }));
