/**
 * A service that learns from a live feed for ever, says when the world has changed, and predicts with the newest model: `npm run feed`. Kill it at any
 * moment and start it again: it goes on with the row after the last one that the saved model has learnt.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { map } from 'rxjs';
import { fileStore } from 'rxtensor/node';
import { inspect } from 'rxtensor/inspector';
import { makeLearner } from './learner';
import { serve } from './service';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    checkpoint: { type: 'string', default: '.cache/feed.checkpoint' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '1000' },
  },
});
const [port, seed, perSecond] = (['port', 'seed', 'rate'] as const).map((name) => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= (name === 'rate' ? 1 : 0)) return number;
  throw new Error(`--${name} is ${values[name]}; wanted a whole number${name === 'rate' ? ' above 0' : ''}`);
}) as [number, number, number];
const learner = makeLearner({ store: fileStore(values.checkpoint), seed, perSecond });
const inspection = inspect(learner.pipeline);
const points = learner.steps.pipe(
  map(({ value: { step, batch, mean }, isDrift }) => ({
    step,
    loss: batch.loss,
    error: batch.error,
    mean: mean.error,
    isDrift,
    drifts: learner.progress().drifts.length,
  })),
);
const server = await serve(learner, points, inspection.frames(500), port);
const { port: found } = server.address() as AddressInfo;
console.log(`http://127.0.0.1:${found}/ learns ${perSecond} rows a second`);
