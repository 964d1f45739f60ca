import * as dl from 'rxtensor';
import {
  BehaviorSubject,
  delay,
  from,
  map,
  NEVER,
  of,
  repeat,
  retry,
  share,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  type Observable,
} from 'rxjs';
import { marbles, plain, read, settle } from '../../testing/marbles';
import { numbers as randomNumbers } from '../../testing/reference';
import { isRecorded } from '../../tensor/tape';

interface Batch {
  readonly x: dl.Tensor1D;
  readonly y: dl.Tensor1D;
}

/** A line to be fitted, with all that a run of it owns. */
class Line {
  readonly slope = dl.tidy(() => dl.variable(dl.scalar(0)));
  readonly offset = dl.tidy(() => dl.variable(dl.scalar(0)));
  readonly optimizer: dl.Optimizer;

  constructor(optimizer: dl.Optimizer = dl.train.sgd(0.1)) {
    this.optimizer = optimizer;
  }

  readonly model = (x: dl.Tensor): dl.Tensor => dl.add(dl.mul(this.slope, x), this.offset);
  readonly loss = ({ x, y }: Batch): dl.Tensor => dl.losses.meanSquaredError(y, this.model(x));

  get values(): unknown {
    return plain([this.slope, this.offset]);
  }

  dispose(): void {
    dl.dispose([this.slope, this.offset]);
    this.optimizer.dispose();
  }
}

const next = randomNumbers(3);
const batches: readonly { x: number[]; y: number[] }[] = Array.from({ length: 12 }, () => {
  const x = Array.from({ length: 4 }, () => next() * 2 - 1);
  return { x, y: x.map((each) => 3 * each - 1) };
});

const batches$ = (count = batches.length): Observable<Batch> =>
  from(batches.slice(0, count)).pipe(dl.mapTensor(({ x, y }) => ({ x: dl.tensor1d(x), y: dl.tensor1d(y) })));

function collect(stream: Observable<unknown>): { seen: unknown[]; error: string } {
  const result = { seen: [] as unknown[], error: '' };
  stream.pipe(read()).subscribe({
    next: (value) => result.seen.push(value),
    error: (error: unknown) => (result.error = String(error)),
  });
  return result;
}

/** The losses of the same steps, taken by hand. */
function byHand(line: Line, count = batches.length): unknown[] {
  return batches
    .slice(0, count)
    .map(({ x, y }) =>
      dl.tidy(() =>
        plain(
          line.optimizer.minimize(
            () => line.loss({ x: dl.tensor1d(x), y: dl.tensor1d(y) }) as dl.Scalar,
            true,
          ),
        ),
      ),
    );
}

describe('trainStep', () => {
  let line: Line;
  beforeEach(() => (line = new Line()));
  afterEach(() => line.dispose());

  it('emits a loss for each value, a constant scalar', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const losses: number[] = [];
      const source = cold('     -a-b-|', { a: batches[0]!, b: batches[1]! });
      const result = source.pipe(
        dl.mapTensor(({ x, y }) => ({ x: dl.tensor1d(x), y: dl.tensor1d(y) })),
        dl.trainStep(line.optimizer, line.loss),
        tap((loss) => {
          expect(isRecorded(loss)).toBeFalse();
          expect(loss.rank).toBe(0);
          losses.push(loss.dataSync()[0]!);
        }),
        map(() => 'loss'),
      );
      expectObservable(result, '---!').toBe('-a-', { a: 'loss' });
      expectObservable(result).toBe('-a-a-|', { a: 'loss' });
      expectSubscriptions(source.subscriptions).toBe(['^--!', '^----!']);
    });
  });

  it('passes errors on', () => {
    const { seen, error } = collect(
      throwError(() => new Error('from above')).pipe(dl.trainStep(line.optimizer, line.loss)),
    );
    expect([seen, error]).toEqual([[], 'Error: from above']);
  });

  for (const [name, make] of Object.entries({
    sgd: () => dl.train.sgd(0.1),
    momentum: () => dl.train.momentum(0.1, 0.9),
    adam: () => dl.train.adam(0.1),
  })) {
    it(`gives the losses of minimize in both forms, with ${name}`, () => {
      const [hand, withLoss, composed] = [new Line(make()), new Line(make()), new Line(make())];
      const wanted = byHand(hand);
      expect(collect(batches$().pipe(dl.trainStep(withLoss.optimizer, withLoss.loss)))).toEqual({
        seen: wanted,
        error: '',
      });
      const second = batches$().pipe(
        dl.mapTensor(({ x, y }) => ({ y, guess: composed.model(x) })),
        dl.mapTensor(({ y, guess }) => dl.losses.meanSquaredError(y, guess)),
        dl.trainStep(composed.optimizer),
      );
      expect(collect(second)).toEqual({ seen: wanted, error: '' });
      expect(withLoss.values).toEqual(hand.values);
      expect(composed.values).toEqual(hand.values);
      expect(wanted.at(-1) as number).toBeLessThan(wanted[0] as number);
      for (const each of [hand, withLoss, composed]) each.dispose();
    });
  }

  it('back-propagates through stock map between the operators of the composed form', () => {
    const hand = new Line();
    const wanted = byHand(hand);
    const composed = batches$().pipe(
      map(({ x, y }) => ({ y, scaled: dl.mul(line.slope, x) })),
      tap(({ scaled }) => scaled.square()),
      dl.mapTensor(({ y, scaled }) => ({ y, guess: dl.add(scaled, line.offset) })),
      map(({ y, guess }) => dl.losses.meanSquaredError(y, guess)),
      dl.trainStep(line.optimizer),
    );
    expect(collect(composed)).toEqual({ seen: wanted, error: '' });
    expect(line.values).toEqual(hand.values);
    hand.dispose();
  });

  it('takes a step before the loss is emitted', () => {
    const slopes: unknown[] = [];
    batches$(2)
      .pipe(dl.trainStep(line.optimizer, line.loss))
      .subscribe(() => slopes.push(plain(line.slope)));
    expect(slopes.length).toBe(2);
    expect(slopes[0]).not.toBe(0);
    expect(line.optimizer.iterations).toBe(2);
  });

  it('records while emitting: it holds under repeat, retry, share and switchMap', () => {
    const hand = new Line();
    const wanted = byHand(hand, 4);
    const subject = new Subject<number>();
    let failed = false;
    const steps = subject.pipe(
      switchMap((i) => of(batches[i]!)),
      dl.mapTensor(({ x, y }) => ({ x: dl.tensor1d(x), y: dl.tensor1d(y) })),
      dl.mapTensor(line.loss),
      share(),
      dl.trainStep(line.optimizer),
      read(),
      tap(() => {
        if (failed) return;
        failed = true;
        throw new Error('once');
      }),
      retry(),
      take(1),
      repeat(),
    );
    const seen: unknown[] = [];
    const subscription = steps.subscribe((loss) => seen.push(loss));
    for (let i = 0; i < 4; i++) subject.next(i);
    subscription.unsubscribe();
    expect(seen).toEqual(wanted.slice(1));
    expect(line.values).toEqual(hand.values);
    hand.dispose();
  });

  describe('with a learning rate', () => {
    it('that is a number', () => {
      const hand = new Line(dl.train.sgd(0.02));
      const wanted = byHand(hand);
      expect(
        collect(batches$().pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: 0.02 }))).seen,
      ).toEqual(wanted);
      expect(line.optimizer.learningRate).toBe(0.02);
      hand.dispose();
    });

    it('that is an observable: a value is used from the next step on', () => {
      const rate$ = new BehaviorSubject(0);
      const subject = new Subject<number>();
      const slopes: unknown[] = [];
      const subscription = subject
        .pipe(
          dl.mapTensor((i) => ({ x: dl.tensor1d(batches[i]!.x), y: dl.tensor1d(batches[i]!.y) })),
          dl.trainStep(line.optimizer, line.loss, { learningRate: rate$ }),
        )
        .subscribe(() => slopes.push(plain(line.slope)));
      subject.next(0);
      rate$.next(0.1);
      expect(plain(line.slope)).toBe(0);
      subject.next(0);
      rate$.next(0);
      subject.next(1);
      expect(slopes[0]).toBe(0);
      expect(slopes[1]).not.toBe(0);
      expect(slopes[2]).toBe(slopes[1]);
      subscription.unsubscribe();
      expect(rate$.observed).toBeFalse();
    });

    it('that is not there yet: the optimizer keeps its own', () => {
      const hand = new Line();
      const wanted = byHand(hand, 3);
      expect(
        collect(batches$(3).pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: NEVER }))).seen,
      ).toEqual(wanted);
      hand.dispose();
    });

    it('that fails: its error ends the stream', () => {
      const rate$ = new Subject<number>();
      const subject = new Subject<Batch>();
      const result = collect(subject.pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: rate$ })));
      expect(subject.observed).toBeTrue();
      rate$.error(new Error('the slider broke'));
      expect(result.error).toBe('Error: the slider broke');
      expect(subject.observed).toBeFalse();
      const atOnce = throwError(() => new Error('no slider'));
      const failing = collect(
        subject.pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: atOnce })),
      );
      expect(failing.error).toBe('Error: no slider');
      expect(subject.observed).toBeFalse();
    });

    it('that completes: the last value stays', () => {
      const hand = new Line(dl.train.sgd(0.05));
      const wanted = byHand(hand, 3);
      expect(
        collect(batches$(3).pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: of(0.5, 0.05) })))
          .seen,
      ).toEqual(wanted);
      hand.dispose();
    });

    it('that is impossible: an error', () => {
      const { error } = collect(
        batches$().pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: of(NaN) })),
      );
      expect(error).toMatch(/argument 'learningRate' is NaN; wanted a finite, non-negative number/);
    });

    it('is unsubscribed from when the stream ends', () => {
      const rate$ = new BehaviorSubject(0.1);
      collect(batches$().pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: rate$ })));
      expect(rate$.observed).toBeFalse();
      collect(batches$().pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: rate$ }), take(1)));
      expect(rate$.observed).toBeFalse();
    });
  });

  it('changes the variables of the option only', () => {
    collect(batches$(3).pipe(dl.trainStep(line.optimizer, line.loss, { variables: [line.offset] })));
    expect(plain(line.slope)).toBe(0);
    expect(plain(line.offset)).not.toBe(0);
  });

  describe('two in series', () => {
    it('are an error: the second gets a constant', () => {
      const { seen, error } = collect(
        batches$().pipe(dl.trainStep(line.optimizer, line.loss), dl.trainStep(line.optimizer)),
      );
      expect(seen).toEqual([]);
      expect(error).toMatch(
        /^Error: trainStep: the loss is a constant.*What another trainStep emits.*is a constant/s,
      );
    });

    it('are fine where the second computes a loss of its own', () => {
      const other = new Line();
      const { seen, error } = collect(
        batches$(3).pipe(
          dl.mapTensor((batch) => ({ batch })),
          dl.trainStep(line.optimizer, ({ batch }) => line.loss(batch)),
          dl.trainStep(other.optimizer, (loss) => dl.square(dl.sub(other.slope, loss))),
        ),
      );
      expect(error).toBe('');
      expect(seen.length).toBe(3);
      expect(plain(other.slope)).not.toBe(0);
      other.dispose();
    });
  });

  describe('two on one shared loss', () => {
    const twoSteps = (
      retainTape: boolean,
    ): { first: ReturnType<typeof collect>; second: ReturnType<typeof collect> } => {
      const subject = new Subject<Batch>();
      const loss$ = subject.pipe(dl.mapTensor(line.loss), share());
      const first = collect(
        loss$.pipe(dl.trainStep(line.optimizer, { retainTape, variables: [line.slope] })),
      );
      const second = collect(loss$.pipe(dl.trainStep(line.optimizer, { variables: [line.offset] })));
      batches$(3).subscribe(subject);
      return { first, second };
    };

    it('are an error: the first has used up the tape', () => {
      const { first, second } = twoSteps(false);
      expect(first.seen.length).toBe(3);
      expect(first.error).toBe('');
      expect(second.seen).toEqual([]);
      expect(second.error).toMatch(
        /^Error: trainStep: the tape of this loss was used up by an earlier step.*retainTape/s,
      );
    });

    it('are fine with retainTape', () => {
      const hand = new Line();
      const wanted = byHand(hand, 3);
      const { first, second } = twoSteps(true);
      expect(first).toEqual({ seen: wanted, error: '' });
      expect(second).toEqual({ seen: wanted, error: '' });
      expect(line.values).toEqual(hand.values);
      hand.dispose();
    });
  });

  describe('refuses', () => {
    const errorOf = (loss: (batch: Batch) => unknown): string =>
      collect(batches$(1).pipe(dl.trainStep(line.optimizer, loss as (batch: Batch) => dl.Tensor))).error;

    it('a loss that is no scalar', () => {
      expect(errorOf(({ x }) => line.model(x))).toBe(
        'Error: trainStep: the loss has shape [4]; wanted a scalar (take its mean or sum)',
      );
      expect(errorOf(() => 3)).toMatch(
        /^Error: trainStep: the function 'f' returned number; wanted a tensor/,
      );
      expect(errorOf(() => undefined)).toMatch(/returned nothing; wanted a tensor/);
    });

    it('a promise', () => {
      expect(errorOf((batch) => Promise.resolve(batch.x))).toMatch(
        /^Error: trainStep: the projection returned a promise/,
      );
    });

    it('a loss that is a constant', () => {
      expect(errorOf(({ x }) => dl.mean(x))).toMatch(/^Error: trainStep: the loss is a constant/);
      const predicted = batches$(1).pipe(dl.predict(line.loss), dl.trainStep(line.optimizer));
      expect(collect(predicted).error).toMatch(
        /^Error: trainStep: the loss is a constant.*what predict computes, is a constant/s,
      );
    });

    it('a loss that depends on none of the variables', () => {
      const other = new Line();
      const stream = batches$(1).pipe(dl.trainStep(line.optimizer, line.loss, { variables: [other.slope] }));
      expect(collect(stream).error).toMatch(
        /^Error: trainStep: the loss depends on none of the 1 trainable variables/,
      );
      other.dispose();
    });

    it('a loss of an emission that has ended, naming the operator', () => {
      const kept: dl.Tensor[] = [];
      const late = batches$(1).pipe(
        dl.mapTensor(line.loss),
        tap((loss) => kept.push(dl.keep(loss))),
      );
      const seen = new Subject<dl.Tensor>();
      const result = collect(seen.pipe(dl.trainStep(line.optimizer)));
      late.subscribe();
      seen.next(kept[0]!);
      expect(result.error).toMatch(
        /^Error: trainStep: the loss depends on '\w+', computed in an emission of mapTensor that has ended; gradients do not cross emissions/,
      );
      dl.dispose(kept);
    });

    it('a loss that a stock operator delayed', async () => {
      const result = collect(
        batches$(1).pipe(dl.mapTensor(line.loss), delay(0), dl.trainStep(line.optimizer)),
      );
      await settle();
      expect(result.error).toMatch(
        /^Error: trainStep: argument 'loss' is tensor #\d+ of shape \[\], which was made in an emission of mapTensor that has ended/,
      );
    });

    it('what is no optimizer', () => {
      expect(() => dl.trainStep({} as never)).toThrowError(
        "trainStep: argument 'optimizer' is object; wanted an optimizer, as train.adam()",
      );
      expect(() => dl.trainStep(undefined as never, line.loss)).toThrowError(
        /is undefined; wanted an optimizer/,
      );
    });
  });

  it('trains from examples to numbers in one observable', async () => {
    const data = { x: batches.flatMap(({ x }) => x), y: batches.flatMap(({ y }) => y) };
    const losses: number[] = [];
    await dl
      .examples(data, { epochs: 12, shuffle: true, seed: 1 })
      .pipe(dl.batch(8), dl.trainStep(line.optimizer, line.loss), dl.download())
      .forEach((loss) => losses.push(loss));
    expect(losses.length).toBe(72);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 20);
    const [slope, offset] = line.values as [number, number];
    expect(Math.abs(slope - 3)).toBeLessThan(0.3);
    expect(Math.abs(offset + 1)).toBeLessThan(0.1);
  });
});
