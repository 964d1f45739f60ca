import * as dl from 'rxtensor';
import { alignBy, timeOf, type AlignOptions } from 'rxtensor/vision';
import { of, Subject, type Observable } from 'rxjs';
import { plain } from '../../test/support/marbles';
import { emission, noteOrigin } from '../streams/emission';

interface Stamped {
  readonly at: number;
  readonly what: dl.Tensor;
}

/** Two sources that are fed by hand, in any order. Each value is a tensor and its time. */
class Cameras {
  readonly sources = [new Subject<number>(), new Subject<number>()];
  readonly seen: unknown[] = [];
  readonly dropped: number[] = [];
  error: unknown = null;
  isComplete = false;
  readonly #subscription;

  constructor(options: AlignOptions = {}) {
    const [a, b] = this.sources.map((source) =>
      source.pipe(dl.mapTensor((at) => ({ at, what: dl.scalar(at) }))),
    ) as [Observable<Stamped>, Observable<Stamped>];
    const onDrop = (dropped: number): number => this.dropped.push(dropped);
    this.#subscription = alignBy((value) => (value as Stamped).at, [a, b], { onDrop, ...options }).subscribe({
      next: (pair) => this.seen.push(pair.map(({ what }) => plain(what))),
      error: (error: unknown) => (this.error = error),
      complete: () => (this.isComplete = true),
    });
  }

  /** 'a5' is a value of the first source at 5; 'b|' is the end of the second. */
  feed(...events: readonly string[]): this {
    for (const event of events) {
      const source = this.sources['ab'.indexOf(event[0]!)]!;
      if (event[1] === '|') source.complete();
      else source.next(Number(event.slice(1)));
    }
    return this;
  }

  leave(): void {
    this.#subscription.unsubscribe();
    expect(this.sources.map(({ observed }) => observed)).toEqual([false, false]);
  }
}

describe('alignBy', () => {
  it('joins values of one moment, whichever comes first, and drops those without a partner', () => {
    const cameras = new Cameras().feed('a1', 'a2', 'b1', 'a3', 'b3', 'b4', 'a4', 'a5', 'b7');
    expect(cameras.seen).toEqual([
      [1, 1],
      [3, 3],
      [4, 4],
    ]);
    expect(cameras.dropped).toEqual([1, 2]);
    cameras.leave();
  });

  it('takes the nearest within a distance, before or after, and one more than once', () => {
    const cameras = new Cameras({ within: 10 }).feed('a100', 'b95');
    expect(cameras.seen).toEqual([]); // A nearer one may come.
    cameras.feed('b104', 'a106', 'a120', 'b128', 'a135', 'b160');
    expect(cameras.seen).toEqual([
      [100, 104],
      [106, 104],
      [120, 128],
      [135, 128],
    ]);
    cameras.leave();
  });

  it('holds no more than the buffer, and drops the oldest', () => {
    const before = dl.memory().numTensors;
    const cameras = new Cameras({ buffer: 3 });
    for (let at = 0; at < 50; at++) cameras.feed(`a${at}`);
    expect(dl.memory().numTensors).toBe(before + 3);
    expect(cameras.dropped.at(-1)).toBe(47);
    cameras.feed('b48');
    expect(cameras.seen).toEqual([[48, 48]]);
    for (let at = 49; at < 100; at++) cameras.feed(`b${at}`);
    expect(cameras.seen.at(-1)).toEqual([49, 49]);
    expect(dl.memory().numTensors).toBe(before + 3);
    cameras.leave();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('completes when nothing more can be joined, and frees what it holds', () => {
    const before = dl.memory().numTensors;
    const first = new Cameras().feed('a1', 'a2', 'a|');
    expect(first.isComplete).toBeFalse();
    first.feed('b1', 'b2');
    expect([first.seen.length, first.isComplete]).toEqual([2, true]);

    const other = new Cameras({ within: 1 }).feed('b1', 'b2', 'b|', 'a1', 'a3', 'a4');
    expect(other.seen).toEqual([
      [1, 1],
      [3, 2],
    ]);
    expect([other.isComplete, other.dropped]).toEqual([true, [1]]);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('may be fed from within, and left from within', () => {
    const cameras = new Cameras();
    const seen: unknown[] = [];
    const [a$, b$] = [new Subject<number>(), new Subject<number>()];
    const scalars = dl.mapTensor((x: number) => dl.scalar(x));
    const subscription = alignBy((x) => plain(x) as number, [a$.pipe(scalars), b$.pipe(scalars)]).subscribe(
      (pair) => {
        const [x] = plain(pair) as number[];
        if (x === 1) {
          a$.next(2);
          b$.next(2);
        } else subscription.unsubscribe();
        seen.push(plain(pair));
      },
    );
    a$.next(1);
    b$.next(1);
    expect(seen).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect([a$.observed, b$.observed]).toEqual([false, false]);
    cameras.leave();
  });

  it('goes by the times of frames, and passes on that of the first source', () => {
    const [a$, b$] = [new Subject<number>(), new Subject<number>()];
    const frames = (offset: number) =>
      dl.mapTensor((frame: number) => {
        noteOrigin({ time: { media: frame, capture: 1000 + offset + frame } });
        return frame;
      });
    const seen: unknown[] = [];
    const feed = (): void => {
      for (const frame of [1, 2]) emission('a camera', () => a$.next(frame));
      for (const frame of [1, 2]) emission('a camera', () => b$.next(frame));
    };
    const byMedia = alignBy('media', [a$.pipe(frames(0)), b$.pipe(frames(5))]).subscribe((pair) =>
      seen.push([pair, timeOf()]),
    );
    feed();
    byMedia.unsubscribe();
    expect(seen).toEqual([
      [[1, 1], { media: 1, capture: 1001 }],
      [[2, 2], { media: 2, capture: 1002 }],
    ]);
    seen.length = 0;
    const byCapture = alignBy('capture', [a$.pipe(frames(0)), b$.pipe(frames(1))]).subscribe((pair) =>
      seen.push(pair),
    );
    feed();
    byCapture.unsubscribe();
    expect(seen).toEqual([[2, 1]]);
  });

  it('tells of a value without time, of one that goes back, and of what onDrop throws', () => {
    const cameras = new Cameras().feed('a2', 'a1');
    expect(String(cameras.error)).toBe(
      "Error: alignBy: source 0 went back in time, from 2 to 1; wanted times that rise: where a film is wound back, go by 'capture'",
    );
    let error: unknown;
    const failed = { error: (found: unknown) => (error = found) };
    alignBy('capture', [of(1)]).subscribe(failed);
    expect(String(error)).toMatch(
      /^Error: alignBy: the time of a value of source 0 is undefined; wanted frames of a source that tells it/,
    );
    const onDrop = (): never => {
      throw new Error('not interested');
    };
    alignBy((x) => x as number, [of(1), of(2)], { onDrop }).subscribe(failed);
    expect(String(error)).toBe('Error: not interested');
  });

  it('refuses a tensor on the tape', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    let error: unknown;
    alignBy(() => 0, [of(1).pipe(dl.mapTensor((x) => dl.mul(weight, x)))]).subscribe({
      error: (found: unknown) => (error = found),
    });
    expect(String(error)).toMatch(
      /^Error: alignBy: the value has a tensor.*computed from trainable variables/,
    );
    weight.dispose();
  });

  it('has the types of its sources', () => {
    const both: Observable<readonly [number, string]> = alignBy('media', [of(1), of('x')]);
    expect(both).toBeDefined();
  });
});
