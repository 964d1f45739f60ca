// Run by Bun, Deno and Node: prints what the smoke test computed, and trains on from a checkpoint in a file.
import * as dl from 'rxtensor';
import { fileStore } from 'rxtensor/node';
import { lastValueFrom, take, toArray, type Observable } from 'rxjs';
import { smoke } from './smoke';

const store = fileStore('line.checkpoint');
const points = { x: [1, 2, 3, 4], y: [3, 5, 7, 9] };

/** Twenty steps; goes on where the checkpoint in the file is. */
async function train(steps: (losses$: Observable<number>) => Observable<number>): Promise<number[]> {
  const [slope, offset] = [dl.variable(0, true, 'slope'), dl.variable(0, true, 'offset')];
  const adam = dl.train.adam(0.1);
  const losses$ = dl.resume(
    store,
    adam,
    ({ position }) =>
      dl.examples(points, { epochs: 10, shuffle: true, seed: 1, startAt: position }).pipe(
        dl.batch(2),
        dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, x.mul(slope).add(offset))),
        dl.checkpoint({ every: 5, store, variables: [slope, offset] }),
        dl.download(),
      ),
    { variables: [slope, offset] },
  );
  const losses = await lastValueFrom(steps(losses$).pipe(toArray()));
  dl.dispose([slope, offset]);
  adam.dispose();
  return losses;
}

const result = await smoke('cpu');
const begun = await train((losses$) => losses$.pipe(take(10)));
const rest = await train((losses$) => losses$);
console.log(JSON.stringify({ ...result, begun: begun.length, rest: rest.length, left: dl.memory().numTensors }));
