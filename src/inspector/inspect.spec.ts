import type { Observable } from 'rxjs';
import {
  asapScheduler,
  concatMap,
  filter,
  from,
  interval,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  repeat,
  sampleTime,
  share,
  Subject,
  take,
  tap,
  throttleTime,
  timer,
  type SchedulerLike,
} from 'rxjs';
import * as dl from 'rxtensor';
import { timeWindows } from 'rxtensor/data';
import { inspect, type Inspection, type PipelineFrame } from 'rxtensor/inspector';
import { watching } from '../streams/watching';
import { listeners } from '../tensor/device-observers';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs a pipeline to its end. */
function run<T>(pipeline: Observable<T>): Promise<T[]> {
  const values: T[] = [];
  return new Promise((resolve, reject) => {
    pipeline.subscribe({
      next: (value) => values.push(value),
      error: reject,
      complete: () => resolve(values),
    });
  });
}

/** Runs a pipeline to its end, and takes the frame of that moment. */
async function frameOf(pipeline: Observable<unknown>, options = {}): Promise<PipelineFrame> {
  const inspection = inspect(pipeline, options);
  await run(pipeline);
  inspection.end();
  return inspection.frame();
}

/** Numbers, one after each turn of the event loop. */
async function* ticks(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    await later(1);
    yield i;
  }
}

/** A graph as `name > name` for each edge. */
function edges({ stages }: PipelineFrame): string[] {
  const name = new Map(stages.map((each) => [each.id, each.name]));
  return stages.flatMap((each) => each.to.map((to) => `${each.name} > ${name.get(to)!}`));
}

function stage({ stages }: PipelineFrame, name: string): PipelineFrame['stages'][number] {
  const found = stages.find((each) => each.name === name);
  if (!found) throw new Error(`no stage ${name}`);
  return found;
}

/** The findings, with the names of the culprits. */
function culprits({ stages, findings }: PipelineFrame): string[] {
  return findings.map((each) => `${each.kind}: ${stages.find(({ id }) => id === each.stage)!.name}`);
}

describe('inspect', () => {
  describe('the graph', () => {
    it('has the operators in order, with what went through them', async () => {
      const frame = await frameOf(
        dl.examples(numbers(12)).pipe(
          dl.mapTensor((x) => dl.scalar(x)),
          dl.batch(4),
          dl.download(),
        ),
      );
      expect(edges(frame)).toEqual([
        'examples > mapTensor',
        'mapTensor > batch',
        'batch > download',
        'download > subscriber',
      ]);
      expect(frame.stages.map(({ valuesIn, valuesOut }) => [valuesIn, valuesOut])).toEqual([
        [null, 12],
        [12, 12],
        [12, 3],
        [3, 3],
        [null, null],
      ]);
      expect(frame.stages.map(({ state }) => state)).toEqual([
        'complete',
        'complete',
        'complete',
        'complete',
        'running',
      ]);
      expect(frame.findings).toEqual([]);
    });

    it('stays connected where operators of RxJS lie between, and counts them', async () => {
      const frame = await frameOf(
        dl.examples(numbers(3)).pipe(
          map((x) => x),
          tap(() => undefined),
          dl.mapTensor((x) => x),
          take(2),
        ),
      );
      expect(edges(frame)).toEqual([
        'examples > 2 operators of RxJS',
        '2 operators of RxJS > mapTensor',
        'mapTensor > subscriber',
      ]);
    });

    it('joins branches, and splits where a stream is shared', async () => {
      const shared = dl.examples(numbers(3)).pipe(dl.batch(3), share());
      const frame = await frameOf(
        merge(
          shared.pipe(dl.mapTensor((x) => x.square())),
          shared.pipe(dl.predict((x) => x.neg())),
          dl.examples(numbers(2)).pipe(dl.scoped()),
        ).pipe(dl.download()),
      );
      expect(stage(frame, 'batch').subscriptions).toBe(1);
      expect(edges(frame)).toContain('operators of RxJS > download');
      const split = frame.stages.find((each) => each.kind === 'stock' && each.to.length === 2)!;
      expect(split.to.map((to) => frame.stages.find(({ id }) => id === to)!.name)).toEqual([
        'mapTensor',
        'predict',
      ]);
    });

    it('counts subscriptions one after the other in one place, and inner streams too', async () => {
      const again = dl.examples(numbers(2)).pipe(dl.scoped(), repeat(3));
      const repeated = await frameOf(again);
      expect(stage(repeated, 'scoped').subscriptions).toBe(3);
      expect(repeated.stages.length).toBe(3);
      const inner = await frameOf(
        dl.examples(numbers(5)).pipe(
          mergeMap((x) => dl.examples([x, x]).pipe(dl.scoped())),
          dl.batch(10),
        ),
      );
      expect(inner.stages.filter(({ name }) => name === 'scoped').map((each) => each.subscriptions)).toEqual([
        5,
      ]);
      expect(stage(inner, 'batch').valuesIn).toBe(10);
    });

    it('finds inner streams that a timer subscribes to, and those within across and zipTensor', async () => {
      const late = await frameOf(
        timer(1).pipe(
          concatMap(() => dl.examples(numbers(2)).pipe(dl.scoped())),
          map((x) => x),
          dl.batch(2),
        ),
      );
      expect(edges(late)).toContain('operators of RxJS > batch');
      expect(edges(late)).toContain('scoped > operators of RxJS');
      const zipped = await frameOf(
        dl.zipTensor([
          dl.examples(numbers(2)).pipe(dl.across(map((x) => x))),
          dl.examples(numbers(2)).pipe(dl.scoped()),
        ]),
      );
      const last = zipped.stages.at(-2)!;
      expect(last.name).toBe('zipTensor');
      expect(zipped.stages.map(({ name }) => name).filter((name) => name.startsWith('across')).length).toBe(
        2,
      );
    });

    it('is of the inspected pipeline alone', async () => {
      const other = dl.examples(numbers(2)).pipe(dl.batch(2));
      const pipeline = dl.examples(numbers(2)).pipe(dl.scoped());
      const inspection = inspect(pipeline);
      await run(other);
      expect(inspection.text()).toContain('Nothing has subscribed to it');
      await run(pipeline);
      expect(inspection.frame().stages.map(({ name }) => name)).toEqual(['examples', 'scoped', 'subscriber']);
      inspection.end();
    });

    it('shows whatever was thrown', async () => {
      for (const [thrown, shown] of [
        ['no luck', 'no luck'],
        [Object.create(null), 'an object'],
        [null, 'null'],
        [{ toString: () => Object.create(null) as string }, 'an object'],
      ]) {
        const pipeline = dl.examples([1]).pipe(
          dl.mapTensor((): number => {
            throw thrown;
          }),
        );
        const inspection = inspect(pipeline);
        await run(pipeline).catch(() => undefined);
        expect(inspection.text()).toContain(`mapTensor failed: ${shown}`);
        inspection.end();
      }
    });

    it('shows an error in the operator where it arose', async () => {
      const pipeline = dl.examples([1]).pipe(
        dl.mapTensor((): number => {
          throw new Error('no such luck');
        }),
        dl.download(),
      );
      const inspection = inspect(pipeline);
      await run(pipeline).catch(() => undefined);
      expect(culprits(inspection.frame())).toEqual(['failed: mapTensor']);
      expect(inspection.text()).toContain('mapTensor failed: no such luck');
      inspection.end();
    });
  });

  describe('the culprit', () => {
    let inspection: Inspection;
    afterEach(() => inspection.end());

    it('of a hang is the operator that awaits for ever', async () => {
      let letGo = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (letGo = resolve));
      const pipeline = dl.examples(numbers(9)).pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        dl.mapTensorAsync((x) => hanging.then(() => x.clone())),
        dl.download(),
      );
      inspection = inspect(pipeline, { stuckAfter: 50 });
      const subscription = pipeline.subscribe();
      await later(100);
      const frame = inspection.frame();
      expect(culprits(frame)[0]).toBe('stuck: mapTensorAsync');
      expect(stage(frame, 'mapTensorAsync').holdsUp?.values).toBe(2);
      expect(stage(frame, 'examples').waitingForMs).toBeGreaterThan(50);
      expect(inspection.text()).toMatch(
        /mapTensorAsync has held up 2 values for \d+ ms: the promise of a projection/,
      );
      subscription.unsubscribe();
      expect(inspection.frame().findings).toEqual([]);
      letGo(); // It holds what its function may still read.
      await later(0);
    });

    it('of a hang below is the subscriber whose promise does not settle', async () => {
      const pipeline = dl.examples(numbers(9)).pipe(dl.mapTensor((x) => dl.scalar(x)));
      inspection = inspect(pipeline, { stuckAfter: 50 });
      const subscription = pipeline.subscribe(() =>
        dl.waitUntil(new Promise<void>((resolve) => setTimeout(resolve, 400))),
      );
      await later(100);
      expect(culprits(inspection.frame())[0]).toBe('stuck: subscriber');
      subscription.unsubscribe();
    });

    it('of a hang without back-pressure is found too', async () => {
      const pipeline = interval(1).pipe(
        dl.mapTensorAsync((x) => new Promise<number>((resolve) => setTimeout(resolve, 400, x))),
      );
      inspection = inspect(pipeline, { stuckAfter: 50 });
      const subscription = pipeline.subscribe();
      await later(100);
      expect(culprits(inspection.frame())[0]).toBe('stuck: mapTensorAsync');
      subscription.unsubscribe();
    });

    /** What is found after 100 ms of a pipeline in which nothing moves any more. */
    const foundIn = async (pipeline: Observable<unknown>): Promise<string> => {
      inspection = inspect(pipeline, { stuckAfter: 50 });
      const subscription = pipeline.subscribe();
      await later(100);
      const [first, ...others] = inspection.frame().findings;
      expect(others).toEqual([]);
      subscription.unsubscribe();
      expect(inspection.frame().findings).toEqual([]);
      return `${first?.kind}: ${first?.text.replace(/\d+ ms/, 'a while')}`;
    };

    it('of a silence without a promise is the source that has no data', async () => {
      const feed = new Subject<number>();
      const pipeline = dl.fromReadable(
        (async function* () {
          for (let i = 0; i < 3; i++) yield i;
          await new Promise((resolve) => feed.subscribe({ complete: () => resolve(null) }));
        })(),
      );
      expect(await foundIn(pipeline.pipe(dl.batch(64), dl.download()))).toBe(
        'waits: fromReadable has given no value for a while: it waits for its data',
      );
      feed.complete();
    });

    it('of a silence is the operator that waits for another branch', async () => {
      const ones = dl.examples(numbers(3)).pipe(dl.mapTensor((x) => dl.scalar(x)));
      expect(await foundIn(dl.zipTensor([ones, NEVER as Observable<dl.Tensor>]))).toMatch(
        /^waits: zipTensor has given no value for a while: \d values have come in; it waits for others$/,
      );
    });

    it('of a silence is the inner stream between that does not end', async () => {
      const pipeline = dl.examples(numbers(3)).pipe(
        concatMap((x) => (x === 1 ? NEVER : of(x))),
        dl.mapTensor((x) => dl.scalar(x)),
      );
      expect(await foundIn(pipeline)).toBe(
        'waits: code between examples and mapTensor (1 operator of RxJS) has given no value for a while: values have gone in that have not come out: an inner stream does ' +
          'not end, or a filter lets nothing through',
      );
    });

    it('of no silence is one of several that still gives values', async () => {
      const pipeline = merge(NEVER, interval(5)).pipe(dl.scoped());
      inspection = inspect(pipeline, { stuckAfter: 50 });
      const subscription = pipeline.subscribe();
      await later(100);
      expect(culprits(inspection.frame())).toEqual([]);
      subscription.unsubscribe();
    });

    it('of a leak is the code that keeps tensors', async () => {
      const kept: dl.Tensor[] = [];
      const keep = (x: dl.Tensor): void => void kept.push(dl.keep(x.clone()));
      const pipeline = dl.examples(numbers(20)).pipe(
        dl.mapTensor((x) => dl.fill([10], x)),
        tap(keep),
        dl.mapTensor((x) => x.square()),
        dl.batch(4),
      );
      inspection = inspect(pipeline);
      await run(pipeline);
      const frame = inspection.frame();
      expect(culprits(frame)).toEqual(['leak: 1 operator of RxJS']);
      expect(inspection.text()).toMatch(
        /code between mapTensor and mapTensor 2 \(1 operator of RxJS\) leaks: nobody frees 20 tensors \(800 B\)/,
      );
      dl.dispose(kept);
      expect(inspection.frame().findings).toEqual([]);
    });

    it('of a leak within an operator is that operator', async () => {
      const kept: dl.Tensor[] = [];
      const pipeline = dl.examples(numbers(20)).pipe(
        dl.scoped(),
        dl.mapTensor((x) => {
          kept.push(dl.keep(dl.scalar(x)));
          return x;
        }),
      );
      inspection = inspect(pipeline);
      await run(pipeline);
      expect(culprits(inspection.frame())).toEqual(['leak: mapTensor']);
      dl.dispose(kept);
    });

    it('of drops is the operator that drops, and names the slow one below', async () => {
      const pipeline = interval(1).pipe(
        take(60),
        dl.latest(),
        dl.mapTensorAsync(async (x) => {
          await later(15);
          return x;
        }),
        dl.scoped(),
      );
      inspection = inspect(pipeline);
      await run(pipeline);
      const frame = inspection.frame();
      expect(culprits(frame)).toContain('drops: latest');
      const { dropped, valuesOut } = stage(frame, 'latest');
      expect(dropped + valuesOut!).toBe(60);
      expect(inspection.text()).toMatch(
        /latest has dropped \d+ of 60 values \(\d+ %\); the slowest below is mapTensorAsync/,
      );
    });

    it('of rows that come too late is timeWindows', async () => {
      const times = numbers(60).map((i) => (i % 3 === 2 ? 0 : 10 * i));
      const pipeline = from(times.map((at) => ({ at }))).pipe(
        timeWindows({ time: 'at', size: 5 }),
        dl.scoped(),
      );
      inspection = inspect(pipeline);
      await run(pipeline);
      const frame = inspection.frame();
      expect(culprits(frame)).toEqual(['late: timeWindows']);
      expect(stage(frame, 'timeWindows').dropped).toBe(20);
      expect(inspection.text()).toContain(
        "! late: timeWindows has had 20 of 60 values (33 %) come too late for their windows; a greater option 'lateness' waits for them, and 'onLate' gets them",
      );
    });

    it('of values that do not come out of operators of RxJS is the code between', async () => {
      for (const between of [
        throttleTime<number>(20),
        sampleTime<number>(20),
        filter<number>((i) => i % 9 === 0),
      ]) {
        const pipeline = dl.fromReadable(ticks(60)).pipe(between, dl.scoped());
        inspection = inspect(pipeline);
        await run(pipeline);
        const [finding] = inspection.frame().findings.filter(({ kind }) => kind === 'lost');
        expect(finding?.text).toMatch(
          /^code between fromReadable and scoped \(1 operator of RxJS\) has let through \d+ of 60 values \(\d+ %\): the others were left out, as by throttleTime/,
        );
        inspection.end();
      }
      const whole = dl.fromReadable(ticks(60)).pipe(
        filter((i) => i % 9 > 0),
        dl.scoped(),
      );
      inspection = inspect(whole);
      await run(whole);
      expect(culprits(inspection.frame())).toEqual([]);
    });

    it('of slowness is a slow subscriber, or the slow operator', async () => {
      const pipeline = dl.examples(numbers(200), { epochs: Infinity }).pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        dl.batch(2),
      );
      inspection = inspect(pipeline);
      const subscription = pipeline.subscribe(() => dl.waitUntil(later(20)));
      await later(1100);
      const slowConsumer = inspection.frame();
      subscription.unsubscribe();
      inspection.end();
      expect(culprits(slowConsumer)).toEqual(['slow: subscriber']);
      expect(stage(slowConsumer, 'examples').waitedMs).toBeGreaterThan(0.5 * slowConsumer.time);

      const busy = interval(1).pipe(
        dl.mapTensor((x) => {
          const end = performance.now() + 10;
          while (performance.now() < end);
          return x;
        }),
        dl.scoped(),
      );
      inspection = inspect(busy);
      const running = busy.subscribe();
      await later(1100);
      expect(culprits(inspection.frame())).toEqual(['slow: mapTensor']);
      running.unsubscribe();
    });
  });

  it('measures latency from a value coming in to its going out', async () => {
    const frame = await frameOf(
      dl.examples(numbers(5)).pipe(
        dl.mapTensorAsync(async (x) => {
          await later(20);
          return x;
        }),
        dl.scoped(),
      ),
    );
    expect(stage(frame, 'mapTensorAsync').latency!.median).toBeGreaterThanOrEqual(18);
    expect(stage(frame, 'scoped').latency!.median).toBeLessThan(5);
  });

  it('counts what operators hold', async () => {
    const pipeline = dl.examples(numbers(10)).pipe(
      dl.mapTensor((x) => dl.fill([25], x)),
      dl.shuffle(4),
      dl.scoped(),
    );
    const inspection = inspect(pipeline);
    let held = { values: 0, tensors: 0, bytes: 0 };
    await run(
      pipeline.pipe(
        tap({
          complete: () => undefined,
          next: () => {
            held = stage(inspection.frame(), 'shuffle').held;
          },
        }),
        take(3),
      ),
    );
    expect(held).toEqual({ values: 4, tensors: 4, bytes: 400 });
    expect(stage(inspection.frame(), 'shuffle').held.values).toBe(0);
    inspection.end();
  });

  describe('leaves a pipeline as it is', () => {
    const weights = (): dl.Variable => dl.tidy(() => dl.variable(dl.zeros([2, 1])));
    const training = (w: dl.Variable, log: string[]): Observable<number> =>
      dl
        .examples(
          {
            x: [
              [1, 2],
              [3, 4],
              [5, 6],
            ],
            y: [[1], [2], [3]],
          },
          { epochs: 4, shuffle: true, seed: 2, scheduler: timeless },
        )
        .pipe(
          dl.shuffle(2, { seed: 1 }),
          dl.batch(2),
          tap(() => log.push('batch')),
          dl.trainStep(dl.train.sgd(0.01), ({ x, y }) => dl.losses.meanSquaredError(y, x.matMul(w))),
          tap(() => log.push(`step ${dl.memory().numTensors - before}`)),
          dl.download(),
          tap((loss) => log.push(`loss ${loss}`)),
        );
    let before = 0;
    /** No time passes on it, so that a source does not yield to the page when it has run for long. */
    const timeless = Object.create(asapScheduler, { now: { value: () => 0 } }) as SchedulerLike;

    it('with the same values, in the same order, and the same memory', async () => {
      const logs: string[][] = [];
      for (const isInspected of [false, true]) {
        before = dl.memory().numTensors;
        const w = weights();
        const log: string[] = [];
        const pipeline = training(w, log);
        const inspection = isInspected ? inspect(pipeline) : null;
        await run(pipeline);
        inspection?.end();
        w.dispose();
        logs.push(log);
        expect(dl.memory().numTensors).toBe(before);
      }
      // When a loss comes down from a GPU, beside the steps that go on, is the device's affair; so is what is held meanwhile.
      const isWaiting = dl.getBackend() === 'webgl';
      const inOrder = (log: readonly string[]): unknown =>
        isWaiting
          ? [log.filter((each) => each.startsWith('loss')), log.filter((each) => each === 'batch').length]
          : log;
      expect(inOrder(logs[1]!)).toEqual(inOrder(logs[0]!));
      expect(logs[0]!.length).toBe(18);
    });

    it('and takes everything away at the end', async () => {
      const pipeline = dl.examples(numbers(4)).pipe(dl.scoped());
      const listening = Object.values(listeners).map(({ length }) => length);
      const first = inspect(pipeline);
      const second = inspect(pipeline);
      const frames = run(first.frames(5));
      expect(Object.hasOwn(pipeline, 'subscribe')).toBeTrue();
      const subscription = pipeline.subscribe();
      first.end();
      expect((await frames).length).toBeGreaterThan(0);
      expect(watching.by).not.toBeNull();
      second.end();
      second.end();
      expect(watching.by).toBeNull();
      expect(Object.hasOwn(pipeline, 'subscribe')).toBeFalse();
      expect(Object.values(listeners).map(({ length }) => length)).toEqual(listening);
      subscription.unsubscribe();
      expect(first.text()).toBe(first.text());
    });
  });

  it('gives frames that JSON keeps, at once and then regularly', async () => {
    const pipeline = of(1).pipe(dl.scoped());
    const inspection = inspect(pipeline);
    pipeline.subscribe();
    const frames = await run(inspection.frames(1).pipe(take(3)));
    expect(frames.length).toBe(3);
    expect(JSON.parse(JSON.stringify(frames[2]))).toEqual(frames[2]);
    inspection.end();
  });

  it('draws branches as text', async () => {
    const shared = from([1, 2]).pipe(dl.scoped(), share());
    const pipeline = merge(shared.pipe(dl.own()), shared.pipe(dl.ownLast())).pipe(dl.batch(2));
    const inspection = inspect(pipeline);
    await run(pipeline);
    const graph = inspection
      .text()
      .split('\n')
      .slice(3)
      .map((line) => line.replace(/\s\s.*| {2,}$/, '').slice(0, 24));
    inspection.end();
    expect(graph.some((line) => line.startsWith('├─┘'))).toBeTrue();
  });

  it('says what is wrong with its arguments', () => {
    expect(() => inspect(3 as never)).toThrowError(/inspect: argument 'pipeline' is 3; wanted an observable/);
    expect(() => inspect(of(1), { stuckAfter: -1 })).toThrowError(
      /option 'stuckAfter' is -1; wanted milliseconds/,
    );
    const inspection = inspect(of(1));
    for (const every of [0, NaN, Infinity, 2 ** 31])
      expect(() => inspection.frames(every)).toThrowError(
        `frames: argument 'every' is ${every}; wanted milliseconds`,
      );
    inspection.end();
  });
});
