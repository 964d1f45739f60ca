/** A page whose pipeline branches, waits, drops, and, with `?fault=leak` or `?fault=stuck`, leaks or is stuck. */
import { interval, map, merge, share, tap } from 'rxjs';
import * as dl from 'rxtensor';
import { inspect, inspectorOverlay } from 'rxtensor/inspector';

const fault = new URLSearchParams(location.search).get('fault');
const kept: dl.Tensor[] = [];
const keep = (x: dl.Tensor): void => {
  if (fault === 'leak') kept.push(dl.keep(x.clone()));
};
const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const rows = dl
  .examples({ x: Float32Array.from({ length: 512 }, (_, i) => i / 512) }, { epochs: Infinity, shuffle: true })
  .pipe(dl.batch(32), share());
const weight = dl.tidy(() => dl.variable(dl.scalar(0.5), true, 'weight'));
const trained = rows.pipe(
  map(({ x }) => ({ x, y: x.mul(2) })),
  dl.trainStep(dl.train.adam(0.01), ({ x, y }) => dl.losses.meanSquaredError(y, weight.mul(x))),
);
const predicted = rows.pipe(
  dl.predict(({ x }) => weight.mul(x).mean()),
  tap(keep),
);
const sensor = interval(5).pipe(
  dl.latest(),
  dl.mapTensorAsync(async (x) => {
    await (fault === 'stuck' ? new Promise<void>(() => undefined) : later(20));
    return dl.scalar(x);
  }),
);
const pipeline = merge(trained, predicted, sensor).pipe(
  dl.mapTensorAsync(async (x) => {
    await later(4);
    return dl.tidy(() => x.add(1));
  }),
  dl.download(),
);
const inspection = inspect(pipeline, { stuckAfter: 1000 });
const overlay = inspectorOverlay(inspection, { title: 'Training' });
const subscription = pipeline.subscribe((value) => {
  document.body.dataset.last = String(value);
});
Object.assign(globalThis, {
  leave: () => {
    subscription.unsubscribe();
    inspection.end();
  },
  close: () => {
    overlay.close();
    dl.dispose(kept);
  },
});
