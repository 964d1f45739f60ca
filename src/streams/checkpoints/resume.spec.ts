import * as dl from 'rxtensor';
import { EMPTY, of, type Observable } from 'rxjs';
import { deferred, settle } from '../../../test/support/marbles';
import type { ResumePoint } from './resume';

const data = { x: [1, 2, 3, 4], y: [2, 4, 6, 8] };

/** A slope, an offset, and what trains them. */
class Model {
  readonly slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
  readonly offset = dl.tidy(() => dl.variable(dl.zeros([1]), true, 'offset'));

  constructor(readonly optimizer: dl.Optimizer = dl.train.adam(0.1)) {}

  run(store: dl.CheckpointStore, startAt = 0): Observable<dl.Scalar> {
    return dl.examples(data, { startAt }).pipe(
      dl.batch(1),
      dl.trainStep(this.optimizer, ({ x, y }) =>
        dl.losses.meanSquaredError(y, this.slope.mul(x).add(this.offset)),
      ),
      dl.checkpoint({ every: 3, store }),
    );
  }

  dispose(): void {
    dl.dispose([this.slope, this.offset]);
    this.optimizer.dispose();
  }
}

/** A store with the checkpoint of a whole run in it. */
async function trainedStore(): Promise<dl.CheckpointStore> {
  const store = dl.memoryStore();
  const model = new Model();
  await model.run(store).forEach(() => undefined);
  model.dispose();
  return store;
}

async function messageOf(stream: Observable<unknown>): Promise<string> {
  return stream
    .forEach(() => undefined)
    .then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    );
}

describe('resume', () => {
  it('begins at the beginning where the store is empty', async () => {
    const model = new Model();
    let point: ResumePoint | undefined;
    const seen: string[] = [];
    await dl
      .resume(dl.memoryStore(), model.optimizer, (begin) => {
        point = begin;
        return of('a', 'b');
      })
      .forEach((value) => seen.push(value));
    expect(point).toEqual({ position: 0, step: 0, epoch: 1, kept: null });
    expect(seen).toEqual(['a', 'b']);
    model.dispose();
  });

  it('tells where the run stood, and restores it before it starts', async () => {
    const store = await trainedStore();
    const random = dl.getRandomState();
    dl.setSeed(5);
    const model = new Model();
    let point: ResumePoint | undefined;
    let slope: unknown;
    await dl
      .resume(store, [model.optimizer], (begin) => {
        point = begin;
        slope = model.slope.dataSync()[0];
        dl.tidy(() => void dl.randomUniform([2]));
        return EMPTY;
      })
      .forEach(() => undefined);
    expect(point).toEqual({ position: 4, step: 4, epoch: 2, kept: null });
    expect(slope).toBeGreaterThan(0.1);
    expect(dl.getRandomState()).toEqual(random);
    model.dispose();
  });

  it('forgets the state of an optimizer that was used before', async () => {
    const store = await trainedStore();
    const model = new Model();
    await model.run(dl.memoryStore()).forEach(() => undefined);
    const stranger = dl.tidy(() => dl.variable(dl.scalar(1), true, 'stranger'));
    dl.tidy(() => model.optimizer.applyGradients({ stranger: dl.scalar(1) }));
    stranger.dispose();
    await dl.resume(store, model.optimizer, () => EMPTY).forEach(() => undefined);
    expect(model.optimizer.iterations).toBe(4);
    const weights = await model.optimizer.getWeights();
    expect(weights.filter(({ name }) => name.startsWith('stranger'))).toEqual([]);
    dl.dispose(weights.map(({ tensor }) => tensor));
    model.dispose();
  });

  it('names what does not fit, and changes nothing', async () => {
    const store = await trainedStore();
    const start = (): Observable<never> => EMPTY;
    const model = new Model();

    const extra = dl.tidy(() => dl.variable(dl.scalar(1), true, 'extra'));
    expect(await messageOf(dl.resume(store, model.optimizer, start))).toBe(
      "resume: variable 'extra' is not in the checkpoint in the memory store",
    );
    extra.dispose();

    const unnamed = dl.tidy(() => dl.variable(dl.scalar(1)));
    expect(await messageOf(dl.resume(store, model.optimizer, start))).toBe(
      'resume: unnamed variable #0 is not in the checkpoint in the memory store',
    );
    unnamed.dispose();

    expect(await messageOf(dl.resume(store, model.optimizer, start, { variables: [model.slope] }))).toBe(
      "resume: the checkpoint in the memory store has variable 'offset'; there is none here",
    );

    model.offset.dispose();
    const longer = dl.tidy(() => dl.variable(dl.zeros([2]), true, 'offset'));
    expect(await messageOf(dl.resume(store, model.optimizer, start))).toBe(
      "resume: variable 'offset' is float32 of shape [2]; the checkpoint in the memory store has it as float32 of shape [1]",
    );
    expect(model.slope.dataSync()[0]).toBe(0);
    longer.dispose();
    model.dispose();

    const other = new Model(dl.train.sgd(0.1));
    expect(await messageOf(dl.resume(store, other.optimizer, start))).toMatch(
      /^resume: the optimizers are SGD; the checkpoint in the memory store is of Adam$/i,
    );
    other.dispose();
  });

  it('says what is wrong with what the store has', async () => {
    const bytes = (await (await trainedStore()).load())!;
    const model = new Model();
    const storeOf = (load: () => Promise<Uint8Array | null>): dl.CheckpointStore => ({
      name: 'the shelf',
      save: () => Promise.resolve(),
      load,
    });
    const start = (): Observable<never> => EMPTY;
    const cut = storeOf(() => Promise.resolve(bytes.subarray(0, 100)));
    expect(await messageOf(dl.resume(cut, model.optimizer, start))).toBe(
      `resume: the shelf holds a checkpoint that is cut short: found 100 bytes; wanted ${bytes.length}`,
    );
    const broken = storeOf(() => Promise.reject(new Error('it fell down')));
    expect(await messageOf(dl.resume(broken, model.optimizer, start))).toBe(
      'resume: the shelf could not be read: Error: it fell down',
    );
    model.dispose();
  });

  it('starts nothing when it was unsubscribed from while it loads', async () => {
    const model = new Model();
    const loading = deferred<null>();
    const store = { name: 'slow', save: () => Promise.resolve(), load: () => loading.promise };
    let hasStarted = false;
    const subscription = dl
      .resume(store, model.optimizer, () => {
        hasStarted = true;
        return EMPTY;
      })
      .subscribe();
    subscription.unsubscribe();
    loading.resolve(null);
    await settle();
    expect(hasStarted).toBeFalse();
    model.dispose();
  });

  it('wants a store and a function', () => {
    const adam = dl.train.adam();
    expect(() => dl.resume(null as unknown as dl.CheckpointStore, adam, () => EMPTY)).toThrowError(
      "resume: 'store' is object; wanted a store, as memoryStore()",
    );
    expect(() => dl.resume(dl.memoryStore(), adam, EMPTY as unknown as () => Observable<never>)).toThrowError(
      "resume: argument 'start' is object; wanted a function that gives the run",
    );
    adam.dispose();
  });
});
