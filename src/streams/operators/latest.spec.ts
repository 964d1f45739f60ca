import * as dl from 'rxtensor';
import { finalize, range, Subject, tap } from 'rxjs';
import { busyDevice, deferred, marbles, plain, settle, type Deferred } from '../../../test/support/marbles';

describe('latest', () => {
  /** Feeds numbers as tensors; the emission of each is finished by hand. */
  class Frames {
    readonly subject = new Subject<number>();
    readonly seen: unknown[] = [];
    readonly unfinished: Deferred[] = [];
    readonly dropped: number[] = [];
    readonly subscription = this.subject
      .pipe(
        dl.mapTensor((x) => ({ image: dl.scalar(x) })),
        dl.latest({ onDrop: (count) => this.dropped.push(count) }),
      )
      .subscribe({
        next: (value) => {
          this.seen.push((plain(value) as { image: number }).image);
          const wait = deferred();
          this.unfinished.push(wait);
          dl.waitUntil(wait.promise);
        },
        error: (error: unknown) => this.seen.push(error),
        complete: () => this.seen.push('complete'),
      });

    async finish(): Promise<void> {
      this.unfinished.shift()?.resolve();
      await settle();
    }
  }

  it('passes everything on where nothing has to be waited for', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c-|');
      expectObservable(source.pipe(dl.latest())).toBe('-a-b-c-|');
      expectObservable(source.pipe(dl.latest()), '--!').toBe('-a-');
      expectObservable(cold('-a-#').pipe(dl.latest())).toBe('-a-#');
      expectSubscriptions(source.subscriptions).toBe(['^------!', '^-!']);
    });
  });

  it('keeps the newest while an emission is unfinished, and counts what it drops', async () => {
    const frames = new Frames();
    for (const x of [1, 2, 3, 4]) frames.subject.next(x);
    expect(frames.seen).toEqual([1]);
    expect(frames.dropped).toEqual([1, 2]);
    await frames.finish();
    expect(frames.seen).toEqual([1, 4]);
    frames.subject.next(5);
    frames.subject.next(6);
    expect(frames.dropped).toEqual([1, 2, 3]);
    await frames.finish();
    await frames.finish();
    expect(frames.seen).toEqual([1, 4, 6]);
    frames.subject.next(7);
    expect(frames.seen).toEqual([1, 4, 6, 7]);
    frames.subscription.unsubscribe();
  });

  it('completes after the newest', async () => {
    const frames = new Frames();
    for (const x of [1, 2]) frames.subject.next(x);
    frames.subject.complete();
    expect(frames.seen).toEqual([1]);
    await frames.finish();
    expect(frames.seen).toEqual([1, 2]);
    await frames.finish();
    expect(frames.seen).toEqual([1, 2, 'complete']);
  });

  it('passes an error on at once, and frees what waits', () => {
    const frames = new Frames();
    for (const x of [1, 2]) frames.subject.next(x);
    frames.subject.error('broken');
    expect(frames.seen).toEqual([1, 'broken']);
  });

  it('frees what waits when it is unsubscribed from', async () => {
    const frames = new Frames();
    for (const x of [1, 2]) frames.subject.next(x);
    frames.subscription.unsubscribe();
    await frames.finish();
    expect(frames.seen).toEqual([1]);
  });

  it('has what is fed back wait too', () => {
    const subject = new Subject<number>();
    const order: string[] = [];
    subject.pipe(dl.scoped(), dl.latest()).subscribe((x) => {
      order.push(`begin ${x}`);
      if (x < 1_000) subject.next(x + 1);
      order.push(`end ${x}`);
    });
    subject.next(0);
    expect(order.length).toBe(2_002);
    expect(order.slice(0, 4)).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1']);
    subject.complete();
  });

  it('has flat memory and latency above slow work: ten minutes of frames at 60 Hz, 50 ms each', async () => {
    const device = busyDevice();
    const frames = 36_000;
    let now = 0;
    let doneAt = Infinity;
    let most = 0;
    let oldest = 0;
    let passed = 0;
    const subject = new Subject<number>();
    const before = dl.memory().numTensors;
    const subscription = subject
      .pipe(
        dl.mapTensor((madeAt) => ({ madeAt, image: dl.scalar(madeAt) })),
        tap(() => (most = Math.max(most, dl.memory().numTensors - before))),
        dl.latest(),
        finalize(() => device.restore()),
      )
      .subscribe(({ madeAt }) => {
        passed++;
        oldest = Math.max(oldest, now - madeAt);
        device.submit();
        doneAt = now + 50;
      });
    for (let frame = 0; frame < frames; frame++) {
      now = (frame * 1000) / 60;
      if (now >= doneAt) {
        device.marks.shift()!.resolve();
        doneAt = Infinity;
        // The fence's promise, and those that hang on it.
        for (let i = 0; i < 4; i++) await Promise.resolve();
      }
      subject.next(now);
    }
    subscription.unsubscribe();
    expect(passed).toBeGreaterThan(frames / 5);
    expect(passed).toBeLessThan(frames / 2);
    expect(oldest).toBeLessThan(20);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('passes values of a synchronous source one after another', () => {
    let seen = 0;
    range(0, 100)
      .pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        dl.latest(),
      )
      .subscribe(() => seen++);
    expect(seen).toBe(100);
  });

  it('refuses a tensor on the tape that would have to wait', async () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    const subject = new Subject<number>();
    const seen: unknown[] = [];
    subject
      .pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        dl.latest(),
      )
      .subscribe({
        next: (y) => {
          seen.push(plain(y));
          dl.waitUntil(new Promise(() => undefined));
        },
        error: (error: unknown) => seen.push(String(error)),
      });
    subject.next(1);
    subject.next(2);
    await settle(1);
    expect(seen).toEqual([
      1,
      jasmine.stringMatching(/^Error: latest: the value has a tensor.*computed from trainable variables/),
    ]);
    weight.dispose();
  });
});
