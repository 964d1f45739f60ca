import * as dl from 'rxtensor';
import { map, of, repeat, retry, share, Subject, switchMap, take, tap, throwError } from 'rxjs';
import { batches, batches$, byHand, collect, Line } from '../../../test/support/line-fit';
import { marbles, plain, read } from '../../../test/support/marbles';
import { isTaped } from '../../tensor/tape';

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
          expect(isTaped(loss)).toBeFalse();
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

  it('tapes while emitting: it holds under repeat, retry, share and switchMap', () => {
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

  it('changes the variables of the option only', () => {
    collect(batches$(3).pipe(dl.trainStep(line.optimizer, line.loss, { variables: [line.offset] })));
    expect(plain(line.slope)).toBe(0);
    expect(plain(line.offset)).not.toBe(0);
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
