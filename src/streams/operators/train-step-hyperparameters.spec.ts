import * as dl from 'rxtensor';
import { BehaviorSubject, NEVER, of, Subject, take, throwError } from 'rxjs';
import { batches, batches$, byHand, collect, Line, type Batch } from '../../../test/support/line-fit';
import { plain } from '../../../test/support/marbles';

describe('trainStep with a learning rate', () => {
  let line: Line;
  beforeEach(() => (line = new Line()));
  afterEach(() => line.dispose());

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
    const failing = collect(subject.pipe(dl.trainStep(line.optimizer, line.loss, { learningRate: atOnce })));
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

describe('trainStep with hyper-parameters', () => {
  it('takes numbers and observables by the names of the optimizer', () => {
    const [hand, line] = [new Line(dl.train.momentum(0.1, 0.5)), new Line(dl.train.momentum(0.1, 0.9))];
    const wanted = [...byHand(hand, 1)];
    const momentum$ = new BehaviorSubject(0.5);
    const subject = new Subject<Batch>();
    const { seen } = collect(
      subject.pipe(
        dl.trainStep(line.optimizer, line.loss, {
          hyperparameters: { momentum: momentum$, learningRate: 0.1 },
        }),
      ),
    );
    batches$(1).subscribe((batch) => subject.next(batch));
    expect(seen).toEqual(wanted);
    hand.optimizer.set('momentum', 0.25);
    momentum$.next(0.25);
    for (let i = 0; i < 2; i++) {
      wanted.push(...byHand(hand, 1));
      batches$(1).subscribe((batch) => subject.next(batch));
    }
    expect(seen).toEqual(wanted);
    expect(line.values).toEqual(hand.values);
    subject.complete();
    expect(momentum$.observed).toBeFalse();
    for (const each of [hand, line]) each.dispose();
  });

  it('refuses names that the optimizer does not have, and the learning rate twice', () => {
    const line = new Line();
    expect(() => dl.trainStep(line.optimizer, line.loss, { hyperparameters: { beta: 1 } })).toThrowError(
      "trainStep: option 'hyperparameters' names 'beta'; wanted those of sgd: the nearest is 'learningRate'",
    );
    expect(() =>
      dl.trainStep(line.optimizer, { learningRate: 1, hyperparameters: { learningRate: 2 } }),
    ).toThrowError(/both give the learning rate; wanted one/);
    line.dispose();
  });
});
