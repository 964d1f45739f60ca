import * as dl from 'rxtensor';
import {
  defer,
  EMPTY,
  from,
  map,
  NEVER,
  pipe,
  take,
  throwError,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { deferred, settle } from '../../../test/support/marbles';

const data = [1, 2, 3, 4, 5, 6];

/** A variable that each step takes one away from. */
class Counter {
  readonly count = dl.tidy(() => dl.variable(dl.scalar(0), true, 'count'));
  readonly optimizer = dl.train.sgd(1);

  /** Emits the variable after each step, as a tensor. */
  readonly steps = (): OperatorFunction<number, dl.Tensor> =>
    pipe(
      dl.trainStep<number>(this.optimizer, () => this.count.neg()),
      dl.mapTensor(() => dl.tidy(() => this.count.add<dl.Tensor>(0))),
      dl.own(),
      map((x) => {
        const value = x.dataSync()[0]!;
        x.dispose();
        return value;
      }),
      dl.mapTensor((x) => dl.scalar(x)),
    );

  dispose(): void {
    this.count.dispose();
    this.optimizer.dispose();
  }
}

type Row = [unknown, unknown];

async function rowsOf(stream: Observable<dl.Validated<dl.Tensor, dl.Measures>>): Promise<Row[]> {
  const rows: Row[] = [];
  await stream.pipe(dl.download()).forEach(({ value, validation }) => rows.push([value, validation]));
  return rows;
}

describe('validate', () => {
  let counter: Counter;
  beforeEach(() => (counter = new Counter()));
  afterEach(() => counter.dispose());

  it('measures every so many steps, with the variables of that step', async () => {
    const test = dl.examples([10, 20, 60]).pipe(dl.batch(1));
    const measured = dl.examples(data).pipe(
      counter.steps(),
      dl.validate(2, test, (x) => x.mean().add(counter.count)),
    );
    expect(await rowsOf(measured)).toEqual([
      [1, null],
      [2, 32],
      [3, null],
      [4, 34],
      [5, null],
      [6, 36],
    ]);
  });

  it('does so though the source does not wait', async () => {
    const test = dl.examples([0, 0]).pipe(dl.batch(1));
    const measured = from(data).pipe(
      counter.steps(),
      dl.validate(3, test, () => dl.add(counter.count, 100)),
    );
    expect(await rowsOf(measured)).toEqual([
      [1, null],
      [2, null],
      [3, 103],
      [4, null],
      [5, null],
      [6, 106],
    ]);
    expect(dl.tidy(() => counter.count.dataSync()[0])).toBe(6);
  });

  it('measures several things by name', async () => {
    const test = dl.examples([1, 3]).pipe(dl.batch(1));
    const metric = (x: dl.Tensor): { double: dl.Tensor; square: dl.Tensor } => ({
      double: x.mul(2).mean(),
      square: x.square().mean(),
    });
    const measured = dl.examples([7]).pipe(
      dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
      dl.validate(1, test, metric),
    );
    expect(await rowsOf(measured)).toEqual([[7, { double: 4, square: 5 }]]);
  });

  it('tapes nothing, and takes back what the metric changes', async () => {
    let isOnTape = true;
    const measured = dl.examples([0]).pipe(
      counter.steps(),
      dl.validate(1, dl.examples([5]), (x) => {
        const result = counter.count.mul(x);
        dl.tidy(() => counter.count.assign(dl.scalar(99)));
        isOnTape = result.edge !== null;
        return result;
      }),
    );
    expect(await rowsOf(measured)).toEqual([[1, 5]]);
    expect(isOnTape).toBeFalse();
    expect(counter.count.dataSync()[0]).toBe(1);
  });

  it('holds the source up while it measures, and lets nothing pile up', async () => {
    for (const inFlight of [1, 2, 4]) {
      let measuring = deferred<number>();
      const test = defer(() => (measuring = deferred<number>()).promise);
      let steps = 0;
      let seen = 0;
      const subscription = dl
        .examples(data, { epochs: 10, inFlight })
        .pipe(
          dl.mapTensor((x) => {
            steps++;
            return dl.scalar(x);
          }),
          dl.validate(1, test, (x) => dl.scalar(x)),
        )
        .subscribe(() => seen++);
      for (let measured = 0; measured < 8; measured++) {
        await settle(3);
        expect(seen).toBe(measured);
        expect(steps - seen).toBeLessThanOrEqual(inFlight);
        measuring.resolve(1);
      }
      subscription.unsubscribe();
      await settle();
    }
  });

  it('frees what it holds when it is unsubscribed from in the middle', async () => {
    let isMeasuring = false;
    const endless: Observable<number> = NEVER;
    const subscription = dl
      .examples(data)
      .pipe(
        counter.steps(),
        dl.validate(2, endless, (x) => dl.scalar(x)),
      )
      .subscribe(() => (isMeasuring = true));
    await settle();
    expect(isMeasuring).toBeTrue();
    subscription.unsubscribe();
    await settle();
    expect(counter.count.storage.isExclusive).toBeTrue();
  });

  it('passes on what fails, in its turn', async () => {
    const failing = (source: Observable<number>, metric: (x: number) => dl.Tensor): Promise<unknown> => {
      const values: unknown[] = [];
      return dl
        .examples(data)
        .pipe(
          dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
          dl.validate(2, source, metric),
        )
        .forEach(() => values.push(1))
        .catch((error: unknown) => [values.length, (error as Error).message]);
    };
    expect(
      await failing(
        throwError(() => new Error('no data')),
        (x) => dl.scalar(x),
      ),
    ).toEqual([1, 'no data']);
    expect(await failing(EMPTY, (x) => dl.scalar(x))).toEqual([
      1,
      "validate: argument 'source' completed without a batch; wanted at least one",
    ]);
    const broken = (): dl.Tensor => {
      throw new Error('no metric');
    };
    expect(await failing(dl.examples([1]), broken)).toEqual([1, 'no metric']);
    expect(await failing(dl.examples([1]), () => dl.tensor1d([1, 2]))).toEqual([
      1,
      "validate: argument 'metric' gave a tensor of shape [2]; wanted a scalar, or several by name",
    ]);
  });

  it('completes after the last measurement, and fails after it', async () => {
    const measuring = deferred<number>();
    let ending = '';
    from([1, 2])
      .pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        dl.validate(2, from(measuring.promise), (x) => dl.scalar(x)),
      )
      .subscribe({ complete: () => (ending = 'complete') });
    await settle();
    expect(ending).toBe('');
    measuring.resolve(1);
    await settle();
    expect(ending).toBe('complete');
  });

  it('stops when nobody listens below', async () => {
    const seen: unknown[] = [];
    await dl
      .examples(data)
      .pipe(
        counter.steps(),
        dl.validate(1, dl.examples([1, 2]), (x) => dl.scalar(x)),
        take(2),
        dl.download(),
      )
      .forEach((each) => seen.push(each));
    expect(seen).toEqual([
      { value: 1, validation: 1.5 },
      { value: 2, validation: 1.5 },
    ]);
  });

  it('wants its arguments', () => {
    expect(() => dl.validate(0, EMPTY, () => dl.scalar(1))).toThrowError(
      "validate: argument 'every' is 0; wanted a positive integer",
    );
    expect(() => dl.validate(1, EMPTY, 3 as unknown as () => dl.Tensor)).toThrowError(
      "validate: argument 'metric' is number; wanted a function",
    );
  });
});
