import * as dl from 'rxtensor';
import {
  expand,
  filter,
  from,
  map,
  merge,
  mergeMap,
  observeOn,
  of,
  queueScheduler,
  range,
  share,
  skip,
  Subject,
  take,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import { plain, read } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

describe('A tensor in a stream', () => {
  const scalars = (): ReturnType<typeof dl.mapTensor<number, dl.Tensor>> => dl.mapTensor((x) => dl.scalar(x));

  it('has bounded peak memory with 500 emissions nested in one mergeMap', () => {
    const seen: unknown[] = [];
    const peak = peakTensors(() => {
      of(1)
        .pipe(
          scalars(),
          mergeMap((x) => range(0, 500).pipe(dl.mapTensor((i) => dl.add(x, i).square()))),
          dl.mapTensor((y) => dl.sqrt(y)),
          read(),
        )
        .subscribe((value) => seen.push(value));
    });
    expect(seen.length).toBe(500);
    expect(seen[499]).toBeCloseTo(500, 2);
    expect(peak).toBeLessThanOrEqual(6);
  });

  it('has bounded peak memory with 500 emissions of an operator below a stock mergeMap', () => {
    const peak = peakTensors(() => {
      of(1)
        .pipe(
          dl.scoped(),
          mergeMap(() => range(0, 500)),
          dl.mapTensor((i) => dl.scalar(i).square()),
          dl.scanTensor((sum: dl.Tensor, y: dl.Tensor) => dl.add(sum, y)),
        )
        .subscribe();
    });
    expect(peak).toBeLessThanOrEqual(8);
  });

  it('has bounded peak memory with feedback through a Subject: one value for each emission that is open', () => {
    const depth = 200;
    const subject = new Subject<number>();
    const peak = peakTensors(() => {
      subject
        .pipe(
          // Three tensors are made, of which one is emitted.
          dl.mapTensor((x) => dl.scalar(x).square().add(1).sqrt()),
          read(),
          take(depth),
        )
        .subscribe((value) => subject.next(value as number));
      subject.next(1);
    });
    expect(peak).toBeLessThanOrEqual(depth + 4);
  });

  it('has constant peak memory with feedback through a Subject that takes turns', () => {
    const seen: number[] = [];
    const subject = new Subject<number>();
    const peak = peakTensors(() => {
      subject
        .pipe(
          observeOn(queueScheduler),
          dl.mapTensor((x) => dl.scalar(x).add(1)),
          dl.scanTensor((sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x)),
          read(),
          take(300),
        )
        .subscribe((value) => {
          seen.push(value as number);
          subject.next(1);
        });
      subject.next(1);
    });
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => 2 * (i + 1)));
    expect(peak).toBeLessThanOrEqual(8);
  });

  it('can be fed back with expand, as a number', () => {
    const seen: unknown[] = [];
    of(1)
      .pipe(
        expand(
          (x) =>
            of(x).pipe(
              dl.mapTensor((y) => dl.scalar(y).mul(2)),
              read(),
            ) as Observable<number>,
        ),
        take(8),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
  });

  it('is found dead with an error that names the operator, states the rule and names the cure', () => {
    let escaped: dl.Tensor | undefined;
    of(1)
      .pipe(scalars())
      .subscribe((x) => (escaped = x));
    expect(() => escaped?.square()).toThrowError(
      /made in an emission of mapTensor that has ended.*lives until that emission ends.*keep.*own\(\).*across/s,
    );
  });

  it('can be kept', () => {
    const kept: dl.Tensor[] = [];
    of(1, 2)
      .pipe(scalars())
      .subscribe((x) => kept.push(dl.keep(x)));
    expect(kept.map(plain)).toEqual([1, 2]);
    dl.dispose(kept);
  });

  describe('through 10,000 emissions', () => {
    const stock: Record<string, () => MonoTypeOperatorFunction<dl.Tensor>> = {
      map: () => map((x) => dl.add(x, 1)),
      filter: () => filter((_, index) => index % 2 === 0),
      take: () => take(9_000),
      skip: () => skip(10),
      tap: () => tap((x) => x.square()),
      share: () => share(),
    };
    const sources: Record<string, () => Observable<dl.Tensor>> = {
      scoped: () =>
        range(0, 10_000).pipe(
          dl.scoped(),
          map((x) => dl.scalar(x)),
        ),
      mapTensor: () => range(0, 10_000).pipe(scalars()),
    };
    for (const [source, open] of Object.entries(sources)) {
      for (const [first, makeFirst] of Object.entries(stock)) {
        it(`${source}, ${first}, and every other stock operator after it, leave nothing`, () => {
          const found = dl.memory().numTensors;
          let seen = 0;
          let most = 0;
          const others = Object.entries(stock).filter(([name]) => name !== first);
          const piped = others.reduce((stream, [, make]) => stream.pipe(make()), open().pipe(makeFirst()));
          piped.pipe(dl.mapTensor((x) => dl.mul(x, 2))).subscribe(() => {
            seen++;
            most = Math.max(most, dl.memory().numTensors - found);
          });
          expect(seen).toBeGreaterThan(4_000);
          expect(most).toBeLessThanOrEqual(8);
          expect(dl.memory().numTensors).toBe(found);
        });
      }
    }

    it('examples, and every stock operator after it, leave nothing', async () => {
      let seen = 0;
      const data = dl.range(0, 10_000);
      await dl
        .examples(data, { inFlight: 64 })
        .pipe(
          map((x) => dl.add(x, 1)),
          tap((x) => x.square()),
          skip(5),
          take(9_990),
          share(),
          filter(() => true),
        )
        .forEach(() => seen++);
      expect(seen).toBe(9_990);
      data.dispose();
    });
  });

  describe('made by a stock map before ours', () => {
    const stream = (first: MonoTypeOperatorFunction<number>): Observable<unknown> =>
      from([1, 2, 3]).pipe(
        first,
        map((x) => dl.scalar(x)),
        dl.mapTensor((x) => dl.square(x)),
        read(),
      );

    it('is freed below scoped()', () => {
      const seen: unknown[] = [];
      stream(dl.scoped()).subscribe((value) => seen.push(value));
      expect(seen).toEqual([1, 4, 9]);
    });

    it('is freed without', () => {
      const seen: unknown[] = [];
      const made: dl.Tensor[] = [];
      from([1, 2, 3])
        .pipe(
          map((x) => dl.scalar(x)),
          tap((x) => made.push(x)),
          dl.mapTensor((x) => dl.square(x)),
          read(),
        )
        .subscribe((value) => seen.push(value));
      expect(seen).toEqual([1, 4, 9]);
      expect(made.every((x) => x.isDisposed)).toBeTrue();
    });

    it('is not warned of where it is kept, a variable, or borrowed by examples', async () => {
      const warn = spyOn(console, 'warn');
      const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
      const constant = dl.keep(dl.scalar(2));
      const data = [dl.scalar(3), dl.scalar(4)];
      dl.enableDebugMode({ log: false });
      try {
        merge(of(weight), of(constant))
          .pipe(dl.mapTensor((x) => dl.square(x as dl.Tensor)))
          .subscribe();
        await dl
          .examples(data)
          .pipe(dl.mapTensor((x) => dl.square(x)))
          .forEach(() => undefined);
      } finally {
        dl.disableDebugMode();
      }
      expect(warn).not.toHaveBeenCalled();
      dl.dispose([weight, constant, ...data]);
    });
  });
});
