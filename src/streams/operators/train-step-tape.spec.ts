import * as dl from 'rxtensor';
import { delay, share, Subject, tap } from 'rxjs';
import { batches$, byHand, collect, Line, type Batch } from '../../../test/support/line-fit';
import { plain, settle } from '../../../test/support/marbles';

describe('trainStep and the tape', () => {
  let line: Line;
  beforeEach(() => (line = new Line()));
  afterEach(() => line.dispose());

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
        /^Error: trainStep: the loss function returned a promise/,
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
});
