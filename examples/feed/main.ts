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
const learner = makeLearner({
  store: fileStore(values.checkpoint),
  seed: Number(values.seed),
  perSecond: Number(values.rate),
});
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
const server = await serve(learner, points, inspection.frames(500), Number(values.port));
const { port } = server.address() as AddressInfo;
console.log(`http://127.0.0.1:${port}/ learns ${values.rate} rows a second`);
