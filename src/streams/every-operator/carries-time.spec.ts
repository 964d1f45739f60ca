// Whatever stands between a frame and who looks at it: the emission still tells when the frame was taken.
import * as dl from 'rxtensor';
import { lastValueFrom, map, of, pipe, tap, type Observable, type OperatorFunction } from 'rxjs';
import { far } from '../../../test/support/far-side';
import { operatorCases } from '../../../test/support/operator-cases';
import { trailNow } from '../emission';
import { pulled } from '../pulling/pull';
import type { FrameTime } from '../trail';

const timeAt = (frame: number, camera = 0): FrameTime => ({ media: frame, capture: 1000 * camera + frame });

/** The numbers 1, 2, …, each with the time of its frame. */
function frames(count: number, camera = 0): Observable<number> {
  return pulled<number>('frames', () => {
    let frame = 0;
    return {
      when: 'at once',
      origin: () => ({ time: timeAt(frame, camera) }),
      next: () => (frame === count ? { done: true, value: undefined } : { done: false, value: ++frame }),
    };
  });
}

const scalars = dl.mapTensor((x: number) => dl.scalar(x));

/** The times that are told below an operator. */
async function timesBelow(
  carrying: OperatorFunction<dl.Tensor, unknown>,
  count = 4,
): Promise<(FrameTime | null)[]> {
  const times: (FrameTime | null)[] = [];
  await frames(count)
    .pipe(
      scalars,
      carrying,
      tap(() => times.push(trailNow().time)),
    )
    .forEach(() => undefined);
  return times;
}

describe('The time of a frame', () => {
  for (const { name, make, clean, emitted, atCompletion = 0 } of operatorCases) {
    it(`goes on below ${name}`, async () => {
      const times = await timesBelow(make());
      expect(times.length).toBe(emitted([1, 2, 3, 4]).length + atCompletion);
      for (const time of times) expect([1, 2, 3, 4].map((frame) => timeAt(frame))).toContain(time!);
      clean?.();
    });
  }

  const each = (...which: readonly number[]): FrameTime[] => which.map((frame) => timeAt(frame));

  it('is that of the latest value in a batch, and of each chosen one in a shuffle', async () => {
    expect(await timesBelow(dl.batch(3))).toEqual(each(3, 4));
    expect(await timesBelow(dl.slidingWindow(2))).toEqual(each(2, 3, 4));
    const values: number[] = [];
    const noting = tap((x: dl.Tensor) => values.push(x.dataSync()[0]!));
    const shuffled = await timesBelow(pipe(dl.shuffle<dl.Tensor>(2, { seed: 3 }), noting));
    expect(shuffled).toEqual(each(...values));
    expect(values).not.toEqual([1, 2, 3, 4]);
  });

  it('is that of the first source in a combination, whichever came last', async () => {
    const told = async (stream: Observable<unknown>): Promise<(number | undefined)[]> => {
      const cameras: (number | undefined)[] = [];
      await stream.forEach(() => {
        const time = trailNow().time;
        cameras.push(time ? Math.floor(time.capture / 1000) : undefined);
      });
      return cameras;
    };
    const [a, b] = [frames(3, 1), frames(3, 2)];
    for (const together of [
      dl.combineLatestTensor([a, b]),
      dl.zipTensor([a, b]),
      a.pipe(dl.withLatestFromTensor(b)),
      dl.combineLatestTensor([of('no frame'), a, b]),
      dl.zipTensor([of(1, 2, 3), a, b]),
    ])
      expect(new Set(await told(together))).toEqual(new Set([1]));
    const without = dl.combineLatestTensor([of(1), of(2)]);
    expect(await told(without)).toEqual([undefined]);
  });

  it('crosses to a worker and back', async () => {
    expect(await timesBelow(far<dl.Tensor, dl.Tensor>('echo'))).toEqual(each(1, 2, 3, 4));
    const there: unknown[] = [];
    await frames(2)
      .pipe(scalars, far<dl.Tensor, unknown>('times'))
      .forEach((time) => there.push(time));
    expect(there).toEqual(each(1, 2));
  });

  it('is null where the source tells none', async () => {
    const time = await lastValueFrom(dl.examples([1]).pipe(map(() => trailNow().time)));
    expect(time).toBeNull();
  });
});
