import * as dl from 'rxtensor';
import { of, take, VirtualTimeScheduler, type Observable } from 'rxjs';

/** Runs a source whose values come a second after each other, on a clock of its own. */
async function seen<T>(source: Observable<T>, options: dl.ProgressOptions = {}): Promise<dl.Progress<T>[]> {
  const clock = new VirtualTimeScheduler();
  let time = 0;
  spyOn(clock, 'now').and.callFake(() => 1000 * time++);
  const found: dl.Progress<T>[] = [];
  await source.pipe(dl.progress({ ...options, scheduler: clock })).forEach((each) => found.push(each));
  return found;
}

describe('progress', () => {
  it('tells of each value how far the run has come', async () => {
    const values = dl.examples([1, 2, 3, 4], { epochs: 2 }).pipe(
      dl.batch(3),
      dl.mapTensor((x) => x.shape[0]),
    );
    expect(await seen(values)).toEqual([
      { value: 3, step: 1, epoch: 1, fraction: 3 / 8, perSecond: null, secondsLeft: null },
      { value: 3, step: 2, epoch: 2, fraction: 6 / 8, perSecond: 1, secondsLeft: 2 / 3 },
      { value: 2, step: 3, epoch: 2, fraction: 1, perSecond: 1, secondsLeft: 0 },
    ]);
  });

  it('counts the steps of the optimizer, and goes on where a run was continued', async () => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
    const optimizer = dl.train.sgd(0.1);
    const losses = (startAt: number): Observable<number> =>
      dl.examples([1, 2, 3, 4, 5, 6], { startAt }).pipe(
        dl.batch(1),
        dl.trainStep(optimizer, (x) => slope.mul(x).square().mean(), { accumulate: 2 }),
        dl.download(),
      );
    const first = await seen(losses(0));
    expect(first.map(({ step, fraction }) => [step, fraction])).toEqual([
      [1, 2 / 6],
      [2, 4 / 6],
      [3, 1],
    ]);
    const second = await seen(losses(3));
    expect(second.map(({ step, fraction }) => [step, fraction])).toEqual([
      [4, 5 / 6],
      // The tail of an accumulation.
      [5, 1],
    ]);
    dl.dispose(slope);
    optimizer.dispose();
  });

  it('tells the speed of the last values', async () => {
    const clock = new VirtualTimeScheduler();
    spyOn(clock, 'now').and.returnValues(...[0, 1, 2, 12, 22].map((seconds) => 1000 * seconds));
    const found: (number | null)[][] = [];
    await dl
      .examples([1, 2, 3, 4, 5], { epochs: 2 })
      .pipe(take(5), dl.progress({ window: 3, scheduler: clock }))
      .forEach(({ perSecond, secondsLeft }) => found.push([perSecond, secondsLeft]));
    expect(found).toEqual([
      [null, null],
      [1, 8],
      [1, 7],
      [2 / 11, (6 * 11) / 2],
      [0.1, 50],
    ]);
  });

  it('says null of what nobody knows', async () => {
    const none = { epoch: null, fraction: null, secondsLeft: null };
    expect(await seen(of('a', 'b'))).toEqual([
      { value: 'a', step: 1, ...none, perSecond: null },
      { value: 'b', step: 2, ...none, perSecond: 1 },
    ]);
    const endless = await seen(dl.examples([1, 2], { epochs: Infinity }).pipe(dl.batch(2), take(3)));
    expect(endless.map(({ epoch, fraction, secondsLeft }) => [epoch, fraction, secondsLeft])).toEqual([
      [1, null, null],
      [2, null, null],
      [3, null, null],
    ]);
    const iterable = await seen(dl.examples(new Set([1, 2])));
    expect(iterable.map(({ epoch, fraction }) => [epoch, fraction])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('wants a window', () => {
    expect(() => dl.progress({ window: 1 })).toThrowError(
      "progress: option 'window' is 1; wanted an integer of at least 2",
    );
  });
});
