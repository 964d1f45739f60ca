import * as dl from 'rxtensor';
import { from, Subject, toArray, type Observable } from 'rxjs';
import { marbles, settle } from '../../../test/support/marbles';

async function passed<T>(values: Iterable<T>, options: dl.EarlyStopOptions<T>): Promise<T[]> {
  const seen: T[] = [];
  await from(values)
    .pipe(dl.earlyStop(options))
    .forEach((each) => seen.push(each));
  return seen;
}

describe('earlyStop', () => {
  it('completes with the number that came one too often without an improvement', async () => {
    expect(await passed([5, 3, 4, 3, 2], { patience: 2 })).toEqual([5, 3, 4, 3]);
    expect(await passed([5, 4, 3], { patience: 1 })).toEqual([5, 4, 3]);
    expect(await passed([5, 6, 4, 7, 8, 1], { patience: 2 })).toEqual([5, 6, 4, 7, 8]);
    expect(await passed([NaN, NaN, 1], { patience: 2 })).toEqual([NaN, NaN]);
  });

  it('takes a first number that is infinite for the best so far, and NaN never', async () => {
    const max = { patience: 1, mode: 'max' } as const;
    expect(await passed([Infinity, 5, 4, 6], { patience: 1 })).toEqual([Infinity, 5, 4, 6]);
    expect(await passed([Infinity, Infinity, 1], { patience: 1 })).toEqual([Infinity, Infinity]);
    expect(await passed([-Infinity, -5, 4, 3], max)).toEqual([-Infinity, -5, 4, 3]);
    expect(await passed([-Infinity, 1, 2], { patience: 1 })).toEqual([-Infinity, 1]);
    expect(await passed([Infinity, 1, 2], max)).toEqual([Infinity, 1]);
    expect(await passed([NaN, 5, 4, 5, 6], { patience: 2 })).toEqual([NaN, 5, 4, 5, 6]);
    expect(await passed([NaN, -Infinity, 4, 3], { ...max, patience: 2 })).toEqual([NaN, -Infinity, 4, 3]);
    expect(await passed([NaN, 5], max)).toEqual([NaN]);
  });

  it('counts as an improvement what is better by more than minDelta', async () => {
    expect(await passed([5, 4.5, 4, 3.5], { patience: 1, minDelta: 0.5 })).toEqual([5, 4.5]);
    expect(await passed([5, 4.25, 3.5, 3.25, 1], { patience: 1, minDelta: 0.5 })).toEqual([
      5, 4.25, 3.5, 3.25,
    ]);
  });

  it('watches what grows too, anywhere in the value', async () => {
    const values = [0.5, 0.7, null, 0.6, undefined, 0.65, 0.9].map((accuracy) => ({ accuracy }));
    const options = {
      patience: 2,
      mode: 'max',
      of: (value: { accuracy?: number | null }) => value.accuracy,
    } as const;
    expect(await passed(values, options)).toEqual(values.slice(0, 6));
  });

  it('reads what validate emits', async () => {
    const values = [3, null, 4, null, 5, null].map((validation) => ({ value: 'any', validation }));
    expect(await passed(values, { patience: 2 })).toEqual(values.slice(0, 5));
  });

  it('unsubscribes from the source, and completes in the same moment', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-b-c-a-|', { a: 1, b: 2, c: 3 });
      expectObservable(source.pipe(dl.earlyStop({ patience: 2 }))).toBe('a-b-(c|)', { a: 1, b: 2, c: 3 });
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  describe('with restoreBest', () => {
    let weight: dl.Variable;
    let optimizer: dl.Optimizer;

    beforeEach(() => {
      weight = dl.tidy(() => dl.variable(dl.scalar(0) as dl.Tensor, true, 'weight'));
      optimizer = dl.train.sgd(1);
    });

    afterEach(() => {
      weight.dispose();
      optimizer.dispose();
    });

    /** Each step adds 1 to the weight. */
    const steps = (source: Observable<number>): Observable<dl.Scalar> =>
      source.pipe(dl.trainStep<number>(optimizer, () => weight.neg()));
    /** Best where the weight is 3. */
    const distance = (): dl.Tensor => weight.sub(3).abs();

    it('puts back the variables of the best measurement, wherever it is placed below', async () => {
      for (const where of ['right below', 'below download'] as const) {
        dl.tidy(() => weight.assign(dl.scalar(0) as dl.Tensor));
        optimizer.dispose();
        optimizer = dl.train.sgd(1);
        const measured = steps(dl.examples(Array.from({ length: 20 }, (_, i) => i))).pipe(
          dl.validate(1, dl.examples([0, 0, 0]), distance),
        );
        const options = { patience: 4, restoreBest: true };
        const seen: (number | null)[] = [];
        const stopped: Observable<{ validation: number | null }> =
          where === 'right below'
            ? measured.pipe(dl.earlyStop(options))
            : measured.pipe(dl.download(), dl.earlyStop(options));
        await stopped.forEach(({ validation }) => seen.push(validation));
        expect(seen).withContext(where).toEqual([2, 1, 0, 1, 2, 3, 4]);
        expect(weight.dataSync()[0]).withContext(where).toBe(3);
        await settle();
      }
    });

    it('does so at the end of the source too', async () => {
      const measured = steps(from([1, 2, 3, 4, 5])).pipe(dl.validate(1, dl.examples([0]), distance));
      await measured
        .pipe(dl.earlyStop({ patience: 9, restoreBest: true }), toArray())
        .forEach(() => undefined);
      expect(weight.dataSync()[0]).toBe(3);
      await settle();
    });

    it('takes the variables as they are, where nobody validates', () => {
      const numbers = new Subject<number>();
      numbers.pipe(dl.earlyStop({ patience: 1, restoreBest: true, variables: [weight] })).subscribe();
      for (const x of [2, 1]) {
        dl.tidy(() => weight.assign(dl.scalar(10 * x) as dl.Tensor));
        numbers.next(x);
      }
      dl.tidy(() => weight.assign(dl.scalar(30) as dl.Tensor));
      numbers.next(3);
      expect(weight.dataSync()[0]).toBe(10);
    });

    it('changes nothing when it is unsubscribed from', () => {
      const numbers = new Subject<number>();
      const subscription = numbers.pipe(dl.earlyStop({ patience: 1, restoreBest: true })).subscribe();
      numbers.next(1);
      dl.tidy(() => weight.assign(dl.scalar(7) as dl.Tensor));
      subscription.unsubscribe();
      expect(weight.dataSync()[0]).toBe(7);
    });
  });

  it('says so where there is no number to watch', async () => {
    await expectAsync(passed([{ loss: 1 }], { patience: 1 })).toBeRejectedWithError(
      /^earlyStop: there is no number to watch in the value; wanted a number, .*the option 'of'/,
    );
  });

  it('wants its options', () => {
    const message = (options: object): string => {
      try {
        dl.earlyStop(options as dl.EarlyStopOptions<number>);
        return 'none';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message({ patience: 0 })).toBe("earlyStop: option 'patience' is 0; wanted a positive integer");
    expect(message({ patience: 1, minDelta: -1 })).toBe(
      "earlyStop: option 'minDelta' is -1; wanted a number, not negative",
    );
    expect(message({ patience: 1, mode: 'up' })).toBe(
      "earlyStop: option 'mode' is up; wanted 'min' or 'max'",
    );
    expect(message({ patience: 1, of: 'loss' })).toBe("earlyStop: option 'of' is string; wanted a function");
  });
});
