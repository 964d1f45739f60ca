import * as dl from 'rxtensor';
import { of, repeat, Subject, take, type Subscription } from 'rxjs';
import { marbles, plain, read } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));

describe('shareReplayTensor', () => {
  it('subscribes once, and replays the last values to late subscribers', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('          -a-b-c-----d-|', { a: 1, b: 2, c: 3, d: 4 });
      const shared = source.pipe(scalars, dl.shareReplayTensor(2), read());
      const [a, b, c, d] = [1, 2, 3, 4];
      expectObservable(shared).toBe('-a-b-c-----d-|', { a, b, c, d });
      expectObservable(shared, '------^').toBe('------(bc)-d-|', { b, c, d });
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    });
  });

  it('replays as many as it is told, to each late subscriber', () => {
    const subject = new Subject<number>();
    const shared = subject.pipe(scalars, dl.shareReplayTensor(3));
    const subscriptions = [shared.subscribe()];
    for (let i = 0; i < 10; i++) subject.next(i);
    for (let run = 0; run < 2; run++) {
      const seen: unknown[] = [];
      subscriptions.push(shared.pipe(read()).subscribe((value) => seen.push(value)));
      expect(seen).toEqual([7, 8, 9]);
    }
    for (const each of subscriptions) each.unsubscribe();
  });

  it('gives a late subscriber what the source emits while it is being replayed to', () => {
    const numbers = new Subject<number>();
    const shared = numbers.pipe(scalars, dl.shareReplayTensor(), read());
    const first = shared.subscribe();
    numbers.next(1);
    const seen: unknown[] = [];
    const second = shared.subscribe((value) => {
      seen.push(value);
      if (value === 1) numbers.next(2);
    });
    expect(seen).toEqual([1, 2]);
    first.unsubscribe();
    second.unsubscribe();
  });

  it('frees what it holds when the last subscriber leaves, and begins anew', () => {
    const before = dl.memory().numTensors;
    const subject = new Subject<number>();
    const shared = subject.pipe(scalars, dl.shareReplayTensor());
    const first = shared.subscribe();
    const second = shared.subscribe();
    subject.next(1);
    expect(dl.memory().numTensors).toBe(before + 1);
    first.unsubscribe();
    expect(dl.memory().numTensors).toBe(before + 1);
    second.unsubscribe();
    expect(dl.memory().numTensors).toBe(before);
    expect(subject.observed).toBeFalse();
    const seen: unknown[] = [];
    shared.pipe(read()).subscribe((value) => seen.push(value));
    expect(seen).toEqual([]);
    subject.next(2);
    expect(seen).toEqual([2]);
    subject.complete();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('frees what it holds after an error, which all get', () => {
    const subject = new Subject<number>();
    const shared = subject.pipe(scalars, dl.shareReplayTensor());
    const errors: unknown[] = [];
    for (let i = 0; i < 2; i++) shared.subscribe({ error: (error: unknown) => errors.push(error) });
    subject.next(1);
    subject.error('broken');
    expect(errors).toEqual(['broken', 'broken']);
  });

  it('replays nothing of a run that is ending to those who subscribe within it', () => {
    const subject = new Subject<number>();
    const seen: unknown[] = [];
    const subscription = subject
      .pipe(scalars, dl.shareReplayTensor(), read(), take(1), repeat())
      .subscribe((value) => seen.push(value));
    for (const x of [1, 2, 3]) subject.next(x);
    subscription.unsubscribe();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('lets a subscriber leave while it is replayed to, and still read', () => {
    const subject = new Subject<number>();
    const shared = subject.pipe(scalars, dl.shareReplayTensor(3));
    const first = shared.subscribe();
    for (const x of [1, 2, 3]) subject.next(x);
    const seen: unknown[] = [];
    shared.pipe(take(2)).subscribe((x) => seen.push(plain(x)));
    expect(seen).toEqual([1, 2]);
    first.unsubscribe();
  });

  it('replays to whoever subscribes in mid-emission as shareReplay does, also what is pushed out meanwhile', () => {
    const subject = new Subject<number>();
    const shared = subject.pipe(scalars, dl.shareReplayTensor(2));
    const late: unknown[] = [];
    let second: Subscription | undefined;
    const first = shared.subscribe((x) => {
      if (plain(x) !== 2) return;
      second = shared.subscribe((y) => {
        late.push(plain(y));
        if (late.length === 1) for (const z of [3, 4]) subject.next(z);
      });
    });
    for (const x of [1, 2]) subject.next(x);
    subject.next(5);
    expect(late).toEqual([1, 3, 4, 2, 5]);
    first.unsubscribe();
    second?.unsubscribe();
  });

  it('refuses a tensor on the tape, and a size that is no positive integer', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    let error: unknown;
    of(1)
      .pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        dl.shareReplayTensor(),
      )
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: shareReplayTensor: the value has a tensor.*computed from trainable variables/,
    );
    weight.dispose();
    expect(() => dl.shareReplayTensor(0)).toThrowError(
      "shareReplayTensor: argument 'size' is 0; wanted a positive integer",
    );
  });
});
