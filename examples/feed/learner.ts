import { BehaviorSubject, map, share, tap, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { detectDrift, pageHinkley, testThenTrain, type Drifting, type Tested } from 'rxtensor/data';
import { feed, FEATURES, type Reading } from './sensor';

/** What the service learns from, and where it keeps what it has learnt. */
export interface LearnerOptions {
  readonly store: dl.CheckpointStore;
  readonly seed: number;
  readonly perSecond: number;
}

/** A model that learns for ever. */
export interface Learner {
  /** The pipeline, to inspect: `progress` shares it. */
  readonly pipeline: Observable<unknown>;
  /** Emits after each batch. Learning runs while it is subscribed to. */
  readonly progress: Observable<Drifting<Tested<'error'>>>;
  readonly predict: (x: readonly number[]) => number;
  /** How many rows were trained on, and the sum of their numbers, which shows that none was lost or came twice. */
  readonly count: () => { readonly rows: number; readonly sumOfIds: number };
}

const HIDDEN = 24;
const BATCH = 20;
/** The learning rate while nothing changes, and by which factor it is higher right after a drift. */
const RATE = 0.01;
const BOOST = 4;

export function makeLearner({ store, seed, perSecond }: LearnerOptions): Learner {
  const [w1, b1, w2, b2, rows, sumOfIds] = dl.tidy(() => [
    dl.variable(dl.randomNormal([FEATURES, HIDDEN], 0, 0.5, 'float32', 1), true, 'w1'),
    dl.variable(dl.zeros([HIDDEN]), true, 'b1'),
    dl.variable(dl.randomNormal([HIDDEN, 1], 0, 0.2, 'float32', 2), true, 'w2'),
    dl.variable(dl.zeros([1]), true, 'b2'),
    // The place in the feed is saved with the model, in one file: they cannot disagree.
    dl.variable(dl.scalar(0, 'int32'), false, 'rows'),
    dl.variable(dl.scalar(0, 'int32'), false, 'sumOfIds'),
  ]) as unknown as [dl.Variable, dl.Variable, dl.Variable, dl.Variable, dl.Variable, dl.Variable];
  const model = (x: dl.Tensor): dl.Tensor => x.matMul(w1).add(b1).tanh().matMul(w2).add(b2).flatten();
  const adam = dl.train.adam(RATE);
  // Only a mean error that rises is a drift: after one it falls, since the model learns.
  const detector = pageHinkley({ direction: 'up', threshold: 3, delta: 0.05 });
  /** Higher after a drift, and falling from there. */
  const rate = new BehaviorSubject(RATE);

  const learn = (): Observable<Drifting<Tested<'error'>>> =>
    dl.fromReadable(feed(rows.dataSync()[0]!, seed, perSecond)).pipe(
      map(({ id, x, y }: Reading) => ({ id: Int32Array.of(id), x, y })),
      dl.batch(BATCH),
      tap(({ id }) => {
        rate.next(Math.max(RATE, rate.value * 0.99));
        rows.assign(rows.add(dl.scalar(id.size, 'int32')));
        sumOfIds.assign(sumOfIds.add(id.sum()));
      }),
      testThenTrain(
        adam,
        ({ x, y }) => {
          const guess = model(x);
          return { loss: dl.losses.meanSquaredError(y, guess), guess };
        },
        {
          fading: 0.95,
          learningRate: rate,
          metrics: { error: ({ guess }, { y }) => guess.sub(y).abs().mean<dl.Scalar>() },
        },
      ),
      dl.checkpoint({ every: 5, store, position: false }),
      detectDrift(detector, { of: ({ batch }) => batch.error }),
      tap(({ isDrift }) => {
        if (isDrift) rate.next(BOOST * RATE);
      }),
    );

  const pipeline = dl.resume(store, adam, learn);
  return {
    pipeline,
    progress: pipeline.pipe(share()),
    predict: (x) => dl.tidy(() => model(dl.tensor2d([...x], [1, FEATURES])).dataSync()[0]!),
    count: () => ({ rows: rows.dataSync()[0]!, sumOfIds: sumOfIds.dataSync()[0]! }),
  };
}
