import * as dl from 'rxtensor';
import { map, tap } from 'rxjs';
import { batches, batches$, byHand, collect, Line, type Batch } from '../../../test/support/line-fit';
import { isTaped } from '../../tensor/tape';

interface Report {
  readonly loss: number;
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

describe('trainStep with metrics', () => {
  let line: Line;
  beforeEach(() => (line = new Line()));
  afterEach(() => line.dispose());

  const withGuess = (batch: Batch): { loss: dl.Tensor; guess: dl.Tensor } => {
    const guess = line.model(batch.x);
    return { loss: dl.losses.meanSquaredError(batch.y, guess), guess };
  };
  const error = ({ guess }: { guess: dl.Tensor }, { y }: { y: dl.Tensor }): dl.Tensor =>
    dl.mean(dl.abs(dl.sub(guess, y)));

  it('emits them beside the loss and the number of the step', () => {
    const hand = new Line();
    const wanted = byHand(hand, 3);
    const result = collect(
      batches$(3).pipe(
        dl.trainStep(line.optimizer, withGuess, {
          metrics: { error, twice: ({ loss }) => loss.mul(2), size: (_, { x }) => dl.scalar(x.size) },
        }),
      ),
    );
    expect(result.error).toBe('');
    const reports = result.seen as Report[];
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(reports.map(({ loss }) => loss)).toEqual(wanted as number[]);
    for (const { loss, metrics } of reports) expect(metrics.twice).toBeCloseTo(2 * loss, 5);
    expect(reports.map(({ metrics }) => metrics.size)).toEqual([4, 4, 4]);
    // Before the first step the guess is 0.
    const first = batches[0]!.y.reduce((sum, y) => sum + Math.abs(y), 0) / 4;
    expect(reports[0]!.metrics.error).toBeCloseTo(first, 5);
    hand.dispose();
  });

  it('takes the outputs of the operators above in the second form', () => {
    const stream = batches$(2).pipe(
      dl.mapTensor((batch) => ({ ...withGuess(batch), y: batch.y })),
      dl.trainStep(line.optimizer, { metrics: { error: (outputs) => error(outputs, outputs) } }),
    );
    const first = collect(stream).seen;
    const other = new Line();
    const second = collect(
      batches$(2).pipe(
        dl.trainStep(other.optimizer, (batch) => ({ loss: other.loss(batch), guess: other.model(batch.x) }), {
          metrics: { error },
        }),
      ),
    ).seen;
    expect(first.length).toBe(2);
    first.forEach((each, i) => {
      const [found, wanted] = [each as Report, second[i] as Report];
      expect(found.loss).toBeCloseTo(wanted.loss, 5);
      expect(found.metrics.error).toBeCloseTo(wanted.metrics.error!, 5);
    });
    other.dispose();
  });

  it('counts a loss alone as the one output', () => {
    const { seen } = collect(
      batches$(1).pipe(
        dl.trainStep(line.optimizer, line.loss, { metrics: { root: ({ loss }) => dl.sqrt(loss) } }),
      ),
    );
    const [{ loss, metrics }] = seen as [Report];
    expect(metrics.root).toBeCloseTo(Math.sqrt(loss), 5);
  });

  it('emits constants, the outputs themselves among them', () => {
    batches$(1)
      .pipe(
        dl.trainStep(line.optimizer, withGuess, { metrics: { guess: ({ guess }) => guess } }),
        tap(({ loss, metrics }) => {
          expect(isTaped(loss)).toBeFalse();
          expect(isTaped(metrics.guess)).toBeFalse();
          expect(metrics.guess.shape).toEqual([4]);
        }),
      )
      .subscribe();
    expect(line.optimizer.iterations).toBe(1);
  });

  it('takes their mean over the batches that were accumulated', () => {
    const index = { at: 0 };
    const { seen } = collect(
      batches$(5).pipe(
        map((batch) => ({ ...batch, number: index.at++ })),
        dl.trainStep(line.optimizer, (batch) => line.loss(batch), {
          accumulate: 3,
          metrics: { number: (_, { number }) => dl.scalar(number, 'int32') },
        }),
      ),
    );
    const reports = seen as Report[];
    expect(reports.map(({ metrics }) => metrics.number)).toEqual([1, 3.5]);
    expect(reports.map(({ step }) => step)).toEqual([1, 2]);
  });

  it('needs tensors from functions', () => {
    const errorOf = (metric: unknown): string =>
      collect(
        batches$(1).pipe(
          dl.trainStep(line.optimizer, line.loss, { metrics: { accuracy: metric as () => dl.Tensor } }),
        ),
      ).error;
    expect(errorOf(() => 3)).toBe("Error: trainStep: metric 'accuracy' returned number; wanted a tensor");
    expect(errorOf(() => Promise.resolve(3))).toMatch(/metric 'accuracy' returned object; wanted a tensor/);
    expect(() => errorOf(3)).toThrowError("trainStep: metric 'accuracy' is number; wanted a function");
  });

  it('without them emits the loss alone', () => {
    const { seen } = collect(batches$(1).pipe(dl.trainStep(line.optimizer, withGuess)));
    expect(typeof seen[0]).toBe('number');
  });

  it('has the types of what it emits', () => {
    batches$(1)
      .pipe(
        dl.trainStep(line.optimizer, withGuess, {
          metrics: { error, guess: ({ guess }) => guess.as1D() },
        }),
      )
      .subscribe(({ loss, step, metrics }) => {
        const types: [dl.Scalar, number, dl.Tensor, dl.Tensor1D] = [loss, step, metrics.error, metrics.guess];
        expect(types.length).toBe(4);
      });
  });
});
