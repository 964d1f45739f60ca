import * as dl from 'rxtensor';
import { rates, timeOf, withTime, type Rates, type Timed } from 'rxtensor/vision';
import { of, type Observable } from 'rxjs';
import { emission, noteOrigin } from '../streams/emission';

/** A value that a source emits with the time of its frame. */
function framesOf(...captures: readonly number[]): Observable<dl.Tensor> {
  return of(...captures).pipe(
    (source) => source,
    dl.mapTensor((capture) => {
      noteOrigin({ time: { media: capture / 1000, capture } });
      return dl.scalar(capture);
    }),
  );
}

describe('timeOf and withTime', () => {
  it('tell the time of the frame, which outlives its emission with the value', async () => {
    const seen: Timed<unknown>[] = [];
    const means = framesOf(1000, 2000).pipe(dl.download(), withTime());
    for await (const timed of dl.each(means)) {
      expect(timeOf()).toBeNull();
      seen.push(timed);
    }
    expect(seen).toEqual([
      { value: 1000, time: { media: 1, capture: 1000 } },
      { value: 2000, time: { media: 2, capture: 2000 } },
    ]);
  });

  it('give null where the source tells none', () => {
    const seen: unknown[] = [];
    of(7)
      .pipe(withTime())
      .subscribe((each) => seen.push(each, timeOf()));
    expect(seen).toEqual([{ value: 7, time: null }, null]);
  });

  it('take the time of the innermost source', () => {
    emission('outer', () => {
      noteOrigin({ time: { media: 1, capture: 1 } });
      emission('inner', () => {
        expect(timeOf()).toEqual({ media: 1, capture: 1 });
        noteOrigin({ time: { media: 2, capture: 2 } });
        expect(timeOf()).toEqual({ media: 2, capture: 2 });
      });
    });
  });

  it('let rates() measure latency, inside of the emission or below withTime', () => {
    const now = performance.timeOrigin + performance.now();
    const found: Rates<unknown>[] = [];
    framesOf(now - 1000)
      .pipe(rates())
      .subscribe((each) => found.push(each));
    of({ time: { media: 0, capture: now - 1000 } })
      .pipe(rates())
      .subscribe((each) => found.push(each));
    for (const { latency } of found) expect(latency!.p50).toBeGreaterThanOrEqual(1000);
  });
});
