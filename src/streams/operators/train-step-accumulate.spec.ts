import * as dl from 'rxtensor';
import { concat, map, NEVER, of, range, Subject, throwError, type OperatorFunction } from 'rxjs';
import { batches, batches$, byHand, collect, Line, type Batch } from '../../../test/support/line-fit';
import { marbles } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

/** Several batches as one. */
const joined = (from: number, to: number): { x: number[]; y: number[] } => ({
  x: batches.slice(from, to).flatMap(({ x }) => x),
  y: batches.slice(from, to).flatMap(({ y }) => y),
});

describe('trainStep that accumulates', () => {
  let line: Line;
  beforeEach(() => (line = new Line(dl.train.momentum(0.1, 0.9))));
  afterEach(() => line.dispose());

  it('steps as on batches so many times as large; the rest by its true count', () => {
    const hand = new Line(dl.train.momentum(0.1, 0.9));
    const wanted = [joined(0, 4), joined(4, 8), joined(8, 11)].map(({ x, y }) =>
      dl.tidy(
        () =>
          hand.optimizer
            .minimize(() => hand.loss({ x: dl.tensor1d(x), y: dl.tensor1d(y) }) as dl.Scalar, true)!
            .dataSync()[0]!,
      ),
    );
    const { seen, error } = collect(
      batches$(11).pipe(dl.trainStep(line.optimizer, line.loss, { accumulate: 4 })),
    );
    expect(error).toBe('');
    expect(seen.length).toBe(3);
    seen.forEach((loss, i) => expect(loss).toBeCloseTo(wanted[i]!, 5));
    const values = hand.values as number[];
    (line.values as number[]).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
    expect(line.optimizer.iterations).toBe(3);
    hand.dispose();
  });

  it('steps with the last batch of each group, and at completion', () => {
    marbles(({ cold, expectObservable }) => {
      const steps = (accumulate: number): OperatorFunction<unknown, dl.Scalar> =>
        dl.trainStep(line.optimizer, () => dl.square(line.slope), { accumulate });
      const of2 = cold('-a-a-a---|').pipe(
        steps(2),
        map(() => 'l'),
      );
      expectObservable(of2).toBe('---l-----(l|)', { l: 'l' });
      const of3 = cold('-a-a-a---|').pipe(
        steps(3),
        map(() => 'l'),
      );
      expectObservable(of3).toBe('-----l---|', { l: 'l' });
    });
  });

  it('keeps the digits of a mean over a thousand batches, and of one over what is left over', () => {
    for (const [accumulate, count] of [
      [1000, 1000],
      [1000, 999],
      [1024, 1001],
      [5000, 1000],
    ] as const) {
      const before = line.slope.dataSync()[0]!;
      const steps = collect(
        range(count).pipe(
          dl.trainStep(line.optimizer, () => dl.add(dl.mul(line.slope, 0.1), 0.1), {
            accumulate,
            clipValue: 10,
            metrics: { tenth: () => dl.scalar(0.1) },
          }),
        ),
      );
      expect(steps.error).toBe('');
      const [report, ...further] = steps.seen as dl.Downloaded<dl.StepReport<{ tenth: dl.Scalar }>>[];
      expect(further).toEqual([]);
      expect(Math.abs(report!.metrics.tenth / 0.1 - 1)).toBeLessThan(1e-5);
      expect(Math.abs(report!.loss / (0.1 * before + 0.1) - 1)).toBeLessThan(1e-5);
    }
  });

  it('with 2 gives the very numbers of a sum of two', () => {
    const [a, b] = [0.1, 0.7].map(Math.fround) as [number, number];
    const { seen } = collect(
      of(a, b).pipe(
        dl.trainStep(line.optimizer, (x: number) => dl.add(dl.mul(line.slope, 0), x), { accumulate: 2 }),
      ),
    );
    expect(seen).toEqual([Math.fround(a + b) / 2]);
  });

  it('with 1 is as without', () => {
    const hand = new Line(dl.train.momentum(0.1, 0.9));
    const wanted = byHand(hand);
    expect(collect(batches$().pipe(dl.trainStep(line.optimizer, line.loss, { accumulate: 1 }))).seen).toEqual(
      wanted,
    );
    hand.dispose();
  });

  it('drops the rest on an error and on unsubscription, and frees it', () => {
    const failing = concat(
      batches$(3),
      throwError(() => new Error('from above')),
    );
    const result = collect(failing.pipe(dl.trainStep(line.optimizer, line.loss, { accumulate: 2 })));
    expect(result.error).toBe('Error: from above');
    expect(result.seen.length).toBe(1);
    const subject = new Subject<Batch>();
    const subscription = subject.pipe(dl.trainStep(line.optimizer, line.loss, { accumulate: 2 })).subscribe();
    const numTensors = dl.memory().numTensors;
    concat(batches$(1), NEVER).subscribe((batch) => subject.next(batch));
    expect(dl.memory().numTensors).toBe(numTensors + 3);
    subscription.unsubscribe();
    expect(dl.memory().numTensors).toBe(numTensors);
    expect(line.optimizer.iterations).toBe(1);
  });

  it('counts a variable that a batch does not touch as a gradient of zero', () => {
    const plain = new Line(dl.train.sgd(1));
    const stream = of(0, 1).pipe(
      dl.trainStep(plain.optimizer, (i: number) => (i === 0 ? plain.slope.mul(3) : plain.offset.mul(5)), {
        accumulate: 2,
      }),
    );
    expect(collect(stream).error).toBe('');
    expect(plain.values).toEqual([-1.5, -2.5]);
    plain.dispose();
  });

  it('holds two sums, however many batches there are', () => {
    const peak = (count: number): number =>
      peakTensors(() => {
        batches$(count)
          .pipe(dl.trainStep(line.optimizer, line.loss, { accumulate: count }))
          .subscribe();
      });
    peak(1); // makes the slots
    expect(peak(12)).toBeLessThanOrEqual(peak(8));
    // One more sum of a loss and two gradients is held, and one more is computed at the end of a block.
    expect(peak(12)).toBeLessThanOrEqual(peak(3) + 2 * 3);
  });

  it('refuses what is no count', () => {
    for (const accumulate of [0, 1.5, NaN]) {
      expect(() => dl.trainStep(line.optimizer, line.loss, { accumulate })).toThrowError(
        `trainStep: option 'accumulate' is ${accumulate}; wanted a positive integer`,
      );
    }
  });
});
