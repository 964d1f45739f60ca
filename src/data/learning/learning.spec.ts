import {
  concat,
  EMPTY,
  finalize,
  from,
  lastValueFrom,
  map,
  NEVER,
  Subject,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import * as dl from 'rxtensor';
import {
  cosineDecay,
  exponentialDecay,
  prequentialMeans,
  prioritised,
  replayBuffer,
  reservoir,
  schedule,
  snapshots,
  stepDecay,
  testThenTrain,
  warmRestarts,
  warmUpThen,
  type ModelSnapshot,
} from 'rxtensor/data';
import { csv } from 'rxtensor/files';
import { recorded } from 'rxtensor/programs';
import { SumTree } from './sum-tree';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('continual learning:', () => {
  describe('schedules', () => {
    it('have the values of their definitions', () => {
      expect(numbers(5).map(stepDecay({ rate: 1, every: 2, factor: 0.5 }))).toEqual([1, 1, 0.5, 0.5, 0.25]);
      expect(exponentialDecay({ rate: 2, every: 10 })(20)).toBe(0.5);
      const cosine = cosineDecay({ rate: 1, steps: 4, least: 0.2 });
      expect([0, 2, 4, 9].map(cosine)).toEqual([1, 0.2 + 0.4 * (1 + Math.cos(Math.PI / 2)), 0.2, 0.2]);
      expect(numbers(4).map(warmUpThen(2, () => 3))).toEqual([1.5, 3, 3, 3]);
    });

    it('restart warmly with periods that grow (SGDR, equation 5)', () => {
      const rule = warmRestarts({ rate: 1, least: 0.1, period: 10, factor: 2 });
      // η = η_min + (η_max − η_min) (1 + cos(π T_cur / T_i)) / 2, with T_i = 10, 20, 40
      const periods = [
        [0, 10],
        [10, 20],
        [30, 40],
      ] as const;
      for (const [begin, period] of periods) {
        for (let t = 0; t < period; t++)
          expect(rule(begin + t)).toBeCloseTo(0.1 + 0.45 * (1 + Math.cos((Math.PI * t) / period)), 12);
      }
      expect(warmRestarts({ rate: 1, period: 4, factor: 1 })(8)).toBe(1);
    });

    it('give trainStep the rate of each step, and go on where the optimizer is', async () => {
      const w = dl.tidy(() => dl.variable(dl.scalar(0)));
      const sgd = dl.train.sgd(7);
      const rates: number[] = [];
      const set = spyOn(sgd, 'set').and.callThrough();
      const run = (): Promise<unknown> =>
        lastValueFrom(
          dl.examples([1, 2, 3]).pipe(
            dl.batch(1),
            dl.trainStep(sgd, (x) => dl.losses.meanSquaredError(x, w.mul(x)), {
              learningRate: schedule(sgd, (step) => 1 / 2 ** step),
            }),
            dl.download(),
            tap(() => rates.push(0)),
          ),
        );
      await run();
      await run();
      expect(set.calls.allArgs().map(([, rate]) => rate)).toEqual([1, 0.5, 0.25, 0.125, 0.0625, 0.03125]);
      w.dispose();
      sgd.dispose();
    });

    it('say what is wrong', async () => {
      const sgd = dl.train.sgd(1);
      expect(() => schedule({} as never, () => 1)).toThrowError(
        /schedule: argument 'optimizer' is .*; wanted an optimizer/,
      );
      expect(() => schedule(sgd, 3 as never)).toThrowError(/argument 'rule' is 3/);
      await expectAsync(lastValueFrom(schedule(sgd, () => NaN))).toBeRejectedWithError(/gave NaN for step 0/);
      expect(() => stepDecay({ rate: 0, every: 1 })).toThrowError(
        /stepDecay: option 'rate' is 0; wanted a number above 0/,
      );
      expect(() => warmRestarts({ rate: 1, period: 0 })).toThrowError(
        /option 'period' is 0; wanted a positive integer/,
      );
      expect(() => warmRestarts({ rate: 1, period: 2, factor: 0.5 })).toThrowError(/option 'factor' is 0.5/);
      expect(() => cosineDecay({ rate: 1, steps: 2, least: -1 })).toThrowError(/option 'least' is -1/);
      for (const least of [2, Infinity]) {
        const message = new RegExp(`option 'least' is ${least}; wanted a number from 0 to 'rate', 1$`);
        expect(() => cosineDecay({ rate: 1, steps: 2, least })).toThrowError(message);
        expect(() => warmRestarts({ rate: 1, period: 2, least })).toThrowError(message);
      }
      expect(() => warmUpThen(0, () => 1)).toThrowError(/argument 'steps' is 0/);
    });
  });

  describe('prequentialMeans', () => {
    it('are those of all, of a window, or fade', () => {
      const update = (means: ReturnType<typeof prequentialMeans>, losses: readonly number[]): number[] =>
        losses.map((loss) => means.update({ loss }).loss!);
      expect(update(prequentialMeans(), [1, 3, 8])).toEqual([1, 2, 4]);
      expect(update(prequentialMeans({ window: 2 }), [1, 3, 9, 1])).toEqual([1, 2, 6, 5]);
      // Gama et al.: S = L + αS, B = 1 + αB
      expect(update(prequentialMeans({ fading: 0.5 }), [1, 3, 8])).toEqual([1, 3.5 / 1.5, 9.75 / 1.75]);
      expect(update(prequentialMeans({ fading: 0.5 }), [1, NaN, 2])).toEqual([1, 1, 2.5 / 1.5]);
    });

    it('go through JSON', () => {
      for (const options of [{ window: 3 }, { fading: 0.9 }]) {
        const first = prequentialMeans(options);
        for (const loss of [1, 5, 2]) first.update({ loss });
        const second = prequentialMeans(options, json(first));
        expect(second.update({ loss: 4 })).toEqual(first.update({ loss: 4 }));
      }
      const long = prequentialMeans({ window: 5 });
      for (const loss of [1, 2, 3, 4, 5]) long.update({ loss });
      expect(prequentialMeans({ window: 2 }, json(long)).update({ loss: 7 })).toEqual({ loss: 6 });
      expect(() => prequentialMeans({}, { sums: [] })).toThrowError(
        /argument 'state' is .*; wanted what toJSON\(\) gave/,
      );
    });
  });

  describe('testThenTrain', () => {
    it('scores each batch before it trains on it', async () => {
      const w = dl.tidy(() => dl.variable(dl.scalar(0)));
      const sgd = dl.train.sgd(0.5);
      const tested = await lastValueFrom(
        dl.examples([4, 4, 4, 4]).pipe(
          dl.batch(1),
          testThenTrain(
            sgd,
            (y) => {
              const guess = w.add(dl.zeros([1]));
              return { loss: dl.losses.meanSquaredError(y, guess), guess };
            },
            { window: 2, metrics: { error: ({ guess }, y) => y.sub(guess).abs().mean<dl.Scalar>() } },
          ),
          toArray(),
        ),
      );
      // w' = w + (4 − w): the first step learns it.
      expect(tested.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
      expect(tested.map(({ batch }) => batch)).toEqual(
        [16, 0, 0, 0].map((loss) => ({ loss, error: Math.sqrt(loss) })),
      );
      expect(tested.map(({ mean }) => mean.error)).toEqual([4, 2, 0, 0]);
      w.dispose();
      sgd.dispose();
    });

    it('gives the same scores with a recorded step', async () => {
      const scores = async (options: Pick<dl.TrainStepOptions, 'recorded'>): Promise<unknown> => {
        const w = dl.tidy(() => dl.variable(dl.scalar(0)));
        const sgd = dl.train.sgd(0.1);
        const tested = await lastValueFrom(
          dl.examples([4, 3, 5, 4, 2, 6]).pipe(
            dl.batch(2),
            testThenTrain(sgd, (y) => dl.losses.meanSquaredError(y, w.add(dl.zeros([2]))), options),
            toArray(),
          ),
        );
        w.dispose();
        sgd.dispose();
        return tested;
      };
      const recordedScores = await scores({ recorded });
      expect(recordedScores).toEqual(await scores({}));
    });

    it('says what is wrong', () => {
      const sgd = dl.train.sgd(1);
      const loss = (x: dl.Tensor): dl.Tensor => x;
      expect(() => testThenTrain(sgd, 3 as never)).toThrowError(/testThenTrain: argument 'loss' is 3/);
      expect(() => testThenTrain(sgd, loss, { window: 2, fading: 0.5 })).toThrowError(
        /'window' and 'fading' are both given/,
      );
      expect(() => testThenTrain(sgd, loss, { fading: 2 })).toThrowError(
        /option 'fading' is 2; wanted a number above 0/,
      );
      expect(() => testThenTrain(sgd, loss, { window: 2, means: prequentialMeans() })).toThrowError(
        /option 'means' is given beside/,
      );
    });
  });

  describe('a sum tree', () => {
    it('finds leaves by their share, for any capacity', () => {
      for (const capacity of [1, 2, 5, 8]) {
        const tree = new SumTree(capacity);
        for (let i = 0; i < capacity; i++) tree.set(i, i + 1);
        expect(tree.total).toBe((capacity * (capacity + 1)) / 2);
        const found = Array.from({ length: tree.total }, (_, i) => tree.find(i + 0.5));
        for (let i = 0; i < capacity; i++) expect(found.filter((each) => each === i).length).toBe(i + 1);
        expect(tree.find(tree.total)).toBe(capacity - 1);
      }
    });
  });

  describe('reservoir', () => {
    it('keeps every value with the same probability', () => {
      const counts = new Float64Array(40);
      for (let seed = 0; seed < 2000; seed++) {
        const memory = reservoir<number>({ capacity: 10, seed });
        for (let i = 0; i < 40; i++) memory.add(i);
        for (const value of (memory.toJSON() as { values: number[] }).values) counts[value]!++;
      }
      // Each is kept with 1/4: 500 of 2000, with a standard deviation of 19.
      for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(5 * 19);
    });
  });

  describe('prioritised', () => {
    it('draws in proportion to priority to the power of alpha, with weights that make up for it', () => {
      const memory = prioritised<string>({ capacity: 3, alpha: 0.5, beta: 1, seed: 3 });
      for (const value of ['a', 'b', 'c']) memory.add(value);
      [1, 4, 16].forEach((priority, slot) => memory.setPriority(slot, priority));
      const counts = new Map<string, number>();
      const weights = new Map<string, number>();
      for (let i = 0; i < 7000; i++) {
        const { value, weight } = memory.draw()!;
        counts.set(value, (counts.get(value) ?? 0) + 1);
        weights.set(value, weight);
      }
      // √1 : √4 : √16 = 1 : 2 : 4
      for (const [value, share] of [
        ['a', 1],
        ['b', 2],
        ['c', 4],
      ] as const) {
        expect(Math.abs(counts.get(value)! - 1000 * share)).toBeLessThan(150);
        expect(weights.get(value)).toBeCloseTo(1 / share, 4);
      }
    });

    it('replaces the oldest, and says what is wrong', () => {
      const memory = prioritised<number>({ capacity: 2 });
      expect([5, 6, 7].map((value) => memory.add(value))).toEqual([0, 1, 0]);
      expect((memory.toJSON() as { values: number[] }).values).toEqual([7, 6]);
      expect(() => memory.setPriority(2, 1)).toThrowError(/setPriority: argument 'slot' is 2/);
      expect(() => memory.setPriority(0, -1)).toThrowError(/argument 'priority' is -1/);
      expect(() => prioritised({ capacity: 2, alpha: 2 })).toThrowError(/prioritised: option 'alpha' is 2/);
      expect(() => reservoir({ capacity: 0 })).toThrowError(/reservoir: option 'capacity' is 0/);
      expect(() => reservoir({ capacity: 1, state: { values: [1, 2] } })).toThrowError(/option 'state' is/);
    });
  });

  describe('the state of a memory', () => {
    for (const make of [reservoir, prioritised]) {
      it(`of ${make.name} goes through JSON, and continues the same`, () => {
        const first = make<number>({ capacity: 5, seed: 9 });
        for (let i = 0; i < 20; i++) first.add(i);
        first.draw();
        first.setPriority(2, 7);
        const second = make<number>({ capacity: 5, seed: 9, state: json(first) });
        const go = (memory: typeof first): unknown[] =>
          numbers(20).map((i) => [memory.add(100 + i), memory.draw()]);
        expect(go(second)).toEqual(go(first));
      });
    }

    it('goes on with the greatest priority so far, and after very many draws at once', () => {
      const made = prioritised<number>({ capacity: 4, seed: 1 });
      made.add(1);
      made.setPriority(0, 100);
      made.setPriority(0, 1);
      const state = JSON.parse(JSON.stringify(made)) as Record<string, unknown>;
      const again = prioritised<number>({ capacity: 4, seed: 1, state });
      for (const memory of [made, again]) memory.add(2);
      const draws = (memory: typeof made): unknown[] => Array.from({ length: 20 }, () => memory.draw());
      expect(draws(again)).toEqual(draws(made));
      const late = prioritised<number>({ capacity: 4, seed: 1, state: { ...state, drawn: 2 ** 40 } });
      expect(late.draw()!.value).toBe(1);
      made.clear();
      expect(made.toJSON()).toEqual(jasmine.objectContaining({ greatest: 0 }));
    });

    for (const make of [reservoir, prioritised])
      it(`of ${make.name} has the rows of a file as they were: int32, NaN and nested`, async () => {
        const file = new Blob(['id,x\n1,0.5\n2,NaN\n3,Infinity\n4,2.5\n']);
        const memory = make<{ at: number; row: { id: number; x: number } }>({ capacity: 3, seed: 1 });
        const batches = (of: typeof memory): Promise<unknown[]> =>
          lastValueFrom(
            csv(file, { columns: { id: 'int32', x: 'float32' } }).pipe(
              map((row, at) => ({ at, row })),
              replayBuffer(of),
              dl.batch(3),
              map(({ value: { row } }) => row),
              dl.download(),
              toArray(),
            ),
          );
        await batches(memory);
        const state = json(memory);
        const again = make<{ at: number; row: { id: number; x: number } }>({ capacity: 3, seed: 1, state });
        expect(json(again)).toEqual(state);
        const found = (await batches(again)) as { id: Int32Array }[];
        expect(found.every(({ id }) => id instanceof Int32Array)).toBeTrue();
        expect(found).toEqual((await batches(memory)) as { id: Int32Array }[]);
        expect(json(again)).toEqual(json(memory));
      });

    it('is refused where it is of another kind or capacity', () => {
      const made = prioritised<number>({ capacity: 3 });
      const uniform = reservoir<number>({ capacity: 3 });
      for (let i = 0; i < 5; i++) [made, uniform].forEach((memory) => memory.add(i));
      const wrong: readonly (() => unknown)[] = [
        () => prioritised({ capacity: 9, state: json(made) }),
        () => reservoir({ capacity: 9, state: json(uniform) }),
        () => reservoir({ capacity: 2, state: json(uniform) }),
        () => prioritised({ capacity: 3, state: json(uniform) }),
        () => reservoir({ capacity: 3, state: json(made) }),
      ];
      for (const each of wrong)
        expect(each).toThrowError(
          /option 'state' is .*; wanted what toJSON\(\) of a memory of its kind and capacity gave/,
        );
    });

    it('refuses values that JSON makes others of', () => {
      for (const [value, found] of [
        [{ x: Float32Array.of(1) }, 'a Float32Array'],
        [[new Date(0)], 'a Date'],
        [{ x: undefined }, 'undefined'],
      ] as const) {
        const memory = reservoir<unknown>({ capacity: 1 });
        memory.add(value);
        expect(() => JSON.stringify(memory)).toThrowError(
          `reservoir: a value has ${found}, which JSON does not keep; wanted plain data, as [...x] for a typed array`,
        );
      }
    });

    it('refuses tensors', () => {
      const memory = reservoir<dl.Tensor>({ capacity: 1 });
      const x = dl.scalar(1);
      memory.add(x);
      expect(() => JSON.stringify(memory)).toThrowError(
        /reservoir: a value has a Tensor, which JSON does not keep/,
      );
      x.dispose();
    });
  });

  describe('replayBuffer', () => {
    it('is an obstacle to a position in the data, and a checkpoint below says so at the first step', async () => {
      const slope = dl.tidy(() => dl.variable(dl.scalar(0), true));
      const adam = dl.train.adam(0.1);
      const training = dl.examples({ x: [1, 2, 3, 4] }).pipe(
        replayBuffer(reservoir<{ x: number }>({ capacity: 4 })),
        map(({ value }) => value),
        dl.batch(2),
        dl.trainStep(adam, ({ x }) => dl.losses.meanSquaredError(x as dl.Tensor, slope.mul(x as dl.Tensor))),
      );
      await expectAsync(
        lastValueFrom(training.pipe(dl.checkpoint({ every: 100, store: dl.memoryStore() }), dl.download())),
      ).toBeRejectedWithError(/replayBuffer\(\) emits earlier values too.*position: false/);
      await lastValueFrom(
        training.pipe(dl.checkpoint({ every: 100, store: dl.memoryStore(), position: false }), dl.download()),
      );
      adam.dispose();
      slope.dispose();
    });

    it('emits each new value, and earlier ones', async () => {
      const out = await lastValueFrom(
        from(numbers(50)).pipe(
          replayBuffer(reservoir<number>({ capacity: 8, seed: 4 }), { replay: 2 }),
          toArray(),
        ),
      );
      expect(out.filter(({ isReplay }) => !isReplay).map(({ value }) => value)).toEqual(numbers(50));
      expect(out.length).toBe(50 + 2 * 49);
      let newest = -1;
      for (const { value, isReplay } of out) {
        if (isReplay) expect(value).toBeLessThan(newest);
        else newest = value;
      }
    });

    for (const [i, memory] of [
      reservoir<dl.Tensor>({ capacity: 4, seed: 1 }),
      prioritised<dl.Tensor>({ capacity: 4, seed: 1 }),
    ].entries()) {
      it(`holds tensors, no more than its capacity, and frees them (${i === 0 ? 'reservoir' : 'prioritised'})`, async () => {
        const before = dl.memory().numTensors;
        let most = 0;
        const sums = await lastValueFrom(
          dl.examples(numbers(60)).pipe(
            dl.mapTensor((x) => dl.fill([2], x)),
            replayBuffer(memory),
            tap(() => (most = Math.max(most, dl.memory().numTensors - before))),
            dl.mapTensor(({ value, isReplay }) => ({ sum: value.sum(), isReplay })),
            dl.download(),
            toArray(),
          ),
        );
        expect(sums.length).toBe(119);
        expect(sums.filter(({ isReplay }) => !isReplay).map(({ sum }) => sum)).toEqual(
          numbers(60).map((x) => 2 * x),
        );
        expect(most).toBeLessThan(12);
        expect(dl.memory().numTensors).toBe(before);
        expect(memory.size()).toBe(0);
      });
    }

    it('batches with its weights, for a loss that uses them', async () => {
      const memory = prioritised<{ x: number }>({ capacity: 10, seed: 2 });
      const shapes = await lastValueFrom(
        dl.examples({ x: numbers(8) }).pipe(
          replayBuffer(memory),
          dl.batch(5),
          dl.mapTensor(({ value, weight, slot }) => weight.mul(value.x).sum().add(slot.sum())),
          dl.download(),
          toArray(),
        ),
      );
      expect(shapes.length).toBe(3);
      expect(memory.size()).toBe(8);
    });
  });

  describe('snapshots, and predict of an observable of models', () => {
    it('takes one at each improvement, and frees what nobody holds', async () => {
      const w = dl.tidy(() => dl.variable(dl.scalar(0)));
      const scores: number[] = [];
      const kept: ModelSnapshot<number, dl.Tensor>[] = [];
      const before = dl.memory().numTensors;
      await lastValueFrom(
        from([5, 3, 4, NaN, 3, 2]).pipe(
          dl.scoped(),
          tap((loss) => w.assign(dl.scalar(loss))),
          snapshots((x: number) => w.mul(x), { variables: [w] }),
          tap((snapshot) => {
            kept.push(snapshot);
            scores.push(snapshot.predict(10).dataSync()[0]!);
          }),
        ),
      );
      expect(scores).toEqual([50, 30, 20]);
      expect(dl.memory().numTensors).toBe(before);
      expect(() => kept[0]!.predict(1)).toThrowError(/snapshots: this snapshot has been given back/);
      w.dispose();
    });

    it('forgets an old best number, if asked to', async () => {
      const w = dl.tidy(() => dl.variable(dl.scalar(0)));
      const improved = (forget: number): Promise<unknown[]> =>
        lastValueFrom(
          from([1, 5, 5, 5, 4]).pipe(
            snapshots(() => 0, { forget, variables: [w] }),
            toArray(),
          ),
        );
      expect((await improved(0)).length).toBe(1);
      expect((await improved(0.5)).length).toBe(2);
      const scores = await lastValueFrom(
        from([1, Infinity, 100, NaN, 0.5]).pipe(
          snapshots(() => 0, { forget: 0.1, variables: [w] }),
          map(({ score }) => score),
          toArray(),
        ),
      );
      // One number that is not finite does not make the next one good.
      expect(scores).toEqual([1, 0.5]);
      w.dispose();
    });

    it('swaps the next version in between two values, and gives the old one back', () => {
      const log: string[] = [];
      const version = (factor: number) => ({
        predict: (x: number) => x * factor,
        hold: () => {
          log.push(`hold ${factor}`);
          return () => log.push(`give back ${factor}`);
        },
      });
      const models = new Subject<ReturnType<typeof version> | ((x: number) => number)>();
      const values = new Subject<number>();
      values.pipe(dl.predict(models)).subscribe({
        next: (x) => {
          log.push(String(x));
          // In the middle of an emission of the version before.
          if (x === 20) models.next(version(100));
        },
        complete: () => log.push('complete'),
      });
      values.next(1); // Before the first version the source is not subscribed to.
      models.next(version(10));
      values.next(2);
      values.next(3);
      models.next((x: number) => -x);
      values.next(4);
      values.complete();
      expect(log).toEqual([
        'hold 10',
        '20',
        'hold 100',
        'give back 10',
        '300',
        'give back 100',
        '-4',
        'complete',
      ]);
    });

    it('passes on an error of the models, and completes when there are none', async () => {
      const failing = throwError(() => new Error('no model'));
      await expectAsync(lastValueFrom(dl.examples([1]).pipe(dl.predict(failing)))).toBeRejectedWithError(
        'no model',
      );
      expect(await lastValueFrom(dl.examples([1]).pipe(dl.predict(EMPTY), toArray()))).toEqual([]);
    });

    it('passes on what is wrong with a version, and leaves the versions', async () => {
      const x2 = { predict: (x: dl.Tensor) => x.mul(2) };
      const fails = (): never => {
        throw new Error('no luck');
      };
      for (const [version, message] of [
        [null, "predict: argument 'model' is object; wanted a function, or a model"],
        [{}, "predict: argument 'model' is object; wanted a function, or a model"],
        [3, "predict: argument 'model' is number; wanted a function, or a model"],
        [{ ...x2, hold: fails }, 'no luck'],
      ] as const) {
        for (const before of [[], [x2], [{ ...x2, hold: () => fails }]]) {
          let isLeft = false;
          const models = concat(from([...before, version as never]), NEVER).pipe(
            finalize(() => (isLeft = true)),
          );
          await expectAsync(lastValueFrom(dl.examples([1]).pipe(dl.predict(models as never))))
            .withContext(message)
            .toBeRejectedWithError(message);
          expect(isLeft).toBeTrue();
        }
      }
    });

    it('answers with the best model while training goes on', async () => {
      const w = dl.tidy(() => dl.variable(dl.scalar(0)));
      const sgd = dl.train.sgd(0.1);
      const training = dl.examples([2], { epochs: 30 }).pipe(
        dl.batch(1),
        dl.trainStep(sgd, (y) => dl.losses.meanSquaredError(y, w.add(dl.zeros([1])))),
        dl.download(),
        snapshots((x: dl.Tensor) => w.mul(x), { variables: [w] }),
      );
      const out = await lastValueFrom(
        dl
          .examples(Array<number>(500).fill(10))
          .pipe(dl.batch(1), dl.predict(training), dl.download(), toArray()),
      );
      expect(out.length).toBe(500);
      expect((out.at(-1) as Float32Array)[0]).toBeCloseTo(20, 0);
      w.dispose();
      sgd.dispose();
    });

    it('says what is wrong', () => {
      expect(() => snapshots(3 as never)).toThrowError(/snapshots: argument 'model' is 3/);
      expect(() => snapshots(() => 0, { forget: 1 })).toThrowError(/option 'forget' is 1/);
      expect(() => snapshots(() => 0, { mode: 'best' as never })).toThrowError(/option 'mode' is /);
      expect(() => replayBuffer({} as never)).toThrowError(/replayBuffer: argument 'memory' is/);
      expect(() => replayBuffer(reservoir({ capacity: 1 }), { replay: 0 })).toThrowError(
        /option 'replay' is 0/,
      );
      expect(() => dl.predict(3 as never)).toThrowError(
        /predict: argument 'model' is number; wanted a function/,
      );
    });
  });
});
