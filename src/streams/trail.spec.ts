import * as dl from 'rxtensor';
import { lastValueFrom, map, pipe, range, tap, type OperatorFunction } from 'rxjs';
import { afterEmission, emission, noteOrigin, noteStep, trailNow } from './emission';
import { noTrail, type Place, type Trail } from './trail';
import { stepsOf } from './training/noted-steps';
import { trailCrossing } from '../workers/portable-trail';
import { far } from '../../test/support/far-side';

const place = (position: number): Place => ({
  source: 'data',
  position,
  length: 3,
  epochs: 1,
  obstacle: null,
});
const data = [1, 2, 3];

/** Why no run can begin at a place that has crossed. */
const CROSSED = jasmine.stringContaining('crossed between page and worker') as unknown as string;

/** The trails of the values that an operator emits, of three examples that a step was taken with. */
async function trailsBelow(carrying: OperatorFunction<dl.Tensor, unknown>): Promise<Trail[]> {
  const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
  const optimizer = dl.train.sgd(0.1);
  const trails: Trail[] = [];
  await dl
    .examples(data)
    .pipe(
      dl.trainStep(optimizer, (x) => slope.mul(x).square().mean()),
      carrying,
      tap(() => trails.push(trailNow())),
    )
    .forEach(() => undefined);
  dl.dispose(slope);
  optimizer.dispose();
  return trails;
}

describe('The trail of a value', () => {
  it('is that of the innermost place, and the steps of all emissions around', () => {
    const [a, b] = [dl.train.sgd(1), dl.train.sgd(1)];
    emission('source', () => {
      noteOrigin({ place: place(1) });
      emission('a', () => {
        noteStep({ training: stepsOf(a), step: 1 });
        emission('b', () => {
          noteStep({ training: stepsOf(b), step: 5 });
          expect(trailNow().steps.map(({ step }) => step)).toEqual([5, 1]);
          expect(trailNow().place?.position).toBe(1);
          noteStep({ training: stepsOf(a), step: 2 });
          expect(trailNow().steps.map(({ step }) => step)).toEqual([2, 5]);
        });
        emission('inner source', () => {
          noteOrigin({ place: place(2) });
          expect(trailNow().place?.position).toBe(2);
        });
        expect(trailNow().place?.position).toBe(1);
        expect(trailNow().steps.map(({ step }) => step)).toEqual([1]);
      });
      expect(trailNow().steps).toEqual([]);
    });
    expect(trailNow()).toEqual({ place: null, steps: [], time: null, measured: null });
    a.dispose();
    b.dispose();
  });

  const carriers: Record<string, () => OperatorFunction<dl.Tensor, unknown>> = {
    mapTensor: () => dl.mapTensor((x: dl.Tensor) => x.square()),
    'stock operators': () => map((x: dl.Tensor) => x.square()),
    download: () => dl.download<dl.Tensor>(),
    'download, twice': () => pipe(dl.download<dl.Tensor>(), dl.download()),
    mapTensorAsync: () => dl.mapTensorAsync((x: dl.Tensor) => Promise.resolve(x)),
    across: () => dl.across(map((x: dl.Tensor) => x)),
    latest: () => dl.latest<dl.Tensor>(),
    own: () =>
      pipe(
        dl.own<dl.Tensor>(),
        map((x) => x.dispose()),
      ),
    scoped: () => dl.scoped<dl.Tensor>(),
    progress: () => dl.progress<dl.Tensor>(),
    batch: () => dl.batch<dl.Tensor>(1),
    shareReplayTensor: () => dl.shareReplayTensor<dl.Tensor>(),
    'validate, while it measures': () =>
      dl.validate<dl.Tensor, number, dl.Tensor>(1, dl.examples([1]), (x) => dl.scalar(x)),
  };

  for (const [name, make] of Object.entries(carriers)) {
    it(`goes on below ${name}`, async () => {
      const trails = await trailsBelow(make());
      expect(trails.map((each) => each.place?.position)).toEqual([1, 2, 3]);
      expect(trails.map((each) => each.place?.obstacle)).toEqual([null, null, null]);
      expect(trails.map(({ steps }) => steps.map(({ step }) => step))).toEqual([[1], [2], [3]]);
    });
  }

  it('is that of the last example, below a batch that completion ends', async () => {
    const positions: unknown[] = [];
    await dl
      .examples(data)
      .pipe(dl.batch(2))
      .forEach(() => positions.push(trailNow().place?.position));
    expect(positions).toEqual([2, 3]);
  });

  it('says when values that came before are still to be emitted', async () => {
    const obstacles = async (blurring: OperatorFunction<dl.Tensor, unknown>): Promise<(boolean | null)[]> => {
      const trails = await trailsBelow(blurring);
      return trails.map((each) => each.place && each.place.obstacle !== null);
    };
    expect(await obstacles(dl.shuffle(2, { seed: 1 }))).toEqual([true, true, false]);
    expect(await obstacles(dl.slidingWindow(2))).toEqual([true, true]);
    expect(await obstacles(dl.slidingWindow(1))).toEqual([false, false, false]);
    const sum = dl.scanTensor((state: dl.Tensor, x: dl.Tensor) => state.add(x));
    expect(await obstacles(sum)).toEqual([true, true, true]);
    const rows = pipe(
      dl.mapTensor((x: dl.Tensor) => dl.stack([x, x])),
      dl.unbatch(),
    );
    expect(await obstacles(rows)).toEqual([true, false, true, false, true, false]);
  });

  it('counts the examples of all epochs, from where it starts', async () => {
    const places: (Place | null)[] = [];
    await dl
      .examples([1, 2], { epochs: 3, startAt: 3, shuffle: true })
      .forEach(() => places.push(trailNow().place));
    expect(places.map((each) => [each?.position, each?.length, each?.epochs])).toEqual([
      [4, 2, 3],
      [5, 2, 3],
      [6, 2, 3],
    ]);
    expect(new Set(places.map((each) => each?.source)).size).toBe(1);
  });

  it('tells of an iterable how long it is when that is known', async () => {
    const places: unknown[] = [];
    await dl
      .examples(new Set([1, 2]), { epochs: 2 })
      .forEach(() => places.push([trailNow().place?.position, trailNow().place?.length]));
    expect(places).toEqual([
      [1, null],
      [2, null],
      [3, 2],
      [4, 2],
    ]);
  });

  describe('crosses to a worker', () => {
    it('and back: place and step are those of the page', async () => {
      const trails = await trailsBelow(far<dl.Tensor, dl.Tensor>('echo'));
      expect(trails.map((each) => each.place?.position)).toEqual([1, 2, 3]);
      expect(trails.map((each) => each.place?.obstacle)).toEqual(trails.map(() => CROSSED));
      expect(trails.map(({ steps }) => steps.map(({ step }) => step))).toEqual([[1], [2], [3]]);
      const trainings = new Set(trails.flatMap(({ steps }) => steps.map(({ training }) => training)));
      expect([...trainings].map(({ optimizer }) => optimizer?.name)).toEqual(['sgd']);
    });

    it('which knows it there', async () => {
      const seen: unknown[] = [];
      await dl
        .examples(data)
        .pipe(
          dl.mapTensor((x) => dl.scalar(x)),
          far<dl.Tensor, unknown>('trails'),
        )
        .forEach((each) => seen.push(each));
      expect(seen).toEqual([
        [1, 1 / 3],
        [2, 2 / 3],
        [3, 1],
      ]);
    });

    it('from a worker: its steps are seen here, and a checkpoint says where to take it', async () => {
      const parameters = { rate: 0.1 };
      const trained = dl
        .examples({ x: [1, 2], y: [2, 4] })
        .pipe(dl.batch(1), far<object, unknown>('training', { parameters }), dl.progress());
      const steps: number[] = [];
      await trained.forEach(({ step }) => steps.push(step));
      expect(steps).toEqual([1, 2]);
      await expectAsync(
        lastValueFrom(trained.pipe(dl.checkpoint({ every: 1, store: dl.memoryStore() }))),
      ).toBeRejectedWithError(/^checkpoint: the step was taken in another thread/);
    });

    it('with all of it but the variables', () => {
      const optimizer = dl.train.sgd(1);
      const training = stepsOf(optimizer);
      const time = { media: 1.5, capture: 1234.5 };
      const trail = { ...noTrail, place: place(2), steps: [{ training, step: 7 }], time };
      const [here, there] = [trailCrossing(), trailCrossing()];
      const arrived = there.fromPortable(structuredClone(here.toPortable(trail)));
      expect(arrived.place).toEqual({ ...place(2), obstacle: CROSSED });
      expect(arrived.time).toEqual(time);
      expect(arrived.steps.map(({ step }) => step)).toEqual([7]);
      expect(arrived.steps[0]!.training.optimizer).toBeNull();
      const back = here.fromPortable(structuredClone(there.toPortable(arrived)));
      expect(back.steps[0]!.training).toBe(training);
      expect(here.toPortable(noTrail)).toBeNull();
      expect(there.fromPortable(null)).toBe(noTrail);
      optimizer.dispose();
    });
  });

  it('is empty below stock sources', () => {
    const trails: Trail[] = [];
    range(0, 2)
      .pipe(dl.scoped())
      .subscribe(() => trails.push(trailNow()));
    expect(trails.map((each) => each.place)).toEqual([null, null]);
  });
});

describe('afterEmission', () => {
  it('waits for the outermost emission, and for nothing where none is open', () => {
    const order: string[] = [];
    emission('outer', () => {
      emission('inner', () => afterEmission(() => order.push('first')));
      afterEmission(() => order.push('second'));
      order.push('emission');
    });
    afterEmission(() => order.push('third'));
    expect(order).toEqual(['emission', 'first', 'second', 'third']);
  });
});
