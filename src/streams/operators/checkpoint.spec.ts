import * as dl from 'rxtensor';
import {
  concat,
  delay,
  from,
  map,
  merge,
  pipe,
  repeat,
  Subject,
  take,
  throwError,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { decodeCheckpoint } from '../checkpoints/format';
import { deferred, settle, type Deferred } from '../../../test/support/marbles';
import { Line, type Batch } from '../../../test/support/line-fit';

const data = { x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] };

const train = (line: Line): OperatorFunction<{ x: number; y: number }, dl.Scalar> =>
  pipe(
    dl.batch(1),
    dl.trainStep(line.optimizer, (batch: unknown) => line.loss(batch as Batch)),
  );

/** Keeps all that was ever saved; each write is finished by hand, where it is told to wait. */
class SlowStore implements dl.CheckpointStore {
  readonly name = 'the slow store';
  readonly saved: Uint8Array[] = [];
  readonly waiting: Deferred[] = [];
  underWay = 0;
  most = 0;

  constructor(private readonly isSlow = true) {}

  readonly save = async (bytes: Uint8Array): Promise<void> => {
    this.most = Math.max(this.most, ++this.underWay);
    if (this.isSlow) {
      const written = deferred();
      this.waiting.push(written);
      await written.promise;
    }
    this.saved.push(bytes);
    this.underWay--;
  };

  readonly load = (): Promise<null> => Promise.resolve(null);

  /** The positions that were saved. */
  get positions(): number[] {
    return this.saved.map((bytes) => decodeCheckpoint(bytes, 'spec').header.position);
  }
}

/** Runs to the end: how many values came, and the message of the error. */
async function run(stream: Observable<unknown>): Promise<{ count: number; error: string }> {
  const result = { count: 0, error: '' };
  await stream
    .forEach(() => result.count++)
    .catch((error: unknown) => (result.error = (error as Error).message));
  return result;
}

describe('checkpoint', () => {
  let line: Line;
  beforeEach(() => (line = new Line(dl.train.adam(0.1))));
  afterEach(() => line.dispose());

  it('saves every so many steps and at the end, each once', async () => {
    for (const [every, positions] of [
      [1, [1, 2, 3, 4, 5, 6]],
      [2, [2, 4, 6]],
      [4, [4, 6]],
      [7, [6]],
    ] as const) {
      line.dispose();
      line = new Line(dl.train.adam(0.1));
      const store = new SlowStore(false);
      const result = await run(dl.examples(data).pipe(train(line), dl.checkpoint({ every, store })));
      expect(result).toEqual({ count: 6, error: '' });
      expect(store.positions)
        .withContext(`every ${every}`)
        .toEqual([...positions]);
    }
  });

  it('takes the state of the moment, whatever is trained while it is written', async () => {
    const store = new SlowStore();
    const states: unknown[] = [];
    const done = run(
      from([1, 2, 3]).pipe(
        map((x) => ({ x, y: 2 * x })),
        train(line),
        dl.mapTensor((loss) => {
          states.push(line.values);
          return loss;
        }),
        dl.checkpoint({ every: 1, store, position: false }),
      ),
    );
    await settle();
    for (let i = 0; i < 3; i++) {
      store.waiting[i]!.resolve();
      await settle();
    }
    await done;
    const saved = store.saved.map((bytes) =>
      decodeCheckpoint(bytes, 'spec')
        .values.slice(0, 2)
        .map(([x]) => x),
    );
    expect(saved).toEqual(states as number[][]);
    expect(store.most).toBe(1);
  });

  it('holds the source up while the store is busy, and writes in order, one at a time', async () => {
    for (const inFlight of [1, 2, 3]) {
      const store = new SlowStore();
      let steps = 0;
      const start = dl.memory().numTensors;
      const done = run(
        dl.examples(data, { epochs: 4, inFlight }).pipe(
          train(line),
          map(() => steps++),
          dl.checkpoint({ every: 1, store }),
        ),
      );
      const tensors = new Set<number>();
      for (let written = 0; written < 24; written++) {
        await settle();
        expect(steps - written)
          .withContext(`in flight, of ${inFlight}`)
          .toBeLessThanOrEqual(inFlight);
        tensors.add(dl.memory().numTensors - start);
        store.waiting[written]!.resolve();
      }
      expect(await done).toEqual({ count: 24, error: '' });
      expect(store.most).toBe(1);
      expect(store.positions).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
      // The slots were made by the first step; what is pending holds no tensors.
      expect(tensors.size)
        .withContext([...tensors].join())
        .toBeLessThanOrEqual(2);
    }
  });

  it('waits with completion for the last write, and with an error for those before it', async () => {
    const store = new SlowStore();
    let ending = 'none';
    const losses = dl.examples(data, { inFlight: Infinity }).pipe(train(line));
    losses.pipe(dl.checkpoint({ every: 10, store })).subscribe({ complete: () => (ending = 'complete') });
    await settle();
    expect(ending).toBe('none');
    expect(store.waiting).toHaveSize(1);
    store.waiting[0]!.resolve();
    await settle();
    expect(ending).toBe('complete');

    const failing = concat(
      dl.examples(data, { inFlight: Infinity }),
      throwError(() => new Error('broken')),
    );
    failing
      .pipe(train(line), dl.checkpoint({ every: 6, store }))
      .subscribe({ error: (error: unknown) => (ending = String(error)) });
    await settle();
    expect(ending).toBe('complete');
    store.waiting[1]!.resolve();
    await settle();
    expect(ending).toBe('Error: broken');
  });

  it('does so when the end comes in the middle of an emission', async () => {
    const store = new SlowStore(false);
    const result = await run(
      dl.examples(data).pipe(train(line), take(3), dl.checkpoint({ every: 2, store })),
    );
    expect(result).toEqual({ count: 3, error: '' });
    expect(store.positions).toEqual([2, 3]);
    const stopped = new SlowStore(false);
    await run(
      dl
        .examples(data)
        .pipe(
          train(line),
          dl.earlyStop({ patience: 1, of: () => 1 }),
          dl.checkpoint({ every: 1, store: stopped }),
        ),
    );
    expect(stopped.positions).toEqual([1, 2]);
  });

  it('ends with an error that names the store when a write fails', async () => {
    const store: dl.CheckpointStore = {
      name: 'the full disk',
      save: () => Promise.reject(new Error('no space left')),
      load: () => Promise.resolve(null),
    };
    const result = await run(dl.examples(data).pipe(train(line), dl.checkpoint({ every: 2, store })));
    expect(result.error).toBe(
      'checkpoint: a checkpoint could not be written to the full disk: Error: no space left',
    );
  });

  it('takes no step by half: it waits for the end of one that is begun', async () => {
    const seen = dl.tidy(() => dl.variable(dl.scalar(0), false, 'seen'));
    const store = new SlowStore(false);
    const batches = new Subject<number>();
    const below = deferred<number>();
    const done = run(
      batches.pipe(
        dl.scoped(),
        dl.mapTensor((x) => {
          dl.tidy(() => seen.assign(seen.add(1)));
          return line.loss({ x: dl.tensor1d([x]), y: dl.tensor1d([2 * x]) });
        }),
        dl.trainStep(line.optimizer, { accumulate: 2 }),
        dl.mapTensorAsync(() => below.promise),
        dl.checkpoint({ every: 1, store, position: false }),
      ),
    );
    for (const x of [1, 2, 3]) batches.next(x);
    below.resolve(0);
    await settle();
    expect(store.saved).toHaveSize(0);
    batches.next(4);
    await settle();
    batches.complete();
    await done;
    const [first] = store.saved.map((bytes) => decodeCheckpoint(bytes, 'spec'));
    expect(first!.header.optimizers[0]!.iterations).toBe(2);
    const names = first!.header.variables.map(({ name }) => name);
    expect([...first!.values[names.indexOf('seen')]!]).toEqual([4]);
    dl.dispose(seen);
  });

  it('begins no write when it was unsubscribed from', async () => {
    const store = new SlowStore();
    const subscription = dl
      .examples(data)
      .pipe(train(line), dl.checkpoint({ every: 1, store }))
      .subscribe();
    await settle();
    expect(store.waiting).toHaveSize(1);
    subscription.unsubscribe();
    store.waiting[0]!.resolve();
    await settle();
    expect(store.waiting).toHaveSize(1);
  });

  it('keeps two optimizers of one pipeline, in their order', async () => {
    const other = dl.tidy(() => dl.variable(dl.scalar(3), true, 'other'));
    const momentum = dl.train.momentum(0.1, 0.9);
    const store = new SlowStore(false);
    await run(
      dl.examples(data.x).pipe(
        dl.batch(1),
        dl.mapTensor((x) => dl.mul(x, line.slope).square().mean()),
        dl.trainStep(line.optimizer),
        dl.mapTensor(() => other.square()),
        dl.trainStep(momentum),
        dl.checkpoint({ every: 6, store }),
      ),
    );
    const { header } = decodeCheckpoint(store.saved[0]!, 'spec');
    expect(header.optimizers.map(({ name, slots }) => [name, slots.map((slot) => slot.variable)])).toEqual([
      [line.optimizer.name, ['#0', '#0']],
      [momentum.name, ['other']],
    ]);
    dl.dispose(other);
    momentum.dispose();
  });

  const store = dl.memoryStore();
  const checked = (stream: Observable<unknown>): Observable<unknown> =>
    stream.pipe(dl.checkpoint({ every: 2, store }));
  const pairs = (): { x: number; y: number }[] => [
    { x: 1, y: 2 },
    { x: 2, y: 4 },
    { x: 3, y: 6 },
  ];

  const refused: Record<string, [(line: Line) => Observable<unknown>, RegExp]> = {
    'where nothing is trained': [() => dl.examples(data), /^checkpoint: the value was not trained with/],
    'below a stock operator that moves values in time': [
      (each) => dl.examples(data).pipe(train(each), dl.download(), delay(1)),
      /^checkpoint: the value was not trained with/,
    ],
    'when the source has no position': [
      (each) => from(pairs()).pipe(train(each)),
      /^checkpoint: the source does not tell its position in the data/,
    ],
    'below an iterable': [
      (each) => dl.examples(new Set(pairs())).pipe(train(each)),
      /no run could continue from here: examples\(\) goes through an iterable/,
    ],
    'below shuffle(buffer)': [
      (each) => dl.examples(data).pipe(dl.shuffle(2), train(each)),
      /no run could continue from here: shuffle\(buffer\) holds back values/,
    ],
    'between the rows of a batch': [
      (each) =>
        dl.examples(data).pipe(
          dl.batch(3),
          dl.unbatch(),
          dl.trainStep(each.optimizer, (row) => each.loss(row as unknown as Batch)),
        ),
      /no run could continue from here: unbatch\(\) has rows left/,
    ],
    'below overlapping windows': [
      (each) =>
        dl.examples(data.x).pipe(
          dl.slidingWindow(2),
          dl.trainStep(each.optimizer, (x) => each.loss({ x, y: x })),
        ),
      /no run could continue from here: slidingWindow\(\) keeps its window/,
    ],
    'when a state is kept': [
      (each) =>
        dl.examples(data.x).pipe(
          dl.batch(1),
          dl.scanTensor((sum: dl.Tensor1D, x: dl.Tensor1D) => sum.add(x)),
          dl.trainStep(each.optimizer, (x) => each.loss({ x, y: x })),
        ),
      /no run could continue from here: scanTensor\(\) has a state/,
    ],
    'when sources at different positions are joined': [
      (each) =>
        dl
          .zipTensor([
            dl.examples(data.x).pipe(dl.batch(1)),
            dl.examples([1, 2, 3, 4, 5, 6, 7, 8]).pipe(dl.batch(2)),
          ])
          .pipe(dl.trainStep(each.optimizer, ([x]) => each.loss({ x, y: x }))),
      /no run could continue from here: zipTensor\(\) joins sources/,
    ],
    'when a source is repeated': [
      (each) => dl.examples(data).pipe(repeat(2), train(each)),
      /^checkpoint: the values come from several sources, or from one that was subscribed to again/,
    ],
    'when sources are merged': [
      (each) => merge(dl.examples(data), dl.examples(data)).pipe(train(each)),
      /^checkpoint: the values come from several sources/,
    ],
  };

  for (const [when, [streamOf, message]] of Object.entries(refused)) {
    it(`refuses to save ${when}`, async () => {
      expect((await run(checked(streamOf(line)))).error).toMatch(message);
      await settle();
    });
  }

  it('saves where sources are joined that are at one position', async () => {
    const joined = dl
      .zipTensor([dl.examples(data.x).pipe(dl.batch(2)), dl.examples(data.y).pipe(dl.batch(2))])
      .pipe(dl.trainStep(line.optimizer, ([x, y]) => line.loss({ x, y })));
    const kept = new SlowStore(false);
    expect(await run(joined.pipe(dl.checkpoint({ every: 1, store: kept })))).toEqual({ count: 3, error: '' });
    expect(kept.positions).toEqual([2, 4, 6]);
  });

  it('leaves the position out where it is told to', async () => {
    const kept = new SlowStore(false);
    const repeated = dl.examples(data).pipe(repeat(2), train(line));
    const result = await run(repeated.pipe(dl.checkpoint({ every: 5, store: kept, position: false })));
    expect(result).toEqual({ count: 12, error: '' });
    expect(kept.saved).toHaveSize(3);
  });

  it('needs the variables that its optimizers train among those it is given', async () => {
    const result = await run(
      dl.examples(data).pipe(train(line), dl.checkpoint({ every: 2, store, variables: [line.slope] })),
    );
    expect(result.error).toMatch(
      /^checkpoint: Adam keeps 'variable_\d+\/Adam\/\w+' for a variable that is not in the checkpoint/i,
    );
  });

  it('wants its options', () => {
    expect(() => dl.checkpoint({ every: 0, store })).toThrowError(
      "checkpoint: option 'every' is 0; wanted a positive integer",
    );
    expect(() => dl.checkpoint({ every: 1, store: {} as dl.CheckpointStore })).toThrowError(
      "checkpoint: 'store' is object; wanted a store, as memoryStore()",
    );
  });
});
