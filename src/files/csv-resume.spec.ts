import * as dl from 'rxtensor';
import { csv } from 'rxtensor/files';
import { lastValueFrom, map, take, toArray, type Observable } from 'rxjs';

const ROWS = 23;
const columns = { x: 'float32', y: 'float32' } as const;
const text = `x,y\n${Array.from({ length: ROWS }, (_, i) => `${Math.sin(i).toFixed(4)},${Math.cos(3 * i).toFixed(4)}\n`).join('')}`;
const file = new Blob([text]);

/** A line, its optimizer with momentum, and noise: all that a resumed run must have again. */
class Learner {
  readonly slope = dl.tidy(() => dl.variable(dl.scalar(0.5), true, 'slope'));
  readonly optimizer = dl.train.adam(0.05);

  run(
    rows: (startAt: number) => Observable<{ x: dl.Tensor1D; y: dl.Tensor1D }>,
    startAt: number,
    store: dl.CheckpointStore,
  ): Observable<number> {
    return rows(startAt).pipe(
      dl.trainStep(this.optimizer, ({ x, y }) =>
        dl.losses.meanSquaredError(y, this.slope.mul(x.add(dl.mul(0.1, dl.randomNormal(x.shape))))),
      ),
      dl.checkpoint({ every: 1, store, keep: { learner: { toJSON: () => this.optimizer.iterations } } }),
      dl.download(),
    );
  }

  dispose(): void {
    this.slope.dispose();
    this.optimizer.dispose();
  }
}

type Rows = (startAt: number) => Observable<{ x: dl.Tensor1D; y: dl.Tensor1D }>;
const pipelines: Readonly<Record<string, Rows>> = {
  'csv → batch': (startAt) => csv(file, { columns, startAt }).pipe(dl.batch(3)),
  'csv → shuffle → batch': (startAt) =>
    csv(file, { columns, startAt }).pipe(dl.shuffle(7, { seed: 3 }), dl.batch(4)),
  'csv in epochs → shuffle → batch': (startAt) =>
    csv(file, { columns, startAt, epochs: 3 }).pipe(dl.shuffle(30, { seed: 5 }), dl.batch(6)),
  'csv in epochs → batch, the last one left out': (startAt) =>
    csv(file, { columns, startAt, epochs: 2 }).pipe(dl.batch(5, { dropRemainder: true })),
  'csv → shuffle → batch → unbatch → batch': (startAt) =>
    csv(file, { columns, startAt }).pipe(dl.shuffle(9, { seed: 1 }), dl.batch(4), dl.unbatch(), dl.batch(3)),
  'csv in epochs → a function → batch': (startAt) =>
    csv(file, { columns, startAt, epochs: 2 }).pipe(
      map(({ x, y }) => ({ x: 2 * x, y })),
      dl.batch(5),
    ),
};

describe('A run over a CSV file that is killed', () => {
  for (const [name, rows] of Object.entries(pipelines)) {
    it(`at any step goes on with the same losses: ${name}`, async () => {
      const life = async (store: dl.CheckpointStore, steps: number): Promise<[number[], number]> => {
        dl.setSeed((await store.load()) ? 77 : 4);
        const learner = new Learner();
        let begin = 0;
        const losses = await lastValueFrom(
          dl
            .resume(store, learner.optimizer, ({ position, step, kept }) => {
              begin = step;
              expect(kept).toEqual(step === 0 ? null : { learner: step });
              return learner.run(rows, position, store);
            })
            .pipe(take(steps), toArray()),
          { defaultValue: [] },
        );
        learner.dispose();
        return [losses, begin];
      };
      const [whole] = await life(dl.memoryStore(), Infinity);
      expect(new Set(whole).size).toBe(whole.length);
      for (let killed = 1; killed <= whole.length; killed++) {
        const store = dl.memoryStore();
        await life(store, killed);
        const [rest, begin] = await life(store, Infinity);
        expect(begin).toBeGreaterThanOrEqual(killed - 1);
        expect(rest).withContext(`killed after step ${killed}, from ${begin}`).toEqual(whole.slice(begin));
      }
    });
  }

  it('is told at its first step what cannot be continued', async () => {
    const learner = new Learner();
    const steps: number[] = [];
    const run = csv(file, { columns }).pipe(
      dl.shuffle(3),
      dl.batch(1),
      dl.trainStep(learner.optimizer, ({ x }) => learner.slope.mul(x).square().mean()),
      dl.checkpoint({ every: 1000, store: dl.memoryStore() }),
    );
    await expectAsync(run.forEach(() => steps.push(1))).toBeRejectedWithError(
      /^checkpoint: no run could continue from here: shuffle\(buffer\) has no seed/,
    );
    expect([steps.length, learner.optimizer.iterations]).toEqual([0, 1]);
    learner.dispose();
  });
});

describe('csv with startAt', () => {
  const ids = (startAt: number, epochs: number): Observable<number[]> =>
    csv(new Blob(['id\n0\n1\n2\n3\n']), { columns: { id: 'int32' }, startAt, epochs }).pipe(
      map(({ id }) => id),
      toArray(),
    );

  it('leaves out as many rows of the whole sequence', async () => {
    const whole = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3];
    for (let startAt = 0; startAt <= 13; startAt++)
      expect(await lastValueFrom(ids(startAt, 3)))
        .withContext(`${startAt}`)
        .toEqual(whole.slice(startAt));
  });

  it('says the row of the file in messages, in any epoch', async () => {
    const bad = new Blob(['id\n0\n1\nx\n']);
    await expectAsync(
      lastValueFrom(csv(bad, { columns: { id: 'int32' }, startAt: 1 })),
    ).toBeRejectedWithError(/row 3 \(line 4\), column 'id': found "x"/);
  });

  it('ends for an empty file, and refuses a file whose header has changed', async () => {
    expect(await lastValueFrom(csv(new Blob(['id\n']), { epochs: Infinity }).pipe(toArray()))).toEqual([]);
    let opened = 0;
    spyOn(globalThis, 'fetch').and.callFake(() =>
      Promise.resolve(new Response(opened++ === 0 ? 'id\n1\n' : 'name\n1\n')),
    );
    await expectAsync(lastValueFrom(csv('https://files.test/a.csv', { epochs: 2 }))).toBeRejectedWithError(
      /has another header than before: found name; wanted id/,
    );
  });

  it('remembers nothing of the epochs that are over', async () => {
    const added = spyOn(AbortSignal.prototype, 'addEventListener').and.callThrough();
    const removed = spyOn(AbortSignal.prototype, 'removeEventListener').and.callThrough();
    expect((await lastValueFrom(ids(0, 50))).length).toBe(200);
    expect(added.calls.count()).toBeGreaterThanOrEqual(50);
    expect(removed.calls.count()).toBe(added.calls.count());
  });

  it('refuses several epochs of a stream, and a wrong start', () => {
    expect(() => csv(file.stream(), { epochs: 2 })).toThrowError(
      "csv: option 'epochs' is 2 for a stream, which can be read once; wanted an address, a path, a Blob or bytes",
    );
    expect(() => csv(file, { startAt: -1 })).toThrowError(
      "csv: option 'startAt' is -1; wanted a non-negative integer",
    );
    expect(() => csv(file, { epochs: 0 })).toThrowError(/option 'epochs' is 0/);
  });
});

describe('progress below csv', () => {
  it('tells the share of the bytes that are read, and of the rows once their number is known', async () => {
    const long = new Blob([`x,y\n${'1,2\n'.repeat(100_000)}`]);
    const fractions = await lastValueFrom(
      csv(long, { columns, epochs: 2 }).pipe(
        dl.batch(1000),
        dl.progress(),
        map(({ fraction }) => fraction!),
        toArray(),
      ),
    );
    expect(fractions.length).toBe(200);
    for (const [i, fraction] of fractions.entries()) {
      // Some pieces of 64 KB are read ahead.
      expect(fraction).toBeGreaterThanOrEqual(i === 0 ? 0 : (i - 1) / 200);
      expect(fraction).toBeLessThan((i + 1) / 200 + 0.35);
    }
    expect(fractions.at(-1)).toBe(1);
    expect(fractions[149]).toBe(0.75);
  });

  it('tells nothing of a stream whose length is unknown', async () => {
    const [first] = await lastValueFrom(csv(file.stream(), { columns }).pipe(dl.progress(), toArray()));
    expect([first!.fraction, first!.secondsLeft]).toEqual([null, null]);
  });
});
