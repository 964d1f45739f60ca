import { begunAnew } from '../../../test/support/begun-anew';
import * as dl from 'rxtensor';
import { pipe, take, tap, type Observable, type OperatorFunction } from 'rxjs';
import { numbers } from '../../../test/support/reference';
import { settle } from '../../../test/support/marbles';

const next = begunAnew(() => numbers(11));
const examples = Array.from({ length: 10 }, () => {
  const x = [next() * 2 - 1, next() * 2 - 1, next() * 2 - 1];
  return { x, y: [x[0]! - 2 * x[1]! + 0.5] };
});
const EPOCHS = 3;

type Step = dl.TrainStepOptions;

/** A network with dropout, one variable of it without a name, and its optimizer: made anew for each life of a run. */
class Learner {
  readonly hidden = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([3, 5]), true, 'hidden'));
  readonly last = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([5, 1])));
  /** Changed by hand, as the averages of a batch normalization are: in each batch, whether it makes a step or a part of one. */
  readonly seen = dl.tidy(() => dl.variable(dl.scalar(0, 'int32'), false, 'seen'));
  readonly optimizer = dl.train.adam(0.05);

  readonly loss = ({ x, y }: { x: dl.Tensor2D; y: dl.Tensor2D }): dl.Tensor => {
    dl.tidy(() => this.seen.assign(this.seen.add(dl.scalar(x.shape[0], 'int32'))));
    const noisy = x.add(dl.mul(0.1, dl.randomNormal(x.shape)));
    const units = dl.dropout(noisy.matMul(this.hidden).tanh(), 0.4);
    return dl.losses.meanSquaredError(y, units.matMul(this.last));
  };

  /** All that it has learned, in numbers, and what was changed by hand. */
  async state(): Promise<unknown> {
    const weights = await this.optimizer.getWeights();
    const values = [this.hidden, this.last, this.seen, ...weights.map(({ tensor }) => tensor)];
    const state = values.map((each) => Array.from(each.dataSync()));
    dl.dispose(weights.map(({ tensor }) => tensor));
    return state;
  }

  dispose(): void {
    dl.dispose([this.hidden, this.last, this.seen]);
    this.optimizer.dispose();
  }
}

/** Where `checkpoint` stands. */
const arrangements: Record<
  string,
  (keep: <T>() => OperatorFunction<T, T>) => OperatorFunction<dl.Scalar, number>
> = {
  'right below the step': (keep) => pipe(keep<dl.Scalar>(), dl.download()),
  'below download': (keep) => pipe(dl.download<dl.Scalar>(), keep<number>()),
  'below progress and other operators': (keep) =>
    pipe(
      dl.across(tap<dl.Scalar>()),
      dl.progress(),
      keep(),
      dl.mapTensor(({ value }) => value),
      dl.download(),
    ),
};

function trained(
  learner: Learner,
  position: number,
  step: Step,
  below: OperatorFunction<dl.Scalar, number>,
): Observable<number> {
  return dl.examples(examples, { epochs: EPOCHS, shuffle: true, seed: 5, startAt: position }).pipe(
    dl.batch(4),
    dl.trainStep(learner.optimizer, (batch) => learner.loss(batch), step),
    below,
  );
}

/** A store that a kill can find in the middle of its write number `stuckAt`, before or after that has taken effect. */
function stubbornStore(
  stuckAt = Infinity,
  hasTakenEffect = false,
): dl.CheckpointStore & { readonly writes: () => number } {
  const memory = dl.memoryStore();
  let writes = 0;
  return {
    name: 'the stubborn store',
    load: memory.load,
    save: async (bytes) => {
      const isStuck = ++writes === stuckAt;
      if (!isStuck || hasTakenEffect) await memory.save(bytes);
      if (isStuck) await new Promise(() => undefined);
    },
    writes: () => writes,
  };
}

/** Runs until nothing happens any more: at the end, or where a store is stuck. Then it is killed. */
async function killedAtRest(stream: Observable<unknown>): Promise<void> {
  let events = 0;
  const subscription = stream.subscribe({ next: () => events++, error: fail });
  for (let seen = -1; seen < events && !subscription.closed;) {
    seen = events;
    for (let i = 0; i < 6; i++) await settle();
  }
  subscription.unsubscribe();
}

for (const [where, below] of Object.entries(arrangements)) {
  for (const step of [{}, { accumulate: 2 }] as const) {
    describe(`A killed run, checkpoint ${where}, ${JSON.stringify(step)},`, () => {
      /** What a run that is not killed comes to. */
      let losses: number[];
      let state: unknown;

      const keepIn =
        (store: dl.CheckpointStore) =>
        <T>(): OperatorFunction<T, T> =>
          dl.checkpoint({ every: 2, store });

      const whole = async (): Promise<void> => {
        dl.setSeed(99);
        const learner = new Learner();
        losses = [];
        await trained(learner, 0, step, below(keepIn(dl.memoryStore()))).forEach((loss) => losses.push(loss));
        state = await learner.state();
        learner.dispose();
      };

      /** The first life, until `kill` ends it. */
      const firstLife = async (
        store: dl.CheckpointStore,
        kill: OperatorFunction<number, number>,
      ): Promise<void> => {
        dl.setSeed(99);
        const learner = new Learner();
        await killedAtRest(trained(learner, 0, step, below(keepIn(store))).pipe(kill));
        learner.dispose();
        await settle();
      };

      /** The second one, in which everything was made anew: its losses are those that the first would have had. */
      const secondLife = async (store: dl.CheckpointStore, label: string): Promise<void> => {
        // Where there is something to restore, it is all that can make it right.
        dl.setSeed((await store.load()) ? 1 : 99);
        const learner = new Learner();
        let begin = -1;
        const again: number[] = [];
        await dl
          .resume(store, learner.optimizer, ({ position, step: taken }) => {
            begin = taken;
            return trained(learner, position, step, below(keepIn(store)));
          })
          .forEach((loss) => again.push(loss));
        expect(again).withContext(`${label}, from step ${begin}`).toEqual(losses.slice(begin));
        expect(await learner.state())
          .withContext(label)
          .toEqual(state);
        learner.dispose();
      };

      it('at any step gives the losses, and the variables, of one that was not', async () => {
        await whole();
        expect(new Set(losses).size).toBe(losses.length);
        for (let killed = 1; killed <= losses.length; killed++) {
          const store = dl.memoryStore();
          await firstLife(store, take(killed));
          await secondLife(store, `killed after loss ${killed}`);
        }
      });

      it('in the middle of any write does so too', async () => {
        await whole();
        const counted = stubbornStore();
        await firstLife(counted, tap());
        expect(counted.writes()).toBeGreaterThan(1);
        for (let write = 1; write <= counted.writes(); write++) {
          for (const hasTakenEffect of [false, true]) {
            const stuck = stubbornStore(write, hasTakenEffect);
            await firstLife(stuck, tap());
            expect(stuck.writes()).toBe(write);
            const store = dl.memoryStore();
            const bytes = await stuck.load();
            if (bytes) await store.save(bytes);
            await secondLife(
              store,
              `killed in write ${write}, ${hasTakenEffect ? 'after' : 'before'} it took effect`,
            );
          }
        }
      });
    });
  }
}

describe('A killed run', () => {
  it('can be killed and continued many times in a row', async () => {
    dl.setSeed(3);
    const first = new Learner();
    const losses: number[] = [];
    const plainly = (learner: Learner, position: number, store: dl.CheckpointStore): Observable<number> =>
      trained(learner, position, {}, pipe(dl.checkpoint<dl.Scalar>({ every: 1, store }), dl.download()));
    await plainly(first, 0, dl.memoryStore()).forEach((loss) => losses.push(loss));
    const state = await first.state();
    first.dispose();

    const store = dl.memoryStore();
    const again: number[] = [];
    for (let life = 0; life <= losses.length; life++) {
      dl.setSeed((await store.load()) ? life : 3);
      const learner = new Learner();
      const lifetime = life < losses.length ? 2 : Infinity;
      await dl
        .resume(store, learner.optimizer, ({ position, step }) => {
          again.length = step;
          return plainly(learner, position, store);
        })
        .pipe(take(lifetime))
        .forEach((loss) => again.push(loss));
      if (life === losses.length) expect(await learner.state()).toEqual(state);
      learner.dispose();
    }
    expect(again).toEqual(losses);
  });
});
