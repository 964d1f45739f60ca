import { BehaviorSubject, map, share, startWith, Subject, tap, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import {
  detectDrift,
  pageHinkley,
  prequentialMeans,
  replayBuffer,
  reservoir,
  snapshots,
  testThenTrain,
  type Drifting,
  type Replayed,
  type Tested,
} from 'rxtensor/data';
import { feed, FEATURES } from './sensor';
import { beginning, savedProgress, savedRows, type Progress, type Row } from './progress';

/** What the service learns from, and where it keeps what it has learnt. */
export interface LearnerOptions {
  readonly store: dl.CheckpointStore;
  readonly seed: number;
  readonly perSecond: number;
}

/** What is told of each batch. */
export type Step = Drifting<Tested<'error'>>;

/** A model that learns for ever. */
export interface Learner {
  /** The pipeline, to inspect: `steps` shares it. */
  readonly pipeline: Observable<unknown>;
  /** Emits after each batch. Learning runs while it is subscribed to. */
  readonly steps: Observable<Step>;
  /** Answers what `predict` asks, while it is subscribed to. */
  readonly answers: Observable<unknown>;
  /** Predicts with the newest good model. @throws (rejects) before there is one */
  readonly predict: (x: readonly number[]) => Promise<number>;
  readonly progress: () => Progress;
}

type Batch = dl.Batched<Replayed<Row>>;

/** A question to the model, and who is told the answer. */
interface Question {
  readonly x: readonly number[];
  readonly answer: (y: number) => void;
}

const HIDDEN = 24;
/** Rows of a batch: half of them new, and half of them replayed. */
const BATCH = 40;
/** Rows that are remembered. */
const REMEMBERED = 500;
/** Batches between checkpoints. */
const EVERY = 20;
/** The learning rate while nothing changes, and by which factor it is higher right after a drift. */
const RATE = 0.01;
const BOOST = 4;

export function makeLearner({ store, seed, perSecond }: LearnerOptions): Learner {
  const variables = dl.tidy(() => [
    dl.variable(dl.randomNormal([FEATURES, HIDDEN], 0, 0.5, 'float32', 1), true, 'w1'),
    dl.variable(dl.zeros([HIDDEN]), true, 'b1'),
    dl.variable(dl.randomNormal([HIDDEN, 1], 0, 0.2, 'float32', 2), true, 'w2'),
    dl.variable(dl.zeros([1]), true, 'b2'),
  ]) as unknown as [dl.Variable, dl.Variable, dl.Variable, dl.Variable];
  const [w1, b1, w2, b2] = variables;
  const model = (x: dl.Tensor): dl.Tensor1D => x.matMul(w1).add(b1).tanh().matMul(w2).add(b2).flatten();
  const adam = dl.train.adam(RATE);
  let progress = beginning;

  /** One run, from what the last checkpoint kept. */
  const learn = ({ kept }: dl.ResumePoint): Observable<Step> => {
    const memory = reservoir<Row>({ capacity: REMEMBERED, seed, state: kept?.memory });
    // Only a mean error that rises is a drift: after one it falls, since the model learns.
    const detector = pageHinkley({ direction: 'up', threshold: 3, delta: 0.05, state: kept?.detector });
    const means = prequentialMeans({ fading: 0.95 }, kept?.means);
    progress = savedProgress(kept?.progress);
    /** The rows that were read; some of them wait for their batch to be full. */
    let { rows, sumOfIds } = progress;
    /** What waits, also of replayed rows: the next run begins with it, so that its batches are those of a run that was never killed. */
    const waited = savedRows(kept?.waiting);
    let waiting: Replayed<Row>[] = [];
    /** Higher after a drift, and falling from there. */
    const rate = new BehaviorSubject(Math.max(RATE, progress.rate));

    // One row at a time: when a batch has been learnt, nothing of the next one is under way, so that a checkpoint finds everything at one step.
    const examples = dl.fromReadable(feed(rows, seed, perSecond), { inFlight: 1 }).pipe(
      map(({ id, x, y }): Row => {
        rows++;
        sumOfIds += id;
        return { x: [...x], y };
      }),
      replayBuffer(memory),
      startWith(...waited),
      tap((row) => waiting.push(row)),
    );
    return examples.pipe(
      dl.batch(BATCH),
      tap(() => {
        waiting = [];
        rate.next(Math.max(RATE, rate.value * 0.99));
      }),
      testThenTrain(
        adam,
        ({ value: { x, y } }: Batch) => {
          const guess = model(x);
          return { loss: dl.losses.meanSquaredError(y, guess), guess };
        },
        {
          means,
          learningRate: rate,
          // Replayed rows were trained on before: they say nothing of new ones.
          metrics: { error: ({ guess }, { value, isReplay }) => errorOfNew(guess.sub(value.y), isReplay) },
        },
      ),
      detectDrift(detector, { of: ({ batch }) => batch.error }),
      tap(({ isDrift, value: { step } }) => {
        const drifts = isDrift ? [...progress.drifts, step] : progress.drifts;
        if (isDrift) {
          // What was remembered is of a world that is no more.
          memory.clear();
          rate.next(BOOST * RATE);
        }
        const seenSince = isDrift ? 0 : (detector.toJSON() as { count: number }).count;
        progress = { rows, sumOfIds, step, drifts, seenSince, rate: rate.value };
      }),
      dl.checkpoint({
        every: EVERY,
        store,
        position: false,
        keep: {
          memory,
          detector,
          means,
          progress: { toJSON: () => progress },
          waiting: { toJSON: () => waiting },
        },
      }),
    );
  };

  const pipeline = dl.resume(store, adam, learn, { variables });
  const steps = pipeline.pipe(share());
  const questions = new Subject<Question>();
  let hasModel = false;
  /** A model whenever the error has improved. While the error is worse, the bar comes down. */
  const models = steps.pipe(
    snapshots(({ x, answer }: Question) => ({ y: model(dl.tensor2d([...x], [1, FEATURES])), answer }), {
      of: ({ value }) => value.mean.error,
      forget: 0.05,
      variables,
    }),
    tap(() => (hasModel = true)),
  );
  return {
    pipeline,
    steps,
    answers: questions.pipe(
      dl.predict(models),
      dl.download(),
      tap(({ y, answer }) => answer((y as Float32Array)[0]!)),
    ),
    predict: (x) =>
      new Promise((resolve, reject) => {
        if (hasModel) questions.next({ x, answer: resolve });
        else reject(new Error('there is no model yet; ask again in a moment'));
      }),
    progress: () => progress,
  };
}

/** The mean absolute error of the rows that are new. */
function errorOfNew(errors: dl.Tensor, isReplay: dl.Tensor): dl.Scalar {
  const isNew = isReplay.logicalNot().toFloat();
  return errors.abs().mul(isNew).sum().div(isNew.sum());
}
