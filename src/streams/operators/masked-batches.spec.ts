// Batches whose weights are all 0, among others: a training goes on as if they were not there.
import * as dl from 'rxtensor';
import { from, lastValueFrom, toArray } from 'rxjs';

interface Masked {
  readonly ys: number[];
  readonly weights: number[];
}
const batches: Masked[] = [
  { ys: [1, 3], weights: [1, 1] },
  { ys: [5, 7], weights: [0, 0] },
  { ys: [2, 4], weights: [1, 0] },
];

describe('a batch that is masked as a whole', () => {
  const reductions = [dl.Reduction.MEAN, dl.Reduction.SUM, dl.Reduction.SUM_BY_NONZERO_WEIGHTS];

  for (const reduction of reductions) {
    for (const accumulate of [1, 3]) {
      it(`does not ruin a training, accumulating ${accumulate}, reduction ${reduction}`, async () => {
        const w = dl.tidy(() => dl.variable(dl.scalar(0)));
        const losses = await lastValueFrom(
          from(batches).pipe(
            dl.scoped(),
            dl.trainStep(
              dl.train.sgd(0.25),
              ({ ys, weights }: Masked) =>
                dl.losses.meanSquaredError(ys, dl.broadcastTo(w, [2]), weights, reduction).asScalar(),
              { accumulate, onNaN: 'error' },
            ),
            dl.download(),
            toArray(),
          ),
        );
        expect(losses.every(Number.isFinite)).toBeTrue();
        if (accumulate === 1) expect(losses[1]).toBe(0);
        expect(Number.isFinite(w.dataSync()[0])).toBeTrue();
        expect(w.dataSync()[0]).not.toBe(0);
        w.dispose();
      });
    }
  }

  it('is measured as 0 by validate and by metrics', async () => {
    const w = dl.tidy(() => dl.variable(dl.scalar(1)));
    const lossOf = ({ ys, weights }: Masked): dl.Scalar =>
      dl.losses.absoluteDifference(ys, dl.broadcastTo(w, [2]), weights).asScalar();
    const reports = await lastValueFrom(
      from(batches).pipe(
        dl.scoped(),
        dl.trainStep(dl.train.sgd(0), lossOf, {
          metrics: { again: (_, batch) => lossOf(batch) },
        }),
        dl.validate(1, from(batches).pipe(dl.scoped()), lossOf),
        dl.download(),
        toArray(),
      ),
    );
    // |1 − 1| and |3 − 1|; nothing; |2 − 1|
    expect(reports.map(({ value }) => value.metrics.again)).toEqual([1, 0, 1]);
    expect(reports.map(({ validation }) => validation)).toEqual([2 / 3, 2 / 3, 2 / 3]);
    w.dispose();
  });
});
